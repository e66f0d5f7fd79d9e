//===- SourceManager.h - the source files of a program ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_SOURCEMANAGER_H
#define MIND_BASIC_SOURCEMANAGER_H

#include "Mind/Basic/SourceFile.h"
#include <memory>

namespace mind {

/// Owns the files of a program: the main one, and those it imports. Their texts
/// lie one behind the other in one space of offsets, the main file's at 0, and
/// no offset, not even one that means a file's end, belongs to two of them.
class SourceManager {
public:
  /// With the main file.
  SourceManager(llvm::StringRef name, llvm::StringRef text)
      : main(name, text) {}

  /// Begins anew with another main file.
  void restart(llvm::StringRef name, llvm::StringRef text) {
    imported.clear();
    main.assign(name, text);
  }

  /// Adds a file; it stays where it is. All texts together must stay below
  /// 4 GiB.
  const SourceFile &add(llvm::StringRef name, llvm::StringRef text);

  /// It moves with its manager.
  const SourceFile &mainFile() const { return main; }
  size_t numFiles() const { return 1 + imported.size(); }
  /// In the order in which they were added, the main file first.
  const SourceFile &file(size_t index) const {
    return index == 0 ? main : *imported[index - 1];
  }
  /// The offset that the next file would begin at.
  uint64_t endOffset() const;

  /// The file that `offset` is in.
  const SourceFile &fileAt(uint32_t offset) const;
  /// The file that `range` is in; of one that is nowhere, the main file.
  const SourceFile &fileOf(SourceRange range) const {
    return range.isValid() ? fileAt(range.begin) : mainFile();
  }
  /// The file of that name, or null.
  const SourceFile *find(llvm::StringRef name) const;

private:
  SourceFile main;
  std::vector<std::unique_ptr<const SourceFile>> imported;
};

} // namespace mind

#endif // MIND_BASIC_SOURCEMANAGER_H
