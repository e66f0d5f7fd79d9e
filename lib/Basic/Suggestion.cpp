//===- Suggestion.cpp - which name was meant ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Suggestion.h"

using namespace mind;

llvm::StringRef mind::nearestName(llvm::StringRef name,
                                  llvm::ArrayRef<llvm::StringRef> candidates) {
  // The distance of very long names is dear.
  constexpr size_t longest = 64;
  if (name.size() > longest)
    return {};
  unsigned nearest = name.size() / 3 + 1;
  llvm::StringRef found;
  for (llvm::StringRef candidate : candidates) {
    if (candidate.size() > longest)
      continue;
    unsigned distance = name.edit_distance(candidate, true, nearest);
    bool isBetter =
        found.empty()
            ? distance <= nearest
            : distance < nearest || (distance == nearest && candidate < found);
    if (!isBetter || distance >= candidate.size() || distance == 0)
      continue;
    nearest = distance;
    found = candidate;
  }
  return found;
}

std::string mind::didYouMean(llvm::StringRef name,
                             llvm::ArrayRef<llvm::StringRef> candidates) {
  llvm::StringRef nearest = nearestName(name, candidates);
  return nearest.empty() ? std::string()
                         : "did you mean `" + nearest.str() + "`?";
}
