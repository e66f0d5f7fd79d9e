//===- NearCodeTest.cpp - when the compiler is read into the caches -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/Compiler/NearCode.h"
#include "gtest/gtest.h"
#include <string>
#include <thread>

using namespace mind;

TEST(NearCode, IsReadAtFirstAndAfterAPause) {
  const std::string some(1000, ' '); // the end within a line
  NearCode code(some);
  EXPECT_TRUE(code.expect());
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(code.expect());
}

TEST(NearCode, IsNotReadAgainAtOnce) {
  // The machine may be busy at any time: of many tries one is quick enough.
  NearCode code;
  EXPECT_TRUE(code.expect());
  bool isReadAgain = true;
  for (int i = 0; i != 1000 && isReadAgain; ++i)
    isReadAgain = code.expect();
  EXPECT_FALSE(isReadAgain);
}
