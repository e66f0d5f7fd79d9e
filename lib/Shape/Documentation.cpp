//===- Documentation.cpp - what people read about an operation ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Documentation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace mind {

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

llvm::StringRef introduction(OpFamily family) {
  switch (family) {
  case OpFamily::Creation:
    return "Tensors from a shape or from a few numbers. A shape is `[2, 3]`, "
           "`(2, 3)` or one integer.";
  case OpFamily::Elementwise:
    return "One element of the result for one element of each operand. "
           "Operands "
           "have one dtype, and their shapes broadcast as NumPy's do: they are "
           "aligned at the last axis, and an extent of 1 stretches.";
  case OpFamily::Contraction:
    return "Products that are summed over an axis. The result has the dtype of "
           "the operands.";
  case OpFamily::Reduction:
    return "Many elements in, one out: of the whole tensor, or along some of "
           "its "
           "axes.";
  case OpFamily::Normalization:
    return "Elements rescaled by what is computed along an axis. The result "
           "has "
           "the shape and dtype of `x`.";
  case OpFamily::Pooling:
    return "One number for each window of an image, or for a whole image.";
  case OpFamily::Movement:
    return "Elements keep their values and change their places, so that every "
           "dtype is allowed.";
  case OpFamily::Indexing:
    return "Elements by their positions, which are i32 or i64 and may be "
           "computed at run time. One that is out of bounds is E6001: when the "
           "program is compiled if it is a constant, else when it runs.";
  case OpFamily::Effect:
    return "What a call does besides its results. It happens in the order of "
           "the program.";
  }
  llvm_unreachable("not a family");
}

//===----------------------------------------------------------------------===//
// Paragraphs
//===----------------------------------------------------------------------===//

/// Takes the lines of a description, and joins them.
namespace {
class Paragraphs {
public:
  void take(llvm::StringRef line);
  std::string finish();

private:
  /// What stands between two ```, and is kept as it is.
  void takeCode(llvm::StringRef line);
  /// Ends the paragraph or item of a list.
  void flush();
  void write(llvm::StringRef line);

  std::string text;
  std::string paragraph;
  bool isCode = false;
  /// Whether the code is no IR.
  bool isShown = false;
  /// Whether an empty line stands before what comes.
  bool isApart = false;
};
} // namespace

void Paragraphs::write(llvm::StringRef line) {
  if (isApart && !text.empty())
    text += "\n";
  isApart = false;
  text += line.str() + "\n";
}

void Paragraphs::flush() {
  if (!paragraph.empty() && !llvm::StringRef(paragraph).starts_with("In IR"))
    write(paragraph);
  paragraph.clear();
}

void Paragraphs::takeCode(llvm::StringRef line) {
  bool isFence = line.trim().starts_with("```");
  if (isFence && !isCode)
    isShown = line.trim() != "```mlir";
  if (isShown)
    write(line.rtrim());
  isCode ^= isFence;
}

void Paragraphs::take(llvm::StringRef line) {
  llvm::StringRef words = line.trim();
  if (isCode || words.starts_with("```")) {
    flush();
    return takeCode(line);
  }
  if (words.empty()) {
    flush();
    isApart = true;
    return;
  }
  if (words.starts_with("- "))
    flush();
  if (!paragraph.empty())
    paragraph += " ";
  paragraph += words;
}

std::string Paragraphs::finish() {
  flush();
  return std::move(text);
}

std::string plainDescription(const OpInfo &op) {
  llvm::SmallVector<llvm::StringRef> lines;
  op.description.split(lines, '\n');
  Paragraphs paragraphs;
  for (llvm::StringRef line : lines)
    paragraphs.take(line);
  return paragraphs.finish();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// "Also written `x @ y`.", what the language calls the operation apart from
/// its canonical name.
static std::string otherSpellings(const OpInfo &op) {
  llvm::SmallVector<std::string> spellings;
  for (llvm::StringRef name : op.names.drop_front())
    spellings.push_back(("`" + name + "`").str());
  if (!op.symbol.empty())
    spellings.push_back(("`x " + op.symbol + " y`").str());
  if (spellings.empty())
    return {};
  return "Also written " + llvm::join(spellings, ", ") + ".";
}

/// "Takes any dtype.", or nothing without operands.
static std::string takenDTypes(const OpInfo &op) {
  if (llvm::none_of(op.params,
                    [](const ParamInfo &param) { return param.isOperand(); }))
    return {};
  std::string text = "Takes " + describe(op.dtypes).str();
  if (op.dtypes == DTypeClass::Numeric)
    text += ": all dtypes but bool";
  for (const ParamInfo &param : op.params)
    // Of what may have any, the description says more.
    if (param.hasOwnDTypes && param.dtypes != op.dtypes &&
        param.dtypes != DTypeClass::Any)
      text += ("; `" + param.name + "` takes " + describe(param.dtypes)).str();
  return text + ".";
}

std::string documentation(const OpInfo &op) {
  std::string text = op.summary.str() + ".\n";
  text[0] = llvm::toUpper(text[0]);
  std::string spellings = otherSpellings(op), dtypes = takenDTypes(op);
  if (!spellings.empty() && !dtypes.empty())
    spellings += " ";
  if (std::string facts = spellings + dtypes; !facts.empty())
    text += "\n" + facts + "\n";
  if (std::string description = plainDescription(op); !description.empty())
    text += "\n" + description;
  if (!op.example.empty())
    text += "\n```mind\n" + op.example.str() + "```\n";
  return text;
}

} // namespace mind
