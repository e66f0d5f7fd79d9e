//===- SourceFile.cpp - a source text and positions in it ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/SourceFile.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cstring>

using namespace mind;

llvm::ArrayRef<uint32_t> SourceFile::lineStarts() const {
  if (cachedLineStarts.empty()) {
    // Up to seven bytes of the padding are looked at too.
    uint64_t bits = 0;
    for (size_t at = 0; at < contents.size(); at += sizeof(bits)) {
      uint64_t bytes;
      std::memcpy(&bytes, contents.data() + at, sizeof(bytes));
      bits |= bytes;
    }
    isAscii = (bits & 0x8080808080808080u) == 0;
    cachedLineStarts.push_back(0);
    for (size_t at = contents.find('\n'); at != std::string::npos;
         at = contents.find('\n', at + 1))
      cachedLineStarts.push_back(uint32_t(at + 1));
  }
  return cachedLineStarts;
}

uint32_t SourceFile::numLines() const { return uint32_t(lineStarts().size()); }

SourceRange SourceFile::lineRange(uint32_t line) const {
  llvm::ArrayRef<uint32_t> starts = lineStarts();
  uint32_t begin = starts[line - 1];
  uint32_t end =
      line < starts.size() ? starts[line] - 1 : uint32_t(contents.size());
  if (end > begin && contents[end - 1] == '\r')
    --end;
  if (begin == 0 && text().starts_with("\xEF\xBB\xBF"))
    begin = 3;
  return {base + begin, base + end};
}

/// Whether a byte goes on with the character of the byte before.
static bool isContinuation(char byte) { return (byte & 0xC0) == 0x80; }

LineColumn SourceFile::findLineColumn(uint32_t offset) const {
  offset = std::min(offset, uint32_t(contents.size()));
  if (offset < lastLine.start || offset >= lastLine.next) {
    llvm::ArrayRef<uint32_t> starts = lineStarts();
    const uint32_t behind = uint32_t(contents.size()) + 1;
    auto startAt = [&](uint32_t index) {
      return index < starts.size() ? starts[index] : behind;
    };
    // Mostly it is the line after that.
    uint32_t index = lastLine.line;
    if (offset < startAt(index) || offset >= startAt(index + 1))
      index = uint32_t(llvm::upper_bound(starts, offset) - starts.begin()) - 1;
    lastLine = {index + 1, starts[index], startAt(index + 1),
                lineRange(index + 1).begin - base};
  }
  uint32_t begin = std::min(lastLine.begin, offset);
  uint32_t column = offset - begin + 1;
  if (!isAscii)
    column -= llvm::count_if(text().slice(begin, offset), isContinuation);
  return {lastLine.line, column};
}

uint32_t SourceFile::offset(LineColumn place) const {
  if (place.line > numLines())
    return end();
  SourceRange line = lineRange(place.line);
  uint32_t at = line.begin;
  for (uint32_t column = 1; column < place.column && at < line.end; ++column)
    do
      ++at;
    while (at < line.end && isContinuation(contents[at - base]));
  return at;
}
