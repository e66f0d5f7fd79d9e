//===- DType.h - the element types of MIND ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The element types and their properties, from the table DType.def. Plain C++,
// free of LLVM, because the run-time library uses it too.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_DTYPE_H
#define MIND_BASIC_DTYPE_H

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace mind {

/// The element type of a tensor; a scalar is a rank-0 tensor.
enum class DType : uint8_t {
#define MIND_DTYPE(Name, Spelling, Bytes, Kind) Name,
#include "Mind/Basic/DType.def"
};

/// How the bits of an element type are read.
enum class DTypeKind : uint8_t { Bool, SignedInt, UnsignedInt, Float };

namespace detail {
struct DTypeInfo {
  std::string_view spelling;
  uint8_t bytes;
  DTypeKind kind;
};

inline constexpr DTypeInfo dtypeInfos[] = {
#define MIND_DTYPE(Name, Spelling, Bytes, Kind)                                \
  {#Spelling, Bytes, DTypeKind::Kind},
#include "Mind/Basic/DType.def"
};
} // namespace detail

inline constexpr size_t numDTypes = std::size(detail::dtypeInfos);

/// The word for `type` in the language, such as "f32".
constexpr std::string_view dtypeName(DType type) {
  return detail::dtypeInfos[size_t(type)].spelling;
}

/// The bytes that one element takes in memory.
constexpr size_t sizeInBytes(DType type) {
  return detail::dtypeInfos[size_t(type)].bytes;
}

constexpr DTypeKind dtypeKind(DType type) {
  return detail::dtypeInfos[size_t(type)].kind;
}

constexpr bool isBool(DType type) { return dtypeKind(type) == DTypeKind::Bool; }
constexpr bool isFloat(DType type) {
  return dtypeKind(type) == DTypeKind::Float;
}
constexpr bool isSignedInt(DType type) {
  return dtypeKind(type) == DTypeKind::SignedInt;
}
constexpr bool isUnsignedInt(DType type) {
  return dtypeKind(type) == DTypeKind::UnsignedInt;
}
constexpr bool isInt(DType type) {
  return isSignedInt(type) || isUnsignedInt(type);
}

/// The element type spelled `word`, or none.
constexpr std::optional<DType> parseDType(std::string_view word) {
  for (size_t i = 0; i != numDTypes; ++i)
    if (detail::dtypeInfos[i].spelling == word)
      return DType(i);
  return std::nullopt;
}

} // namespace mind

#endif // MIND_BASIC_DTYPE_H
