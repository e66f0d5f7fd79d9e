//===- MindOps.td - all operations of the mind dialect -------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_MINDOPS_TD
#define MIND_DIALECT_MIND_IR_MINDOPS_TD

include "Mind/Dialect/Mind/IR/StructureOps.td"
include "Mind/Dialect/Mind/IR/CreationOps.td"
include "Mind/Dialect/Mind/IR/ElementwiseOps.td"
include "Mind/Dialect/Mind/IR/ContractionOps.td"
include "Mind/Dialect/Mind/IR/ReductionOps.td"
include "Mind/Dialect/Mind/IR/NormalizationOps.td"
include "Mind/Dialect/Mind/IR/PoolingOps.td"
include "Mind/Dialect/Mind/IR/MovementOps.td"
include "Mind/Dialect/Mind/IR/IndexingOps.td"
include "Mind/Dialect/Mind/IR/EffectOps.td"

#endif // MIND_DIALECT_MIND_IR_MINDOPS_TD
