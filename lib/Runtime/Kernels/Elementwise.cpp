//===- Elementwise.cpp - chains of elementwise operations ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Elementwise.h"
#include "ElementProgram.h"

namespace mind::kernels {

/// What is stored is to lie side by side.
static int sortedBy(const ElementExpression &expression) {
  return expression.stores.empty() ? Domain::unsorted
                                   : expression.stores.front().operand;
}

ElementwisePlan::ElementwisePlan(const ElementExpression &expression,
                                 std::span<const int64_t> extents,
                                 std::span<const ElementOperand> operands,
                                 CpuLevel level)
    : program(std::make_unique<ElementProgram>(
          expression,
          Domain(expression, extents, {}, operands, sortedBy(expression)),
          operands, level)) {}

ElementwisePlan::~ElementwisePlan() = default;
ElementwisePlan::ElementwisePlan(ElementwisePlan &&) noexcept = default;
ElementwisePlan &
ElementwisePlan::operator=(ElementwisePlan &&) noexcept = default;

size_t ElementwisePlan::workspaceBytes() const {
  return program->workspaceBytes();
}

ElementFault ElementwisePlan::run(void *const *pointers,
                                  void *workspace) const {
  return program->run(pointers, workspace, [](const auto &) {});
}

} // namespace mind::kernels
