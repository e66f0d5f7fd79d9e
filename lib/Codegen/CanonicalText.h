//===- CanonicalText.h - operations as comparable bytes --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_CANONICALTEXT_H
#define MIND_LIB_CODEGEN_CANONICALTEXT_H

#include "mlir/IR/Operation.h"

#include <string>

namespace mind {

/// Writes operations as bytes that are equal if and only if these are, in this
/// context or another: what they are, how they are connected, types and
/// attributes, but not where in the source they come from. A tenth of the time
/// that printing takes: each type and attribute is printed once.
class CanonicalText {
public:
  explicit CanonicalText(std::string &bytes) : bytes(bytes) {}

  /// `region` uses nothing from outside but what was added before.
  void add(mlir::Region &region);
  /// Without the attributes called `ignored`.
  void add(mlir::Operation *op, llvm::ArrayRef<llvm::StringRef> ignored = {});
  void add(mlir::Type type) { addPrinted(type); }

private:
  void add(size_t number);
  void add(llvm::StringRef text);
  void add(mlir::Block *block);
  template <typename T> void addPrinted(T object);
  void addNumbered(const void *object);

  std::string &bytes;
  /// Numbers of values and blocks, in the order in which they occur, and of
  /// types, attributes and names.
  llvm::DenseMap<const void *, size_t> numbers, printed;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_CANONICALTEXT_H
