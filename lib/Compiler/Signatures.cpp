//===- Signatures.cpp - signatures for the run-time library ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signatures.h"
#include "Mind/Plan/Planner.h"
#include "llvm/ADT/STLFunctionalExtras.h"

using namespace mind;

/// Calls `leaf` on each tensor in `type`; `name` is that of its place then.
static void forEachTensor(const TypeTable &types, TypeRef type,
                          std::string &name,
                          llvm::function_ref<void(const TensorType &)> leaf) {
  if (types.isTensor(type))
    return leaf(types.tensorType(type));
  const size_t length = name.size();
  for (auto [index, element] : llvm::enumerate(types.elements(type))) {
    name += '.';
    name += std::to_string(index);
    forEachTensor(types, element, name, leaf);
    name.resize(length);
  }
}

static runtime::TensorType toRuntime(const TensorType &type,
                                     const std::vector<std::string> &sizes) {
  runtime::TensorType result{type.dtype, {}};
  result.dims.reserve(type.dims.size());
  for (const Dim &dim : type.dims)
    result.dims.push_back(mind::toRuntime(dim, sizes));
  return result;
}

runtime::Signature mind::signatureOf(const CheckedProgram &program,
                                     const CheckedFunction &function) {
  runtime::Signature result;
  result.name = function.name.str();
  result.sizes = function.sizes;
  size_t numParameters = 0;
  for (const CheckedFunction::Param &param : function.params)
    numParameters += program.types.numTensors(param.type);
  result.parameters.reserve(numParameters);
  std::string name;
  for (const CheckedFunction::Param &param : function.params) {
    name = program.tree->text(param.name);
    forEachTensor(program.types, param.type, name, [&](const TensorType &type) {
      result.parameters.push_back({name, ::toRuntime(type, result.sizes)});
    });
  }
  forEachTensor(program.types, function.result, name,
                [&](const TensorType &type) {
                  result.results.push_back(::toRuntime(type, result.sizes));
                });
  return result;
}
