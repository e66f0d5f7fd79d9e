//===- DeferredConstructors.cpp - static constructors of LLVM -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DeferredConstructors.h"

extern "C" {
/// As the C library calls what it finds in .init_array.
using MindConstructor = void (*)(int argc, char **argv, char **environment);

// Of cmake/DeferredConstructors.ld; null, both, in a program linked without.
[[gnu::weak,
  gnu::visibility(
      "hidden")]] extern MindConstructor const mindDeferredConstructorsBegin[];
[[gnu::weak,
  gnu::visibility(
      "hidden")]] extern MindConstructor const mindDeferredConstructorsEnd[];
}

void mind::runDeferredConstructors() {
  [[maybe_unused]] static const bool once = [] {
    for (const MindConstructor *constructor = mindDeferredConstructorsBegin;
         constructor != mindDeferredConstructorsEnd; ++constructor)
      (*constructor)(0, nullptr, nullptr);
    return true;
  }();
}
