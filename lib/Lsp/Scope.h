//===- Scope.h - the names that are visible at a place ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Read off the tree alone, so that it also serves programs in the middle of
// being written, which the checker leaves at the first error.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_LSP_SCOPE_H
#define MIND_LIB_LSP_SCOPE_H

#include "Document.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mind::lsp {

enum class NameKind : uint8_t {
  Variable,
  Parameter,
  Size,
  Constant,
  Function,
  TypeAlias,
  Module,
};

/// A name and what introduces it.
struct Declaration {
  NameKind kind;
  Symbol name;
  SourceRange nameRange;
  /// The pattern, parameter, dimension or item, of which an import is one.
  NodeId node;
};

/// The declarations that are visible at `offset`; of one name, the last hides
/// those before it.
std::vector<Declaration> declarationsAt(const Document &document,
                                        uint32_t offset);

/// Names of different name spaces do not hide each other.
enum class Namespace : uint8_t { Values, Calls, Types };
Namespace namespaceOf(NameKind kind);

/// What the use of a name at `offset` refers to; a declaration refers to
/// itself.
std::optional<Declaration> declarationOf(const Document &document,
                                         uint32_t offset);

/// The declaration that `statement` makes, if it is an item with a name.
std::optional<Declaration> itemDeclaration(const Tree &tree, StmtId statement);

/// What `name` of name space `space` is in the module that `import` names.
std::optional<Declaration> memberOf(const Document &document,
                                    const Declaration &import, Symbol name,
                                    Namespace space);

/// Calls `visit` with the declarations of the items of the module that `import`
/// names.
void forEachMember(const Document &document, const Declaration &import,
                   llvm::function_ref<void(const Declaration &)> visit);

/// Calls `visit` with the nodes and names in `pattern`.
void forEachName(const Tree &tree, PatternId pattern,
                 llvm::function_ref<void(PatternId, Symbol)> visit);

/// The call whose callee `name` is, or none.
ExprId callOf(const Tree &tree, NodeId name);

} // namespace mind::lsp

#endif // MIND_LIB_LSP_SCOPE_H
