//===- CTest.cpp - runs the tests that are written in C -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calls.h"
#include "Mind/C/Mind.h" // C++ reads it too.
#include "gtest/gtest.h"

#define MIND_C_TEST(Name)                                                      \
  TEST(C, Name) {                                                              \
    const char *problem = test##Name();                                        \
    EXPECT_EQ(problem, nullptr) << problem;                                    \
  }

MIND_C_TEST(Signature)
MIND_C_TEST(Tiers)
MIND_C_TEST(Errors)
