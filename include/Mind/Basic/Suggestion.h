//===- Suggestion.h - which name was meant ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_SUGGESTION_H
#define MIND_BASIC_SUGGESTION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace mind {

/// The candidate whose spelling is nearest to `name`, which is none of them, or
/// an empty string if none is near. Of equally near ones it is the first in the
/// alphabet.
llvm::StringRef nearestName(llvm::StringRef name,
                            llvm::ArrayRef<llvm::StringRef> candidates);

/// "did you mean `x`?" for the nearest candidate, or nothing.
std::string didYouMean(llvm::StringRef name,
                       llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace mind

#endif // MIND_BASIC_SUGGESTION_H
