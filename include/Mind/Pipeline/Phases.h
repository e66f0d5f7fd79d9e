//===- Phases.h - the phases of compilation --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table Phases.def as an enumeration with its properties. Free of MLIR, so
// that tools speak of phases at no cost.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PIPELINE_PHASES_H
#define MIND_PIPELINE_PHASES_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mind {

/// A phase stands for what it leaves, such as the module in the mind dialect.
enum class Phase : uint8_t {
#define MIND_PHASE(Enumerator, Name, Parent, Description) Enumerator,
#include "Mind/Pipeline/Phases.def"
};

struct PhaseInfo {
  Phase phase;
  /// As in `--stop-after=linalg`.
  std::string_view name;
  /// The phase whose result it works on; empty for the first.
  std::string_view parent;
  /// What it leaves.
  std::string_view description;
};

/// Every phase, in the order of data flow; those of one branch before those of
/// the next.
inline constexpr PhaseInfo phases[] = {
#define MIND_PHASE(Enumerator, Name, Parent, Description)                      \
  {Phase::Enumerator, Name, Parent, Description},
#include "Mind/Pipeline/Phases.def"
};

inline constexpr size_t numPhases = sizeof(phases) / sizeof(phases[0]);

constexpr const PhaseInfo &phaseInfo(Phase phase) {
  return phases[size_t(phase)];
}
constexpr std::string_view phaseName(Phase phase) {
  return phaseInfo(phase).name;
}

/// The phase called `name`, or none.
constexpr std::optional<Phase> parsePhase(std::string_view name) {
  for (const PhaseInfo &info : phases)
    if (info.name == name)
      return info.phase;
  return std::nullopt;
}

/// A bit for each phase on the way to each phase, itself included.
inline constexpr auto phasesOnTheWay = [] {
  static_assert(numPhases <= 32);
  std::array<uint32_t, numPhases> ways{};
  for (const PhaseInfo &info : phases) {
    uint32_t &way = ways[size_t(info.phase)];
    way = uint32_t(1) << size_t(info.phase);
    if (std::optional<Phase> parent = parsePhase(info.parent))
      way |= ways[size_t(*parent)];
  }
  return ways;
}();

/// Whether what `phase` leaves is worked on to get to `goal`, or is `goal`.
constexpr bool leadsTo(Phase phase, Phase goal) {
  return phasesOnTheWay[size_t(goal)] >> size_t(phase) & 1;
}

} // namespace mind

#endif // MIND_PIPELINE_PHASES_H
