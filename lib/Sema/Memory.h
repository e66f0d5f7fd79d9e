//===- Memory.h - what one check leaves to the next ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A TypeChecker checks many programs, most of them small. So what a Checker
// works on lives here, and is empty but not freed between two of them; and what
// was found out about words of the language stays.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SEMA_MEMORY_H
#define MIND_LIB_SEMA_MEMORY_H

#include "Mind/Sema/CheckedProgram.h"
#include "Scalar.h"

namespace mind {

enum class ItemKind : uint8_t { Function, Constant, Alias, Import };

/// What is declared at the root of a file.
struct Item {
  ItemKind kind;
  StmtId syntax;
  Symbol name;
  SourceRange nameRange;
  /// The file it is in, into tree.modules().
  uint32_t module;
  /// Its nodes are those up to its own, from this one.
  uint32_t firstNode;
  /// The item before it that has the same name, plus one; or 0.
  uint32_t nextOfName = 0;
  /// Functions: into program.functions.
  uint32_t function = 0;
  /// Imports: into tree.modules(); none if it could not be imported, which has
  /// been reported.
  std::optional<uint32_t> imported = {};
  bool isCyclic = false;
  bool isChecked = false;
  /// Constants: the type and elements; aliases: the type, once known.
  TypeRef type = {};
  /// Aliases: the type that stands at the end of a chain of names, and the
  /// file it is in.
  TypeId aliased = {};
  uint32_t aliasedModule = 0;
  uint32_t firstElement = 0, numElements = 0;
};

enum class BindingKind : uint8_t { Let, Parameter, LoopVariable };

/// A name of a value.
struct Binding {
  Symbol name;
  SourceRange declaration;
  /// What it holds at this point.
  ValueId value;
  BindingKind kind;
  /// The binding that it hides, plus one; or 0.
  uint32_t hidden;

  bool isAssignable() const { return kind == BindingKind::Let; }
};

/// What a symbol means at this point of the program.
struct NameMeanings {
  /// The innermost binding, plus one; or 0.
  uint32_t binding = 0;
  /// The last item that is called so, plus one; or 0.
  uint32_t item = 0;
  /// Where it was declared whose scope has ended, into CheckerMemory::ended,
  /// plus one; or 0.
  uint32_t ended = 0;
  /// Whether it is a named size of the function that is being checked.
  bool isSize = false;
  /// The operations that programs call so, once somebody has asked.
  bool knowsOperations = false;
  llvm::ArrayRef<const OpInfo *> operations;
};

struct CheckerMemory {
  /// One for each symbol of the interner.
  std::vector<NameMeanings> names;

  /// Of the program.
  std::vector<Item> items;

  // Of the function that is being checked.
  std::vector<Binding> bindings;
  /// Declarations whose scope has ended.
  std::vector<std::pair<Symbol, SourceRange>> ended;
  /// The names of sizes.
  std::vector<Symbol> sizeNames;
  /// Values of operations on known scalars, in the order of the values.
  std::vector<std::pair<uint32_t, Scalar>> folded;
  /// The last arithmetic on integers alone, and what it comes to as i64, which
  /// most of it is as soon as it has been seen.
  struct {
    ExprId expr;
    int64_t value = 0;
  } integer;
};

} // namespace mind

#endif // MIND_LIB_SEMA_MEMORY_H
