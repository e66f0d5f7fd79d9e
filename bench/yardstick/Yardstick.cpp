//===- Yardstick.cpp - what MLIR takes for the same modules ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Yardstick.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "bench/yardstick/YardstickDialect.h.inc"
#define GET_OP_CLASSES
#include "bench/yardstick/YardstickOps.h.inc"

#include "bench/yardstick/YardstickDialect.cpp.inc"
#define GET_OP_CLASSES
#include "bench/yardstick/YardstickOps.cpp.inc"

using namespace mlir;

void mind::yardstick::YardstickDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "bench/yardstick/YardstickOps.cpp.inc"
      >();
}

namespace mind::yardstick {
namespace {

/// Makes a module with one function, `main`, of no arguments.
class ModuleBuilder {
public:
  ModuleBuilder(MLIRContext &context, ArrayRef<int64_t> result)
      : builder(&context), file(builder.getStringAttr("yardstick.mind")),
        module(ModuleOp::create(at(1, 1))) {
    builder.setInsertionPointToEnd(module->getBody());
    auto function = func::FuncOp::create(
        builder, at(1, 1), "main",
        builder.getFunctionType({}, {Type(tensor(result))}));
    builder.setInsertionPointToEnd(function.addEntryBlock());
  }

  Value fill(int line, ArrayRef<int64_t> shape, double value) {
    return FillOp::create(builder, at(line, 5), tensor(shape),
                          builder.getF64FloatAttr(value));
  }
  Value matmul(int line, int column, ArrayRef<int64_t> shape, Value lhs,
               Value rhs) {
    return MatmulOp::create(builder, at(line, column), tensor(shape), lhs, rhs);
  }
  Value add(int line, int column, ArrayRef<int64_t> shape, Value lhs,
            Value rhs) {
    return AddOp::create(builder, at(line, column), tensor(shape), lhs, rhs);
  }
  Value relu(int line, int column, ArrayRef<int64_t> shape, Value x) {
    return ReluOp::create(builder, at(line, column), tensor(shape), x);
  }
  OwningOpRef<ModuleOp> finish(int line, Value result) {
    func::ReturnOp::create(builder, at(line, 1), result);
    return std::move(module);
  }

private:
  Location at(int line, int column) {
    return FileLineColLoc::get(file, line, column);
  }
  RankedTensorType tensor(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, builder.getF32Type());
  }

  OpBuilder builder;
  StringAttr file;
  OwningOpRef<ModuleOp> module;
};

} // namespace

void loadDialects(MLIRContext &context) {
  context.loadDialect<YardstickDialect, func::FuncDialect>();
}

OwningOpRef<ModuleOp> makeMatmul(MLIRContext &context, int64_t m, int64_t k,
                                 int64_t n) {
  ModuleBuilder b(context, {m, n});
  Value lhs = b.fill(1, {m, k}, 1);
  Value rhs = b.fill(2, {k, n}, 1);
  return b.finish(8, b.matmul(3, 5, {m, n}, lhs, rhs));
}

OwningOpRef<ModuleOp> makeMlp(MLIRContext &context) {
  ModuleBuilder b(context, {32, 10});
  Value x = b.fill(1, {32, 784}, 0);
  Value w1 = b.fill(2, {784, 256}, 1);
  Value b1 = b.fill(3, {256}, 0);
  Value w2 = b.fill(4, {256, 10}, 1);
  Value b2 = b.fill(5, {10}, 0);
  Value hidden = b.matmul(6, 7, {32, 256}, x, w1);
  hidden = b.add(6, 9, {32, 256}, hidden, b1);
  hidden = b.relu(6, 3, {32, 256}, hidden);
  Value output = b.matmul(7, 7, {32, 10}, hidden, w2);
  return b.finish(8, b.add(7, 8, {32, 10}, output, b2));
}

} // namespace mind::yardstick
