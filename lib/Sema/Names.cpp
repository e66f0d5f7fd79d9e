//===- Names.cpp - names of values ----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Counterparts.h"
#include "Mind/Basic/Suggestion.h"
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

const Checker::Import *Checker::findImport(Symbol name) const {
  const auto &imports = scopes[module].imports;
  auto it = imports.find(name);
  return it == imports.end() ? nullptr : &it->second;
}

const Checker::Import *Checker::moduleNamed(ExprId expr) {
  if (tree.kind(expr) != NodeKind::Name)
    return nullptr;
  Symbol name = tree.name(expr);
  return findBinding(name) || sizeOf.count(name) ? nullptr : findImport(name);
}

Checker::Item *Checker::findMember(ItemKind kind, const QualifiedName &name) {
  std::string moduleText = tree.text(name.module).str();
  const Import *import = findImport(name.module);
  if (!import) {
    llvm::SmallVector<llvm::StringRef> candidates;
    for (const auto &[imported, unused] : scopes[module].imports)
      candidates.push_back(tree.text(imported));
    std::string help = suggestion(moduleText, candidates);
    diags.report(DiagKind::UndefinedName, name.moduleRange, {moduleText})
        .help(help.empty()
                  ? "import the module first: `import " + moduleText + ";`"
                  : help);
    return nullptr;
  }
  if (!import->module)
    return nullptr; // reported
  if (Item *item = findItem(kind, name.name, *import->module))
    return item;

  static constexpr llvm::StringLiteral words[] = {"function", "constant",
                                                  "type"};
  std::string text = tree.text(name.name).str();
  Diagnostic &diag =
      diags.report(DiagKind::UndefinedInModule, name.nameRange,
                   {moduleText, words[size_t(kind)].str(), text});
  ModuleScope &scope = scopes[*import->module];
  if (scope.functions.contains(name.name)) {
    diag.help("it is a function; call it: `" + moduleText + "." + text +
              "(...)`");
  } else if (scope.constants.contains(name.name)) {
    diag.help("it is a constant");
  } else if (scope.aliases.contains(name.name)) {
    diag.help("it is a type");
  } else if (scope.imports.contains(name.name)) {
    diag.help("it is a module that `" + moduleText +
              "` imports; import it here too");
  } else {
    llvm::SmallVector<llvm::StringRef> candidates;
    for (auto [candidate, index] : itemMap(scope, kind))
      candidates.push_back(tree.text(candidate));
    diag.help(suggestion(text, candidates));
  }
  return nullptr;
}

void Checker::leaveScope(size_t count) {
  while (bindings.size() > count) {
    scope[bindings.back().name] = hidden.back();
    ended[bindings.back().name] = bindings.back().declaration;
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
  if (sizeOf.count(name))
    return emitted(emitExtent(Dim::named(tree.text(name)), expr));
  if (Item *item = findItem(ItemKind::Constant, name))
    return emitConstant(*item, expr);

  Diagnostic &diag = diags.report(DiagKind::UndefinedName, tree.range(expr),
                                  {tree.text(name).str()});
  if (auto earlier = ended.find(name); earlier != ended.end())
    diag.note(earlier->second, "defined here, in a block that has ended")
        .help("define it before the block; an assignment in it changes the "
              "name outside");
  else if (findItem(ItemKind::Function, name) ||
           !operationsNamed(tree.text(name)).empty())
    diag.help(quoted(name) + " is a function; call it: `" +
              tree.text(name).str() + "(...)`");
  else if (findImport(name))
    diag.help(quoted(name) + " is a module; use what is in it: `" +
              tree.text(name).str() + ".name`");
  else
    diag.help(suggestValue(tree.text(name)));
  return errorOperand(expr);
}

Checker::Operand Checker::emitConstant(const Item &item, ExprId expr) {
  if (types.isError(item.type))
    return errorOperand(expr);
  return emitted(emit(ValueKind::Constant, item.type, expr,
                      tree.range(expr).begin, item.firstElement,
                      item.numElements));
}

std::string
Checker::suggestion(llvm::StringRef name,
                    llvm::ArrayRef<llvm::StringRef> candidates) const {
  // A diagnostic beyond the engine's limit is not shown.
  return diags.numDropped() == 0 ? didYouMean(name, candidates) : std::string();
}

std::string Checker::suggestValue(llvm::StringRef name) const {
  if (llvm::StringRef help = valueCounterpart(name); !help.empty())
    return help.str();
  llvm::SmallVector<llvm::StringRef> candidates;
  for (const Binding &binding : bindings)
    candidates.push_back(tree.text(binding.name));
  for (auto [size, index] : sizeOf)
    candidates.push_back(tree.text(size));
  for (auto [constant, index] : scopes[module].constants)
    candidates.push_back(tree.text(constant));
  for (const auto &[imported, unused] : scopes[module].imports)
    candidates.push_back(tree.text(imported));
  return suggestion(name, candidates);
}

std::string Checker::nameInImports(Symbol name) {
  std::string first;
  for (const auto &[qualifier, import] : scopes[module].imports) {
    if (!import.module || !findItem(ItemKind::Function, name, *import.module))
      continue;
    std::string found =
        tree.text(qualifier).str() + "." + tree.text(name).str();
    if (first.empty() || found < first)
      first = std::move(found);
  }
  return first;
}

std::string Checker::suggestFunction(llvm::StringRef name) const {
  if (llvm::StringRef help = functionCounterpart(name); !help.empty())
    return help.str();
  llvm::SmallVector<llvm::StringRef> candidates;
  for (auto [function, index] : scopes[module].functions)
    candidates.push_back(tree.text(function));
  for (const OpInfo &op : operations())
    candidates.append(op.names.begin(), op.names.end());
  return suggestion(name, candidates);
}

} // namespace mind
