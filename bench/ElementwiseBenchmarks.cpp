//===- ElementwiseBenchmarks.cpp - chains and reductions --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise expressions and reductions of them in f32 on one thread. The
// counter is the rate at which tensors are read and written, each once. Plans
// are timed on their own.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Reduction.h"
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace mind;
using namespace mind::kernels;
using benchmark::Counter;

namespace {

using Extents = std::vector<int64_t>;

struct Tensor {
  std::vector<float> elements;
  Extents strides;
};

/// An expression of f32 over a domain.
class Workload {
public:
  explicit Workload(Extents extents) : extents(std::move(extents)) {}

  uint16_t add(ElementOp op, std::initializer_list<uint16_t> operands,
               int64_t value = 0) {
    ElementInstruction instruction = {op, DType::F32, DType::F32, {}, value};
    std::copy(operands.begin(), operands.end(), instruction.operands);
    expression.instructions.push_back(instruction);
    return uint16_t(expression.instructions.size() - 1);
  }
  uint16_t number(float value) {
    return add(ElementOp::Constant, {}, __builtin_bit_cast(int32_t, value));
  }
  uint16_t load(Extents strides) {
    addTensor(std::move(strides));
    return add(ElementOp::Load, {}, int64_t(tensors.size() - 1));
  }
  void store(uint16_t value) {
    addTensor(dense());
    expression.stores.push_back({value, uint16_t(tensors.size() - 1)});
  }
  Extents dense() const {
    Extents strides(extents.size());
    int64_t count = 1;
    for (size_t i = extents.size(); i-- != 0; count *= extents[i])
      strides[i] = count;
    return strides;
  }
  void addTensor(Extents strides) {
    int64_t last = 0;
    for (size_t i = 0; i < extents.size(); ++i)
      last += (extents[i] - 1) * strides[i];
    Tensor tensor = {std::vector<float>(size_t(last + 1)), std::move(strides)};
    for (size_t i = 0; i < tensor.elements.size(); ++i)
      tensor.elements[i] = float(i % 17) / 8 - 1;
    bytes += tensor.elements.size() * sizeof(float);
    tensors.push_back(std::move(tensor));
  }

  std::vector<ElementOperand> operands() const {
    std::vector<ElementOperand> all;
    for (const Tensor &tensor : tensors)
      all.push_back({DType::F32, tensor.strides});
    return all;
  }
  std::vector<void *> pointers() {
    std::vector<void *> all;
    for (Tensor &tensor : tensors)
      all.push_back(tensor.elements.data());
    return all;
  }

  ElementExpression expression;
  Extents extents;
  std::vector<Tensor> tensors;
  size_t bytes = 0;
};

template <typename Plan>
void run(benchmark::State &state, Workload &workload, const Plan &plan) {
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> workspace(
      std::aligned_alloc(64, (plan.workspaceBytes() + 64) / 64 * 64));
  std::vector<void *> pointers = workload.pointers();
  for (auto _ : state)
    plan.run(pointers.data(), workspace.get());
  state.counters["rate"] =
      Counter(double(state.iterations()) * double(workload.bytes),
              Counter::kIsRate, Counter::kIs1000);
}

void measure(benchmark::State &state, Workload workload) {
  std::vector<ElementOperand> operands = workload.operands();
  run(state, workload,
      ElementwisePlan(workload.expression, workload.extents, operands));
}

void measurePlan(benchmark::State &state, Workload workload) {
  std::vector<ElementOperand> operands = workload.operands();
  for (auto _ : state) {
    ElementwisePlan plan(workload.expression, workload.extents, operands);
    benchmark::DoNotOptimize(plan.workspaceBytes());
  }
  state.counters["instructions"] =
      double(workload.expression.instructions.size());
}

void measureReduction(benchmark::State &state, ReductionKind kind,
                      Extents extents, std::vector<bool> isReduced) {
  Workload workload(std::move(extents));
  const uint16_t value = workload.load(workload.dense());
  auto reduced = std::make_unique<bool[]>(isReduced.size());
  Extents strides(isReduced.size(), 0);
  int64_t size = 1;
  for (size_t i = isReduced.size(); i-- != 0;) {
    reduced[i] = isReduced[i];
    if (!isReduced[i]) {
      strides[i] = size;
      size *= workload.extents[i];
    }
  }
  workload.addTensor(strides);
  // Positions are twice as wide.
  workload.tensors.back().elements.resize(size_t(2 * size));
  std::vector<ElementOperand> operands = workload.operands();
  run(state, workload,
      ReductionPlan(kind, workload.expression, value, workload.extents,
                    {reduced.get(), isReduced.size()}, operands, 1));
}

Workload sum(int64_t size) {
  Workload w({size});
  const uint16_t x = w.load({1}), y = w.load({1});
  w.store(w.add(ElementOp::Add, {x, y}));
  return w;
}

/// silu(x * 2 + b) * x + relu(b)
Workload chain(Extents extents, Extents strides) {
  Workload w(std::move(extents));
  const uint16_t x = w.load(w.dense()), b = w.load(std::move(strides));
  const uint16_t twice = w.add(ElementOp::Mul, {x, w.number(2)});
  const uint16_t inner =
      w.add(ElementOp::Silu, {w.add(ElementOp::Add, {twice, b})});
  const uint16_t product = w.add(ElementOp::Mul, {inner, x});
  w.store(w.add(ElementOp::Add, {product, w.add(ElementOp::Relu, {b})}));
  return w;
}

Workload function(ElementOp op, int64_t size) {
  Workload w({size});
  w.store(w.add(op, {w.load({1})}));
  return w;
}

/// x + y, where y has other strides.
Workload sumWith(Extents extents, Extents strides) {
  Workload w(std::move(extents));
  const uint16_t x = w.load(w.dense()), y = w.load(std::move(strides));
  w.store(w.add(ElementOp::Add, {x, y}));
  return w;
}

/// x * c + r of a row c and a column r.
Workload rowAndColumn(int64_t rows, int64_t columns) {
  Workload w({rows, columns});
  const uint16_t x = w.load(w.dense()), c = w.load({0, 1}), r = w.load({1, 0});
  w.store(w.add(ElementOp::Add, {w.add(ElementOp::Mul, {x, c}), r}));
  return w;
}

void add(const std::string &name, Workload workload) {
  benchmark::RegisterBenchmark(
      name.c_str(), [=](benchmark::State &state) { measure(state, workload); });
}

} // namespace

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  for (int64_t size : {16, 1 << 10, 1 << 14, 1 << 18, 1 << 22}) {
    add("add/" + std::to_string(size), sum(size));
    add("chain/" + std::to_string(size), chain({size}, {1}));
  }
  for (ElementOp op = ElementOp::Exp; op <= ElementOp::Round;
       op = ElementOp(int(op) + 1))
    add("function/" + std::string(elementOpInfo(op).mnemonic),
        function(op, 1 << 14));
  add("chain/row/4096x3", chain({4096, 3}, {0, 1}));
  add("chain/row/512x512", chain({512, 512}, {0, 1}));
  add("chain/column/512x512", chain({512, 512}, {1, 0}));
  add("chain/column/4096x64", chain({4096, 64}, {1, 0}));
  add("row_column/31x33", rowAndColumn(31, 33));
  add("row_column/509x257", rowAndColumn(509, 257));
  add("chain/images/8x64x28x28", chain({8, 64, 784}, {0, 1, 0}));
  add("add/transposed/1024x1024", sumWith({1024, 1024}, {1, 1024}));
  add("add/transposed/500x300", sumWith({500, 300}, {1, 500}));
  add("add/transposed/64x64", sumWith({64, 64}, {1, 64}));
  add("add/permuted/32x64x128", sumWith({32, 64, 128}, {64, 1, 2048}));

  benchmark::RegisterBenchmark(
      "plan/add", [](benchmark::State &state) { measurePlan(state, sum(16)); });
  benchmark::RegisterBenchmark("plan/chain", [](benchmark::State &state) {
    measurePlan(state, chain({64, 512}, {0, 1}));
  });
  struct Shape {
    const char *name;
    Extents extents;
    std::vector<bool> reduced;
  };
  const Shape shapes[] = {
      {"all/4194304", {1 << 22}, {true}},
      {"rows/4096x2048", {4096, 2048}, {false, true}},
      {"all/1024", {1 << 10}, {true}},
      {"all/16", {16}, {true}},
      {"rows/1024x1024", {1024, 1024}, {false, true}},
      {"rows/4096x64", {4096, 64}, {false, true}},
      {"rows/65536x3", {65536, 3}, {false, true}},
      {"columns/1024x1024", {1024, 1024}, {true, false}},
      {"columns/4096x64", {4096, 64}, {true, false}},
      {"columns/65536x3", {65536, 3}, {true, false}},
      {"images/8x64x784", {8, 64, 784}, {true, false, true}},
  };
  struct Kind {
    const char *name;
    ReductionKind kind;
  };
  for (const Kind &kind : {Kind{"sum", ReductionKind::Sum},
                           {"max", ReductionKind::Max},
                           {"variance", ReductionKind::Variance},
                           {"argmax", ReductionKind::ArgMax}})
    for (const Shape &shape : shapes)
      benchmark::RegisterBenchmark(
          (std::string(kind.name) + "/" + shape.name).c_str(),
          [=](benchmark::State &state) {
            measureReduction(state, kind.kind, shape.extents, shape.reduced);
          });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
