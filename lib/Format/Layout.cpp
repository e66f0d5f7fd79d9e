//===- Layout.cpp - text that fits into lines -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Unicode.h"
#include <algorithm>

using namespace mind;

static constexpr unsigned indentStep = 2;
/// Wider than any line.
static constexpr uint64_t unlimited = 1u << 30;

static uint32_t columnsOf(llvm::StringRef text) {
  int columns = llvm::sys::unicode::columnWidthUTF8(text);
  // What cannot be printed has no width of its own.
  return columns < 0 ? uint32_t(text.size()) : uint32_t(columns);
}

void Layout::text(llvm::StringRef text) {
  items.push_back({Kind::Text, columnsOf(text), text});
}

void Layout::textIfBroken(llvm::StringRef text) {
  items.push_back({Kind::TextIfBroken, columnsOf(text), text});
}

void Layout::measure() {
  /// What is known, going backwards, where a group ends.
  struct GroupEnd {
    uint64_t flat;
    uint64_t following;
    unsigned hardBreaks;
  };
  std::vector<GroupEnd> open;
  uint64_t flat = 0;      // columns from here to the end, all of it flat
  uint64_t following = 0; // columns from here to where a line may end
  unsigned hardBreaks = 0;
  auto advance = [&](uint64_t columns) {
    flat += columns;
    following += columns;
  };
  for (Item &item : llvm::reverse(items)) {
    switch (item.kind) {
    case Kind::Text:
      advance(item.columns);
      break;
    case Kind::Space:
      advance(1);
      break;
    case Kind::FillBreak:
      item.columns = uint32_t(std::min(following, unlimited));
      [[fallthrough]];
    case Kind::SpaceOrBreak:
      ++flat;
      following = 0;
      break;
    case Kind::SoftBreak:
      following = 0;
      break;
    case Kind::HardBreak:
    case Kind::BlankLine:
      ++hardBreaks;
      following = 0;
      break;
    case Kind::EndGroup:
      open.push_back({flat, following, hardBreaks});
      break;
    case Kind::BeginGroup: {
      GroupEnd end = open.back();
      open.pop_back();
      uint64_t columns = flat - end.flat + end.following;
      bool canBeFlat = hardBreaks == end.hardBreaks;
      item.columns =
          uint32_t(canBeFlat ? std::min(columns, unlimited) : unlimited);
      break;
    }
    case Kind::TextIfBroken:
    case Kind::Indent:
    case Kind::Dedent:
      break;
    }
  }
}

namespace {
/// Writes lines. Spaces and ends of lines wait until there is text behind them,
/// so that no line ends in a space.
class LineWriter {
public:
  void write(llvm::StringRef text, unsigned columns, unsigned indent) {
    if (endsLine && !output.empty())
      output += '\n';
    if (leavesBlank && !output.empty())
      output += '\n';
    if (endsLine)
      column = indent;
    else if (wantsSpace)
      ++column;
    output.append(endsLine ? indent : wantsSpace, ' ');
    output += text;
    column += columns;
    endsLine = leavesBlank = wantsSpace = false;
  }
  void space() { wantsSpace = true; }
  void endLine() { endsLine = true; }
  void leaveBlank() { leavesBlank = true; }

  /// The column at which text would go now.
  unsigned nextColumn(unsigned indent) const {
    return endsLine ? indent : column + wantsSpace;
  }
  std::string finish() {
    if (!output.empty())
      output += '\n';
    return std::move(output);
  }

private:
  std::string output;
  unsigned column = 0;
  bool endsLine = true, leavesBlank = false, wantsSpace = false;
};
} // namespace

std::string Layout::print() {
  measure();
  LineWriter writer;
  unsigned indent = 0;
  std::vector<bool> flatGroups = {false};
  for (const Item &item : items) {
    bool flat = flatGroups.back();
    switch (item.kind) {
    case Kind::TextIfBroken:
      if (flat)
        break;
      [[fallthrough]];
    case Kind::Text:
      writer.write(item.text, item.columns, indent);
      break;
    case Kind::Space:
      writer.space();
      break;
    case Kind::SpaceOrBreak:
      writer.space();
      [[fallthrough]];
    case Kind::SoftBreak:
      if (!flat)
        writer.endLine();
      break;
    case Kind::FillBreak:
      writer.space();
      if (!flat && writer.nextColumn(indent) + item.columns > width)
        writer.endLine();
      break;
    case Kind::HardBreak:
      writer.endLine();
      break;
    case Kind::BlankLine:
      writer.leaveBlank();
      break;
    case Kind::BeginGroup:
      flatGroups.push_back(flat ||
                           writer.nextColumn(indent) + item.columns <= width);
      break;
    case Kind::EndGroup:
      flatGroups.pop_back();
      break;
    case Kind::Indent:
      indent += indentStep;
      break;
    case Kind::Dedent:
      indent -= indentStep;
      break;
    }
  }
  return writer.finish();
}
