//===- OutlineLoops.cpp - loops become functions -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
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

bool onlyReads(Operation *op) {
  auto memory = dyn_cast<MemoryEffectOpInterface>(op);
  if (!memory)
    return false;
  SmallVector<MemoryEffects::EffectInstance> effects;
  memory.getEffects(effects);
  return llvm::all_of(effects, [](const MemoryEffects::EffectInstance &effect) {
    return isa<MemoryEffects::Read>(effect.getEffect());
  });
}

/// Whether `op`, above `loop`, may as well be done right before it.
bool mayFollow(Operation *op, scf::ForOp loop) {
  if (op->getBlock() != loop->getBlock() || op->getNumRegions() != 0)
    return false;
  if (isMemoryEffectFree(op))
    return true;
  if (!onlyReads(op))
    return false;
  for (Operation *next = op->getNextNode(); next != loop;
       next = next->getNextNode())
    if (!isMemoryEffectFree(next) && !onlyReads(next))
      return false;
  return true;
}

/// What a function is made of.
struct Body {
  scf::ForOp loop;
  /// Operations above it that go with it, since what they yield cannot be
  /// passed: vectors that do not change in the loop, views of memory.
  SetVector<Operation *> above;
  /// Values from outside: constants, of which the function has its own, and
  /// arguments.
  SetVector<Value> inputs;

  /// Adds what makes `value`, which the loop uses; false if that is impossible.
  bool add(Value value) {
    if (isConstant(value) || canBePassed(value)) {
      inputs.insert(value);
      return true;
    }
    Operation *op = value.getDefiningOp();
    if (!op || !mayFollow(op, loop) ||
        !llvm::all_of(op->getOperands(),
                      [&](Value operand) { return add(operand); }))
      return false;
    above.insert(op);
    return true;
  }
};

/// How much code becomes of `op` itself, in operations.
size_t sizeOf(Operation *op) {
  constexpr size_t expanded = 16;
  bool expands = isa<math::MathDialect>(op->getDialect()) &&
                 !isa<math::AbsFOp, math::FmaOp, math::SqrtOp>(op);
  return expands ? expanded : 1;
}

bool isInternal(func::FuncOp function) {
  auto linkage = function->getAttrOfType<LLVM::LinkageAttr>("llvm.linkage");
  return linkage && linkage.getLinkage() == LLVM::Linkage::Internal;
}

/// How much code becomes of `function` if it may be a part: nobody outside
/// calls it, and it calls nothing of the module.
std::optional<size_t> sizeAsPart(func::FuncOp function) {
  if (!isInternal(function))
    return std::nullopt;
  size_t size = 0;
  WalkResult walked = function.getBody().walk([&](Operation *op) {
    size += sizeOf(op);
    return isa<SymbolUserOpInterface>(op) ? WalkResult::interrupt()
                                          : WalkResult::advance();
  });
  return walked.wasInterrupted() ? std::nullopt : std::optional(size);
}

/// Whether `op` calls a kernel, or a function of the module.
bool calls(Operation *op) {
  return isa<MindDialect>(op->getDialect()) || isa<func::CallOp>(op);
}

/// Loops that may be equal.
struct Kind {
  size_t numOps = 0, size = 0;
  SmallVector<scf::ForOp> loops;
};

/// A hash of all operations of `loop`, but not of how they are connected. Sets
/// the sizes of `kind`.
size_t hashOf(scf::ForOp loop, Kind &kind) {
  llvm::hash_code hash(0);
  loop.walk([&](Operation *op) {
    ++kind.numOps;
    kind.size += sizeOf(op);
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
    llvm::MapVector<size_t, Kind> kinds;
    size_t numCalls = 0, numParts = 0;
    llvm::SmallPtrSet<Operation *, 8> parts;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (sizeAsPart(function)) {
        parts.insert(function);
        numParts += !function.getBody().getOps<scf::ForOp>().empty();
      }
      function->walk<WalkOrder::PreOrder>([&](Operation *op) {
        numCalls += calls(op);
        auto loop = dyn_cast<scf::ForOp>(op);
        if (!loop)
          return WalkResult::advance();
        Kind sizes;
        Kind &kind = kinds[hashOf(loop, sizes)];
        kind.numOps = sizes.numOps;
        kind.size = sizes.size;
        kind.loops.push_back(loop);
        return WalkResult::skip();
      });
    }
    numParts += kinds.size();
    // Where loops are few among calls, each is worth a function: what then only
    // calls is compiled with less effort.
    constexpr size_t callsForPart = 2;
    const size_t least = numCalls >= callsForPart * numParts ? 1 : leastAlone;

    count = 0;
    for (auto &[hash, kind] : kinds) {
      bool isSaving = (kind.loops.size() - 1) * kind.numOps >= leastSaved;
      made.clear();
      for (scf::ForOp loop : kind.loops)
        if (isSaving ||
            (kind.size >= least &&
             !parts.contains(loop->getParentOfType<func::FuncOp>()) &&
             !loop.walk([](SymbolUserOpInterface) {
                    return WalkResult::interrupt();
                  })
                  .wasInterrupted()))
          outline(loop);
    }
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (std::optional<size_t> size = sizeAsPart(function);
          size &&
          (*size >= least && !function.getBody().getOps<scf::ForOp>().empty()))
        function->setAttr(
            partAttr,
            IntegerAttr::get(IntegerType::get(&getContext(), 64), *size));
  }

private:
  void outline(scf::ForOp loop) {
    moveViewsOut(loop);
    SetVector<Value> used(llvm::from_range, loop.getOperands());
    getUsedValuesDefinedAbove(loop.getRegion(), used);
    Body body{loop, {}, {}};
    if (loop->getNumResults() != 0 ||
        !llvm::all_of(used, [&](Value value) { return body.add(value); }))
      return;

    ImplicitLocOpBuilder caller(loop.getLoc(), loop);
    SmallVector<Value> arguments;
    for (Value input : body.inputs)
      if (!isConstant(input))
        llvm::append_range(arguments, passed(caller, input));
    func::FuncOp function = makeFunction(caller, body, arguments);
    func::CallOp::create(caller, shared(function), arguments);
    loop.erase();
    for (Operation *op : llvm::reverse(body.above))
      if (op->use_empty())
        op->erase();
  }

  /// Where in the workspace the scratch memory of a loop is says nothing of the
  /// loop.
  static void moveViewsOut(scf::ForOp loop) {
    loop.walk([&](memref::ViewOp view) {
      std::optional<int64_t> shift = getConstantIntValue(view.getByteShift());
      if (!shift || !view.getSizes().empty() ||
          !loop.isDefinedOutsideOfLoop(view.getSource()))
        return;
      OpBuilder builder(loop);
      view->moveBefore(loop);
      builder.setInsertionPoint(view);
      view.getByteShiftMutable().assign(
          arith::ConstantIndexOp::create(builder, view.getLoc(), *shift));
    });
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

  /// The function that does what `body` does; not in the module yet.
  static func::FuncOp makeFunction(ImplicitLocOpBuilder &caller,
                                   const Body &body, ValueRange arguments) {
    scf::ForOp loop = body.loop;
    Location loc = loop.getLoc();
    auto function = func::FuncOp::create(
        loc, "", caller.getFunctionType(TypeRange(arguments), TypeRange()));
    function.setPrivate();
    Block &entry = *function.addEntryBlock();
    auto b = ImplicitLocOpBuilder::atBlockEnd(loc, &entry);
    IRMapping mapping;
    auto next = entry.args_begin();
    for (Value input : body.inputs) {
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
    for (Operation *op : body.above)
      b.clone(*op, mapping);
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
