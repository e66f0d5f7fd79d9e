//===- Layout.h - text that fits into lines --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pretty printer after Oppen ("Prettyprinting", 1980): a document is a list
// of texts and of places where a line may end, some of which belong together in
// groups. A group that fits on the rest of its line stays flat; of one that
// does not, every line ends where it may.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_FORMAT_LAYOUT_H
#define MIND_LIB_FORMAT_LAYOUT_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mind {

class Layout {
public:
  explicit Layout(unsigned width) : width(width) {}

  /// Text without a line's end, but for comments over several lines. It must
  /// outlive the layout.
  void text(llvm::StringRef text);
  /// Text that appears only where the group is not flat.
  void textIfBroken(llvm::StringRef text);
  /// A space that never ends a line. Several are one.
  void space() { add(Kind::Space); }
  /// Ends the line if the group is not flat, else nothing or a space.
  void softBreak() { add(Kind::SoftBreak); }
  void spaceOrBreak() { add(Kind::SpaceOrBreak); }
  /// Ends the line if what comes up to the next break does not fit, else a
  /// space; where the group is flat, a space.
  void fillBreak() { add(Kind::FillBreak); }
  /// Ends the line, unless nothing is on it.
  void hardBreak() { add(Kind::HardBreak); }
  /// Leaves a line empty; follows a hardBreak.
  void blankLine() { add(Kind::BlankLine); }

  void beginGroup() { add(Kind::BeginGroup); }
  void endGroup() { add(Kind::EndGroup); }
  /// Lines that start from here on are indented by one step more.
  void indent() { add(Kind::Indent); }
  void dedent() { add(Kind::Dedent); }

  /// The laid-out text, which ends in a line's end if it is not empty.
  std::string print();

private:
  enum class Kind : uint8_t {
    Text,
    TextIfBroken,
    Space,
    SoftBreak,
    SpaceOrBreak,
    FillBreak,
    HardBreak,
    BlankLine,
    BeginGroup,
    EndGroup,
    Indent,
    Dedent,
  };
  struct Item {
    Kind kind;
    /// Columns of a text; of BeginGroup, of the flat group and of what follows
    /// it up to the next place where a line may end; of FillBreak, of what
    /// follows it.
    uint32_t columns = 0;
    llvm::StringRef text;
  };

  void add(Kind kind) { items.push_back({kind, 0, {}}); }
  void measure();

  unsigned width;
  std::vector<Item> items;
};

} // namespace mind

#endif // MIND_LIB_FORMAT_LAYOUT_H
