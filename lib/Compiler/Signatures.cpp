//===- Signatures.cpp - signatures for the run-time library ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signatures.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

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

static runtime::TensorType toRuntime(const TensorType &type,
                                     const std::vector<std::string> &sizes) {
  runtime::TensorType result{type.dtype, {}};
  for (const Dim &dim : type.dims)
    result.dims.push_back(mind::toRuntime(dim, sizes));
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
