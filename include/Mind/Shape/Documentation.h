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

/// What `op` does, how else it is written, what it takes, its description and
/// its example, as paragraphs of Markdown for people who write MIND.
std::string documentation(const OpInfo &op);

/// The description of `op` as Markdown, one line a paragraph or item of a list,
/// without what is about IR: paragraphs that begin with "In IR", and examples
/// in it.
std::string plainDescription(const OpInfo &op);

/// What the operations of a family have in common, as a paragraph of Markdown.
llvm::StringRef introduction(OpFamily family);

} // namespace mind

#endif // MIND_SHAPE_DOCUMENTATION_H
