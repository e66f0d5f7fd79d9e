//===- Signature.cpp - what a compiled function takes and gives -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Signature.h"

using namespace mind;
using namespace mind::runtime;

std::optional<uint32_t> Dim::size() const {
  bool isSize = extent == 0 && terms.size() == 1 && terms[0].coefficient == 1 &&
                terms[0].sizes.size() == 1;
  return isSize ? std::optional(terms[0].sizes[0]) : std::nullopt;
}

std::optional<int64_t> Dim::evaluate(std::span<const int64_t> sizes) const {
  int64_t sum = extent;
  for (const Term &term : terms) {
    int64_t product = term.coefficient;
    for (uint32_t size : term.sizes)
      if (__builtin_mul_overflow(product, sizes[size], &product))
        return std::nullopt;
    if (__builtin_add_overflow(sum, product, &sum))
      return std::nullopt;
  }
  return sum;
}

std::string Signature::spelling(const Dim &dim) const {
  if (dim.isConstant())
    return std::to_string(dim.extent);
  std::string text;
  auto append = [&](int64_t coefficient, const std::string &product) {
    bool negative = coefficient < 0;
    if (!text.empty())
      text += negative ? " - " : " + ";
    else if (negative)
      text += "-";
    uint64_t magnitude = negative ? -uint64_t(coefficient) : coefficient;
    if (product.empty() || magnitude != 1)
      text += std::to_string(magnitude) + (product.empty() ? "" : "*");
    text += product;
  };
  for (const Dim::Term &term : dim.terms) {
    std::string product;
    for (uint32_t size : term.sizes)
      product += (product.empty() ? "" : "*") + sizes[size];
    append(term.coefficient, product);
  }
  if (dim.extent)
    append(dim.extent, "");
  return text;
}

std::string Signature::spelling(const TensorType &type) const {
  std::string dtype(dtypeName(type.dtype));
  if (type.dims.empty())
    return dtype;
  std::string text = "Tensor<" + dtype + ", [";
  for (size_t i = 0; i < type.dims.size(); ++i) {
    if (i)
      text += ", ";
    text += spelling(type.dims[i]);
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
