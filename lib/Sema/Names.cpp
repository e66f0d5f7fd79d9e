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
  uint32_t &innermost = memory.names[name.id].binding;
  memory.bindings.push_back({name, declaration, value, kind, innermost});
  innermost = memory.bindings.size();
}

const Item *Checker::moduleNamed(ExprId expr) {
  if (tree.kind(expr) != NodeKind::Name)
    return nullptr;
  const NameMeanings &meanings = memory.names[tree.name(expr).id];
  return meanings.binding || meanings.isSize || !meanings.item
             ? nullptr
             : findImport(tree.name(expr));
}

llvm::ArrayRef<const OpInfo *> Checker::operationsNamed(Symbol name) {
  NameMeanings &meanings = memory.names[name.id];
  if (!std::exchange(meanings.knowsOperations, true))
    meanings.operations = mind::operationsNamed(tree.text(name));
  return meanings.operations;
}

Item *Checker::findMember(ItemKind kind, const QualifiedName &name) {
  std::string moduleText = tree.text(name.module).str();
  const Item *import = findImport(name.module);
  if (!import) {
    llvm::SmallVector<llvm::StringRef> candidates;
    appendNames(ItemKind::Import, module, candidates);
    std::string help = suggestion(moduleText, candidates);
    diags.report(DiagKind::UndefinedName, name.moduleRange, {moduleText})
        .help(help.empty()
                  ? "import the module first: `import " + moduleText + ";`"
                  : help);
    return nullptr;
  }
  if (!import->imported)
    return nullptr; // reported
  uint32_t other = *import->imported;
  if (Item *item = findItem(kind, name.name, other))
    return item;

  static constexpr llvm::StringLiteral words[] = {"function", "constant",
                                                  "type"};
  std::string text = tree.text(name.name).str();
  Diagnostic &diag =
      diags.report(DiagKind::UndefinedInModule, name.nameRange,
                   {moduleText, words[size_t(kind)].str(), text});
  if (findItem(ItemKind::Function, name.name, other)) {
    diag.help("it is a function; call it: `" + moduleText + "." + text +
              "(...)`");
  } else if (findItem(ItemKind::Constant, name.name, other)) {
    diag.help("it is a constant");
  } else if (findItem(ItemKind::Alias, name.name, other)) {
    diag.help("it is a type");
  } else if (findItem(ItemKind::Import, name.name, other)) {
    diag.help("it is a module that `" + moduleText +
              "` imports; import it here too");
  } else {
    llvm::SmallVector<llvm::StringRef> candidates;
    appendNames(kind, other, candidates);
    diag.help(suggestion(text, candidates));
  }
  return nullptr;
}

void Checker::leaveScope(size_t count) {
  while (memory.bindings.size() > count) {
    const Binding &left = memory.bindings.back();
    NameMeanings &meanings = memory.names[left.name.id];
    memory.ended.push_back({left.name, left.declaration});
    meanings.ended = memory.ended.size();
    meanings.binding = left.hidden;
    memory.bindings.pop_back();
  }
}

void Checker::forgetBindings() {
  for (const Binding &binding : memory.bindings)
    memory.names[binding.name.id].binding = 0;
  for (const auto &[name, declaration] : memory.ended)
    memory.names[name.id].ended = 0;
  for (Symbol name : memory.sizeNames)
    memory.names[name.id].isSize = false;
  memory.bindings.clear();
  memory.ended.clear();
  memory.sizeNames.clear();
}

Checker::Operand Checker::checkName(ExprId expr) {
  Symbol name = tree.name(expr);
  uint32_t location = tree.range(expr).begin;
  if (Binding *binding = findBinding(name)) {
    TypeRef type = program.value(binding->value).type;
    return emitted(
        emit(ValueKind::Name, type, expr, location, binding->value.index));
  }
  if (memory.names[name.id].isSize)
    return emitted(emitExtent(Dim::named(tree.text(name)), expr));
  if (Item *item = findItem(ItemKind::Constant, name))
    return emitConstant(*item, expr);

  Diagnostic &diag = diags.report(DiagKind::UndefinedName, tree.range(expr),
                                  {tree.text(name).str()});
  if (uint32_t earlier = memory.names[name.id].ended)
    diag.note(memory.ended[earlier - 1].second,
              "defined here, in a block that has ended")
        .help("define it before the block; an assignment in it changes the "
              "name outside");
  else if (findItem(ItemKind::Function, name) || !operationsNamed(name).empty())
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

void Checker::appendNames(ItemKind kind, uint32_t module,
                          llvm::SmallVectorImpl<llvm::StringRef> &names) const {
  for (const Item &item : memory.items)
    if (item.kind == kind && item.module == module)
      names.push_back(tree.text(item.name));
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
  for (const Binding &binding : memory.bindings)
    candidates.push_back(tree.text(binding.name));
  for (Symbol size : memory.sizeNames)
    candidates.push_back(tree.text(size));
  appendNames(ItemKind::Constant, module, candidates);
  appendNames(ItemKind::Import, module, candidates);
  return suggestion(name, candidates);
}

std::string Checker::nameInImports(Symbol name) {
  std::string first;
  for (const Item &import : memory.items) {
    if (import.kind != ItemKind::Import || import.module != module ||
        !import.imported ||
        !findItem(ItemKind::Function, name, *import.imported))
      continue;
    std::string found =
        tree.text(import.name).str() + "." + tree.text(name).str();
    if (first.empty() || found < first)
      first = std::move(found);
  }
  return first;
}

std::string Checker::suggestFunction(llvm::StringRef name) const {
  if (llvm::StringRef help = functionCounterpart(name); !help.empty())
    return help.str();
  llvm::SmallVector<llvm::StringRef> candidates;
  appendNames(ItemKind::Function, module, candidates);
  for (const OpInfo &op : operations())
    candidates.append(op.names.begin(), op.names.end());
  return suggestion(name, candidates);
}

} // namespace mind
