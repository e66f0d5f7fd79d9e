//===- NearCodeTest.cpp - when the compiler is read into the caches -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/Compiler/NearCode.h"
#include "gtest/gtest.h"
#include <thread>

using namespace mind;

// How much there is depends on how the linker was told to order functions.
TEST(NearCode, IsReadAfterAPause) {
  NearCode code;
  const size_t first = code.expect();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(code.expect(), first);
  EXPECT_LE(first, size_t(1) << 20);
}

TEST(NearCode, IsNotReadAgainAtOnce) {
  // A machine may be busy for any time: of many tries one is quick enough.
  NearCode code;
  (void)code.expect();
  bool isNear = false;
  for (int i = 0; i != 1000 && !isNear; ++i)
    isNear = code.expect() == 0;
  EXPECT_TRUE(isNear);
}
