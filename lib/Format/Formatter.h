//===- Formatter.h - a syntax tree and its tokens as a layout --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the tree, which says what belongs together, and takes one token after
// the other, which says what is written. Comments go with their tokens.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_FORMAT_FORMATTER_H
#define MIND_LIB_FORMAT_FORMATTER_H

#include "Comments.h"
#include "Layout.h"
#include "Mind/Syntax/Tree.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace mind {

class Formatter {
public:
  /// `tokens` are those that `tree` was parsed from, nothing split.
  Formatter(const Tree &tree, std::vector<Token> tokens, unsigned width)
      : tree(tree), tokens(std::move(tokens)),
        comments(tree.file(), this->tokens), layout(width) {}

  std::string run();

private:
  // Statements, items and types (Format.cpp).
  void formatStatements(const BlockView &block);
  void formatStatement(StmtId statement);
  void formatFn(StmtId statement);
  /// `: type = value` of a `let` or `const`.
  void formatDefinition(TypeId type, ExprId value);
  void formatPattern(PatternId pattern);
  void formatType(TypeId type);
  void formatTupleType(NodeList<TypeId> elements);

  // Expressions (FormatExpr.cpp).
  void formatExpr(ExprId expr);
  void formatUnparenthesized(ExprId expr);
  void formatBinary(ExprId expr);
  void formatPostfix(ExprId expr);
  void formatLink(ExprId expr);
  void formatArguments(NodeList<ExprId> args);
  void formatListElements(NodeList<ExprId> elements, NodeKind kind);
  void formatSlice(ExprId expr);
  void formatIf(ExprId expr);
  void formatFor(ExprId expr);
  void formatBlock(ExprId expr);
  /// A block or an `if` of which the group has begun: all blocks of an `if`
  /// stay on its line, or none.
  void formatBlockInGroup(ExprId block);
  void formatIfInGroup(ExprId expr);

  /// What is special about a list.
  struct ListStyle {
    /// Whether a comma ends it: where it takes several lines, always, as it
    /// stands, or never.
    enum class LastComma : uint8_t { IfBroken, Keep, Never };
    LastComma lastComma = LastComma::IfBroken;
    /// Whether a line holds as many elements as fit, or one.
    bool fill = false;
  };
  /// Takes a list with its brackets; `element` takes one element.
  void formatList(uint32_t size, ListStyle style,
                  llvm::function_ref<void(uint32_t)> element);
  /// Takes the parentheses that are written around a node beginning at `begin`
  /// but leave no trace in the tree, and what `inside` takes between them.
  void parenthesized(uint32_t begin, llvm::function_ref<void()> inside);

  // Tokens and comments (Format.cpp).
  const Token &next() const { return tokens[at]; }
  bool is(TokenKind kind) const { return next().kind == kind; }
  /// Whether the next token begins before `offset`.
  bool isBefore(uint32_t offset) const {
    return !is(TokenKind::EndOfFile) && next().begin < offset;
  }
  /// Takes the next token with the comments before it.
  void take();
  void takeSpaced() {
    layout.space();
    take();
    layout.space();
  }
  /// Takes a `,` or `;`, which stays behind what it ends, comments after it.
  void takeTight();
  /// Leaves out the next token, but not its comments.
  void drop();
  /// Takes the tokens up to `end` without spaces between them.
  void takeTightUntil(uint32_t end);
  void advance();

  /// Places comments that trail the last token, and those that lead the next.
  void placeComments();
  void placeTrailing();
  void place(llvm::ArrayRef<Comment> comments);

  // Lines end behind trailing comments.
  void softBreak() { placeTrailing(), layout.softBreak(); }
  void spaceOrBreak() { placeTrailing(), layout.spaceOrBreak(); }
  void hardBreak() { placeTrailing(), layout.hardBreak(); }

  const Tree &tree;
  std::vector<Token> tokens;
  Comments comments;
  Layout layout;
  size_t at = 0;
  /// Comments behind the last token, to be placed before what comes next.
  llvm::SmallVector<Comment, 2> waiting;
  /// Whether those that lead the next token have been placed.
  bool placedLeading = false;
  /// Whether nothing stands in the innermost block yet.
  bool startsBlock = true;
};

} // namespace mind

#endif // MIND_LIB_FORMAT_FORMATTER_H
