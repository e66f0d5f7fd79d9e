//===- SourceFile.cpp - a source text and positions in it ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/SourceFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cstring>

using namespace mind;

void SourceFile::assign(llvm::StringRef name, llvm::StringRef text) {
  fileName = name;
  memory.reserve(text.size() + padding);
  memory = text;
  memory.append(padding, '\0');
  size = uint32_t(text.size());
  cachedLineStarts.clear();
  isAscii = false;
  lastLine = {};
}

llvm::ArrayRef<uint32_t> SourceFile::lineStarts() const {
  if (!cachedLineStarts.empty())
    return cachedLineStarts;
  cachedLineStarts.push_back(0);
  // Eight bytes at a time; up to seven of the padding are looked at too.
  constexpr uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
  uint64_t all = 0;
  for (uint32_t at = 0; at < size; at += sizeof(all)) {
    uint64_t bytes;
    std::memcpy(&bytes, memory.data() + at, sizeof(bytes));
    all |= bytes;
    // The top bit of each byte that is a newline.
    uint64_t others = bytes ^ ones * '\n';
    uint64_t newlines = ~(((others & ~tops) + ~tops) | others | ~tops);
    for (; newlines != 0; newlines &= newlines - 1)
      cachedLineStarts.push_back(at + llvm::countr_zero(newlines) / 8 + 1);
  }
  isAscii = (all & tops) == 0;
  return cachedLineStarts;
}

uint32_t SourceFile::numLines() const { return uint32_t(lineStarts().size()); }

SourceRange SourceFile::lineRange(uint32_t line) const {
  llvm::ArrayRef<uint32_t> starts = lineStarts();
  uint32_t begin = starts[line - 1];
  uint32_t end = line < starts.size() ? starts[line] - 1 : size;
  if (end > begin && memory[end - 1] == '\r')
    --end;
  if (begin == 0 && text().starts_with("\xEF\xBB\xBF"))
    begin = 3;
  return {base + begin, base + end};
}

/// Whether a byte goes on with the character of the byte before.
static bool isContinuation(char byte) { return (byte & 0xC0) == 0x80; }

LineColumn SourceFile::findLineColumn(uint32_t offset) const {
  offset = std::min(offset, size);
  if (offset < lastLine.start || offset >= lastLine.next) {
    llvm::ArrayRef<uint32_t> starts = lineStarts();
    const uint32_t behind = size + 1;
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
    while (at < line.end && isContinuation(memory[at - base]));
  return at;
}
