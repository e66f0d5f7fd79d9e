//===- ProgramBuilder.cpp - appends to a program --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProgramBuilder.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;
using plan::BufferKind;

runtime::Dim mind::toRuntime(const Dim &dim,
                             llvm::ArrayRef<std::string> sizes) {
  if (dim.isConstant())
    return runtime::Dim::constant(dim.constant());
  runtime::Dim result;
  const Dim::Polynomial polynomial = dim.polynomial();
  for (const auto &[monomial, coefficient] : llvm::reverse(polynomial)) {
    if (monomial.empty()) {
      result.extent = coefficient;
      continue;
    }
    runtime::Dim::Term &term = result.terms.emplace_back();
    term.coefficient = coefficient;
    for (const std::string &name : monomial)
      term.sizes.push_back(llvm::find(sizes, name) - sizes.begin());
  }
  return result;
}

uint32_t ProgramBuilder::addNumbers(size_t count) {
  const size_t first = program.numbers.size();
  program.numbers.resize(first + count);
  return uint32_t(first);
}

void ProgramBuilder::addSymbol(uint32_t number, const Dim &dim) {
  program.symbols.push_back({number, toRuntime(dim)});
}

uint32_t ProgramBuilder::addNumber(const Dim &dim) {
  const uint32_t number = addNumbers(1);
  setNumber(number, dim);
  return number;
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

uint32_t ProgramBuilder::addBuffer(BufferKind kind, uint32_t index) {
  program.buffers.push_back({kind, index, 0, nextStep(), nextStep()});
  return uint32_t(program.buffers.size() - 1);
}

View ProgramBuilder::tensor(BufferKind kind, uint32_t index, DType dtype,
                            llvm::ArrayRef<Dim> extents) {
  return {addBuffer(kind, index), dtype, 0,
          Dims(extents.begin(), extents.end()), denseStrides(extents)};
}

View ProgramBuilder::allocate(DType dtype, llvm::ArrayRef<Dim> extents) {
  View view = tensor(BufferKind::Workspace, 0, dtype, extents);
  std::optional<Dim> bytes = Dim(int64_t(sizeInBytes(dtype)));
  for (const Dim &extent : extents)
    if (bytes)
      bytes = Dim::multiply(*bytes, extent);
  hasOverflowed |= !bytes;
  program.buffers[view.buffer].bytes = addNumber(bytes.value_or(Dim(0)));
  return view;
}

std::pair<char *, uint32_t> ProgramBuilder::addConstant(size_t bytes) {
  size_t at = program.constants.size();
  program.constants.resize(at + (bytes + 7) / 8);
  uint32_t buffer =
      addBuffer(BufferKind::Constant, uint32_t(at * sizeof(uint64_t)));
  return {reinterpret_cast<char *>(program.constants.data() + at), buffer};
}

void ProgramBuilder::use(uint32_t buffer) {
  plan::Buffer &used = program.buffers[buffer];
  used.last = std::max(used.last, nextStep());
  if (used.kind == BufferKind::Part)
    use(used.index);
}

void ProgramBuilder::closeLoop(uint32_t begin) {
  for (plan::Buffer &buffer : program.buffers)
    if (buffer.first <= begin && buffer.last >= begin)
      buffer.last = nextStep();
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

plan::Operand ProgramBuilder::operand(const View &view) {
  const size_t rank = view.rank();
  const uint32_t first = addNumbers(1 + 2 * rank);
  setNumber(first, view.offset);
  for (size_t i = 0; i < rank; ++i)
    setNumber(first + 1 + i, view.extents[i]);
  for (size_t i = 0; i < rank; ++i)
    setNumber(first + 1 + rank + i, view.strides[i]);
  return {view.buffer, first, uint8_t(rank), view.dtype};
}

plan::Operand ProgramBuilder::operand(const View &view,
                                      llvm::ArrayRef<Dim> extents) {
  const size_t rank = extents.size(), shift = rank - view.rank();
  const uint32_t first = addNumbers(1 + 2 * rank);
  setNumber(first, view.offset);
  for (size_t i = 0; i < rank; ++i)
    setNumber(first + 1 + i, extents[i]);
  // The strides of axes that it lacks or repeats remain 0.
  for (size_t i = 0; i < view.rank(); ++i)
    if (!view.extents[i].isConstant(1) || extents[shift + i].isConstant(1))
      setNumber(first + 1 + rank + shift + i, view.strides[i]);
  return {view.buffer, first, uint8_t(rank), view.dtype};
}

uint32_t ProgramBuilder::addExpression(kernels::ElementExpression expression) {
  program.expressions.push_back(std::move(expression));
  return uint32_t(program.expressions.size() - 1);
}

uint32_t ProgramBuilder::addText(std::string text) {
  program.texts.push_back(std::move(text));
  return uint32_t(program.texts.size() - 1);
}

uint32_t ProgramBuilder::addSite(mlir::Location location, int32_t code,
                                 std::string message, size_t numValues) {
  runtime::ErrorSite &site = program.sites.emplace_back();
  site.message = std::move(message);
  site.numValues = numValues;
  program.siteCodes.push_back(code);
  function.locations.push_back(location);
  return uint32_t(program.sites.size() - 1);
}

uint32_t ProgramBuilder::addSite(mlir::Location location, DiagKind kind,
                                 llvm::ArrayRef<std::string> arguments,
                                 size_t numValues) {
  return addSite(location, codeNumber(kind), formatDiagnostic(kind, arguments),
                 numValues);
}

uint32_t ProgramBuilder::addStep(plan::StepKind kind, const StepParts &parts) {
  for (const plan::Operand &operand : parts.operands)
    if (operand.exists())
      use(operand.buffer);
  plan::Step step;
  step.kind = kind;
  step.variant = parts.variant;
  step.value = parts.value;
  step.operands = {uint32_t(program.operands.size()),
                   uint32_t(parts.operands.size())};
  program.operands.insert(program.operands.end(), parts.operands.begin(),
                          parts.operands.end());
  uint32_t number = addNumbers(parts.attributes.size());
  step.attributes = {number, uint32_t(parts.attributes.size())};
  for (const Dim &attribute : parts.attributes)
    setNumber(number++, attribute);
  step.reference = parts.reference;
  step.site = parts.site;
  program.steps.push_back(step);
  return nextStep() - 1;
}
