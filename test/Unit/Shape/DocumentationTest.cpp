//===- DocumentationTest.cpp - what people read about operations -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Documentation.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {

TEST(Documentation, TheTableKeepsEveryLine) {
  llvm::StringRef gather = operationsNamed("gather").front()->description;
  EXPECT_TRUE(gather.contains("NumPy's `take`\ngives it.")) << gather.str();
  EXPECT_TRUE(gather.contains("%y = mind.gather %x, %i {axis = 0 : i64}"));
  for (const OpInfo &op : operations()) {
    EXPECT_EQ(op.description.count("```") % 2, 0u) << op.name().str();
  }
}

} // namespace
