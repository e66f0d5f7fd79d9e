//===- NearMemoryTest.cpp - what is brought near, and when ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/Compiler/NearMemory.h"
#include "gtest/gtest.h"
#include <string>
#include <thread>

using namespace mind;

TEST(NearMemory, IsReadAtFirstAndAfterAPause) {
  const std::string some(1000, ' '); // the end within a line
  NearMemory memory(some);
  EXPECT_TRUE(memory.expect());
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(memory.expect());
}

TEST(NearMemory, IsNotReadAgainAtOnce) {
  // The machine may be busy at any time: of many tries one is quick enough.
  NearMemory memory;
  EXPECT_TRUE(memory.expect());
  bool isReadAgain = true;
  for (int i = 0; i != 1000 && isReadAgain; ++i)
    isReadAgain = memory.expect();
  EXPECT_FALSE(isReadAgain);
}

TEST(NearMemory, AsksForWhatBelongsToNobody) {
  // The lowest pages are never there: to read them would be the end.
  const std::string some(1 << 12, ' ');
  NearMemory memory(some);
  memory.setData(reinterpret_cast<const void *>(uintptr_t(64)));
  EXPECT_TRUE(memory.expect());
}
