//===- Comments.h - comments between tokens --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lexer leaves comments out. Here they are found again, each with the token
// that it belongs to.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_FORMAT_COMMENTS_H
#define MIND_LIB_FORMAT_COMMENTS_H

#include "Mind/Syntax/Token.h"
#include "llvm/ADT/ArrayRef.h"
#include <deque>
#include <string>

namespace mind {

struct Comment {
  /// How it stands to the tokens around it. That another look at the formatted
  /// text finds the same is what makes formatting idempotent.
  enum class Place : uint8_t {
    Trailing, ///< On the line of the token before it, the last of that line.
    OwnLine,  ///< On a line without tokens.
    Inline,   ///< The next token is on its line.
  };
  llvm::StringRef text;
  Place place;
  /// Whether neither a token nor a comment is before it on its line.
  bool startsLine;
  /// Whether an empty line comes before it.
  bool blankBefore;
};

/// What comes before a token, behind the token before that.
struct Gap {
  uint32_t firstComment = 0, numComments = 0;
  /// How many of the comments are trailing; they come first.
  uint32_t numTrailing = 0;
  /// Whether an empty line comes right before the token.
  bool blankBefore = false;
};

class Comments {
public:
  /// Collects the comments of `file` before each of `tokens`, EndOfFile being
  /// the last.
  Comments(const SourceFile &file, llvm::ArrayRef<Token> tokens);

  const Gap &before(size_t token) const { return gaps[token]; }
  /// Those that trail the token before `token`.
  llvm::ArrayRef<Comment> trailing(size_t token) const {
    const Gap &gap = gaps[token];
    return llvm::ArrayRef(comments).slice(gap.firstComment, gap.numTrailing);
  }
  /// Those that lead `token`.
  llvm::ArrayRef<Comment> leading(size_t token) const {
    const Gap &gap = gaps[token];
    return llvm::ArrayRef(comments).slice(gap.firstComment + gap.numTrailing,
                                          gap.numComments - gap.numTrailing);
  }

private:
  void addGap(llvm::StringRef text, bool isFirst, bool isLast);

  std::vector<Comment> comments;
  std::vector<Gap> gaps;
  /// Texts that differ from the source.
  std::deque<std::string> texts;
};

} // namespace mind

#endif // MIND_LIB_FORMAT_COMMENTS_H
