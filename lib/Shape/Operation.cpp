//===- Operation.cpp - the operations of the language ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Operation.h"
#include "Mind/Shape/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <array>

namespace mind {

#include "Mind/Shape/OperationTable.inc"

llvm::StringRef familyName(OpFamily family) {
  static constexpr llvm::StringRef names[] = {
      "creation", "elementwise", "contraction", "reduction", "normalization",
      "pooling",  "movement",    "indexing",    "effect"};
  return names[size_t(family)];
}

size_t countPlaces(llvm::StringRef format) {
  size_t count = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    llvm::StringRef pair = format.substr(i, 2);
    count += pair == "{}";
    i += pair == "{}" || pair == "{{";
  }
  return count;
}

bool contains(DTypeClass dtypes, DType type) {
  switch (dtypes) {
  case DTypeClass::Any:
    return true;
  case DTypeClass::Numeric:
    return !isBool(type);
  case DTypeClass::Float:
    return isFloat(type);
  case DTypeClass::Bool:
    return isBool(type);
  case DTypeClass::Index:
    return type == DType::I32 || type == DType::I64;
  }
  return false;
}

llvm::StringRef describe(DTypeClass dtypes) {
  static constexpr llvm::StringRef texts[] = {
      "any dtype", "numbers", "f16, bf16, f32 and f64", "bool", "i32 and i64"};
  return texts[size_t(dtypes)];
}

std::string ParamInfo::defaultSpelling() const {
  // Programs write choices as strings.
  if (choices.empty())
    return defaultText.str();
  return '"' + defaultText.str() + '"';
}

std::string OpInfo::signature() const {
  std::string text = name().str() + "(";
  for (const ParamInfo &param : params) {
    if (&param != params.begin())
      text += ", ";
    if (param.kind == ParamKind::Tensors)
      text += "[" + param.name.str() + ", ...]";
    else
      text += param.name.str() + (param.takesRest() ? "..." : "");
    if (!param.defaultText.empty())
      text += "=" + param.defaultSpelling();
  }
  return text + ")";
}

unsigned OpInfo::paramOfOperand(unsigned operand, unsigned numOperands) const {
  unsigned numFixed = llvm::count_if(params, [](const ParamInfo &param) {
    return param.isOperand() && !param.isVariable();
  });
  for (auto [index, param] : llvm::enumerate(params)) {
    if (!param.isOperand())
      continue;
    unsigned count = param.isVariable() ? numOperands - numFixed : 1;
    if (operand < count)
      return index;
    operand -= count;
  }
  llvm_unreachable("an operation has more operands than parameters");
}

llvm::ArrayRef<OpInfo> operations() { return operationTable; }

const OpInfo &operationInfo(OpKind kind) {
  return operationTable[size_t(kind)];
}

llvm::ArrayRef<const OpInfo *> operationsNamed(llvm::StringRef name) {
  auto [begin, end] =
      std::equal_range(std::begin(names), std::end(names), name);
  return {namedOperations + (begin - names), size_t(end - begin)};
}

const OpInfo *operationForSymbol(llvm::StringRef symbol) {
  auto found = llvm::find_if(
      symbolOperations, [&](const OpInfo *op) { return op->symbol == symbol; });
  return found == std::end(symbolOperations) ? nullptr : *found;
}

llvm::SmallVector<llvm::StringRef> similarOperations(llvm::StringRef name) {
  // Past a third of the letters a suggestion is a guess.
  unsigned limit = name.size() / 3 + 1;
  llvm::SmallVector<std::pair<unsigned, llvm::StringRef>> found;
  for (const OpInfo &op : operationTable)
    for (llvm::StringRef candidate : op.names) {
      unsigned distance = name.edit_distance(candidate, true, limit);
      if (distance <= limit && distance < candidate.size())
        found.push_back({distance, candidate});
    }
  llvm::sort(found);
  llvm::SmallVector<llvm::StringRef> names;
  for (auto [distance, candidate] : found)
    if (!llvm::is_contained(names, candidate))
      names.push_back(candidate);
  return names;
}

} // namespace mind
