//===- Signatures.cpp - signatures for the run-time library ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signatures.h"

using namespace mind;

static runtime::TensorType toRuntime(const TensorType &type,
                                     const std::vector<std::string> &sizes) {
  runtime::TensorType result{type.dtype, {}};
  result.dims.reserve(type.dims.size());
  for (const Dim &dim : type.dims)
    result.dims.push_back(mind::toRuntime(dim, sizes));
  return result;
}

runtime::Signature mind::toRuntime(const FunctionSignature &signature) {
  runtime::Signature result;
  result.name = signature.name;
  result.sizes = signature.sizes;
  result.parameters.reserve(signature.params.size());
  result.results.reserve(signature.results.size());
  for (const FunctionSignature::Param &param : signature.params)
    result.parameters.push_back(
        {param.name, ::toRuntime(param.type, signature.sizes)});
  for (const TensorType &type : signature.results)
    result.results.push_back(::toRuntime(type, signature.sizes));
  return result;
}
