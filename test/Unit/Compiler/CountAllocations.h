//===- CountAllocations.h - how often memory is asked for ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_COMPILER_COUNTALLOCATIONS_H
#define MIND_TEST_UNIT_COMPILER_COUNTALLOCATIONS_H

namespace mind::test {

/// How often this thread has called malloc and its kin, what calls these, such
/// as operator new, or mmap.
unsigned long countAllocations();

} // namespace mind::test

#endif // MIND_TEST_UNIT_COMPILER_COUNTALLOCATIONS_H
