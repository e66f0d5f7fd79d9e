//===- Documentation.h - what people read about an operation ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SHAPE_DOCUMENTATION_H
#define MIND_SHAPE_DOCUMENTATION_H

#include "Mind/Shape/Operation.h"
#include <string>

namespace mind {

/// What `op` does, how else it is written, what it takes, and its description,
/// as paragraphs of Markdown for people who write MIND.
std::string documentation(const OpInfo &op);

} // namespace mind

#endif // MIND_SHAPE_DOCUMENTATION_H
