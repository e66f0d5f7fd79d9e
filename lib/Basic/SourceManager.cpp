//===- SourceManager.cpp - the source files of a program ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

uint64_t SourceManager::endOffset() const {
  return files.empty() ? 0 : uint64_t(files.back()->end()) + 1;
}

const SourceFile &SourceManager::add(std::string name, llvm::StringRef text) {
  files.push_back(std::make_unique<const SourceFile>(std::move(name), text,
                                                     uint32_t(endOffset())));
  return *files.back();
}

const SourceFile &SourceManager::fileAt(uint32_t offset) const {
  auto behind =
      llvm::partition_point(llvm::drop_begin(files), [&](const auto &file) {
        return file->begin() <= offset;
      });
  return **std::prev(behind);
}

const SourceFile *SourceManager::find(llvm::StringRef name) const {
  auto found = llvm::find_if(
      files, [&](const auto &file) { return file->name() == name; });
  return found == files.end() ? nullptr : found->get();
}
