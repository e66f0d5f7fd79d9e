//===- Aot.h - machine code for programs in C and C++ ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What goes around an object file so that it can be built into a program: a C
// header, and the forms of a library. Everything is made in memory; whoever
// asks writes the files.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_AOT_AOT_H
#define MIND_AOT_AOT_H

#include "Mind/Runtime/Executable.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace mind {

using Bytes = llvm::SmallVector<char, 0>;

/// A function in an object file.
struct AotFunction {
  /// Its name there (getSymbolName of the function's); the type is MindFunction
  /// of Mind/Runtime/Abi.h.
  std::string symbol;
  runtime::Signature signature;
  /// Bytes of scratch memory that a call needs, by its sizes.
  runtime::Dim workspaceSize;
  /// What may fail, by site number.
  std::vector<runtime::ErrorSite> sites;
};

/// The text of a C header that declares `functions`, with the sizes of their
/// workspaces, and the shapes of what they take and give as comments. It is
/// complete: it holds the ABI too. `name` is that of the file, without folder.
std::string makeHeader(llvm::StringRef name,
                       llvm::ArrayRef<AotFunction> functions);

/// A static library with the one member `name`, reproducible.
llvm::Expected<Bytes> makeArchive(llvm::StringRef name,
                                  llvm::ArrayRef<char> object);

/// A shared library, made by the C compiler or linker of this machine. The
/// error says so if there is none.
llvm::Expected<Bytes> makeSharedLibrary(llvm::ArrayRef<char> object);

} // namespace mind

#endif // MIND_AOT_AOT_H
