//===- TextRenderer.cpp - diagnostics on a terminal ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A snippet shows each line that a range of the diagnostic begins on, with the
// ranges underlined beneath: the primary one by `^`, labels by `-`. The text
// of the rightmost mark stands beside it, the others hang below theirs.
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DiagnosticRenderer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Unicode.h"
#include <algorithm>

using namespace mind;

namespace {

constexpr unsigned tabWidth = 4;
/// Of a line with more bytes only so many around the primary range are shown.
constexpr uint32_t maxLineBytes = 160;

/// ANSI escapes, or nothing.
struct Style {
  const char *error = "", *strong = "", *gutter = "", *reset = "";

  explicit Style(bool colour) {
    if (colour) {
      error = "\x1b[1;31m";
      strong = "\x1b[1m";
      gutter = "\x1b[1;34m";
      reset = "\x1b[0m";
    }
  }
};

/// A range to underline, in bytes of the file.
struct Mark {
  SourceRange range;
  llvm::StringRef text;
  bool primary;
};

/// A mark in columns of the printed line.
struct PlacedMark {
  unsigned column, width;
  llvm::StringRef text;
  bool primary;
};

/// One source line as it is printed: tabs expanded, what cannot be printed
/// replaced, and for each byte the column at which its character stands.
struct PrintedLine {
  std::vector<std::string> cells; ///< One a column; wide characters leave "".
  std::vector<unsigned> columns;  ///< One a byte, and one for the end.

  explicit PrintedLine(llvm::StringRef bytes);

  std::string text() const {
    std::string text;
    for (const std::string &cell : cells)
      text += cell;
    return llvm::StringRef(text).rtrim().str();
  }
};

} // namespace

/// The length of the UTF-8 character that `bytes` starts with, going by its
/// first byte.
static size_t characterLength(llvm::StringRef bytes) {
  auto first = (unsigned char)bytes.front();
  size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  return std::min(length, bytes.size());
}

PrintedLine::PrintedLine(llvm::StringRef bytes) {
  while (!bytes.empty()) {
    size_t length = characterLength(bytes);
    llvm::StringRef character = bytes.take_front(length);
    unsigned column = cells.size();
    if (character == "\t") {
      cells.resize((column / tabWidth + 1) * tabWidth, " ");
    } else {
      int width = llvm::sys::unicode::columnWidthUTF8(character);
      if (width < 0) { // unprintable, or no character at all
        length = 1;
        cells.push_back("\xEF\xBF\xBD");
      } else if (width == 0 && !cells.empty()) {
        cells.back() += character;
      } else {
        cells.push_back(character.str());
        cells.resize(column + std::max(width, 1));
      }
    }
    columns.insert(columns.end(), length, column);
    bytes = bytes.drop_front(length);
  }
  columns.push_back(cells.size());
}

/// What is shown of `line`: all, or a part around `focus` where it is long.
static SourceRange visiblePart(const SourceFile &file, SourceRange line,
                               uint32_t focus) {
  if (line.size() <= maxLineBytes)
    return line;
  auto isInsideCharacter = [&](uint32_t offset) {
    return (file.text()[offset - file.begin()] & 0xC0) == 0x80;
  };
  focus = std::clamp(focus, line.begin, line.end);
  SourceRange part(
      std::max(line.begin + maxLineBytes / 2, focus) - maxLineBytes / 2,
      std::min(line.end - maxLineBytes / 2, focus) + maxLineBytes / 2);
  while (part.begin < focus && isInsideCharacter(part.begin))
    ++part.begin;
  while (part.end > focus && part.end < line.end && isInsideCharacter(part.end))
    --part.end;
  return part;
}

static PlacedMark place(const Mark &mark, SourceRange lineRange,
                        const PrintedLine &line) {
  auto column = [&](uint32_t offset) {
    uint32_t byte = offset > lineRange.begin ? offset - lineRange.begin : 0;
    return line.columns[std::min<size_t>(byte, line.columns.size() - 1)];
  };
  unsigned begin = column(mark.range.begin);
  unsigned end = column(mark.range.end);
  return {begin, std::max(end, begin + 1) - begin, mark.text, mark.primary};
}

/// Prints the rows beneath a source line. `marks` are sorted by column.
static void printMarks(llvm::ArrayRef<PlacedMark> marks, llvm::StringRef gutter,
                       const Style &style, llvm::raw_ostream &os) {
  std::string underline;
  auto draw = [&](const PlacedMark &mark) {
    underline.resize(
        std::max<size_t>(underline.size(), mark.column + mark.width), ' ');
    std::fill_n(underline.begin() + mark.column, mark.width,
                mark.primary ? '^' : '-');
  };
  for (const PlacedMark &mark : marks)
    draw(mark);
  for (const PlacedMark &mark : marks)
    if (mark.primary)
      draw(mark);

  os << gutter << ' ' << style.error << underline << style.reset;
  if (!marks.back().text.empty())
    os << ' ' << marks.back().text;
  os << '\n';

  llvm::SmallVector<PlacedMark> hanging;
  for (const PlacedMark &mark : marks.drop_back())
    if (!mark.text.empty())
      hanging.push_back(mark);
  auto printBars = [&] {
    os << gutter << ' ';
    unsigned at = 0;
    for (const PlacedMark &mark : hanging) {
      if (mark.column < at)
        continue;
      os.indent(mark.column - at) << '|';
      at = mark.column + 1;
    }
    return at;
  };
  if (!hanging.empty()) {
    printBars();
    os << '\n';
  }
  while (!hanging.empty()) {
    PlacedMark last = hanging.pop_back_val();
    unsigned at = printBars();
    os.indent(last.column > at ? last.column - at : 0) << last.text << '\n';
  }
}

/// Prints `--> file:line:column` and the lines that `marks` begin on; the
/// first mark gives the position. Returns how far text below it is indented.
static unsigned printSnippet(llvm::ArrayRef<Mark> marks, const SourceFile &file,
                             const Style &style, llvm::raw_ostream &os) {
  LineColumn position = file.lineColumn(marks.front().range.begin);
  auto lineOf = [&](const Mark &mark) {
    return file.lineColumn(mark.range.begin).line;
  };
  std::vector<Mark> sorted(marks);
  llvm::stable_sort(sorted, [](const Mark &a, const Mark &b) {
    return a.range.begin < b.range.begin;
  });

  size_t digits = std::to_string(lineOf(sorted.back())).size();
  std::string indent(digits, ' ');
  std::string gutter = indent + " " + style.gutter + "|" + style.reset;
  os << indent << style.gutter << "--> " << style.reset << file.name() << ':'
     << position.line << ':' << position.column << '\n'
     << gutter << '\n';

  uint32_t previous = 0;
  for (size_t i = 0; i != sorted.size();) {
    uint32_t number = lineOf(sorted[i]);
    llvm::ArrayRef<Mark> onLine = llvm::ArrayRef(sorted).drop_front(i);
    onLine = onLine.take_while(
        [&](const Mark &mark) { return lineOf(mark) == number; });
    i += onLine.size();
    const Mark *focus =
        llvm::find_if(onLine, [](const Mark &mark) { return mark.primary; });
    SourceRange shown = visiblePart(
        file, file.lineRange(number),
        (focus != onLine.end() ? *focus : onLine.front()).range.begin);
    PrintedLine line(file.text(shown));
    llvm::SmallVector<PlacedMark> placed;
    for (const Mark &mark : onLine)
      if (mark.range.begin >= shown.begin && mark.range.begin <= shown.end)
        placed.push_back(place(mark, shown, line));
    llvm::stable_sort(placed, [](const PlacedMark &a, const PlacedMark &b) {
      return a.column < b.column;
    });

    if (previous != 0 && number > previous + 1)
      os << style.gutter << "..." << style.reset << '\n';
    previous = number;
    std::string label = std::to_string(number);
    os << std::string(digits - label.size(), ' ') << style.gutter << label
       << " |" << style.reset;
    std::string text = line.text();
    if (!text.empty())
      os << ' ' << text;
    os << '\n';
    printMarks(placed, gutter, style, os);
  }
  return unsigned(digits) + 1;
}

void mind::renderText(const Diagnostic &diag, const SourceManager &sources,
                      llvm::raw_ostream &os, bool colour) {
  Style style(colour);
  os << style.error << severityName(diag.severity) << '['
     << diagnosticCode(diag.kind) << ']' << style.reset << style.strong << ": "
     << diag.message << style.reset << '\n';

  const SourceFile &file = sources.fileOf(diag.range);
  auto isElsewhere = [&](const Diagnostic::Label &label) {
    return !diag.range.isValid() || &sources.fileOf(label.range) != &file;
  };
  unsigned indent = 1;
  if (diag.range.isValid()) {
    std::vector<Mark> marks = {{diag.range, "", true}};
    for (const Diagnostic::Label &label : diag.labels)
      if (!isElsewhere(label))
        marks.push_back({label.range, label.text, false});
    indent = printSnippet(marks, file, style, os);
  }
  auto printRemark = [&](llvm::StringRef word, llvm::StringRef text) {
    os.indent(indent) << style.gutter << "= " << style.reset << word << ": "
                      << text << '\n';
  };
  for (const Diagnostic::Note &note : diag.notes)
    if (!note.range.isValid())
      printRemark("note", note.text);
  if (!diag.helpText.empty())
    printRemark("help", diag.helpText);
  auto printNote = [&](llvm::StringRef text, SourceRange range) {
    os << style.strong << "note" << style.reset << ": " << text << '\n';
    printSnippet({{range, "", true}}, sources.fileOf(range), style, os);
  };
  // A snippet shows one file.
  for (const Diagnostic::Label &label : diag.labels)
    if (isElsewhere(label))
      printNote(label.text, label.range);
  for (const Diagnostic::Note &note : diag.notes)
    if (note.range.isValid())
      printNote(note.text, note.range);
}

void mind::renderText(DiagnosticEngine &diags, const SourceManager &sources,
                      llvm::raw_ostream &os, bool colour) {
  bool first = true;
  for (const Diagnostic &diag : diags.sorted()) {
    if (!first)
      os << '\n';
    first = false;
    renderText(diag, sources, os, colour);
  }
  if (unsigned dropped = diags.numDropped())
    os << '\n'
       << dropped << (dropped == 1 ? " more error\n" : " more errors\n");
}
