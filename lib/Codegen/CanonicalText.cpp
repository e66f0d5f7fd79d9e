//===- CanonicalText.cpp - operations as comparable bytes ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CanonicalText.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace mind {

// Every list begins with its length, and every text too: bytes can only be read
// in one way.

void CanonicalText::add(size_t number) {
  for (; number >= 128; number >>= 7)
    bytes += char(number | 128);
  bytes += char(number);
}

void CanonicalText::add(StringRef text) {
  add(text.size());
  bytes += text;
}

void CanonicalText::addNumbered(const void *object) {
  add(numbers.try_emplace(object, numbers.size()).first->second);
}

/// A number; the text as well where it occurs for the first time.
template <typename T> void CanonicalText::addPrinted(T object) {
  auto [known, isNew] =
      printed.try_emplace(object.getAsOpaquePointer(), printed.size());
  add(known->second);
  if (!isNew)
    return;
  std::string text;
  llvm::raw_string_ostream os(text);
  object.print(os);
  add(StringRef(text));
}

void CanonicalText::add(Operation *op, ArrayRef<StringRef> ignored) {
  addPrinted(op->getName());
  add(op->getNumOperands());
  for (Value operand : op->getOperands())
    addNumbered(operand.getAsOpaquePointer());
  add(op->getNumResults());
  for (Value result : op->getResults()) {
    addNumbered(result.getAsOpaquePointer());
    addPrinted(result.getType());
  }
  add(op->getNumSuccessors());
  for (Block *successor : op->getSuccessors())
    addNumbered(successor);
  DictionaryAttr attributes = op->getAttrDictionary();
  if (ignored.empty()) {
    addPrinted(attributes);
  } else {
    // Names end the list, which no other text does: it is not empty.
    for (NamedAttribute attribute : attributes)
      if (!llvm::is_contained(ignored, attribute.getName().strref())) {
        add(attribute.getName().strref());
        addPrinted(attribute.getValue());
      }
    add(StringRef());
  }
  add(op->getNumRegions());
  for (Region &region : op->getRegions())
    add(region);
}

void CanonicalText::add(Region &region) {
  add(region.getBlocks().size());
  for (Block &block : region)
    add(&block);
}

void CanonicalText::add(Block *block) {
  addNumbered(block);
  add(block->getNumArguments());
  for (BlockArgument argument : block->getArguments()) {
    addNumbered(argument.getAsOpaquePointer());
    addPrinted(argument.getType());
  }
  add(block->getOperations().size());
  for (Operation &op : *block)
    add(&op);
}

} // namespace mind
