//===- TypeTable.cpp - the types of a checked program ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Sema/TypeTable.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringRef.h"

namespace mind {

TypeTable::TypeTable() {
  append(TypeKind::Error);
  append(TypeKind::Unit);
  for (size_t i = 0; i != numDTypes; ++i) {
    Entry &entry = append(TypeKind::Tensor);
    entry.tensor.dtype = DType(i);
    entry.tensors = 1;
  }
}

TypeTable::Entry &TypeTable::append(TypeKind kind) {
  Entry *entry = new (storage.Allocate()) Entry{kind, {}, {}};
  entries.push_back(entry);
  return *entry;
}

template <typename Matches>
std::pair<TypeRef, TypeTable::Entry *>
TypeTable::intern(uint32_t hash, TypeKind kind, Matches matches) {
  // The largest keys are DenseMap's own.
  uint32_t &first = firstOfHash[hash >> 1];
  for (uint32_t at = first; at != 0; at = entries[at]->next)
    if (entries[at]->kind == kind && matches(*entries[at]))
      return {TypeRef{at}, nullptr};
  TypeRef added{size()};
  Entry &entry = append(kind);
  entry.next = first;
  first = added.index;
  return {added, &entry};
}

TypeRef TypeTable::tensor(const TensorType &type) {
  if (type.dims.empty())
    return scalar(type.dtype);
  llvm::hash_code hash(size_t(type.dtype));
  for (const Dim &dim : type.dims)
    hash = llvm::hash_combine(hash, dim.isConstant()
                                        ? size_t(dim.constant())
                                        : size_t(llvm::hash_value(dim.str())));
  auto [ref, added] =
      intern(uint32_t(size_t(hash)), TypeKind::Tensor,
             [&](const Entry &entry) { return entry.tensor == type; });
  if (added) {
    added->tensor = type;
    added->tensors = 1;
  }
  return ref;
}

std::optional<TypeRef> TypeTable::tuple(llvm::ArrayRef<TypeRef> elements) {
  if (elements.empty())
    return unit();
  unsigned tensors = 0, parts = 1;
  llvm::hash_code hash(elements.size());
  for (TypeRef element : elements) {
    tensors += entry(element).tensors;
    parts += entry(element).parts;
    if (parts > maxParts)
      return std::nullopt;
    hash = llvm::hash_combine(hash, element.index);
  }
  auto [ref, added] =
      intern(uint32_t(size_t(hash)), TypeKind::Tuple, [&](const Entry &entry) {
        return llvm::ArrayRef(entry.elements) == elements;
      });
  if (added) {
    added->elements.assign(elements.begin(), elements.end());
    added->tensors = tensors;
    added->parts = parts;
  }
  return ref;
}

std::string TypeTable::str(TypeRef type) const {
  switch (kind(type)) {
  case TypeKind::Error:
    return "an erroneous value";
  case TypeKind::Unit:
    return "unit";
  case TypeKind::Tensor:
    return tensorType(type).str();
  case TypeKind::Tuple:
    break;
  }
  std::string text = "(";
  for (TypeRef element : elements(type)) {
    if (text.size() != 1)
      text += ", ";
    text += str(element);
  }
  return text + (elements(type).size() == 1 ? ",)" : ")");
}

} // namespace mind
