//===- RuntimeDiagnostic.h - run-time errors as diagnostics ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A run-time error is shown as a compile-time one is. The run-time library has
// no renderer, so that it can ship alone; this is the bridge.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_COMPILER_RUNTIMEDIAGNOSTIC_H
#define MIND_COMPILER_RUNTIMEDIAGNOSTIC_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Basic/SourceManager.h"
#include "Mind/Runtime/Status.h"
#include <utility>

namespace mind {

/// `error` as a record for the renderers, with a source text in which the line
/// it is about has its place.
std::pair<Diagnostic, SourceManager>
describe(const runtime::RuntimeError &error);

} // namespace mind

#endif // MIND_COMPILER_RUNTIMEDIAGNOSTIC_H
