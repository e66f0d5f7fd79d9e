//===- Operations.td - the source of the operation table -----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

include "Mind/Dialect/Mind/IR/MindOps.td"
