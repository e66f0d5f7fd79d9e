//===- Instances.cpp - functions for certain sizes ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function is checked once, for all sizes. Whatever holds for all holds for
// each, but for the number of elements, which may overflow for some, extents
// that may be less than 1, and what operations want of extents.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

/// `dims` with the sizes called `names` replaced by `sizes`; none if a
/// coefficient overflows.
static std::optional<Dims> substitute(llvm::ArrayRef<Dim> dims,
                                      llvm::ArrayRef<std::string> names,
                                      llvm::ArrayRef<Dim> sizes) {
  Dims result;
  for (const Dim &dim : dims) {
    std::optional<Dim> value = dim.substitute([&](llvm::StringRef name) {
      const auto *it = llvm::find(names, name);
      return it == names.end() ? std::optional<Dim>()
                               : sizes[it - names.begin()];
    });
    if (!value)
      return std::nullopt;
    result.push_back(std::move(*value));
  }
  return result;
}

TypeRef Checker::instantiate(TypeRef type, llvm::ArrayRef<std::string> names,
                             llvm::ArrayRef<Dim> sizes, SourceRange range) {
  if (names.empty())
    return type;
  if (types.kind(type) == TypeKind::Tuple) {
    llvm::SmallVector<TypeRef> elements;
    for (TypeRef element : types.elements(type))
      elements.push_back(instantiate(element, names, sizes, range));
    return tupleType(elements, range);
  }
  if (!types.isTensor(type))
    return type;
  const TensorType &tensor = types.tensorType(type);
  std::optional<Dims> dims = substitute(tensor.dims, names, sizes);
  if (!dims) {
    diags.report(DiagKind::ElementCountOverflow, range,
                 {shapeString(tensor.dims)});
    return TypeTable::error();
  }
  return checkShape(*dims, range) ? types.tensor({tensor.dtype, *dims})
                                  : TypeTable::error();
}

void Checker::noteRequirements(ValueId value, const mind::Call &call) {
  for (const Requirement &requirement : call.requirements)
    program.requirements.push_back({value.index,
                                    call.operands[requirement.operand].dims,
                                    requirement.dim, requirement.least});
}

bool Checker::checkDims(const CheckedValue &value, llvm::ArrayRef<Dim> dims,
                        llvm::ArrayRef<std::string> names,
                        llvm::ArrayRef<Dim> sizes, SourceRange range) {
  auto report = [&](DiagKind kind, llvm::ArrayRef<std::string> args) {
    diags.report(kind, range, args)
        .note(tree.range(value.syntax), "computed here");
    return false;
  };
  std::optional<Dims> known = substitute(dims, names, sizes);
  if (!known)
    return report(DiagKind::ElementCountOverflow, {shapeString(dims)});
  for (auto [position, dim] : llvm::enumerate(*known))
    if (dim.isConstant() && dim.constant() < 1)
      return report(DiagKind::NonPositiveDimension,
                    {std::to_string(position), shapeString(*known), dim.str()});
  return hasElementCount(*known) ||
         report(DiagKind::ElementCountOverflow, {shapeString(*known)});
}

bool Checker::checkRequirement(const CheckedRequirement &requirement,
                               llvm::ArrayRef<std::string> names,
                               llvm::ArrayRef<Dim> sizes, SourceRange range) {
  std::optional<Dims> known = substitute(requirement.shape, names, sizes);
  if (!known)
    return true; // The type of the operand overflows, which is reported.
  const Dim &extent = (*known)[requirement.dim];
  if (!extent.isConstant() || extent.constant() >= requirement.least)
    return true;
  const CheckedValue &value = program.values[requirement.value];
  diags
      .report(DiagKind::DimensionTooShort, range,
              {quotedName(*program.operations[value.a].op), shapeString(*known),
               std::to_string(requirement.dim), extent.str(),
               std::to_string(requirement.least)})
      .note(tree.range(value.syntax), "computed here");
  return false;
}

bool Checker::checkInstance(uint32_t function, const Dims &sizes,
                            SourceRange range) {
  // A list of our own: chains of calls may be longer than the stack is deep.
  llvm::SmallVector<std::pair<uint32_t, Dims>> open{{function, sizes}};
  while (!open.empty()) {
    auto [index, values] = open.pop_back_val();
    const CheckedFunction &callee = program.functions[index];
    if (callee.sizes.empty() ||
        !checkedInstances.insert(std::to_string(index) + shapeString(values))
             .second)
      continue;
    auto requirement = llvm::lower_bound(
        program.requirements, callee.firstValue,
        [](const CheckedRequirement &requirement, uint32_t first) {
          return requirement.value < first;
        });
    llvm::SmallDenseSet<uint32_t, 16> checked;
    for (uint32_t i = callee.firstValue; i != callee.endValue; ++i) {
      const CheckedValue &value = program.values[i];
      for (;
           requirement != program.requirements.end() && requirement->value == i;
           ++requirement)
        if (!checkRequirement(*requirement, callee.sizes, values, range))
          return false;
      if (types.isTensor(value.type) &&
          !types.tensorType(value.type).isStatic() &&
          checked.insert(value.type.index).second &&
          !checkDims(value, types.tensorType(value.type).dims, callee.sizes,
                     values, range))
        return false;
      if (value.kind != ValueKind::Call)
        continue;
      const CheckedCall &call = program.calls[value.a];
      std::optional<Dims> inner = substitute(call.sizes, callee.sizes, values);
      if (!inner) {
        diags.report(DiagKind::ElementCountOverflow, range,
                     {shapeString(call.sizes)});
        return false;
      }
      open.push_back({call.function, std::move(*inner)});
    }
  }
  return true;
}

void Checker::bindSizes(TypeRef declared, TypeRef actual,
                        llvm::ArrayRef<std::string> names,
                        llvm::MutableArrayRef<std::optional<Dim>> bound) {
  if (types.kind(declared) != types.kind(actual))
    return;
  for (auto [element, found] :
       llvm::zip(types.elements(declared), types.elements(actual)))
    bindSizes(element, found, names, bound);
  if (!types.isTensor(declared))
    return;
  for (auto [dim, found] : llvm::zip(types.tensorType(declared).dims,
                                     types.tensorType(actual).dims)) {
    if (dim.isConstant())
      continue;
    std::optional<Dim> &value =
        bound[llvm::find(names, *dim.name()) - names.begin()];
    if (!value)
      value = found;
  }
}

} // namespace mind
