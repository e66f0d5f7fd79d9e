//===- DeferredConstructors.h - static constructors of LLVM ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's code generators have four hundred static constructors, most of them of
// command-line options. They take longer than `mindc check` takes for all else,
// and who generates no code needs none of them. A program that is linked by
// mind_start_fast (cmake/AddMind.cmake) does not run them at its start.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_DEFERREDCONSTRUCTORS_H
#define MIND_BASIC_DEFERREDCONSTRUCTORS_H

namespace mind {

/// Runs the constructors that were deferred, once; does nothing in programs
/// that ran all at their start. To be called before anything of LLVM is used
/// but its libraries Support, Demangle and TargetParser, which have none.
/// Options that are not constructed yet read as 0 instead of their default.
void runDeferredConstructors();

} // namespace mind

#endif // MIND_BASIC_DEFERREDCONSTRUCTORS_H
