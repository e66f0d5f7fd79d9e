//===- TypeTable.h - the types of a checked program ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each distinct type is stored once and known by a 32-bit number, so that
// comparing types is comparing integers and what a later phase derives from a
// type can be kept in a plain array.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SEMA_TYPETABLE_H
#define MIND_SEMA_TYPETABLE_H

#include "Mind/Shape/TensorType.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"
#include <memory>
#include <optional>

namespace mind {

/// A type, as an index into a TypeTable.
struct TypeRef {
  uint32_t index = 0;

  friend constexpr bool operator==(TypeRef a, TypeRef b) {
    return a.index == b.index;
  }
  friend constexpr bool operator!=(TypeRef a, TypeRef b) { return !(a == b); }
};

enum class TypeKind : uint8_t {
  Error, ///< Of an expression that has been reported; silences its users.
  Unit,
  Tensor, ///< A scalar is a tensor of rank 0.
  Tuple,
};

class TypeTable {
public:
  /// The largest number of parts (tensors, units and tuples) in one type.
  static constexpr unsigned maxParts = 4096;

  TypeTable();

  static constexpr TypeRef error() { return {0}; }
  static constexpr TypeRef unit() { return {1}; }
  static constexpr TypeRef scalar(DType dtype) { return {2 + uint32_t(dtype)}; }
  static constexpr bool isScalar(TypeRef type) {
    return type.index - 2 < numDTypes;
  }

  TypeRef tensor(const TensorType &type);
  /// The type of tensors with these extents, if the table has it.
  std::optional<TypeRef> find(DType dtype,
                              llvm::ArrayRef<int64_t> extents) const;
  /// The type of tuples of `elements`; of none, unit. None if it would have
  /// more than maxParts parts.
  std::optional<TypeRef> tuple(llvm::ArrayRef<TypeRef> elements);

  TypeKind kind(TypeRef type) const { return entry(type).kind; }
  bool isError(TypeRef type) const { return type == error(); }
  bool isTensor(TypeRef type) const { return kind(type) == TypeKind::Tensor; }

  /// The dtype and shape of a tensor; references stay good.
  const TensorType &tensorType(TypeRef type) const {
    return entry(type).tensor;
  }
  /// The elements of a tuple, none of any other type.
  llvm::ArrayRef<TypeRef> elements(TypeRef type) const {
    return entry(type).elements;
  }
  /// How many tensors a value of `type` consists of.
  unsigned numTensors(TypeRef type) const { return entry(type).tensors; }

  /// An operation without compile-time arguments on operands of certain types.
  using Applied = std::pair<uint64_t, uint64_t>;
  /// The result's type, if noteResult has been told: it takes shape rules to
  /// find it.
  std::optional<TypeRef> result(const Applied &applied) const {
    auto found = results.find(applied);
    return found == results.end() ? std::nullopt : std::optional(found->second);
  }
  void noteResult(const Applied &applied, TypeRef type) {
    results.try_emplace(applied, type);
  }

  /// As the language spells it: "Tensor<f32, [2, 3]>", "(f32, i64)", "unit".
  std::string str(TypeRef type) const;

  /// One more than the largest index.
  uint32_t size() const { return uint32_t(entries.size()); }

  /// No other table has it while anybody keeps it: so who does knows whether
  /// what was derived from types is of this table.
  const std::shared_ptr<const char> &identity() const { return ownIdentity; }

private:
  struct Entry {
    TypeKind kind;
    TensorType tensor;
    llvm::SmallVector<TypeRef, 0> elements;
    unsigned tensors = 0;
    unsigned parts = 1;
  };
  /// A place in the table of hashes; the type is 0 where it is free.
  struct Slot {
    uint32_t hash = 0, type = 0;
  };

  const Entry &entry(TypeRef type) const { return *entries[type.index]; }
  Entry &append(TypeKind kind);
  /// The entry of that hash for which `matches` holds, or one that is appended.
  template <typename Matches>
  std::pair<TypeRef, Entry *> intern(uint64_t hash, TypeKind kind,
                                     Matches matches);
  void grow();

  std::shared_ptr<const char> ownIdentity = std::make_shared<const char>();
  llvm::SpecificBumpPtrAllocator<Entry> storage;
  std::vector<Entry *> entries;
  /// Open addressing: what does not find its place free takes the next.
  std::vector<Slot> slots;
  llvm::DenseMap<Applied, TypeRef> results;
};

} // namespace mind

#endif // MIND_SEMA_TYPETABLE_H
