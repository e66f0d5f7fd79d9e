//===- Executable.cpp - a compiled function, ready to call ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Executable.h"
#include "Message.h"
#include "Mind/Runtime/TensorText.h"
#include <algorithm>
#include <cstdio>

using namespace mind;
using namespace mind::runtime;

//===----------------------------------------------------------------------===//
// Shapes of one call
//===----------------------------------------------------------------------===//

/// The extents that `dims` are in a call; none if one does not fit 64 bits.
static std::optional<std::vector<int64_t>>
evaluate(const std::vector<Dim> &dims, std::span<const int64_t> sizes) {
  std::vector<int64_t> shape;
  shape.reserve(dims.size());
  for (const Dim &dim : dims) {
    std::optional<int64_t> extent = dim.evaluate(sizes);
    if (!extent)
      return std::nullopt;
    shape.push_back(*extent);
  }
  return shape;
}

/// Only of shapes that have been checked.
static size_t sizeInBytes(const TensorType &type,
                          std::span<const int64_t> sizes) {
  size_t bytes = sizeInBytes(type.dtype);
  for (const Dim &dim : type.dims)
    bytes *= size_t(dim.evaluate(sizes).value_or(0));
  return bytes;
}

static bool overlap(const void *a, size_t aBytes, const void *b,
                    size_t bBytes) {
  auto aBegin = reinterpret_cast<uintptr_t>(a);
  auto bBegin = reinterpret_cast<uintptr_t>(b);
  return aBegin < bBegin + bBytes && bBegin < aBegin + aBytes;
}

static std::string countOf(size_t count, const char *noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

void mind::runtime::writeToStandardOutput(std::string_view text) {
  (void)fwrite(text.data(), 1, text.size(), stdout);
}

/// MindContext::print of a call whose `user` is its Output.
static void print(MindContext *context, const char *format, int64_t length,
                  const MindView *values) {
  const Output &output = *static_cast<const Output *>(context->user);
  output(printedText({format, size_t(length)}, values));
}

//===----------------------------------------------------------------------===//
// Executable
//===----------------------------------------------------------------------===//

/// What a call needs besides what it computes: the workspace, and after it the
/// pointers that are handed to the function, so that a call allocates nothing.
class Executable::Frame {
public:
  Frame(const Executable &executable, std::span<const int64_t> sizes)
      : offset(pointersOffset(executable.workspaceSize(sizes))),
        lease(executable.workspaces,
              offset +
                  sizeof(void *) * (executable.signature().parameters.size() +
                                    executable.signature().results.size()),
              executable.memoryPool()) {}

  /// Null if memory did not suffice.
  void *workspace() const { return lease.data(); }
  /// One for each parameter, and then for each result.
  void **buffers() const {
    return reinterpret_cast<void **>(static_cast<char *>(workspace()) + offset);
  }

  Status checkAllocation() const {
    if (workspace())
      return {};
    return makeError(message::AllocationFailure, {std::to_string(offset)});
  }

private:
  static size_t pointersOffset(size_t workspaceSize) {
    return (workspaceSize + alignof(void *) - 1) & ~(alignof(void *) - 1);
  }

  size_t offset;
  WorkspacePool::Lease lease;
};

Executable::Executable(std::shared_ptr<const FunctionDescription> description)
    : description(std::move(description)) {}

Executable::~Executable() = default;

Status Executable::checkCount(size_t numInputs) const {
  size_t wanted = signature().parameters.size();
  if (numInputs == wanted)
    return {};
  return makeError(message::WrongArgumentCount,
                   {"`" + signature().name + "`", countOf(wanted, "input"),
                    std::to_string(numInputs)});
}

Status Executable::checkInput(size_t index, DType dtype,
                              std::span<const int64_t> shape,
                              std::span<int64_t> sizes) const {
  const Parameter &parameter = signature().parameters[index];
  const std::vector<Dim> &dims = parameter.type.dims;
  auto wanted = [&] { return signature().spelling(parameter.type); };
  if (dtype != parameter.type.dtype)
    return makeError(message::InputTypeMismatch,
                     {parameter.name, std::string(dtypeName(dtype)), wanted()});
  if (shape.size() != dims.size())
    return makeError(message::InputRankMismatch,
                     {parameter.name, shapeString(shape), wanted()});
  for (size_t i = 0; i < dims.size(); ++i) {
    int64_t extent = shape[i];
    if (std::optional<uint32_t> size = dims[i].size(); size && sizes[*size] < 0)
      sizes[*size] = extent;
    int64_t expected = dims[i].evaluate(sizes).value_or(-1);
    if (extent != expected)
      return makeError(message::InputExtentMismatch,
                       {parameter.name, shapeString(shape), wanted(),
                        std::to_string(i), std::to_string(extent),
                        std::to_string(expected)});
    if (extent <= 0)
      return makeError(
          message::NonPositiveDimension,
          {std::to_string(i), shapeString(shape), std::to_string(extent)});
  }
  return {};
}

size_t Executable::workspaceSize(std::span<const int64_t> sizes) const {
  std::optional<int64_t> bytes = description->workspaceSize.evaluate(sizes);
  return bytes ? size_t(*bytes) : SIZE_MAX / 2;
}

Status Executable::resultShape(size_t index, std::span<const int64_t> sizes,
                               std::vector<int64_t> &shape) const {
  const TensorType &type = signature().results[index];
  std::optional<std::vector<int64_t>> extents = evaluate(type.dims, sizes);
  int64_t bytes;
  if (!extents || elementCount(*extents) < 0 ||
      __builtin_mul_overflow(elementCount(*extents),
                             int64_t(sizeInBytes(type.dtype)), &bytes))
    return makeError(
        message::ElementCountOverflow,
        {extents ? shapeString(*extents) : signature().spelling(type)});
  shape = std::move(*extents);
  return {};
}

Status Executable::checkSizes(std::span<const int64_t> sizes) const {
  for (const SizeRequirement &requirement : description->requirements) {
    int64_t product = 1;
    bool holds = true;
    for (const Dim &dim : requirement.extents) {
      std::optional<int64_t> extent = dim.evaluate(sizes);
      holds &= extent && !__builtin_mul_overflow(product, *extent, &product);
    }
    if (holds && product >= requirement.least)
      continue;
    MindContext context = {};
    context.error_code = requirement.code;
    context.error_site = int64_t(requirement.site);
    context.error_values[0] = product;
    return describe(context);
  }
  return {};
}

Status Executable::checkBuffers(void *const *buffers,
                                std::span<const int64_t> sizes) const {
  const auto &parameters = signature().parameters;
  const auto &results = signature().results;
  auto inputName = [&](size_t i) {
    return "input `" + parameters[i].name + "`";
  };
  auto resultName = [](size_t i) { return "result " + std::to_string(i); };
  auto misaligned = [](std::string name, DType dtype) {
    return makeError(message::MisalignedBuffer,
                     {std::move(name), std::to_string(sizeInBytes(dtype))});
  };
  for (size_t i = 0; i < parameters.size(); ++i)
    if (DType dtype = parameters[i].type.dtype; !isAligned(buffers[i], dtype))
      return misaligned(inputName(i), dtype);
  void *const *outputs = buffers + parameters.size();
  for (size_t i = 0; i < results.size(); ++i) {
    if (!isAligned(outputs[i], results[i].dtype))
      return misaligned(resultName(i), results[i].dtype);
    size_t bytes = ::sizeInBytes(results[i], sizes);
    for (size_t j = 0; j < parameters.size(); ++j)
      if (overlap(outputs[i], bytes, buffers[j],
                  ::sizeInBytes(parameters[j].type, sizes)))
        return makeError(message::OverlappingBuffers,
                         {resultName(i), inputName(j)});
    for (size_t j = 0; j < i; ++j)
      if (overlap(outputs[i], bytes, outputs[j],
                  ::sizeInBytes(results[j], sizes)))
        return makeError(message::OverlappingBuffers,
                         {resultName(i), resultName(j)});
  }
  return {};
}

RuntimeError Executable::describe(const MindContext &context) const {
  const ErrorSite &site = description->sites[size_t(context.error_site)];
  std::vector<std::string> values;
  for (size_t i = 0; i < site.numValues; ++i)
    values.push_back(std::to_string(context.error_values[i]));
  RuntimeError error;
  error.code = "E" + std::to_string(context.error_code);
  error.message = format(site.message, values);
  error.fileName = site.fileName;
  error.line = site.line;
  error.column = site.column;
  error.length = site.length;
  error.lineText = site.lineText;
  return error;
}

Status Executable::execute(const Frame &frame, std::span<const int64_t> sizes,
                           const Output &output) const {
  MindContext context = {};
  context.abi_version = MIND_ABI_VERSION;
  if (output) {
    context.print = print;
    context.user = const_cast<Output *>(&output);
  }
  if (invoke(context, frame.buffers(), sizes.data(), frame.workspace()) != 0)
    return describe(context);
  return {};
}

Status Executable::run(std::span<const void *const> inputs,
                       std::span<void *const> outputs,
                       std::span<const int64_t> sizes,
                       const Output &output) const {
  if (Status status = checkCount(inputs.size()); !status.ok())
    return status;
  if (Status status = checkSizes(sizes); !status.ok())
    return status;
  Frame frame(*this, sizes);
  if (Status status = frame.checkAllocation(); !status.ok())
    return status;
  void **end =
      std::transform(inputs.begin(), inputs.end(), frame.buffers(),
                     [](const void *p) { return const_cast<void *>(p); });
  std::copy_n(outputs.begin(), signature().results.size(), end);
  if (Status status = checkBuffers(frame.buffers(), sizes); !status.ok())
    return status;
  return execute(frame, sizes, output);
}

Status Executable::run(std::span<const Tensor> inputs,
                       std::vector<Tensor> &results,
                       const Output &output) const {
  if (Status status = checkCount(inputs.size()); !status.ok())
    return status;
  std::vector<int64_t> sizes(signature().sizes.size(), -1);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor &input = inputs[i];
    if (Status status = checkInput(i, input.dtype(), input.shape(), sizes);
        !status.ok())
      return status;
  }
  if (Status status = checkSizes(sizes); !status.ok())
    return status;

  Frame frame(*this, sizes);
  if (Status status = frame.checkAllocation(); !status.ok())
    return status;
  void **buffer = frame.buffers();
  for (const Tensor &input : inputs)
    *buffer++ = const_cast<void *>(input.data());
  std::vector<Tensor> fresh;
  fresh.reserve(signature().results.size());
  for (size_t i = 0; i < signature().results.size(); ++i) {
    const TensorType &type = signature().results[i];
    std::vector<int64_t> shape;
    if (Status status = resultShape(i, sizes, shape); !status.ok())
      return status;
    Tensor &result =
        fresh.emplace_back(type.dtype, std::move(shape), memoryPool());
    if (!result.valid())
      return makeError(message::AllocationFailure,
                       {std::to_string(::sizeInBytes(type, sizes))});
    *buffer++ = result.data();
  }
  Status status = execute(frame, sizes, output);
  if (status.ok())
    results = std::move(fresh);
  return status;
}

//===----------------------------------------------------------------------===//
// NativeExecutable
//===----------------------------------------------------------------------===//

NativeExecutable::NativeExecutable(FunctionDescription description,
                                   MindFunction function,
                                   std::shared_ptr<const void> code)
    : Executable(
          std::make_shared<const FunctionDescription>(std::move(description))),
      entry(function), code(std::move(code)) {}

int32_t NativeExecutable::invoke(MindContext &context, void *const *buffers,
                                 const int64_t *sizes, void *workspace) const {
  return entry(&context, buffers, sizes, workspace);
}
