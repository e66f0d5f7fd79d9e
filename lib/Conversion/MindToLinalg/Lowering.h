//===- Lowering.h - what all lowerings to linalg share ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three representations of an element meet here:
//   language  what the type in `mind` says: `i1`, `ui8`, `f16`...
//   storage   what tensors hold from linalg on: `i8` for both of the former
//   compute   what scalar code works on: `i1` for bool, `f32` for f16 and bf16
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CONVERSION_MINDTOLINALG_LOWERING_H
#define MIND_LIB_CONVERSION_MINDTOLINALG_LOWERING_H

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mind::lowering {

/// The dtype of the elements of `tensor`, a value of the mind dialect.
DType dtypeOf(mlir::Value tensor);

/// Emits scalar code on elements of one dtype.
class ScalarBuilder : public mlir::ImplicitLocOpBuilder {
public:
  ScalarBuilder(mlir::Location loc, mlir::OpBuilder &builder, DType dtype)
      : ImplicitLocOpBuilder(loc, builder), dtype(dtype) {}

  const DType dtype;

  bool isFloat() const { return mind::isFloat(dtype); }
  /// Whether comparisons, divisions and widening take elements as unsigned.
  bool isUnsigned() const { return isUnsignedInt(dtype) || isBool(dtype); }

  mlir::Type storageType();
  mlir::Type computeType();

  /// From storage to compute representation.
  mlir::Value load(mlir::Value stored);
  /// From compute to storage representation; rounds.
  mlir::Value store(mlir::Value computed);
  /// From compute representation to that in which `to` is accumulated.
  mlir::Value widen(mlir::Value computed, mlir::Type to);

  /// A constant in compute representation.
  mlir::Value number(double value);
  mlir::Value integer(const llvm::APInt &value);
  /// The value of `dim` in compute representation, of a float dtype.
  mlir::Value extent(const Dim &dim);
};

/// `x`, an element of `from`'s dtype, in that of `to`; both in compute
/// representation. What is out of range is as the language says of `cast`.
mlir::Value convertElement(ScalarBuilder &from, ScalarBuilder &to,
                           mlir::Value x);

using ScalarBody = llvm::function_ref<mlir::Value(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// A parallel linalg.generic over the elements of `type` that reads `inputs`
/// broadcast as the language does. Inputs that are splat constants are not
/// read: their value stands in the body. `body` is given storage elements.
mlir::Value elementwise(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::RankedTensorType type, mlir::ValueRange inputs,
                        ScalarBody body);

/// A parallel linalg.generic over the elements of `type` that reads each input
/// by its map.
mlir::Value mapped(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::RankedTensorType type, mlir::ValueRange inputs,
                   llvm::ArrayRef<mlir::AffineMap> maps, ScalarBody body);

/// Reduces `axes` (ascending) of `input` away, starting from `identity`, whose
/// type is that of the result's elements. `body` is given the accumulator and
/// a storage element.
mlir::Value reduce(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value input, llvm::ArrayRef<int64_t> axes,
                   mlir::TypedAttr identity, ScalarBody body);

/// Adds an accumulator and an element of its type, of floats or integers.
mlir::Value sumOf(ScalarBuilder &b, mlir::Value accumulator,
                  mlir::Value element);
/// The larger of the two; NaN wins.
mlir::Value largerOf(ScalarBuilder &b, mlir::Value accumulator,
                     mlir::Value element);

/// The number that no other of `type` is less than or, of the `largest`, larger
/// than: what a search for the opposite starts from.
mlir::TypedAttr extreme(mlir::OpBuilder &builder, mlir::Type type, bool largest,
                        bool isUnsigned);

/// The mean of `x`, of a float `dtype`, over `axes` (ascending), of the type
/// that sums are kept in.
mlir::Value mean(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x,
                 DType dtype, llvm::ArrayRef<int64_t> axes);

/// The same, and the mean of the squares of the distances from it.
struct Moments {
  mlir::Value mean, variance;
};
Moments moments(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x,
                DType dtype, llvm::ArrayRef<int64_t> axes);

/// Reports `kind` at run time if `isWrong`, given an element in compute
/// representation, holds for one of `tensor`, integers of `dtype`. Among the
/// `arguments` of the message, "{0}" stands for the first such element and
/// "{1}" for `more`, an i64. `right` is an element for which it does not hold.
void reportElements(
    mlir::OpBuilder &builder, mlir::Location loc, mlir::Value tensor,
    DType dtype, int64_t right,
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::Value)> isWrong,
    DiagKind kind, llvm::ArrayRef<std::string> arguments,
    mlir::ValueRange more = {});

/// The map from the axes of a tensor of rank `rank` to those that a reduction
/// of `axes` leaves.
mlir::AffineMap keptAxes(mlir::MLIRContext *context, unsigned rank,
                         llvm::ArrayRef<int64_t> axes);

/// The extents of `tensor`, constant or over named sizes.
Dims dimsOf(mlir::Value tensor);
Dims dimsOf(mlir::RankedTensorType type);

/// `type` with other extents.
mlir::RankedTensorType withDims(mlir::RankedTensorType type,
                                llvm::ArrayRef<Dim> dims);

/// `dim`, as an attribute if it is constant.
mlir::OpFoldResult extent(mlir::OpBuilder &builder, mlir::Location loc,
                          const Dim &dim);
llvm::SmallVector<mlir::OpFoldResult>
extents(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<Dim> dims);

/// A tensor of `type` whose elements are yet to be defined.
mlir::Value empty(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::RankedTensorType type);

/// A tensor of `type` whose elements are all `value`.
mlir::Value filled(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::RankedTensorType type, mlir::TypedAttr value);

/// The images of `x`, NHWC, with `value` around them: `padding` rows and
/// columns [top, bottom, left, right].
mlir::Value padImages(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value x, llvm::ArrayRef<int64_t> padding,
                      mlir::TypedAttr value);

/// `tensor` with the shape of `type`, by collapsing and expanding.
mlir::Value reshape(mlir::OpBuilder &builder, mlir::Location loc,
                    mlir::Value tensor, mlir::RankedTensorType type);

/// Rounds a tensor of f32 accumulators to elements of `type`; the tensor
/// itself if nothing is to be rounded.
mlir::Value roundTo(mlir::OpBuilder &builder, mlir::Location loc,
                    mlir::Value tensor, mlir::Type elementType);

/// `value` as an attribute of the float or integer `type`.
mlir::TypedAttr numberAttr(mlir::Type type, int64_t value);

/// The type in which sums of elements of `stored` are kept: f32 for f16 and
/// bf16, itself for every other.
mlir::Type accumulatorType(mlir::Type stored);

/// Sums lhs * rhs over the loops that `maps[2]`, the result's, leaves out. The
/// result has `type`'s shape and the type that sums are kept in, which may be
/// the operands' already.
mlir::Value contract(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::RankedTensorType type, mlir::Value lhs,
                     mlir::Value rhs, llvm::ArrayRef<mlir::AffineMap> maps);

/// How an operand of shape `operand` is read by a loop nest over `result` that
/// it broadcasts to.
mlir::AffineMap broadcastMap(mlir::MLIRContext *context,
                             llvm::ArrayRef<int64_t> operand,
                             llvm::ArrayRef<int64_t> result);

/// A tensor of `type` whose elements `element` makes of their indices, which it
/// is given as i64.
mlir::Value
generated(mlir::OpBuilder &builder, mlir::Location loc,
          mlir::RankedTensorType type,
          llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                         mlir::ValueRange)>
              element);

/// A pattern that calls a function.
template <typename OpT>
class FunctionPattern : public mlir::OpConversionPattern<OpT> {
public:
  using Adaptor = typename OpT::Adaptor;
  /// Returns what replaces the operation.
  using Function = mlir::Value (*)(OpT op, Adaptor operands,
                                   mlir::RankedTensorType type,
                                   mlir::OpBuilder &builder);

  FunctionPattern(const mlir::TypeConverter &converter,
                  mlir::MLIRContext *context, Function function)
      : mlir::OpConversionPattern<OpT>(converter, context), function(function) {
  }

  mlir::LogicalResult
  matchAndRewrite(OpT op, Adaptor adaptor,
                  mlir::ConversionPatternRewriter &rewriter) const override {
    auto type = llvm::cast<mlir::RankedTensorType>(
        this->getTypeConverter()->convertType(op.getResult().getType()));
    rewriter.replaceOp(op, function(op, adaptor, type, rewriter));
    return mlir::success();
  }

private:
  Function function;
};

/// Adds a pattern that replaces `OpT` by what `function` returns.
template <typename OpT>
void add(mlir::RewritePatternSet &patterns,
         const mlir::TypeConverter &converter,
         typename FunctionPattern<OpT>::Function function) {
  patterns.add<FunctionPattern<OpT>>(converter, patterns.getContext(),
                                     function);
}

// One a family.
void populateCreation(const mlir::TypeConverter &, mlir::RewritePatternSet &);
void populateElementwise(const mlir::TypeConverter &,
                         mlir::RewritePatternSet &);
void populateContraction(const mlir::TypeConverter &,
                         mlir::RewritePatternSet &);
void populateAttention(const mlir::TypeConverter &, mlir::RewritePatternSet &);
void populateReduction(const mlir::TypeConverter &, mlir::RewritePatternSet &);
void populateNormalization(const mlir::TypeConverter &,
                           mlir::RewritePatternSet &);
void populatePooling(const mlir::TypeConverter &, mlir::RewritePatternSet &);
void populateMovement(const mlir::TypeConverter &, mlir::RewritePatternSet &);
void populateIndexing(const mlir::TypeConverter &, mlir::RewritePatternSet &);
void populateEffect(const mlir::TypeConverter &, mlir::RewritePatternSet &);

} // namespace mind::lowering

#endif // MIND_LIB_CONVERSION_MINDTOLINALG_LOWERING_H
