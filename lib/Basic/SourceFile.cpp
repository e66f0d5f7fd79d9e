//===- SourceFile.cpp - a source text and positions in it ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/SourceFile.h"
#include <algorithm>

using namespace mind;

const std::vector<uint32_t> &SourceFile::lineStarts() const {
  if (cachedLineStarts.empty()) {
    cachedLineStarts.push_back(0);
    for (size_t at = contents.find('\n'); at != std::string::npos;
         at = contents.find('\n', at + 1))
      cachedLineStarts.push_back(uint32_t(at + 1));
  }
  return cachedLineStarts;
}

uint32_t SourceFile::numLines() const { return uint32_t(lineStarts().size()); }

SourceRange SourceFile::lineRange(uint32_t line) const {
  const std::vector<uint32_t> &starts = lineStarts();
  uint32_t begin = starts[line - 1];
  uint32_t end =
      line < starts.size() ? starts[line] - 1 : uint32_t(contents.size());
  if (end > begin && contents[end - 1] == '\r')
    --end;
  if (begin == 0 && text().starts_with("\xEF\xBB\xBF"))
    begin = 3;
  return {base + begin, base + end};
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  offset = std::min(offset - base, uint32_t(contents.size()));
  const std::vector<uint32_t> &starts = lineStarts();
  auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  uint32_t line = uint32_t(after - starts.begin());
  uint32_t column = 1;
  for (uint32_t i = lineRange(line).begin - base; i < offset; ++i)
    column += (contents[i] & 0xC0) != 0x80; // not a continuation byte
  return {line, column};
}

uint32_t SourceFile::offset(LineColumn place) const {
  if (place.line > numLines())
    return end();
  SourceRange line = lineRange(place.line);
  uint32_t at = line.begin;
  for (uint32_t column = 1; column < place.column && at < line.end; ++column)
    do
      ++at;
    while (at < line.end && (contents[at - base] & 0xC0) == 0x80);
  return at;
}
