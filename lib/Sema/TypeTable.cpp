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

/// One step of a hash of 64 bits, the upper ones of which are the best mixed.
static uint64_t mix(uint64_t hash, uint64_t value) {
  return (hash ^ value) * 0x9E3779B97F4A7C15u;
}

template <typename Matches>
std::pair<TypeRef, TypeTable::Entry *>
TypeTable::intern(uint64_t longHash, TypeKind kind, Matches matches) {
  if (slots.size() < 2 * entries.size())
    grow();
  const auto hash = uint32_t(longHash >> 32);
  const uint32_t mask = slots.size() - 1;
  uint32_t slot = hash & mask;
  for (; slots[slot].type != 0; slot = (slot + 1) & mask) {
    const Slot &found = slots[slot];
    if (found.hash == hash && entries[found.type]->kind == kind &&
        matches(*entries[found.type]))
      return {TypeRef{found.type}, nullptr};
  }
  TypeRef added{size()};
  slots[slot] = {hash, added.index};
  return {added, &append(kind)};
}

void TypeTable::grow() {
  std::vector<Slot> old(std::max<size_t>(64, 2 * slots.size()));
  std::swap(slots, old);
  const uint32_t mask = slots.size() - 1;
  for (const Slot &entry : old) {
    if (entry.type == 0)
      continue;
    uint32_t slot = entry.hash & mask;
    while (slots[slot].type != 0)
      slot = (slot + 1) & mask;
    slots[slot] = entry;
  }
}

std::optional<TypeRef> TypeTable::find(DType dtype,
                                       llvm::ArrayRef<int64_t> extents) const {
  if (extents.empty())
    return scalar(dtype);
  if (slots.empty())
    return std::nullopt;
  uint64_t longHash = mix(uint64_t(dtype), extents.size());
  for (int64_t extent : extents)
    longHash = mix(longHash, uint64_t(extent));
  auto matches = [&](const TensorType &type) {
    if (type.dtype != dtype || type.dims.size() != extents.size())
      return false;
    for (size_t i = 0; i != extents.size(); ++i)
      if (!type.dims[i].isConstant(extents[i]))
        return false;
    return true;
  };
  const auto hash = uint32_t(longHash >> 32);
  const uint32_t mask = slots.size() - 1;
  for (uint32_t slot = hash & mask; slots[slot].type != 0;
       slot = (slot + 1) & mask)
    if (slots[slot].hash == hash && matches(entries[slots[slot].type]->tensor))
      return TypeRef{slots[slot].type};
  return std::nullopt;
}

TypeRef TypeTable::tensor(const TensorType &type) {
  if (type.dims.empty())
    return scalar(type.dtype);
  uint64_t hash = mix(uint64_t(type.dtype), type.dims.size());
  for (const Dim &dim : type.dims)
    hash = mix(hash, dim.isConstant() ? uint64_t(dim.constant())
                                      : size_t(llvm::hash_value(dim.str())));
  auto [ref, added] = intern(hash, TypeKind::Tensor, [&](const Entry &entry) {
    return entry.tensor == type;
  });
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
  uint64_t hash = mix(elements.size(), 0);
  for (TypeRef element : elements) {
    tensors += entry(element).tensors;
    parts += entry(element).parts;
    if (parts > maxParts)
      return std::nullopt;
    hash = mix(hash, element.index);
  }
  auto [ref, added] = intern(hash, TypeKind::Tuple, [&](const Entry &entry) {
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
