//===- SourceManager.cpp - the source files of a program ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

uint64_t SourceManager::endOffset() const {
  return uint64_t(file(numFiles() - 1).end()) + 1;
}

const SourceFile &SourceManager::add(llvm::StringRef name,
                                     llvm::StringRef text) {
  imported.push_back(
      std::make_unique<const SourceFile>(name, text, uint32_t(endOffset())));
  return *imported.back();
}

const SourceFile &SourceManager::fileAt(uint32_t offset) const {
  auto behind = llvm::partition_point(
      imported, [&](const auto &file) { return file->begin() <= offset; });
  return behind == imported.begin() ? main : **std::prev(behind);
}

const SourceFile *SourceManager::find(llvm::StringRef name) const {
  for (size_t index = 0; index != numFiles(); ++index)
    if (file(index).name() == name)
      return &file(index);
  return nullptr;
}
