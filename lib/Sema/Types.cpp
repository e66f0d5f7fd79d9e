//===- Types.cpp - written types, and values against them -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Counterparts.h"
#include "Mind/Sema/Sema.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"

namespace mind {

/// The name of an extent that an annotation leaves open.
static constexpr llvm::StringLiteral wildcard = "?";

static bool isWildcard(const Dim &dim) {
  return !dim.isConstant() && dim.name() == wildcard;
}

//===----------------------------------------------------------------------===//
// Written types
//===----------------------------------------------------------------------===//

TypeRef Checker::resolveType(TypeId type, DimNames names) {
  switch (tree.kind(type)) {
  case NodeKind::ScalarType:
    return TypeTable::scalar(tree.scalarType(type));
  case NodeKind::UnitType:
    return TypeTable::unit();
  case NodeKind::TensorType:
    return resolveTensorType(type, names);
  case NodeKind::TupleType: {
    llvm::SmallVector<TypeRef> elements;
    for (TypeId element : tree.tupleType(type)) {
      elements.push_back(resolveType(element, names));
      if (types.isError(elements.back()))
        return TypeTable::error();
    }
    return tupleType(elements, tree.range(type));
  }
  case NodeKind::NamedType:
    return resolveNamedType(type, names);
  case NodeKind::DiffType:
    return resolveType(tree.diffType(type), names);
  default:
    return TypeTable::error();
  }
}

TypeRef Checker::resolveNamedType(TypeId type, DimNames names) {
  QualifiedName name = tree.qualifiedName(type);
  bool isQualified = name.module.isValid();
  Item *item = isQualified ? findMember(ItemKind::Alias, name)
                           : findItem(ItemKind::Alias, name.name);
  if (!item && !isQualified) {
    llvm::SmallVector<llvm::StringRef> candidates;
    appendNames(ItemKind::Alias, module, candidates);
    for (size_t i = 0; i != numDTypes; ++i)
      candidates.push_back(llvm::StringRef(dtypeName(DType(i)).data(),
                                           dtypeName(DType(i)).size()));
    llvm::StringRef meant = typeCounterpart(tree.text(name.name));
    diags
        .report(DiagKind::UndefinedType, tree.range(type),
                {tree.text(name.name).str()})
        .help(meant.empty() ? suggestion(tree.text(name.name), candidates)
                            : "did you mean `" + meant.str() + "`?");
  }
  return item ? resolveAlias(*item, names) : TypeTable::error();
}

TypeRef Checker::resolveAlias(Item &alias, DimNames names) {
  if (alias.isCyclic)
    return TypeTable::error();
  if (alias.isChecked)
    return alias.type;
  // What an alias says of named sizes depends on where it stands; what it says
  // without them, or wrongly, is the same everywhere and is kept.
  llvm::SaveAndRestore home(module, alias.aliasedModule);
  TypeRef resolved = resolveType(alias.aliased, names);
  module = alias.module;
  if (types.isError(resolved) || !dependsOnSizes(alias)) {
    alias.isChecked = true;
    alias.type = resolved;
  }
  return resolved;
}

bool Checker::dependsOnSizes(const Item &alias) {
  for (uint32_t index = alias.firstNode; index != alias.syntax.index; ++index) {
    NodeId node(index);
    if (tree.kind(node) == NodeKind::UnknownDim)
      return true;
    if (tree.kind(node) == NodeKind::NamedDim &&
        !findItem(ItemKind::Constant, tree.qualifiedName(node)))
      return true;
    if (tree.kind(node) == NodeKind::NamedType) {
      Item *other = findItem(ItemKind::Alias, tree.qualifiedName(node));
      if (!other || !other->isChecked)
        return true;
    }
  }
  return false;
}

std::optional<Dim> Checker::resolveDim(DimId dim, DimNames names) {
  switch (tree.kind(dim)) {
  case NodeKind::ConstantDim:
    return Dim(tree.constantDim(dim));
  case NodeKind::UnknownDim: {
    if (names == DimNames::Use)
      return Dim::named(wildcard);
    std::string name = wildcard.str() + std::to_string(numUnknowns++);
    sizes.push_back(name);
    return Dim::named(name);
  }
  case NodeKind::NamedDim:
    break;
  default:
    return std::nullopt;
  }

  QualifiedName whole = tree.qualifiedName(dim);
  bool isQualified = whole.module.isValid();
  Symbol name = whole.name;
  Item *item = isQualified ? findMember(ItemKind::Constant, whole)
                           : findItem(ItemKind::Constant, name);
  if (!item && isQualified)
    return std::nullopt;
  if (item) {
    if (types.isError(item->type))
      return std::nullopt;
    const TensorType &type = types.tensorType(item->type);
    if (!types.isTensor(item->type) || type.rank() != 0 || !isInt(type.dtype)) {
      diags
          .report(DiagKind::TypeMismatch, tree.range(dim),
                  {"an integer as a dimension", types.str(item->type)})
          .note(item->nameRange, "defined here");
      return std::nullopt;
    }
    return Dim(int64_t(program.elements[item->firstElement]));
  }
  auto dimOf = [&](Symbol symbol) {
    Dim &dim = namedDims[symbol];
    if (dim.isConstant())
      dim = Dim::named(tree.text(symbol));
    return dim;
  };
  bool &isSize = memory.names[name.id].isSize;
  if (isSize)
    return dimOf(name);
  if (names == DimNames::Bind) {
    isSize = true;
    memory.sizeNames.push_back(name);
    sizes.push_back(tree.text(name).str());
    return dimOf(name);
  }
  Diagnostic &diag = diags.report(DiagKind::UndefinedDimension, tree.range(dim),
                                  {tree.text(name).str()});
  if (Binding *binding = findBinding(name))
    diag.note(binding->declaration,
              "this is a value; a dimension may be a `const`");
  return std::nullopt;
}

TypeRef Checker::resolveTensorType(TypeId type, DimNames names) {
  TensorTypeView view = tree.tensorType(type);
  // Most types were there before, and so are right.
  int64_t extents[maxRank];
  uint32_t rank = 0;
  for (DimId dim : view.dims) {
    if (rank == maxRank || tree.kind(dim) != NodeKind::ConstantDim ||
        tree.constantDim(dim) < 1)
      break;
    extents[rank++] = tree.constantDim(dim);
  }
  if (rank == view.dims.size())
    if (std::optional<TypeRef> known =
            types.find(view.dtype, llvm::ArrayRef(extents, rank)))
      return *known;

  TensorType tensor{view.dtype, {}};
  if (!checkRank(view.dims.size(), tree.range(type)))
    return TypeTable::error();
  bool isWrong = false;
  for (DimId dim : view.dims) {
    std::optional<Dim> extent = resolveDim(dim, names);
    isWrong |= !extent;
    tensor.dims.push_back(extent.value_or(Dim(1)));
  }
  if (isWrong)
    return TypeTable::error();
  for (auto [position, extent] : llvm::enumerate(tensor.dims)) {
    if (!extent.isConstant() || extent.constant() >= 1)
      continue;
    diags.report(
        DiagKind::NonPositiveDimension, tree.range(view.dims[position]),
        {std::to_string(position), shapeString(tensor.dims), extent.str()});
    return TypeTable::error();
  }
  if (!checkElementCount(tensor.dims, tree.range(type)))
    return TypeTable::error();
  return types.tensor(tensor);
}

bool Checker::checkRank(size_t rank, SourceRange range) {
  if (rank <= maxRank)
    return true;
  diags.report(DiagKind::LimitExceeded, range,
               {"a tensor of rank " + std::to_string(rank),
                std::to_string(maxRank) + " dimensions"});
  return false;
}

bool Checker::checkShape(llvm::ArrayRef<Dim> dims, SourceRange range) {
  return checkRank(dims.size(), range) && checkElementCount(dims, range);
}

bool Checker::checkElementCount(llvm::ArrayRef<Dim> dims, SourceRange range) {
  if (hasElementCount(dims))
    return true;
  diags.report(DiagKind::ElementCountOverflow, range, {shapeString(dims)});
  return false;
}

TypeRef Checker::tupleType(llvm::ArrayRef<TypeRef> elements,
                           SourceRange range) {
  if (std::optional<TypeRef> type = types.tuple(elements))
    return *type;
  diags.report(DiagKind::LimitExceeded, range,
               {"this tuple", std::to_string(TypeTable::maxParts) + " values"});
  return TypeTable::error();
}

//===----------------------------------------------------------------------===//
// Values against types
//===----------------------------------------------------------------------===//

bool Checker::hasWildcard(TypeRef type) const {
  if (types.isTensor(type))
    return llvm::any_of(types.tensorType(type).dims, isWildcard);
  return llvm::any_of(types.elements(type),
                      [&](TypeRef element) { return hasWildcard(element); });
}

/// The first dimension at which `actual` is not what `declared` says.
static std::optional<unsigned> firstMismatch(const TensorType &declared,
                                             const TensorType &actual) {
  for (auto [position, extents] :
       llvm::enumerate(llvm::zip_equal(declared.dims, actual.dims))) {
    auto [wanted, found] = extents;
    if (wanted != found && !isWildcard(wanted))
      return position;
  }
  return std::nullopt;
}

bool Checker::matches(TypeRef declared, TypeRef actual) const {
  if (declared == actual)
    return true;
  if (types.kind(declared) != types.kind(actual))
    return false;
  if (types.isTensor(declared)) {
    const TensorType &wanted = types.tensorType(declared);
    const TensorType &found = types.tensorType(actual);
    return wanted.dtype == found.dtype && wanted.rank() == found.rank() &&
           !firstMismatch(wanted, found);
  }
  llvm::ArrayRef<TypeRef> wanted = types.elements(declared);
  llvm::ArrayRef<TypeRef> found = types.elements(actual);
  return wanted.size() == found.size() && !wanted.empty() &&
         llvm::all_of(llvm::zip_equal(wanted, found), [&](auto pair) {
           return matches(std::get<0>(pair), std::get<1>(pair));
         });
}

void Checker::reportMismatch(const Expectation &wanted, TypeRef actual,
                             SourceRange range, ExprId expr) {
  std::string what = "`" + wanted.name.str() + "`";
  if (wanted.mismatch == DiagKind::ArgumentTypeMismatch)
    what = "parameter " + what + " of `" + wanted.owner.str() + "`";
  else if (wanted.mismatch == DiagKind::ResultTypeMismatch)
    what = "the result of " + what;
  else if (wanted.mismatch == DiagKind::BranchTypeMismatch)
    what = "this branch of " + what;

  auto note = [&](Diagnostic &diag) {
    if (wanted.declaration.isValid())
      diag.note(wanted.declaration, wanted.because.str());
  };
  if (types.isTensor(wanted.type) && types.isTensor(actual) &&
      types.tensorType(wanted.type).dtype == types.tensorType(actual).dtype) {
    const TensorType &declared = types.tensorType(wanted.type);
    const TensorType &found = types.tensorType(actual);
    std::string declaredShape = shapeString(declared.dims);
    std::string foundShape = shapeString(found.dims);
    if (expr.isValid() && tree.kind(expr) == NodeKind::List)
      return note(diags.report(DiagKind::LiteralShapeMismatch, range,
                               {foundShape, declaredShape}));
    if (declared.rank() != found.rank())
      return note(diags.report(
          DiagKind::RankMismatch, range,
          {what, declaredShape, foundShape, std::to_string(found.rank())}));
    unsigned position = *firstMismatch(declared, found);
    return note(diags.report(
        DiagKind::ExtentMismatch, range,
        {declaredShape, foundShape, std::to_string(position),
         declared.dims[position].str(), found.dims[position].str()}));
  }
  llvm::SmallVector<std::string, 4> args{wanted.name.str()};
  if (!wanted.owner.empty())
    args.push_back(wanted.owner.str());
  args.push_back(types.str(wanted.type));
  args.push_back(types.str(actual));
  Diagnostic &diag = diags.report(wanted.mismatch, range, args);
  note(diag);
  if (types.isTensor(wanted.type) && types.isTensor(actual)) {
    std::string dtype(dtypeName(types.tensorType(wanted.type).dtype));
    diag.help("convert it: `cast(x, " + dtype + ")` or `x as " + dtype + "`");
  }
}

ValueId Checker::coerce(Operand operand, const Expectation &wanted,
                        SourceRange range, ExprId expr) {
  auto error = [&] {
    return emit(ValueKind::Error, TypeTable::error(), expr, range.begin);
  };
  bool isTensor = types.isTensor(wanted.type);
  if (operand.isPending()) {
    std::optional<DType> dtype;
    if (isTensor && !isBool(types.tensorType(wanted.type).dtype))
      dtype = types.tensorType(wanted.type).dtype;
    if (dtype &&
        !checkAdoption(operand, *dtype, wanted.declaration, wanted.because))
      return error();
    operand = dtype ? decide(operand, *dtype) : decide(operand);
  }
  if (types.isError(operand.type) || types.isError(wanted.type))
    return types.isError(operand.type) ? operand.value : error();
  if (matches(wanted.type, operand.type))
    return operand.value;

  if (!wanted.fill || !isTensor || !types.isTensor(operand.type) ||
      types.tensorType(operand.type).rank() != 0 ||
      types.tensorType(operand.type).dtype !=
          types.tensorType(wanted.type).dtype) {
    reportMismatch(wanted, operand.type, range, expr);
    return error();
  }
  // A scalar fills the tensor.
  const TensorType &target = types.tensorType(wanted.type);
  for (auto [position, dim] : llvm::enumerate(target.dims))
    if (isWildcard(dim)) {
      diags.report(DiagKind::CannotInfer, wanted.declaration,
                   {"dimension " + std::to_string(position) + " of `" +
                    wanted.name.str() + "` from a scalar"});
      return error();
    }
  CheckedValue &value = program.values[operand.value.index];
  if (value.kind == ValueKind::Constant && target.isStatic()) {
    value.type = wanted.type;
    return operand.value;
  }
  return emitOperation(operationInfo(OpKind::BroadcastTo), operand.value,
                       Argument(target.dims), wanted.type, expr, range.begin);
}

} // namespace mind
