//===- TensorText.h - tensors as text --------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a person sees of a tensor, printed by a program or as its result.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_TENSORTEXT_H
#define MIND_RUNTIME_TENSORTEXT_H

#include "Mind/Runtime/Abi.h"
#include <string>
#include <string_view>

namespace mind::runtime {

/// `tensor` as NumPy 2 prints an array by default: aligned columns, at most 8
/// digits after the point, lines of 75 columns, the inner part of more than
/// 1000 elements left out. A scalar has as many digits as tell it from its
/// neighbours. No line end follows.
std::string tensorText(const MindView &tensor);

/// What MindContext::print is asked to print: `format` with each {} replaced by
/// the text of the next of `values`, and {{ by a brace.
std::string printedText(std::string_view format, const MindView *values);

} // namespace mind::runtime

#endif // MIND_RUNTIME_TENSORTEXT_H
