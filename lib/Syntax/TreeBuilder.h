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
  TreeBuilder(Tree &tree, const SourceFile &file) : tree(tree) {
    tree.files.emplace_back().file = &file;
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
    Tree::Node &node = *tree.nodes.add();
    node.kind = kind;
    node.detail = parts.detail;
    node.begin = range.begin;
    node.end = range.end;
    node.anchor = parts.anchor;
    node.a = parts.a;
    node.b = parts.b;
    return id;
  }

  /// A node whose only part is a 64-bit value.
  template <typename Id = ExprId>
  Id addWide(NodeKind kind, SourceRange range, uint64_t value) {
    return add<Id>(kind, range, {0, uint32_t(value), uint32_t(value >> 32)});
  }

  /// Stores a list with its length; returns where.
  uint32_t addList(llvm::ArrayRef<uint32_t> list) {
    auto start = uint32_t(tree.extra.size());
    uint32_t *next = tree.extra.add(1 + list.size());
    *next = uint32_t(list.size());
    for (uint32_t value : list)
      *++next = value;
    return start;
  }
  /// Stores values; directly behind a list, they are found behind its end.
  uint32_t addExtra(std::initializer_list<uint32_t> values) {
    auto start = uint32_t(tree.extra.size());
    llvm::copy(values, tree.extra.add(values.size()));
    return start;
  }

  /// For the elements of lists that have not been added yet; empty in the end.
  FlatArray<uint32_t> &pending() { return tree.pending; }

  /// Ends the file.
  void finish(ExprId root, bool isModule) {
    tree.files.back().root = root;
    tree.files.back().isModule = isModule;
  }

  const Tree &peek() const { return tree; }

  /// Says from where the last file is imported; the main one is from nowhere.
  static void setPath(Tree &tree, std::string path) {
    tree.files.back().path = std::move(path);
  }

  /// Says which module an Import of a finished tree means.
  static void resolve(Tree &tree, StmtId import, uint32_t module) {
    tree.nodes[import.index].b = module;
  }

private:
  Tree &tree;
};

} // namespace mind

#endif // MIND_LIB_SYNTAX_TREEBUILDER_H
