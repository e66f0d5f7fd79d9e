//===- MlirPch.cpp - the owner of the precompiled header --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Empty: the precompiled header of MLIR's headers is made for this file, and
// reused by every target that is marked MLIR.
//
//===----------------------------------------------------------------------===//
