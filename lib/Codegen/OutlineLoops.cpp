//===- OutlineLoops.cpp - loops become functions -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mind {
#define GEN_PASS_DEF_OUTLINELOOPS
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

bool isConstant(Value value) { return matchPattern(value, m_Constant()); }

/// Whether `value` can be an argument. Of a memref the function is given the
/// pointer, and the extents that its type does not say.
bool canBePassed(Value value) {
  if (auto memory = dyn_cast<MemRefType>(value.getType()))
    return memory.getLayout().isIdentity();
  return value.getType().isIntOrIndexOrFloat() ||
         isa<LLVM::LLVMPointerType>(value.getType());
}

/// A hash of all operations of a loop, but not of how they are connected.
size_t hashOf(scf::ForOp loop, size_t &numOps) {
  llvm::hash_code hash(0);
  loop.walk([&](Operation *op) {
    ++numOps;
    hash =
        llvm::hash_combine(hash, OperationEquivalence::computeHash(
                                     op, OperationEquivalence::ignoreHashValue,
                                     OperationEquivalence::ignoreHashValue,
                                     OperationEquivalence::IgnoreLocations));
  });
  return hash;
}

bool isEqual(func::FuncOp lhs, func::FuncOp rhs) {
  return lhs.getFunctionType() == rhs.getFunctionType() &&
         OperationEquivalence::isRegionEquivalentTo(
             &lhs.getBody(), &rhs.getBody(),
             OperationEquivalence::IgnoreLocations);
}

struct OutlineLoops : impl::OutlineLoopsBase<OutlineLoops> {
  using OutlineLoopsBase::OutlineLoopsBase;

  void runOnOperation() override {
    /// Loops that may be equal.
    struct Kind {
      size_t numOps = 0;
      SmallVector<scf::ForOp> loops;
    };
    llvm::MapVector<size_t, Kind> kinds;
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (auto loop : function.getBody().getOps<scf::ForOp>()) {
        size_t numOps = 0;
        Kind &kind = kinds[hashOf(loop, numOps)];
        kind.numOps = numOps;
        kind.loops.push_back(loop);
      }
    count = 0;
    for (auto &[hash, kind] : kinds) {
      if ((kind.loops.size() - 1) * kind.numOps < leastSaved)
        continue;
      made.clear();
      for (scf::ForOp loop : kind.loops)
        outline(loop);
    }
  }

private:
  void outline(scf::ForOp loop) {
    SetVector<Value> inputs(llvm::from_range, loop.getOperands());
    getUsedValuesDefinedAbove(loop.getRegion(), inputs);
    if (loop->getNumResults() != 0 || !llvm::all_of(inputs, [](Value value) {
          return isConstant(value) || canBePassed(value);
        }))
      return;

    ImplicitLocOpBuilder caller(loop.getLoc(), loop);
    SmallVector<Value> arguments;
    for (Value input : inputs)
      if (!isConstant(input))
        llvm::append_range(arguments, passed(caller, input));
    func::FuncOp function =
        makeFunction(caller, loop, inputs.getArrayRef(), arguments);
    func::CallOp::create(caller, shared(function), arguments);
    loop.erase();
  }

  /// What the caller gives for `input`.
  static SmallVector<Value> passed(ImplicitLocOpBuilder &b, Value input) {
    auto memory = dyn_cast<MemRefType>(input.getType());
    if (!memory)
      return {input};
    SmallVector<Value> parts = {
        UnrealizedConversionCastOp::create(
            b, LLVM::LLVMPointerType::get(b.getContext()), input)
            .getResult(0)};
    for (int64_t dim = 0; dim < memory.getRank(); ++dim)
      if (memory.isDynamicDim(dim))
        parts.push_back(memref::DimOp::create(b, input, dim));
    return parts;
  }

  /// The function that does what `loop` does; not in the module yet.
  static func::FuncOp makeFunction(ImplicitLocOpBuilder &caller,
                                   scf::ForOp loop, ArrayRef<Value> inputs,
                                   ValueRange arguments) {
    auto function = func::FuncOp::create(
        loop.getLoc(), "",
        caller.getFunctionType(TypeRange(arguments), TypeRange()));
    function.setPrivate();
    Block &entry = *function.addEntryBlock();
    auto b = ImplicitLocOpBuilder::atBlockEnd(loop.getLoc(), &entry);
    IRMapping mapping;
    auto next = entry.args_begin();
    for (Value input : inputs) {
      if (isConstant(input)) {
        b.clone(*input.getDefiningOp(), mapping);
        continue;
      }
      auto memory = dyn_cast<MemRefType>(input.getType());
      if (!memory) {
        mapping.map(input, *next++);
        continue;
      }
      auto end = next + 1 + memory.getNumDynamicDims();
      auto cast = UnrealizedConversionCastOp::create(
          b, memory, SmallVector<Value>(next, end));
      mapping.map(input, cast.getResult(0));
      next = end;
    }
    b.clone(*loop, mapping);
    func::ReturnOp::create(b);
    return function;
  }

  /// `function`, or one in the module that is equal, which makes it
  /// superfluous.
  func::FuncOp shared(func::FuncOp function) {
    for (func::FuncOp known : made)
      if (isEqual(known, function)) {
        function.erase();
        return known;
      }
    made.push_back(function);
    function.setSymName("mind.loop." + std::to_string(count++));
    function->setAttr(
        "llvm.linkage",
        LLVM::LinkageAttr::get(&getContext(), LLVM::Linkage::Internal));
    getOperation().push_back(function);
    return function;
  }

  /// The functions made of loops of one kind.
  SmallVector<func::FuncOp> made;
  /// How many were made in all.
  unsigned count = 0;
};

} // namespace
} // namespace mind
