//===- MindDialect.h - the mind dialect ------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_MINDDIALECT_H
#define MIND_DIALECT_MIND_IR_MINDDIALECT_H

#include "Mind/Shape/Operation.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <array>

namespace mind {

class DimsAttr;

/// The builtin type of elements of `dtype`: integers are signless, `u8` is
/// `ui8`, `bool` is `i1`.
mlir::Type elementType(mlir::MLIRContext *context, DType dtype);

/// The dtype whose elements have `type`, or none.
std::optional<DType> dtypeOf(mlir::Type type);

/// The IR type of `type`; extents that are not constant go into a `DimsAttr`.
mlir::RankedTensorType toIR(mlir::MLIRContext *context, const TensorType &type);

/// The type that `type` stands for, or none if it is not a MIND tensor.
std::optional<TensorType> fromIR(mlir::RankedTensorType type);
/// The same, written to `result`; false if it is not a MIND tensor.
bool fromIR(mlir::RankedTensorType type, TensorType &result);

/// The extents of `type`, whatever its elements; none if some are neither
/// constant nor stated by its encoding.
std::optional<Dims> dimsOf(mlir::RankedTensorType type);

/// The tensor type of these extents, stated by a `DimsAttr` unless all are
/// constant.
mlir::RankedTensorType tensorType(llvm::ArrayRef<Dim> dims,
                                  mlir::Type elementType);

/// The extents that `attribute` states; none if one is no expression.
std::optional<Dims> dimsOf(DimsAttr attribute);
/// The attribute that states `dims`.
DimsAttr toIR(mlir::MLIRContext *context, llvm::ArrayRef<Dim> dims);

/// The attribute of a function that lists its named sizes, in the order in
/// which its caller binds them.
inline constexpr llvm::StringLiteral sizesAttr = "mind.sizes";

/// The attribute that holds `argument`, null if it holds nothing that IR keeps
/// as an attribute (a shape or dtype, which the result type states).
mlir::Attribute toIR(mlir::MLIRContext *context, ParamKind kind,
                     const Argument &argument);

/// The operation of the language `op`, with its types and arguments, as the
/// shape rules know it; none, and reported, if it is ill-formed.
std::optional<Call> callFromIR(mlir::Operation *op);

namespace detail {

/// Operations without attributes, with types that the shape rules have found
/// right for them: to be found again without asking the rules. A new entry
/// replaces what had its place. For contexts without threads.
class RightTypes {
public:
  bool contain(mlir::Operation *op) {
    Entry entry;
    return fill(entry, op) && placeOf(entry) == entry;
  }
  void add(mlir::Operation *op) {
    Entry entry;
    if (fill(entry, op))
      placeOf(entry) = entry;
  }

private:
  static constexpr unsigned maxOperands = 3, logOfSize = 8;
  struct Entry {
    const void *name = nullptr;
    std::array<mlir::Type, maxOperands> operands;
    mlir::Type result;
    friend bool operator==(const Entry &a, const Entry &b) {
      return a.name == b.name && a.operands == b.operands &&
             a.result == b.result;
    }
  };

  /// False if it is no operation for this table.
  static bool fill(Entry &entry, mlir::Operation *op);
  Entry &placeOf(const Entry &entry);

  std::array<Entry, size_t(1) << logOfSize> entries;
};

/// Checks the result type and the attributes of `op`, which `info` is about,
/// against its shape rule.
llvm::LogicalResult verifyLanguageOp(mlir::Operation *op, const OpInfo &info);

/// Infers the result type of an operation from its shape rule.
llvm::LogicalResult inferType(const OpInfo &info, mlir::MLIRContext *context,
                              std::optional<mlir::Location> location,
                              mlir::ValueRange operands,
                              mlir::DictionaryAttr attributes,
                              llvm::SmallVectorImpl<mlir::Type> &types);

/// The body of every operation's `inferReturnTypes`.
template <typename OpT>
llvm::LogicalResult inferLanguageOp(mlir::MLIRContext *context,
                                    std::optional<mlir::Location> location,
                                    mlir::ValueRange operands,
                                    mlir::DictionaryAttr attributes,
                                    mlir::OpaqueProperties properties,
                                    llvm::SmallVectorImpl<mlir::Type> &types) {
  if constexpr (requires { typename OpT::Properties; }) {
    if (properties)
      attributes =
          llvm::dyn_cast_or_null<mlir::DictionaryAttr>(OpT::getPropertiesAsAttr(
              context, *properties.as<typename OpT::Properties *>()));
  }
  return inferType(OpT::info(), context, location, operands, attributes, types);
}

} // namespace detail
} // namespace mind

#include "Mind/Dialect/Mind/IR/MindDialect.h.inc"

#include "Mind/Dialect/Mind/IR/LanguageOpInterface.h.inc"

namespace mind {

/// mlir::isMemoryEffectFree, which most operations of the language answer from
/// their table: asking their traits passes through far more code.
inline bool isEffectFree(mlir::Operation *op) {
  auto language = mlir::dyn_cast<LanguageOpInterface>(op);
  return (language && language.getOpInfo().isPure) ||
         mlir::isMemoryEffectFree(op);
}

} // namespace mind

#define GET_ATTRDEF_CLASSES
#include "Mind/Dialect/Mind/IR/MindAttributes.h.inc"

#define GET_OP_CLASSES
#include "Mind/Dialect/Mind/IR/MindOps.h.inc"

#endif // MIND_DIALECT_MIND_IR_MINDDIALECT_H
