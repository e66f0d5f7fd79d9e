//===- LowerAbi.cpp - functions get their C type -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallPrint.h"
#include "CallTable.h"
#include "LowerRequirements.h"
#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "Mind/Runtime/Abi.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <cstddef>

namespace mind {
#define GEN_PASS_DEF_LOWERABI
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

struct LowerAbi : impl::LowerAbiBase<LowerAbi> {
  void runOnOperation() override {
    CallPrintLowering prints(getOperation());
    llvm::DenseSet<StringAttr> shared;
    getOperation().walk([&](Operation *op) {
      if (auto call = dyn_cast<CallGroupOp>(op))
        shared.insert(call.getCalleeAttr().getAttr());
      else if (auto calls = dyn_cast<CallTableOp>(op))
        for (auto callee : calls.getCallees().getAsRange<FlatSymbolRefAttr>())
          shared.insert(callee.getAttr());
    });
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      if (shared.contains(function.getSymNameAttr()))
        lowerShared(function);
      else if (failed(lower(function, prints)))
        return signalPassFailure();
    }
  }

  /// What equal groups became is called from here only: by the pointers of its
  /// memrefs, all of constant extents, and it cannot fail.
  void lowerShared(func::FuncOp function) {
    ImplicitLocOpBuilder builder(function.getLoc(), &getContext());
    Block &entry = function.getBody().front();
    builder.setInsertionPointToStart(&entry);
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    for (BlockArgument argument : entry.getArguments()) {
      Type type = argument.getType();
      argument.setType(pointer);
      auto memory = UnrealizedConversionCastOp::create(builder, type, argument);
      argument.replaceAllUsesExcept(memory.getResult(0), memory);
    }
    function.setType(builder.getFunctionType(entry.getArgumentTypes(), {}));
    function.removeArgAttrsAttr();
    function->setAttr(
        "llvm.linkage",
        LLVM::LinkageAttr::get(&getContext(), LLVM::Linkage::Internal));
  }

  LogicalResult lower(func::FuncOp function, CallPrintLowering &prints) {
    ImplicitLocOpBuilder builder(function.getLoc(), &getContext());
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    Block &entry = function.getBody().front();
    unsigned numMemrefs = entry.getNumArguments();

    SmallVector<Type> inputs(4, pointer);
    entry.addArguments(inputs, SmallVector<Location>(4, function.getLoc()));
    context = entry.getArgument(numMemrefs);
    Value buffers = entry.getArgument(numMemrefs + 1);
    Value sizes = entry.getArgument(numMemrefs + 2);
    Value workspace = entry.getArgument(numMemrefs + 3);

    bool hasWorkspace = getWorkspaceSize(function) != Dim(0);
    // Pointers are loaded where they are first used: all on entry, they would
    // go through the stack.
    auto firstUses = llvm::map_to_vector(
        entry.getArguments().take_front(numMemrefs), firstUse);
    for (unsigned i = 0; i < numMemrefs; ++i) {
      if (!firstUses[i])
        continue;
      builder.setInsertionPoint(firstUses[i]);
      Value base = workspace;
      if (i + 1 < numMemrefs || !hasWorkspace) {
        Value slot = LLVM::GEPOp::create(builder, pointer, pointer, buffers,
                                         ArrayRef<LLVM::GEPArg>(i));
        base = LLVM::LoadOp::create(builder, pointer, slot);
      }
      Value argument = entry.getArgument(i);
      SmallVector<Value> parts = {base};
      if (auto extents = function.getArgAttrOfType<DimsAttr>(i, extentsAttr))
        for (StringAttr extent : extents.getExtents())
          if (Dim dim = *Dim::parse(extent.getValue()); !dim.isConstant())
            parts.push_back(makeExtent(builder, function.getLoc(), dim));
      auto memory = UnrealizedConversionCastOp::create(
          builder, argument.getType(), parts);
      argument.replaceAllUsesWith(memory.getResult(0));
    }
    entry.eraseArguments(0, numMemrefs);
    CallTableLowering tables(getOperation(), function, buffers, workspace,
                             hasWorkspace ? numMemrefs - 1 : numMemrefs);
    function.walk([&](CallTableOp op) { tables.lower(op); });

    SmallVector<Attribute> sites;
    checkRequirements(function, sites);
    lowerSizes(function, sizes);
    function.walk([&](scf::WhileOp loop) { endOnError(loop); });
    function.walk([&](RecordErrorOp op) { lowerRecord(op, sites); });
    function->setAttr(sitesAttr, builder.getArrayAttr(sites));
    if (failed(prints.run(function, context)))
      return failure();

    for (Block &block : function.getBody())
      if (auto terminator = dyn_cast<func::ReturnOp>(block.getTerminator())) {
        builder.setInsertionPoint(terminator);
        Value code;
        if (sites.empty())
          code =
              arith::ConstantOp::create(builder, builder.getI32IntegerAttr(0));
        else
          code = LLVM::LoadOp::create(builder, builder.getI32Type(),
                                      codeField(builder));
        func::ReturnOp::create(builder, code);
        terminator->erase();
      }
    function.setType(builder.getFunctionType(inputs, {builder.getI32Type()}));
    function.removeArgAttrsAttr();
    function.setSymName(getSymbolName(function.getName()));
    return success();
  }

  /// The first operation in the block of `argument` that uses it, or in which
  /// it is used.
  static Operation *firstUse(BlockArgument argument) {
    Operation *first = nullptr;
    for (Operation *user : argument.getUsers()) {
      Operation *op = argument.getOwner()->findAncestorOpInBlock(*user);
      if (!first || op->isBeforeInBlock(first))
        first = op;
    }
    return first;
  }

  /// Ends the function on entry if it cannot be computed for these sizes.
  void checkRequirements(func::FuncOp function,
                         SmallVectorImpl<Attribute> &sites) {
    Block &entry = function.getBody().front();
    SmallVector<RequireOp> requirements(entry.getOps<RequireOp>());
    if (requirements.empty())
      return;
    Builder attributes(&getContext());
    SmallVector<Attribute> list;
    Operation *last = nullptr;
    for (RequireOp op : requirements) {
      RecordErrorOp record = lowerRequirement(op);
      SmallVector<NamedAttribute> fields = {
          attributes.getNamedAttr("code", op.getCodeAttr()),
          attributes.getNamedAttr("extents", op.getExtents()),
          attributes.getNamedAttr(
              "site", attributes.getI64IntegerAttr(siteOf(record, sites)))};
      if (IntegerAttr least = op.getLeastAttr())
        fields.push_back(attributes.getNamedAttr("least", least));
      list.push_back(attributes.getDictionaryAttr(fields));
      op.erase();
      last = record;
    }
    function->setAttr(requirementsAttr, attributes.getArrayAttr(list));

    Block *body = entry.splitBlock(last->getNextNode());
    auto builder = ImplicitLocOpBuilder::atBlockEnd(function.getLoc(), &entry);
    Block *refusal = builder.createBlock(&function.getBody());
    func::ReturnOp::create(builder);
    builder.setInsertionPointToEnd(&entry);
    cf::CondBranchOp::create(builder, isWell(builder, codeField(builder)), body,
                             refusal);
  }

  Value codeField(ImplicitLocOpBuilder &builder) {
    return fieldOf(builder, offsetof(MindContext, error_code));
  }

  /// Whether no error is recorded yet in `code`.
  static Value isWell(ImplicitLocOpBuilder &builder, Value code) {
    Value recorded = LLVM::LoadOp::create(builder, builder.getI32Type(), code);
    Value none =
        arith::ConstantOp::create(builder, builder.getI32IntegerAttr(0));
    return arith::CmpIOp::create(builder, arith::CmpIPredicate::eq, recorded,
                                 none);
  }

  /// Loads each named size once, on entry.
  static void lowerSizes(func::FuncOp function, Value sizes) {
    SmallVector<StringAttr> names;
    if (auto known = function->getAttrOfType<ArrayAttr>(sizesAttr))
      llvm::append_range(names, known.getAsRange<StringAttr>());
    ImplicitLocOpBuilder builder(function.getLoc(), function.getContext());
    builder.setInsertionPointToStart(&function.getBody().front());
    DenseMap<StringAttr, Value> loaded;
    SmallVector<SizeOp> ops;
    function.walk([&](SizeOp op) { ops.push_back(op); });
    for (SizeOp op : ops) {
      Value &value = loaded[op.getNameAttr()];
      if (!value) {
        auto *position = llvm::find(names, op.getNameAttr());
        if (position == names.end())
          position = names.insert(position, op.getNameAttr());
        Value slot = LLVM::GEPOp::create(
            builder, sizes.getType(), builder.getI64Type(), sizes,
            ArrayRef<LLVM::GEPArg>(int32_t(position - names.begin())));
        value = arith::IndexCastOp::create(
            builder, builder.getIndexType(),
            LLVM::LoadOp::create(builder, builder.getI64Type(), slot));
      }
      op.replaceAllUsesWith(value);
    }
    // Not before: one may be the operation before which sizes are loaded.
    for (SizeOp op : ops)
      op.erase();
  }

  Value fieldOf(ImplicitLocOpBuilder &builder, size_t offset) {
    return LLVM::GEPOp::create(builder, context.getType(), builder.getI8Type(),
                               context, ArrayRef<LLVM::GEPArg>(offset));
  }

  /// Ends a loop that may record an error at the iteration that does.
  void endOnError(scf::WhileOp loop) {
    auto isRecord = [](RecordErrorOp) { return WalkResult::interrupt(); };
    if (!loop.walk(isRecord).wasInterrupted())
      return;
    scf::ConditionOp condition = loop.getConditionOp();
    ImplicitLocOpBuilder builder(condition.getLoc(), condition);
    Value mayGoOn = isWell(builder, codeField(builder));
    condition.getConditionMutable().assign(
        arith::AndIOp::create(builder, condition.getCondition(), mayGoOn));
  }

  /// The number of what `op` says and where.
  static int64_t siteOf(RecordErrorOp op, SmallVectorImpl<Attribute> &sites) {
    Builder builder(op.getContext());
    Attribute site = builder.getDictionaryAttr(
        {builder.getNamedAttr("at", LocationAttr(op.getLoc())),
         builder.getNamedAttr("message", op.getMessageAttr()),
         builder.getNamedAttr(
             "values", builder.getI64IntegerAttr(op.getValues().size()))});
    auto *known = llvm::find(sites, site);
    if (known == sites.end()) {
      sites.push_back(site);
      return sites.size() - 1;
    }
    return known - sites.begin();
  }

  /// Stores code, site and values, unless there is an error already.
  void lowerRecord(RecordErrorOp op, SmallVectorImpl<Attribute> &sites) {
    ImplicitLocOpBuilder builder(op.getLoc(), op);
    auto conditional =
        scf::IfOp::create(builder, op.getCondition(), /*withElseRegion=*/false);
    builder.setInsertionPoint(conditional.thenBlock()->getTerminator());
    Value code = codeField(builder);
    auto first = scf::IfOp::create(builder, isWell(builder, code),
                                   /*withElseRegion=*/false);
    builder.setInsertionPoint(first.thenBlock()->getTerminator());
    auto store = [&](Value value, size_t offset) {
      LLVM::StoreOp::create(builder, value, fieldOf(builder, offset));
    };
    LLVM::StoreOp::create(
        builder, arith::ConstantOp::create(builder, op.getCodeAttr()), code);
    store(arith::ConstantIntOp::create(builder, siteOf(op, sites), 64),
          offsetof(MindContext, error_site));
    for (auto [i, value] : llvm::enumerate(op.getValues())) {
      if (value.getType().isIndex())
        value =
            arith::IndexCastOp::create(builder, builder.getI64Type(), value);
      store(value, offsetof(MindContext, error_values) + i * sizeof(int64_t));
    }
    op.erase();
  }

  Value context;
};

} // namespace
} // namespace mind
