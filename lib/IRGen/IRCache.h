//===- IRCache.h - what modules have in common ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The context finds an attribute by hashing all that it consists of, under a
// key for its class. Most of a module's are those of the modules before it:
// here they are found by one look into a small table. A new entry replaces what
// had its place, so that no table grows.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_IRGEN_IRCACHE_H
#define MIND_LIB_IRGEN_IRCACHE_H

#include "Mind/Sema/TypeTable.h"
#include "Mind/Shape/Operation.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/OperationSupport.h"
#include <array>
#include <optional>

namespace mind {

class IRCache {
public:
  /// The context has the dialects that modules begin with.
  explicit IRCache(mlir::MLIRContext &context);

  /// An operation of the language in IR.
  struct LanguageOp {
    mlir::OperationName name;
    /// Those of the attributes that hold OpInfo::arguments, null for what is no
    /// attribute.
    llvm::SmallVector<mlir::StringAttr, 4> arguments;
  };
  const LanguageOp &operation(const OpInfo &op);

  /// A place for the IR type of each type of `table`, null at first, and kept
  /// until another table is asked for.
  llvm::MutableArrayRef<mlir::RankedTensorType> typesOf(const TypeTable &table);
  /// The IR type of `type`, whose extents may be symbolic.
  mlir::RankedTensorType tensorType(const TensorType &type);
  mlir::TypeAttr functionType(llvm::ArrayRef<mlir::Type> inputs,
                              llvm::ArrayRef<mlir::Type> results);
  mlir::StringAttr string(llvm::StringRef text);
  /// The attributes of an argument called `name`.
  mlir::DictionaryAttr nameOfArgument(llvm::StringRef name);
  /// From `column` up to `endColumn` of a line.
  mlir::Location location(mlir::StringAttr file, uint32_t line, uint32_t column,
                          uint32_t endColumn);
  /// All elements of `type` being `bits`, as CheckedProgram::elements has them.
  mlir::ElementsAttr splat(mlir::RankedTensorType type, DType dtype,
                           uint64_t bits);

  mlir::MLIRContext *const context;
  const mlir::OperationName module, function, call, returned, constant;
  const mlir::DictionaryAttr noAttributes;
  const mlir::StringAttr isPrivate;

private:
  /// Pairs of entries at places that the hashes of their keys say.
  template <typename Entry, size_t size> class Table {
  public:
    /// The entry that `matches`, and true; or, and false, the one of the two
    /// that was asked for longer ago, which is to be replaced.
    template <typename Matches>
    std::pair<Entry &, bool> find(size_t hash, Matches matches) {
      // A product's upper bits depend on all bits of its factors.
      Entry *pair =
          &entries[(uint64_t(hash) * 0x9E3779B97F4A7C15 >> shift) & ~size_t(1)];
      if (matches(pair[0]))
        return {pair[0], true};
      return findSecond(pair, matches);
    }

  private:
    /// Seldom, and so not where the first is found.
    template <typename Matches>
    [[gnu::noinline, gnu::cold]] static std::pair<Entry &, bool>
    findSecond(Entry *pair, Matches matches) {
      std::swap(pair[0], pair[1]);
      return {pair[0], matches(pair[0])};
    }

    static_assert((size & (size - 1)) == 0, "must be a power of two");
    static constexpr unsigned shift = 64 - __builtin_ctzll(size);
    std::array<Entry, size> entries;
  };
  struct FunctionType {
    mlir::FunctionType type;
    mlir::TypeAttr attribute;
  };
  struct PlacedLocation {
    mlir::StringAttr file;
    uint32_t line = 0, column = 0, endColumn = 0;
    mlir::LocationAttr location;
  };
  struct Splat {
    mlir::RankedTensorType type;
    uint64_t bits = 0;
    mlir::ElementsAttr attribute;
  };

  struct ArgumentName {
    mlir::StringAttr name;
    mlir::DictionaryAttr attributes;
  };

  const mlir::StringAttr argumentName;
  std::array<mlir::Type, numDTypes> elementTypes;
  std::vector<std::optional<LanguageOp>> operations;
  std::shared_ptr<const char> tableOfTypes;
  std::vector<mlir::RankedTensorType> types;
  Table<mlir::RankedTensorType, 256> tensorTypes;
  Table<FunctionType, 64> functionTypes;
  Table<mlir::StringAttr, 64> strings;
  Table<ArgumentName, 256> argumentNames;
  Table<PlacedLocation, 1024> locations;
  Table<Splat, 256> splats;
};

} // namespace mind

#endif // MIND_LIB_IRGEN_IRCACHE_H
