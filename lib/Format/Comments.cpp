//===- Comments.cpp - comments between tokens -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Comments.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

/// The length of the comment at the start of `text`; 0 if there is none.
static size_t commentLength(llvm::StringRef text) {
  if (text.starts_with("//"))
    return std::min(text.find('\n'), text.size());
  if (!text.starts_with("/*"))
    return 0;
  size_t at = 2;
  for (unsigned depth = 1; depth != 0 && at < text.size();) {
    llvm::StringRef rest = text.drop_front(at);
    if (rest.starts_with("*/"))
      --depth, at += 2;
    else if (rest.starts_with("/*"))
      ++depth, at += 2;
    else
      ++at;
  }
  return at;
}

Comments::Comments(const SourceFile &file, llvm::ArrayRef<Token> tokens) {
  gaps.reserve(tokens.size());
  uint32_t end = 0;
  for (const Token &token : tokens) {
    // The end of the file is where its last token ends.
    bool isLast = token.kind == TokenKind::EndOfFile;
    addGap(isLast ? file.text().drop_front(end) : file.text({end, token.begin}),
           /*isFirst=*/gaps.empty(), isLast);
    end = token.end;
  }
}

void Comments::addGap(llvm::StringRef text, bool isFirst, bool isLast) {
  Gap gap;
  gap.firstComment = uint32_t(comments.size());
  unsigned newlines = 0;
  // Between comments there is white space, and a byte-order mark at the start.
  while (!text.empty()) {
    size_t length = commentLength(text);
    if (length == 0) {
      newlines += text.front() == '\n';
      text = text.drop_front();
      continue;
    }
    llvm::StringRef comment = text.take_front(length).rtrim();
    text = text.drop_front(length);
    if (comment.contains('\r')) {
      std::string &unixText = texts.emplace_back(comment);
      llvm::erase(unixText, '\r');
      comment = unixText;
    }
    comments.push_back(
        {comment, Comment::Place::Inline, newlines > 0, newlines > 1});
    newlines = 0;
  }
  newlines += isLast; // the end of the file ends a line too
  gap.blankBefore = newlines > 1;

  // Comments on one line share their place.
  auto added = llvm::MutableArrayRef(comments).drop_front(gap.firstComment);
  gap.numComments = uint32_t(added.size());
  bool endsLine = newlines != 0;
  for (Comment &comment : llvm::reverse(added)) {
    if (endsLine)
      comment.place = Comment::Place::OwnLine;
    endsLine |= comment.startsLine;
  }
  if (!isFirst)
    for (Comment &comment : added) {
      if (comment.startsLine || comment.place == Comment::Place::Inline)
        break;
      comment.place = Comment::Place::Trailing;
      ++gap.numTrailing;
    }
  gaps.push_back(gap);
}
