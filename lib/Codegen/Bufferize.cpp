//===- Bufferize.cpp - every tensor gets a buffer ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Destinations.h"
#include "Mind/Basic/Diagnostic.h"
#include "Mind/Codegen/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mind {
#define GEN_PASS_DEF_BUFFERIZE
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

/// More would not be reached by the code beside it.
constexpr int64_t maxConstantBytes = int64_t(1) << 30;

struct Bufferize : impl::BufferizeBase<Bufferize> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    IRRewriter rewriter(&getContext());
    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.setFunctionBoundaryTypeConversion(
        bufferization::LayoutMapOption::IdentityLayoutMap);
    bufferization::BufferizationState state;
    storeBeforeReshapes(module, rewriter);
    if (bindDestinations(module)) {
      for (auto function : module.getOps<func::FuncOp>())
        dropAttributes(function);
      if (failed(bufferization::bufferizeModuleOp(module, options, state)))
        return signalPassFailure();
    } else if (failed(bufferization::eliminateEmptyTensors(rewriter, module)) ||
               failed(bufferization::runOneShotModuleBufferize(module, options,
                                                               state))) {
      return signalPassFailure();
    }
    simplify(module, rewriter);
    lowerLinalg(module, rewriter);
    checkConstants(module);
  }

  /// A tensor that is only reshaped before it ends in a buffer is stored there
  /// as it is, since the buffer is reshaped for nothing.
  void storeBeforeReshapes(ModuleOp module, RewriterBase &rewriter) {
    module.walk([&](bufferization::MaterializeInDestinationOp op) {
      if (!isa<MemRefType>(op.getDest().getType()))
        return;
      while (Operation *reshape = op.getSource().getDefiningOp()) {
        Value memory = op.getDest(), tensor;
        rewriter.setInsertionPointAfterValue(memory);
        if (auto expand = dyn_cast<tensor::ExpandShapeOp>(reshape)) {
          tensor = expand.getSrc();
          memory = memref::CollapseShapeOp::create(
              rewriter, op.getLoc(), memory, expand.getReassociationIndices());
        } else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(reshape);
                   collapse && collapse.getSrcType().hasStaticShape()) {
          tensor = collapse.getSrc();
          memory = memref::ExpandShapeOp::create(
              rewriter, op.getLoc(), collapse.getSrcType().getShape(), memory,
              collapse.getReassociationIndices());
        } else {
          return;
        }
        op.getSourceMutable().assign(tensor);
        op.getDestMutable().assign(memory);
        if (reshape->use_empty())
          rewriter.eraseOp(reshape);
      }
    });
  }

  /// Data that nothing reads any more goes: a kernel may have filled memory
  /// instead. What is left must fit an object file.
  void checkConstants(ModuleOp module) {
    llvm::DenseMap<StringAttr, memref::GetGlobalOp> reads;
    module.walk([&](memref::GetGlobalOp read) {
      if (read.use_empty())
        read.erase();
      else
        reads.try_emplace(read.getNameAttr().getAttr(), read);
    });
    int64_t total = 0;
    for (auto data :
         llvm::make_early_inc_range(module.getOps<memref::GlobalOp>())) {
      auto read = reads.find(data.getSymNameAttr());
      if (read == reads.end()) {
        if (data.isPrivate())
          data.erase();
        continue;
      }
      MemRefType type = data.getType();
      int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      if (__builtin_mul_overflow(bytes, type.getNumElements(), &bytes) ||
          __builtin_add_overflow(total, bytes, &total) ||
          total > maxConstantBytes) {
        read->second.emitError()
            << diagnosticCode(DiagKind::LimitExceeded) << ": "
            << formatDiagnostic(DiagKind::LimitExceeded,
                                {"the data of constants", "2^30 bytes"});
        return signalPassFailure();
      }
    }
  }

  /// Which arguments may be written has been heeded. All at once: upstream
  /// drops one after another, and each time makes the whole list anew.
  static void dropAttributes(func::FuncOp function) {
    SmallVector<DictionaryAttr> attributes;
    function.getAllArgAttrs(attributes);
    for (DictionaryAttr &known : attributes) {
      NamedAttrList list(known);
      list.erase(bufferization::BufferizationDialect::kWritableAttrName);
      known = list.getDictionary(function.getContext());
    }
    function.setAllArgAttrs(attributes);
  }

  /// Loops no longer carry their buffers; copies of a buffer to itself
  /// go, and constants that nothing reads.
  void simplify(ModuleOp module, IRRewriter &rewriter) {
    bool hasCasts = false;
    module.walk([&](Operation *op) {
      hasCasts |= isa<memref::CastOp>(op);
      if (auto loop = dyn_cast<scf::ForOp>(op))
        dropCarried(loop, rewriter);
    });
    if (hasCasts) {
      RewritePatternSet patterns(&getContext());
      memref::CastOp::getCanonicalizationPatterns(patterns, &getContext());
      memref::CopyOp::getCanonicalizationPatterns(patterns, &getContext());
      GreedyRewriteConfig config;
      config.enableFolding(false).enableConstantCSE(false);
      (void)applyPatternsGreedily(module, std::move(patterns), config);
    }
    module.walk([](Operation *op) {
      if (auto copy = dyn_cast<memref::CopyOp>(op);
          copy && copy.getSource() == copy.getTarget())
        copy.erase();
      else if (op->hasTrait<OpTrait::ConstantLike>() && op->use_empty())
        op->erase();
    });
  }

  /// Buffers that `loop` hands on as they came are its own no longer. Inner
  /// loops come before.
  static void dropCarried(scf::ForOp loop, IRRewriter &rewriter) {
    SmallVector<Value> inits, arguments, results;
    llvm::BitVector isKept(loop.getInitArgs().size());
    for (auto [init, argument, result, next] :
         llvm::zip_equal(loop.getInitArgs(), loop.getRegionIterArgs(),
                         loop.getResults(), loop.getYieldedValues())) {
      if (isa<MemRefType>(argument.getType()) && next == argument) {
        argument.replaceAllUsesWith(init);
        result.replaceAllUsesWith(init);
        continue;
      }
      inits.push_back(init);
      arguments.push_back(argument);
      results.push_back(result);
      isKept.set(result.getResultNumber());
    }
    if (isKept.all())
      return;
    rewriter.setInsertionPoint(loop);
    auto made =
        scf::ForOp::create(rewriter, loop.getLoc(), loop.getLowerBound(),
                           loop.getUpperBound(), loop.getStep(), inits);
    made->setAttrs(loop->getAttrs());
    loop.getInductionVar().replaceAllUsesWith(made.getInductionVar());
    for (auto [old, argument] :
         llvm::zip_equal(arguments, made.getRegionIterArgs()))
      old.replaceAllUsesWith(argument);
    for (auto [old, result] : llvm::zip_equal(results, made.getResults()))
      old.replaceAllUsesWith(result);
    Block &body = *made.getBody();
    body.clear();
    body.getOperations().splice(body.end(), loop.getBody()->getOperations());
    // These may be arguments, which are others by now.
    SmallVector<Value> next;
    for (OpOperand &operand : body.getTerminator()->getOpOperands())
      if (isKept[operand.getOperandNumber()])
        next.push_back(operand.get());
    body.getTerminator()->setOperands(next);
    loop.erase();
  }

  /// What is left of linalg, and copies that are not of contiguous memory,
  /// become loops over scalars.
  void lowerLinalg(ModuleOp module, IRRewriter &rewriter) {
    SmallVector<memref::CopyOp> copies;
    module.walk([&](memref::CopyOp copy) {
      auto isDense = [](Value memory) {
        return cast<MemRefType>(memory.getType()).getLayout().isIdentity();
      };
      if (!isDense(copy.getSource()) || !isDense(copy.getTarget()))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies) {
      rewriter.setInsertionPoint(copy);
      linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(),
                               copy.getTarget());
      copy.erase();
    }
    SmallVector<linalg::LinalgOp> ops;
    module.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      rewriter.setInsertionPoint(op);
      if (failed(linalg::linalgOpToLoops(rewriter, op))) {
        op.emitError("cannot generate code for this operation");
        return signalPassFailure();
      }
      op->erase();
    }
  }
};

} // namespace
} // namespace mind
