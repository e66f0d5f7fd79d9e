//===- Signature.cpp - what a compiled function takes and gives -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Signature.h"

using namespace mind;
using namespace mind::runtime;

std::string Signature::spelling(const TensorType &type) const {
  std::string dtype(dtypeName(type.dtype));
  if (type.dims.empty())
    return dtype;
  std::string text = "Tensor<" + dtype + ", [";
  for (size_t i = 0; i < type.dims.size(); ++i) {
    const Dim &dim = type.dims[i];
    if (i)
      text += ", ";
    text += dim.isConstant() ? std::to_string(dim.extent) : sizes[dim.size];
  }
  return text + "]>";
}

std::string Signature::spelling() const {
  std::string text = name + "(";
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (i)
      text += ", ";
    text += parameters[i].name + ": " + spelling(parameters[i].type);
  }
  text += ")";
  if (results.size() == 1)
    return text + " -> " + spelling(results[0]);
  if (results.empty())
    return text;
  text += " -> (";
  for (size_t i = 0; i < results.size(); ++i) {
    if (i)
      text += ", ";
    text += spelling(results[i]);
  }
  return text + ")";
}

std::string mind::runtime::shapeString(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i)
      text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}
