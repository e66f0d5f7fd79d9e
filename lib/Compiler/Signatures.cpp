//===- Signatures.cpp - signatures for the run-time library ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signatures.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

static runtime::Dim toRuntime(const Dim &dim,
                              const std::vector<std::string> &sizes) {
  if (dim.isConstant())
    return runtime::Dim::constant(dim.constant());
  auto found = llvm::find(sizes, dim.name()->str());
  return runtime::Dim::named(int32_t(found - sizes.begin()));
}

static runtime::TensorType toRuntime(const TensorType &type,
                                     const std::vector<std::string> &sizes) {
  runtime::TensorType result{type.dtype, {}};
  for (const Dim &dim : type.dims)
    result.dims.push_back(toRuntime(dim, sizes));
  return result;
}

runtime::Signature mind::toRuntime(const FunctionSignature &signature) {
  runtime::Signature result;
  result.name = signature.name;
  result.sizes = signature.sizes;
  for (const FunctionSignature::Param &param : signature.params)
    result.parameters.push_back(
        {param.name, ::toRuntime(param.type, signature.sizes)});
  for (const TensorType &type : signature.results)
    result.results.push_back(::toRuntime(type, signature.sizes));
  return result;
}
