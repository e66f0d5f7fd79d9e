//===- TreeBuilder.h - adds nodes to a tree --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place, beside the views in Tree.cpp, that knows how the parts of a
// node are laid out.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SYNTAX_TREEBUILDER_H
#define MIND_LIB_SYNTAX_TREEBUILDER_H

#include "Mind/Syntax/Tree.h"
#include "llvm/ADT/ArrayRef.h"
#include <initializer_list>

namespace mind {

class TreeBuilder {
public:
  /// Adds the nodes of `file` to a tree.
  TreeBuilder(Tree &tree, const SourceFile &file, std::string path)
      : tree(tree) {
    tree.files.push_back({&file, std::move(path), {}});
  }

  /// Empties a tree, whose names shall be those of `interner`, but keeps its
  /// memory.
  static void reset(Tree &tree, const Interner &interner) {
    tree.names = &interner;
    tree.files.clear();
    tree.nodes.clear();
    tree.extra.clear();
  }

  struct Parts {
    uint32_t anchor = 0;
    uint32_t a = 0, b = 0;
    uint8_t detail = 0;
  };

  /// Makes room for what a file of `size` bytes usually has. Only for a first
  /// file: making room anew for each of many files is not quick.
  void reserve(size_t size) {
    if (!tree.nodes.empty())
      return;
    tree.nodes.reserve(size / 6 + 16);
    tree.extra.reserve(size / 6 + 16);
  }

  template <typename Id = ExprId>
  Id add(NodeKind kind, SourceRange range, Parts parts) {
    Id id(tree.size());
    // In place; what push_back copies is written and read in unequal pieces.
    tree.nodes.emplace_back(kind, parts.detail, range.begin, range.end,
                            parts.anchor, parts.a, parts.b);
    return id;
  }

  /// A node whose only part is a 64-bit value.
  template <typename Id = ExprId>
  Id addWide(NodeKind kind, SourceRange range, uint64_t value) {
    return add<Id>(kind, range, {0, uint32_t(value), uint32_t(value >> 32)});
  }

  /// Stores a list with its length; returns where.
  uint32_t addList(llvm::ArrayRef<uint32_t> list) {
    uint32_t start = addExtra({uint32_t(list.size())});
    for (uint32_t value : list)
      addExtra({value});
    return start;
  }
  /// Stores values; directly behind a list, they are found behind its end.
  uint32_t addExtra(std::initializer_list<uint32_t> values) {
    uint32_t start = uint32_t(tree.extra.size());
    for (uint32_t value : values)
      tree.extra.push_back(value);
    return start;
  }

  /// Ends the file.
  void finish(ExprId root, bool isModule) {
    tree.files.back().root = root;
    tree.files.back().isModule = isModule;
  }

  const Tree &peek() const { return tree; }

  /// Says which module an Import of a finished tree means.
  static void resolve(Tree &tree, StmtId import, uint32_t module) {
    tree.nodes[import.index].b = module;
  }

private:
  Tree &tree;
};

} // namespace mind

#endif // MIND_LIB_SYNTAX_TREEBUILDER_H
