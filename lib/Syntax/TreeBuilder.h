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

namespace mind {

class TreeBuilder {
public:
  /// Adds the nodes of `file` to a tree.
  TreeBuilder(Tree into, const SourceFile &file, std::string path)
      : tree(std::move(into)) {
    tree.files.push_back({&file, std::move(path), {}});
  }

  struct Parts {
    uint32_t anchor = 0;
    uint32_t a = 0, b = 0;
    uint8_t detail = 0;
  };

  /// For a first file: growing on from there is quick, making room anew for
  /// each of many files is not.
  void reserve(size_t count) {
    if (tree.nodes.empty())
      tree.nodes.reserve(count);
  }

  template <typename Id = ExprId>
  Id add(NodeKind kind, SourceRange range, Parts parts) {
    Id id(tree.size());
    tree.nodes.push_back({kind, parts.detail, range.begin, range.end,
                          parts.anchor, parts.a, parts.b});
    return id;
  }

  /// A node whose only part is a 64-bit value.
  template <typename Id = ExprId>
  Id addWide(NodeKind kind, SourceRange range, uint64_t value) {
    return add<Id>(kind, range, {0, uint32_t(value), uint32_t(value >> 32)});
  }

  /// Stores `head`, then `list` with its length; returns where.
  uint32_t addExtra(llvm::ArrayRef<uint32_t> head,
                    llvm::ArrayRef<uint32_t> list) {
    uint32_t start = addExtra(head);
    tree.extra.push_back(uint32_t(list.size()));
    addExtra(list);
    return start;
  }
  uint32_t addExtra(llvm::ArrayRef<uint32_t> values) {
    uint32_t start = uint32_t(tree.extra.size());
    tree.extra.insert(tree.extra.end(), values.begin(), values.end());
    return start;
  }
  uint32_t addList(llvm::ArrayRef<uint32_t> list) { return addExtra({}, list); }

  /// Ends the file.
  Tree finish(ExprId root, bool isModule) {
    tree.files.back().root = root;
    tree.files.back().isModule = isModule;
    return std::move(tree);
  }

  const Tree &peek() const { return tree; }

  /// Says which module an Import of a finished tree means.
  static void resolve(Tree &tree, StmtId import, uint32_t module) {
    tree.nodes[import.index].b = module;
  }

private:
  Tree tree;
};

} // namespace mind

#endif // MIND_LIB_SYNTAX_TREEBUILDER_H
