//===- CallPrint.cpp - prints on their way to the caller ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallPrint.h"
#include "Mind/Runtime/Abi.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <cstddef>

using namespace mlir;

namespace mind {

//===----------------------------------------------------------------------===//
// Bufferisation
//===----------------------------------------------------------------------===//

namespace {

struct CallPrintBufferization
    : bufferization::BufferizableOpInterface::ExternalModel<
          CallPrintBufferization, CallPrintOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const bufferization::AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const bufferization::AnalysisState &) const {
    return false;
  }
  bufferization::AliasingValueList
  getAliasingValues(Operation *, OpOperand &,
                    const bufferization::AnalysisState &) const {
    return {};
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const bufferization::BufferizationOptions &options,
                          bufferization::BufferizationState &state) const {
    auto print = cast<CallPrintOp>(op);
    SmallVector<Value> buffers;
    for (Value value : print.getValues()) {
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, value, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(makeDense(rewriter, op->getLoc(), *buffer));
    }
    bufferization::replaceOpWithNewBufferizedOp<CallPrintOp>(
        rewriter, op, print.getFormatAttr(), buffers, print.getDtypesAttr());
    return success();
  }

  /// `memory`, or a copy of it if its elements do not lie one after the other.
  static Value makeDense(OpBuilder &builder, Location loc, Value memory) {
    auto type = cast<MemRefType>(memory.getType());
    if (type.getLayout().isIdentity())
      return memory;
    SmallVector<Value> sizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim))
        sizes.push_back(memref::DimOp::create(builder, loc, memory, dim));
    Value copy = memref::AllocOp::create(
        builder, loc, MemRefType::get(type.getShape(), type.getElementType()),
        sizes);
    memref::CopyOp::create(builder, loc, memory, copy);
    return copy;
  }
};

} // namespace

void registerCallPrintBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MindDialect *) {
    CallPrintOp::attachInterface<CallPrintBufferization>(*context);
  });
}

//===----------------------------------------------------------------------===//
// The ABI
//===----------------------------------------------------------------------===//

static Value constant(ImplicitLocOpBuilder &builder, int64_t value,
                      unsigned width) {
  return arith::ConstantIntOp::create(builder, value, width);
}

static Value fieldOf(ImplicitLocOpBuilder &builder, Value object,
                     size_t offset) {
  return LLVM::GEPOp::create(builder, object.getType(), builder.getI8Type(),
                             object, ArrayRef<LLVM::GEPArg>(offset));
}

LogicalResult CallPrintLowering::run(func::FuncOp function, Value context) {
  SmallVector<CallPrintOp> ops;
  function.walk([&](CallPrintOp op) { ops.push_back(op); });
  size_t mostViews = 0, mostExtents = 0;
  for (CallPrintOp op : ops) {
    size_t numExtents = 0;
    for (Value value : op.getValues()) {
      auto memory = dyn_cast<MemRefType>(value.getType());
      if (!memory)
        return op.emitOpError("is to be bufferised first");
      numExtents += memory.getRank();
    }
    mostViews = std::max<size_t>(mostViews, op.getValues().size());
    mostExtents = std::max(mostExtents, numExtents);
  }
  // On entry, so that loops do not take more and more of the stack.
  auto builder = ImplicitLocOpBuilder::atBlockBegin(
      function.getLoc(), &function.getBody().front());
  auto allocate = [&](size_t bytes) -> Value {
    if (bytes == 0)
      return {};
    return LLVM::AllocaOp::create(builder, context.getType(),
                                  builder.getI8Type(),
                                  constant(builder, bytes, 64),
                                  /*alignment=*/alignof(MindView));
  };
  views = allocate(mostViews * sizeof(MindView));
  extents = allocate(mostExtents * sizeof(int64_t));
  for (CallPrintOp op : ops)
    lower(op, context);
  return success();
}

Value CallPrintLowering::addressOf(OpBuilder &builder, Location loc,
                                   StringRef text) {
  LLVM::GlobalOp &global = texts[text];
  if (!global) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    std::string bytes = text.str() + '\0';
    global = LLVM::GlobalOp::create(
        builder, module.getLoc(),
        LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size()),
        /*isConstant=*/true, LLVM::Linkage::Private,
        ("mind_text_" + Twine(texts.size() - 1)).str(),
        builder.getStringAttr(bytes));
  }
  return LLVM::AddressOfOp::create(builder, loc, global);
}

void CallPrintLowering::storeViews(ImplicitLocOpBuilder &builder,
                                   CallPrintOp op) {
  Type pointer = LLVM::LLVMPointerType::get(op.getContext());
  size_t numExtents = 0;
  for (auto [i, value, dtype] : llvm::enumerate(
           op.getValues(), op.getDtypes().getAsValueRange<TypeAttr>())) {
    auto store = [&, i = i](Value field, size_t offset) {
      LLVM::StoreOp::create(
          builder, field,
          fieldOf(builder, views, i * sizeof(MindView) + offset));
    };
    auto type = cast<MemRefType>(value.getType());
    store(UnrealizedConversionCastOp::create(builder, pointer, value)
              .getResult(0),
          offsetof(MindView, data));
    store(type.getRank() == 0
              ? Value(LLVM::ZeroOp::create(builder, pointer))
              : fieldOf(builder, extents, numExtents * sizeof(int64_t)),
          offsetof(MindView, shape));
    store(constant(builder, type.getRank(), 32), offsetof(MindView, rank));
    store(constant(builder, int64_t(*dtypeOf(dtype)), 32),
          offsetof(MindView, dtype));
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      Value extent;
      if (type.isDynamicDim(dim))
        extent = arith::IndexCastOp::create(
            builder, builder.getI64Type(),
            memref::DimOp::create(builder, value, dim));
      else
        extent = constant(builder, type.getDimSize(dim), 64);
      LLVM::StoreOp::create(
          builder, extent,
          fieldOf(builder, extents, numExtents++ * sizeof(int64_t)));
    }
  }
}

void CallPrintLowering::lower(CallPrintOp op, Value context) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  Type pointer = context.getType();
  Value print = LLVM::LoadOp::create(
      builder, pointer,
      fieldOf(builder, context, offsetof(MindContext, print)));
  Value isWanted = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, print,
                                        LLVM::ZeroOp::create(builder, pointer));
  Value recorded = LLVM::LoadOp::create(
      builder, builder.getI32Type(),
      fieldOf(builder, context, offsetof(MindContext, error_code)));
  Value isWell = arith::CmpIOp::create(builder, arith::CmpIPredicate::eq,
                                       recorded, constant(builder, 0, 32));
  auto conditional = scf::IfOp::create(
      builder, arith::AndIOp::create(builder, isWanted, isWell),
      /*withElseRegion=*/false);
  builder.setInsertionPoint(conditional.thenBlock()->getTerminator());

  storeViews(builder, op);
  Value text = addressOf(builder, op.getLoc(), op.getFormat());
  Value length = constant(builder, op.getFormat().size(), 64);
  Value shown = op.getValues().empty()
                    ? Value(LLVM::ZeroOp::create(builder, pointer))
                    : views;
  auto type = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(op.getContext()),
      {pointer, pointer, length.getType(), pointer});
  LLVM::CallOp::create(builder, type,
                       ValueRange{print, context, text, length, shown});
  op.erase();
}

} // namespace mind
