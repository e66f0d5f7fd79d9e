//===- CallTable.cpp - loops over tables of calls ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallTable.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace mind {

/// The number of the workspace in a table of pointers and offsets.
static constexpr int64_t workspaceNumber = -1;

static Value advance(ImplicitLocOpBuilder &builder, Type element, Value pointer,
                     LLVM::GEPArg distance) {
  return LLVM::GEPOp::create(builder, pointer.getType(), element, pointer,
                             ArrayRef<LLVM::GEPArg>(distance));
}

Value CallTableLowering::makeConstant(ImplicitLocOpBuilder &builder,
                                      ArrayRef<int64_t> numbers) {
  SymbolTable symbols(module);
  OpBuilder globals = OpBuilder::atBlockBegin(module.getBody());
  auto global = LLVM::GlobalOp::create(
      globals, builder.getLoc(),
      LLVM::LLVMArrayType::get(builder.getI64Type(), numbers.size()),
      /*isConstant=*/true, LLVM::Linkage::Private, "mind.calls",
      DenseElementsAttr::get(
          RankedTensorType::get(numbers.size(), builder.getI64Type()),
          numbers));
  symbols.insert(global);
  return LLVM::AddressOfOp::create(builder, global);
}

Value CallTableLowering::getWorkspaceSlot() {
  if (!workspaceSlot) {
    auto builder = ImplicitLocOpBuilder::atBlockBegin(
        function.getLoc(), &function.getBody().front());
    workspaceSlot = LLVM::AllocaOp::create(
        builder, workspace.getType(), workspace.getType(),
        LLVM::ConstantOp::create(builder, builder.getI64IntegerAttr(1)));
    LLVM::StoreOp::create(builder, workspace, workspaceSlot);
  }
  return workspaceSlot;
}

Value CallTableLowering::makeOperand(ImplicitLocOpBuilder &builder,
                                     Value entry) {
  Type number = builder.getI64Type(), pointer = buffers.getType();
  Value which = LLVM::LoadOp::create(builder, number, entry);
  Value offset =
      LLVM::LoadOp::create(builder, number, advance(builder, number, entry, 1));
  Value isWorkspace = LLVM::ICmpOp::create(
      builder, LLVM::ICmpPredicate::eq, which,
      LLVM::ConstantOp::create(builder,
                               builder.getI64IntegerAttr(workspaceNumber)));
  Value slot = LLVM::SelectOp::create(
      builder, isWorkspace, getWorkspaceSlot(),
      advance(builder, pointer, buffers, LLVM::GEPArg(which)));
  return advance(builder, builder.getI8Type(),
                 LLVM::LoadOp::create(builder, pointer, slot),
                 LLVM::GEPArg(offset));
}

void CallTableLowering::lower(CallTableOp op) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  auto numbers = llvm::to_vector(op.getTable());
  for (size_t i = 0; i < numbers.size(); i += 2)
    if (numbers[i] == numBuffers)
      numbers[i] = workspaceNumber;
  Value table = makeConstant(builder, numbers);
  int64_t perRound = 2 * llvm::sum_of(op.getArity(), int64_t(0));
  auto loop = scf::ForOp::create(
      builder, arith::ConstantIndexOp::create(builder, 0),
      arith::ConstantIndexOp::create(builder, numbers.size()),
      arith::ConstantIndexOp::create(builder, perRound));
  builder.setInsertionPointToStart(loop.getBody());
  Type number = builder.getI64Type();
  Value row = advance(builder, number, table,
                      LLVM::GEPArg(arith::IndexCastOp::create(
                          builder, number, loop.getInductionVar())));
  int32_t next = 0;
  for (auto [callee, arity] : llvm::zip_equal(
           op.getCallees().getAsRange<FlatSymbolRefAttr>(), op.getArity())) {
    SmallVector<Value> operands;
    for (int64_t i = 0; i < arity; ++i, next += 2)
      operands.push_back(
          makeOperand(builder, advance(builder, number, row, next)));
    func::CallOp::create(builder, callee, TypeRange(), operands);
  }
  op.erase();
}

} // namespace mind
