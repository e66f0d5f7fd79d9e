//===- Documentation.cpp - what people read about an operation ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Documentation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace mind {

/// What the language calls the operation, apart from its canonical name.
static std::string otherSpellings(const OpInfo &op) {
  llvm::SmallVector<std::string> spellings;
  for (llvm::StringRef name : op.names.drop_front())
    spellings.push_back(("`" + name + "`").str());
  if (!op.symbol.empty())
    spellings.push_back(("`" + op.symbol + "`").str());
  return llvm::join(spellings, ", ");
}

/// The description without its example in IR, which belongs to the reference
/// of the dialect, and without the indentation of its source.
static std::string plainDescription(const OpInfo &op) {
  llvm::StringRef text = op.description.split("```mlir").first.trim();
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  return llvm::join(
      llvm::map_range(lines, [](llvm::StringRef line) { return line.trim(); }),
      "\n");
}

std::string documentation(const OpInfo &op) {
  std::string text = op.summary.str() + ".\n";
  if (std::string spellings = otherSpellings(op); !spellings.empty())
    text += "\nAlso written " + spellings + ".\n";
  text += "\nTakes " + describe(op.dtypes).str() + ".\n";
  if (std::string description = plainDescription(op); !description.empty())
    text += "\n" + description + "\n";
  if (!op.example.empty())
    text += "\n```mind\n" + op.example.str() + "```\n";
  return text;
}

} // namespace mind
