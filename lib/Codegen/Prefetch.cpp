//===- Prefetch.cpp - what loops will read is asked for ahead -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Strides.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mind {
#define GEN_PASS_DEF_PREFETCH
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

/// What is smaller lies in a second-level cache already, or will soon.
constexpr int64_t leastMemory = int64_t(1) << 20;
/// How many bytes ahead: about what a processor reads while it waits once.
constexpr int64_t distance = 1024;

/// Whether `index` moves by one where `variable` does, all but at the end.
bool follows(Value index, Value variable) {
  if (index == variable)
    return true;
  Operation *op = index.getDefiningOp();
  return isa_and_present<arith::AddIOp, arith::MinSIOp>(op) &&
         getConstantIntValue(op->getOperand(1)) &&
         follows(op->getOperand(0), variable);
}

/// Whether `read`, which stands in `loop`, goes through large memory in steps
/// that the distance covers.
bool streams(vector::TransferReadOp read, scf::ForOp loop) {
  auto type = dyn_cast<MemRefType>(read.getBase().getType());
  std::optional<int64_t> step = getConstantIntValue(loop.getStep());
  if (!type || !step || !type.hasStaticShape() ||
      !type.getLayout().isIdentity())
    return false;
  int64_t elementSize = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  if (type.getNumElements() < leastMemory / elementSize)
    return false;
  int64_t advance = 0;
  for (auto [index, stride] :
       llvm::zip_equal(read.getIndices(), stridesOf(type)))
    if (follows(index, loop.getInductionVar()))
      advance += stride;
  return advance > 0 && advance <= distance / elementSize / *step;
}

struct Prefetch : impl::PrefetchBase<Prefetch> {
  void runOnOperation() override {
    getOperation().walk([](vector::TransferReadOp read) {
      auto loop = dyn_cast<scf::ForOp>(read->getParentOp());
      if (!loop || read.getIndices().empty() || !streams(read, loop))
        return;
      ImplicitLocOpBuilder b(read.getLoc(), read);
      auto type = cast<MemRefType>(read.getBase().getType());
      int64_t elements =
          distance / llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      SmallVector<Value> ahead(read.getIndices());
      // Past the end of a row, the next one begins.
      ahead.back() = arith::AddIOp::create(
          b, ahead.back(), arith::ConstantIndexOp::create(b, elements));
      memref::PrefetchOp::create(b, read.getBase(), ahead, /*isWrite=*/false,
                                 /*localityHint=*/3, /*isDataCache=*/true);
    });
  }
};

} // namespace
} // namespace mind
