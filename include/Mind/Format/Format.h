//===- Format.h - canonical layout of source text --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_FORMAT_FORMAT_H
#define MIND_FORMAT_FORMAT_H

#include "Mind/Basic/Diagnostic.h"
#include <optional>
#include <string>

namespace mind {

/// The columns that a formatted line tries to keep to.
inline constexpr unsigned formatWidth = 100;

/// The text of `file` in canonical layout, or none after reporting what is
/// wrong with its syntax (E10xx, E11xx). Only white space changes, and commas
/// before a closing bracket: every other token stays, in its order and
/// spelling, and so does every comment. Formatting formatted text changes
/// nothing.
std::optional<std::string> format(const SourceFile &file,
                                  DiagnosticEngine &diags);

} // namespace mind

#endif // MIND_FORMAT_FORMAT_H
