//===- SourceFile.h - a source text and positions in it --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Positions are byte offsets. The files of a program share one space of offsets
// (SourceManager.h), so that a position says which file it is in. Lines and
// columns are worked out only when somebody asks, which is when a message is
// printed or a location is handed to MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_SOURCEFILE_H
#define MIND_BASIC_SOURCEFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace mind {

/// The bytes [begin, end) of a program's source. A default-constructed range is
/// nowhere: it belongs to messages that are not about source text.
struct SourceRange {
  uint32_t begin = UINT32_MAX;
  uint32_t end = UINT32_MAX;

  constexpr SourceRange() = default;
  constexpr SourceRange(uint32_t begin, uint32_t end)
      : begin(begin), end(end) {}

  constexpr bool isValid() const { return begin != UINT32_MAX; }
  constexpr uint32_t size() const { return end - begin; }

  friend constexpr bool operator==(SourceRange a, SourceRange b) {
    return a.begin == b.begin && a.end == b.end;
  }
  friend constexpr bool operator!=(SourceRange a, SourceRange b) {
    return !(a == b);
  }
};

/// A place as people and editors name it: both count from 1, and a column is a
/// character (a Unicode code point), not a byte.
struct LineColumn {
  uint32_t line;
  uint32_t column;
};

/// One source text with its name. Its offsets begin at `begin()`, and those
/// past its end mean the end. Belongs to one thread at a time, because the
/// table of lines is filled on first use.
class SourceFile {
public:
  /// So many NUL bytes follow a text, for those who look ahead.
  static constexpr size_t padding = 64;

  /// A byte-order mark at the start of `text` stays in it; the lexer skips it.
  SourceFile(llvm::StringRef name, llvm::StringRef text, uint32_t begin = 0)
      : base(begin) {
    assign(name, text);
  }

  /// Becomes another text, which begins where this one does, in the same
  /// memory if that suffices.
  void assign(llvm::StringRef name, llvm::StringRef text);

  llvm::StringRef name() const { return fileName; }

  /// The whole text.
  llvm::StringRef text() const { return {memory.data(), size}; }

  uint32_t begin() const { return base; }
  uint32_t end() const { return base + size; }

  /// The text of `range`.
  llvm::StringRef text(SourceRange range) const {
    return text().slice(range.begin - base, range.end - base);
  }

  LineColumn lineColumn(uint32_t offset) const {
    offset -= base;
    if (isAscii && offset >= lastLine.begin && offset < lastLine.next)
      return {lastLine.line, offset - lastLine.begin + 1};
    return findLineColumn(offset);
  }
  /// The inverse; what lies past a line's end, or past the last line, is there.
  uint32_t offset(LineColumn place) const;

  /// The number of lines; an empty file has one.
  uint32_t numLines() const;

  /// The bytes of `line` (from 1) without its line end.
  SourceRange lineRange(uint32_t line) const;

private:
  llvm::ArrayRef<uint32_t> lineStarts() const;
  /// As lineColumn of `base` + `offset`. Makes `lastLine` the line of that.
  LineColumn findLineColumn(uint32_t offset) const;

  std::string fileName;
  /// The text and its padding.
  std::string memory;
  uint32_t size = 0;
  uint32_t base;
  /// Without `base`.
  mutable llvm::SmallVector<uint32_t, 16> cachedLineStarts;
  /// Whether each byte is a character; known with the starts of lines.
  mutable bool isAscii = false;
  /// The line that was asked for last, which often is the next one too: its
  /// number, its first byte, that of the next line, and that of its text.
  struct Line {
    uint32_t line, start, next, begin;
  };
  mutable Line lastLine{};
};

} // namespace mind

#endif // MIND_BASIC_SOURCEFILE_H
