//===- ElementKernels.h - loops over blocks of elements --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the instructions of an elementwise program run, one table for each
// instruction set.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_ELEMENTKERNELS_H
#define MIND_LIB_RUNTIME_KERNELS_ELEMENTKERNELS_H

#include "Mind/Runtime/Kernels/Elementwise.h"

namespace mind::kernels {

/// The types that blocks hold. bool is U8 of 0 and 1; f16 and bf16 are F32 that
/// are rounded.
enum class RegisterType : uint8_t { I8, U8, I32, I64, F32, F64 };
inline constexpr int numRegisterTypes = 6;

constexpr RegisterType registerType(DType type) {
  switch (type) {
  case DType::Bool:
  case DType::U8:
    return RegisterType::U8;
  case DType::I8:
    return RegisterType::I8;
  case DType::I32:
    return RegisterType::I32;
  case DType::I64:
    return RegisterType::I64;
  case DType::F16:
  case DType::BF16:
  case DType::F32:
    return RegisterType::F32;
  case DType::F64:
    return RegisterType::F64;
  }
  return RegisterType::F64;
}

constexpr size_t sizeInBytes(RegisterType type) {
  constexpr uint8_t sizes[] = {1, 1, 4, 8, 4, 8};
  return sizes[size_t(type)];
}

/// Whether elements of `type` are stored otherwise than blocks hold them.
constexpr bool isHalf(DType type) {
  return type == DType::F16 || type == DType::BF16;
}

/// Computes `count` elements at `to`, each from those of its number at x, y and
/// z, as many as the operation has operands. `to` may be an operand's place if
/// the elements have one size; otherwise the places do not overlap.
using ElementKernel = void (*)(void *to, const void *x, const void *y,
                               const void *z, size_t count);

/// Which operands are one element that is used for all.
enum OperandVariant : uint8_t {
  AllBlocks,
  // Of two operands.
  FirstIsOne,
  SecondIsOne,
  // Of `where` and `clamp`, whose first operand is a block.
  MiddleIsOne = 1,
  LastIsOne = 2,
  LastTwoAreOne = 3,
};
inline constexpr int numVariants = 4;
/// Whether `op` looks for wrong elements and has no value.
constexpr bool isCheck(ElementOp op) {
  return op == ElementOp::CheckDivisor || op == ElementOp::CheckExponent;
}
inline constexpr size_t numElementOps = std::size(elementOpInfos);

/// The operations on one type. Those that it does not have are null, and so are
/// variants that are not worth having.
struct ElementOperations {
  ElementKernel kernels[numElementOps][numVariants];
};

/// The arithmetic of f32 and f64, and functions that the C library computes.
const ElementOperations &floatOperations(RegisterType type, CpuLevel level);
/// The functions of f32 that have polynomials.
const ElementOperations &functionOperations(CpuLevel level);
/// Those of f32 that are computed in f64.
const ElementOperations &wideOperations(CpuLevel level);
const ElementOperations &integerOperations(RegisterType type, CpuLevel level);

/// Two operations on f32 as one loop: the second is of what the first makes of
/// x and y and, unless it is unary, of z, the other way round if `isSwapped`.
/// `where` after a comparison is x where that holds and else z.
/// By which of x, y and z are one element: the sum of 1, 2 and 4. Null if
/// there is no such loop; there is none of x and y that both are one.
const ElementKernel *pairKernels(ElementOp first, ElementOp second,
                                 bool isSwapped, CpuLevel level);
inline constexpr int numPairVariants = 8;

/// Conversions.
struct ElementConversions {
  /// As `cast` has it.
  ElementKernel casts[numRegisterTypes][numRegisterTypes];
  ElementKernel toBool[numRegisterTypes];
  /// f16 and bf16, the elements of blocks that are rounded to them.
  struct Half {
    ElementKernel load, store, round;
  };
  Half f16, bf16;
};
const ElementConversions &elementConversions(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_ELEMENTKERNELS_H
