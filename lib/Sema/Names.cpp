//===- Names.cpp - names of values ----------------------------------*- C++
//-*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

void Checker::bind(Symbol name, SourceRange declaration, ValueId value,
                   BindingKind kind) {
  uint32_t &innermost = scope[name];
  hidden.push_back(innermost);
  bindings.push_back({name, declaration, value, kind});
  innermost = bindings.size();
}

Checker::Binding *Checker::findBinding(Symbol name) {
  auto it = scope.find(name);
  return it == scope.end() || it->second == 0 ? nullptr
                                              : &bindings[it->second - 1];
}

void Checker::leaveScope(size_t count) {
  while (bindings.size() > count) {
    scope[bindings.back().name] = hidden.back();
    bindings.pop_back();
    hidden.pop_back();
  }
}

Checker::Operand Checker::checkName(ExprId expr) {
  Symbol name = tree.name(expr);
  uint32_t location = tree.range(expr).begin;
  if (Binding *binding = findBinding(name)) {
    TypeRef type = program.value(binding->value).type;
    return emitted(
        emit(ValueKind::Name, type, expr, location, binding->value.index));
  }
  if (auto size = sizeOf.find(name); size != sizeOf.end()) {
    if (!inArgument) {
      notSupported(tree.range(expr),
                   "the dimension " + quoted(name) + " as a value");
      return errorOperand(expr);
    }
    return emitted(emit(ValueKind::Size, TypeTable::scalar(DType::I64), expr,
                        location, size->second));
  }
  if (Item *item = findItem(ItemKind::Constant, name)) {
    if (types.isError(item->type))
      return errorOperand(expr);
    return emitted(emit(ValueKind::Constant, item->type, expr, location,
                        item->firstElement, item->numElements));
  }

  Diagnostic &diag = diags.report(DiagKind::UndefinedName, tree.range(expr),
                                  {tree.text(name).str()});
  if (findItem(ItemKind::Function, name) ||
      !operationsNamed(tree.text(name)).empty())
    diag.help(quoted(name) + " is a function; call it: `" +
              tree.text(name).str() + "(...)`");
  else
    diag.help(suggestValue(tree.text(name)));
  return errorOperand(expr);
}

std::string
Checker::suggestion(llvm::StringRef name,
                    llvm::ArrayRef<llvm::StringRef> candidates) const {
  // A diagnostic beyond the engine's limit is not shown, and the distance of
  // very long names is dear.
  constexpr size_t longest = 64;
  if (diags.numDropped() != 0 || name.size() > longest)
    return {};
  unsigned nearest = name.size() / 3 + 1;
  llvm::StringRef found;
  for (llvm::StringRef candidate : candidates) {
    if (candidate.size() > longest)
      continue;
    unsigned distance = name.edit_distance(candidate, true, nearest);
    bool isBetter =
        found.empty()
            ? distance <= nearest
            : distance < nearest || (distance == nearest && candidate < found);
    if (!isBetter || distance >= candidate.size() || distance == 0)
      continue;
    nearest = distance;
    found = candidate;
  }
  return found.empty() ? std::string() : "did you mean `" + found.str() + "`?";
}

std::string Checker::suggestValue(llvm::StringRef name) const {
  llvm::SmallVector<llvm::StringRef> candidates;
  for (const Binding &binding : bindings)
    candidates.push_back(tree.text(binding.name));
  for (auto [size, index] : sizeOf)
    candidates.push_back(tree.text(size));
  for (auto [constant, index] : constantItems)
    candidates.push_back(tree.text(constant));
  return suggestion(name, candidates);
}

std::string Checker::suggestFunction(llvm::StringRef name) const {
  llvm::SmallVector<llvm::StringRef> candidates;
  for (auto [function, index] : functionItems)
    candidates.push_back(tree.text(function));
  for (const OpInfo &op : operations())
    candidates.append(op.names.begin(), op.names.end());
  return suggestion(name, candidates);
}

} // namespace mind
