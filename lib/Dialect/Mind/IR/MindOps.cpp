//===- MindOps.cpp - operations of the mind dialect -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Runtime/Abi.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace mind;

#define GET_OP_CLASSES
#include "Mind/Dialect/Mind/IR/MindOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Operations that may fail at run time
//===----------------------------------------------------------------------===//

/// Whether an element of `tensor`, of integers, may be one that `isWrong`.
static bool mayHold(Value tensor, function_ref<bool(const APInt &)> isWrong) {
  DenseIntElementsAttr value;
  if (!matchPattern(tensor, m_Constant(&value)))
    return true;
  if (value.isSplat())
    return isWrong(value.getSplatValue<APInt>());
  return llvm::any_of(value.getValues<APInt>(), isWrong);
}

static bool isFloat(Value tensor) {
  return isa<FloatType>(getElementTypeOrSelf(tensor.getType()));
}

static bool mayBeZero(Value divisor) {
  return !isFloat(divisor) && mayHold(divisor, [](const APInt &element) {
    return element.isZero();
  });
}
bool DivOp::mayFail() { return mayBeZero(getRhs()); }
bool RemOp::mayFail() { return mayBeZero(getRhs()); }

bool PowOp::mayFail() {
  Type type = getElementTypeOrSelf(getRhs().getType());
  return type.isSignlessInteger() &&
         mayHold(getRhs(),
                 [](const APInt &element) { return element.isNegative(); });
}

/// Whether an index into an axis of `extent`, dynamic if that is not known, may
/// be out of bounds; negative ones count from the end where `fromEnd`.
static bool mayBeOutside(Value indices, int64_t extent, bool fromEnd) {
  return ShapedType::isDynamic(extent) ||
         mayHold(indices, [=](const APInt &index) {
           return index.sge(extent) || index.slt(fromEnd ? -extent : 0);
         });
}

bool IndexOp::mayFail() {
  return llvm::any_of(
      llvm::zip_equal(getIndices(), getAxes()), [&](auto indexOfAxis) {
        auto [index, axis] = indexOfAxis;
        return mayBeOutside(index, getX().getType().getDimSize(axis),
                            /*fromEnd=*/true);
      });
}
bool GatherOp::mayFail() {
  return mayBeOutside(getIndices(), getX().getType().getDimSize(getAxis()),
                      /*fromEnd=*/false);
}
bool EmbeddingOp::mayFail() {
  return mayBeOutside(getIds(), getTable().getType().getDimSize(0),
                      /*fromEnd=*/false);
}
bool ScatterAddOp::mayFail() {
  return mayBeOutside(getIndices(), getX().getType().getDimSize(getAxis()),
                      /*fromEnd=*/false);
}
bool OneHotOp::mayFail() {
  return mayBeOutside(getIds(), getN(), /*fromEnd=*/false);
}

//===----------------------------------------------------------------------===//
// RecordErrorOp
//===----------------------------------------------------------------------===//

void RecordErrorOp::build(OpBuilder &builder, OperationState &state,
                          Value condition, DiagKind kind,
                          ArrayRef<std::string> arguments, ValueRange values) {
  build(builder, state, condition, codeNumber(kind),
        formatDiagnostic(kind, arguments), values);
}

LogicalResult RecordErrorOp::verify() {
  constexpr size_t most = std::extent_v<decltype(MindContext::error_values)>;
  if (getValues().size() > most)
    return emitOpError() << "has " << getValues().size()
                         << " values, but a call records at most " << most;
  return success();
}

//===----------------------------------------------------------------------===//
// RequireOp
//===----------------------------------------------------------------------===//

void RequireOp::build(OpBuilder &builder, OperationState &state,
                      ArrayRef<Dim> extents, std::optional<int64_t> least,
                      DiagKind kind, ArrayRef<std::string> arguments) {
  build(builder, state, toIR(builder.getContext(), extents),
        least ? builder.getI64IntegerAttr(*least) : IntegerAttr(),
        codeNumber(kind), formatDiagnostic(kind, arguments));
}

Dims RequireOp::getDims() { return *dimsOf(getExtents()); }

LogicalResult RequireOp::verify() {
  if (!isa<FunctionOpInterface>((*this)->getParentOp()))
    return emitOpError("stands elsewhere than at the top of a function");
  for (StringAttr extent : getExtents().getExtents())
    if (!Dim::parse(extent.getValue()))
      return emitOpError() << "'" << extent.getValue()
                           << "' is not an expression over named sizes";
  return success();
}

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

/// What holds at compile time does not fail.
LogicalResult AssertOp::canonicalize(AssertOp op, PatternRewriter &rewriter) {
  DenseIntElementsAttr condition;
  if (!matchPattern(op.getCondition(), m_Constant(&condition)) ||
      !condition.getSplatValue<bool>())
    return failure();
  rewriter.eraseOp(op);
  return success();
}

LogicalResult CallPrintOp::verify() {
  if (getDtypes().size() != getValues().size() ||
      countPlaces(getFormat()) != getValues().size())
    return emitOpError("needs a place and a dtype for each value");
  for (auto [value, dtype] :
       llvm::zip_equal(getValues(), getDtypes().getAsValueRange<TypeAttr>())) {
    bool isByte = dtype.isInteger(1) || dtype.isUnsignedInteger(8);
    Type stored = isByte ? Type(IntegerType::get(getContext(), 8)) : dtype;
    if (!dtypeOf(dtype) || getElementTypeOrSelf(value) != stored)
      return emitOpError() << "cannot show " << value.getType() << " as "
                           << dtype;
    auto memory = dyn_cast<MemRefType>(value.getType());
    if (memory && !memory.getLayout().isIdentity())
      return emitOpError() << "cannot show " << memory
                           << ", which is not dense";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// ConstantOp
//===----------------------------------------------------------------------===//

/// The type of `value`. Nearly all are dense, and say it without an interface.
static ShapedType typeOf(ElementsAttr value) {
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense.getType();
  return value.getShapedType();
}

// mind.constant dense<2.0> : tensor<f32>
// The result's type is that of the value, which verify() compares. With
// InferTypeOpInterface it would be inferred and compared once more.
ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &result) {
  ElementsAttr &value = result.getOrAddProperties<Properties>().value;
  if (parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseAttribute(value))
    return failure();
  result.addTypes(typeOf(value));
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer.printOptionalAttrDict((*this)->getAttrs(), {getValueAttrName()});
  printer << " " << getValue();
}

LogicalResult ConstantOp::verify() {
  if (typeOf(getValue()) != getType())
    return emitOpError(
        "failed to verify that all of {value, result} have same type");
  return success();
}

//===----------------------------------------------------------------------===//
// ExtentOp
//===----------------------------------------------------------------------===//

LogicalResult ExtentOp::verify() {
  if (Dim::parse(getValue()))
    return success();
  return emitOpError() << "'" << getValue()
                       << "' is not an expression over named sizes";
}

OpFoldResult ExtentOp::fold(FoldAdaptor) {
  Dim extent = getExtent();
  if (!extent.isConstant())
    return {};
  return DenseElementsAttr::get(getType(), extent.constant());
}

//===----------------------------------------------------------------------===//
// GroupOp
//===----------------------------------------------------------------------===//

YieldOp GroupOp::getYield() {
  return cast<YieldOp>(getBlock().getTerminator());
}

// mind.group (%a = %x : tensor<4xf32>, ...) -> tensor<4xf32> attributes {...} {
ParseResult GroupOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SMLoc inputsLoc = parser.getCurrentLocation();
  auto parseBinding = [&]() -> ParseResult {
    return failure(parser.parseArgument(arguments.emplace_back()) ||
                   parser.parseEqual() ||
                   parser.parseOperand(inputs.emplace_back()) ||
                   parser.parseColonType(arguments.back().type));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseBinding))
    return failure();
  SmallVector<Type> types;
  for (const OpAsmParser::Argument &argument : arguments)
    types.push_back(argument.type);
  if (parser.resolveOperands(inputs, types, inputsLoc, result.operands) ||
      parser.parseOptionalArrowTypeList(result.types) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, arguments))
    return failure();
  ensureTerminator(*body, parser.getBuilder(), result.location);
  return success();
}

void GroupOp::print(OpAsmPrinter &printer) {
  printer << " (";
  llvm::interleaveComma(llvm::zip(getBlock().getArguments(), getInputs()),
                        printer, [&](auto binding) {
                          auto [argument, input] = binding;
                          printer << argument << " = " << input << " : "
                                  << argument.getType();
                        });
  printer << ")";
  printer.printOptionalArrowTypeList(getResultTypes());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer << " ";
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/getNumResults() != 0);
}

LogicalResult GroupOp::verify() {
  if (getBlock().getArgumentTypes() != getInputs().getTypes())
    return emitOpError("arguments of the region have other types than inputs");
  if (getYield().getOperandTypes() != getResultTypes())
    return emitOpError("yields other types than its results");
  return success();
}
