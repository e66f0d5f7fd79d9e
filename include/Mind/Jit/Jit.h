//===- Jit.h - machine code in this process --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_JIT_JIT_H
#define MIND_JIT_JIT_H

#include "Mind/Runtime/Abi.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace mind {

/// Loads object files into this process. Code may call the C library's
/// mathematical and memory functions, and kernels, which are bound by address:
/// the program need not export them. Several threads may use it.
class Jit {
public:
  static llvm::Expected<std::unique_ptr<Jit>> create();
  ~Jit();

  /// The code of one object file. It keeps alive what it runs in and the code
  /// that it calls, so the Jit may go first; memory is freed with the last
  /// reference.
  class Code {
  public:
    ~Code();
    /// The function `name`.
    llvm::Expected<MindFunction> lookup(llvm::StringRef name) const;
    /// The memory that it takes, in bytes: whole pages.
    size_t size() const;

  private:
    friend class Jit;
    struct State;
    explicit Code(std::unique_ptr<State> state);
    std::unique_ptr<State> state;
  };

  /// A function of other code, by the names that it has for the caller and in
  /// that code.
  struct Callee {
    llvm::StringRef name;
    std::shared_ptr<const Code> code;
    llvm::StringRef nameInCode;
  };

  /// Loads `object`, which may call `callees`.
  llvm::Expected<std::shared_ptr<const Code>>
  load(llvm::SmallVector<char, 0> object, llvm::ArrayRef<Callee> callees = {});

private:
  struct Engine;
  explicit Jit(std::shared_ptr<Engine> engine);
  std::shared_ptr<Engine> engine;
};

} // namespace mind

#endif // MIND_JIT_JIT_H
