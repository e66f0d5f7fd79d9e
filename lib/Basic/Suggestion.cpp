//===- Suggestion.cpp - which name was meant ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Suggestion.h"

using namespace mind;

/// Whether two neighbours have changed places, the commonest slip.
static bool isSwapped(llvm::StringRef name, llvm::StringRef other) {
  if (name.size() != other.size())
    return false;
  size_t at = 0;
  while (at != name.size() && name[at] == other[at])
    ++at;
  return at + 1 < name.size() && name[at] == other[at + 1] &&
         name[at + 1] == other[at] &&
         name.substr(at + 2) == other.substr(at + 2);
}

llvm::StringRef mind::nearestName(llvm::StringRef name,
                                  llvm::ArrayRef<llvm::StringRef> candidates) {
  // The distance of very long names is dear.
  constexpr size_t longest = 64;
  if (name.size() > longest)
    return {};
  // Two letters of three would make any short word of any other.
  unsigned nearest = name.size() <= 3 ? 1 : name.size() / 3 + 1;
  llvm::StringRef found;
  for (llvm::StringRef candidate : candidates) {
    if (candidate.size() > longest)
      continue;
    unsigned distance = isSwapped(name, candidate)
                            ? 1
                            : name.edit_distance(candidate, true, nearest);
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
