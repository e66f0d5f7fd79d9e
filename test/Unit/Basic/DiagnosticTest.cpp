//===- DiagnosticTest.cpp - the record, the table and the engine ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Basic/Explain.h"
#include "llvm/ADT/Twine.h"
#include "gtest/gtest.h"
#include <set>

using namespace mind;

TEST(Diagnostic, PlaceholdersAreReplacedOnce) {
  EXPECT_EQ(formatDiagnostic(DiagKind::ExpectedToken, {"{1}", "`;`"}),
            "expected {1}, found `;`");
  EXPECT_EQ(formatDiagnostic(DiagKind::DivisionByZero, {}),
            "integer division by zero");
}

TEST(Diagnostic, CodesAreWellFormedAndNamesUnique) {
  std::set<llvm::StringRef> names;
  for (DiagKind kind : allDiagKinds()) {
    llvm::StringRef code = diagnosticCode(kind);
    EXPECT_EQ(code.size(), 5u) << code.str();
    EXPECT_EQ(code.front(), 'E') << code.str();
    EXPECT_EQ(code.find_first_not_of("0123456789", 1), llvm::StringRef::npos);
    EXPECT_TRUE(names.insert(diagnosticName(kind)).second);
  }
}

TEST(DiagnosticEngine, SortsBySourceOrderAndKeepsTies) {
  DiagnosticEngine diags;
  diags.report(DiagKind::ExpectedType, {5, 6}, {"late"});
  diags.report(DiagKind::ExpectedType, {2, 3}, {"first"});
  diags.report(DiagKind::ExpectedType, {2, 9}, {"second"});
  std::vector<std::string> messages;
  for (const Diagnostic &diag : diags.sorted())
    messages.push_back(diag.message.substr(diag.message.find("found ") + 6));
  EXPECT_EQ(messages, (std::vector<std::string>{"first", "second", "late"}));
}

TEST(DiagnosticEngine, CountsWhatTheLimitDrops) {
  DiagnosticEngine diags(/*limit=*/2);
  for (uint32_t i = 0; i != 5; ++i)
    diags.report(DiagKind::DivisionByZero, {i, i + 1}).help("dropped too");
  EXPECT_EQ(diags.sorted().size(), 2u);
  EXPECT_EQ(diags.numErrors(), 5u);
  EXPECT_EQ(diags.numDropped(), 3u);
  diags.clear();
  EXPECT_FALSE(diags.hasErrors());
}

TEST(Explain, EveryCodeHasAPageAndEveryPageACode) {
  std::set<llvm::StringRef> codes;
  for (DiagKind kind : allDiagKinds())
    codes.insert(diagnosticCode(kind));
  for (llvm::StringRef code : codes) {
    std::optional<llvm::StringRef> page = explain(code);
    ASSERT_TRUE(page.has_value()) << code.str();
    EXPECT_TRUE(page->starts_with(("# " + code + ": ").str())) << code.str();
  }
  for (llvm::StringRef code : explainedCodes())
    EXPECT_TRUE(codes.count(code)) << code.str();
  EXPECT_FALSE(explain("E9999").has_value());
}
