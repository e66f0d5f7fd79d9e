//===- Items.cpp - functions, constants and type aliases ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Items may refer to each other in any order. They are checked each after
// those that it refers to, so that omitted result types and the values of
// constants are known where they are used; what this order leaves over is a
// cycle, which is an error.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Mind/Sema/Sema.h"

namespace mind {

//===----------------------------------------------------------------------===//
// The way in
//===----------------------------------------------------------------------===//

TypeChecker::TypeChecker(const Interner &interner)
    : interner(interner), memory(std::make_unique<CheckerMemory>()) {}
TypeChecker::~TypeChecker() = default;

CheckedProgram check(const Tree &tree, DiagnosticEngine &diags) {
  CheckedProgram program;
  TypeChecker(tree.interner()).check(tree, diags, program);
  return program;
}

void TypeChecker::check(const Tree &tree, DiagnosticEngine &diags,
                        CheckedProgram &program) {
  assert(&tree.interner() == &interner && "symbols of another interner");
  program.clear();
  program.tree = &tree;
  memory->names.resize(interner.size());
  Checker(tree, diags, program, *memory).run();
}

void Checker::run() {
  unsigned errorsBefore = diags.numErrors();
  program.values.reserve(tree.size());
  uint32_t firstNode = 0;
  uint32_t numModules = tree.modules().size();
  for (module = 0; module != numModules; ++module) {
    collectItems(firstNode);
    firstNode = tree.modules()[module].root.index + 1;
  }
  for (uint32_t index : orderItems()) {
    Item &item = memory.items[index];
    module = item.module;
    switch (item.kind) {
    case ItemKind::Constant:
      checkConstant(item);
      break;
    case ItemKind::Function:
      checkFunction(item);
      break;
    case ItemKind::Alias:
      checkAlias(item);
      break;
    case ItemKind::Import:
      break;
    }
  }
  module = 0;
  if (!tree.isModule())
    checkScript();
  forgetBindings();
  forgetItems();
  program.ok = diags.numErrors() == errorsBefore;
}

//===----------------------------------------------------------------------===//
// Collecting and ordering
//===----------------------------------------------------------------------===//

Item *Checker::findItem(ItemKind kind, Symbol name, uint32_t module) {
  for (uint32_t index = memory.names[name.id].item; index != 0;) {
    Item &item = memory.items[index - 1];
    if (item.kind == kind && item.module == module)
      return &item;
    index = item.nextOfName;
  }
  return nullptr;
}

Item *Checker::findItem(ItemKind kind, const QualifiedName &name) {
  if (!name.module.isValid())
    return findItem(kind, name.name);
  const Item *import = findImport(name.module);
  return import && import->imported
             ? findItem(kind, name.name, *import->imported)
             : nullptr;
}

void Checker::enterItem(const Item &item) {
  uint32_t &last = memory.names[item.name.id].item;
  memory.items.push_back(item);
  memory.items.back().nextOfName = std::exchange(last, memory.items.size());
}

void Checker::forgetItems() {
  for (const Item &item : memory.items)
    memory.names[item.name.id].item = 0;
  memory.items.clear();
}

void Checker::addItem(ItemKind kind, StmtId statement, Symbol name,
                      SourceRange nameRange, uint32_t firstNode) {
  Item item{kind, statement, name, nameRange, module, firstNode};
  const Item *first = findItem(kind, name);
  const Item *import = kind == ItemKind::Constant ? findImport(name) : nullptr;
  if (first || import)
    diags.report(DiagKind::DuplicateName, nameRange, {tree.text(name).str()})
        .note(import ? import->nameRange : first->nameRange,
              "first defined here");
  if (kind == ItemKind::Function) {
    item.function = program.functions.size();
    CheckedFunction &function = program.functions.emplace_back();
    function.name = tree.text(name);
    function.syntax = statement;
    function.module = module;
    function.isPublic = tree.isModule() && module == 0;
  }
  // The first one has the name; the others are checked too.
  if (first)
    memory.items.push_back(item);
  else
    enterItem(item);
}

void Checker::addImport(StmtId statement, uint32_t firstNode) {
  ImportView view = tree.importItem(statement);
  // Modules are named as values are: both may stand before a dot.
  Symbol name = view.path.back();
  const Item *first = findImport(name);
  const Item *constant = findItem(ItemKind::Constant, name);
  if (first || constant)
    diags
        .report(DiagKind::DuplicateName, view.nameRange,
                {tree.text(name).str()})
        .note(first ? first->nameRange : constant->nameRange,
              "first defined here");
  if (first)
    return;
  Item item{ItemKind::Import, statement, name,
            view.nameRange,   module,    firstNode};
  item.imported = view.module;
  enterItem(item);
}

void Checker::collectItems(uint32_t firstNode) {
  for (StmtId statement : tree.block(tree.modules()[module].root).statements) {
    switch (tree.kind(statement)) {
    case NodeKind::Fn: {
      FnView view = tree.fn(statement);
      addItem(ItemKind::Function, statement, view.name, view.nameRange,
              firstNode);
      break;
    }
    case NodeKind::Const: {
      ConstView view = tree.constant(statement);
      addItem(ItemKind::Constant, statement, view.name, view.nameRange,
              firstNode);
      break;
    }
    case NodeKind::TypeAlias: {
      TypeAliasView view = tree.typeAlias(statement);
      addItem(ItemKind::Alias, statement, view.name, view.nameRange, firstNode);
      break;
    }
    case NodeKind::Import:
      addImport(statement, firstNode);
      break;
    default:
      break;
    }
    // Children come before their parents, so an item's nodes lie together.
    firstNode = statement.index + 1;
  }
}

/// Whether referredItem may be something for nodes of that kind.
static bool mayReferToItem(NodeKind kind) {
  switch (kind) {
  case NodeKind::Call:
  case NodeKind::Name:
  case NodeKind::NamedDim:
  case NodeKind::NamedType:
  case NodeKind::MethodCall:
  case NodeKind::Field:
    return true;
  default:
    return false;
  }
}

Item *Checker::referredItem(uint32_t node) {
  switch (tree.kind(NodeId(node))) {
  case NodeKind::Call: {
    ExprId callee = tree.call(ExprId(node)).callee;
    if (tree.kind(callee) == NodeKind::Name)
      return findItem(ItemKind::Function, tree.name(callee));
    return nullptr;
  }
  case NodeKind::Name:
    return findItem(ItemKind::Constant, tree.name(ExprId(node)));
  case NodeKind::NamedDim:
    return findItem(ItemKind::Constant, tree.qualifiedName(NodeId(node)));
  case NodeKind::NamedType:
    return findItem(ItemKind::Alias, tree.qualifiedName(NodeId(node)));
  case NodeKind::MethodCall: {
    MethodCallView view = tree.methodCall(ExprId(node));
    if (tree.kind(view.receiver) != NodeKind::Name)
      return nullptr;
    return findItem(ItemKind::Function,
                    {tree.name(view.receiver), {}, view.method, {}});
  }
  case NodeKind::Field: {
    FieldView view = tree.field(ExprId(node));
    if (tree.kind(view.base) != NodeKind::Name)
      return nullptr;
    return findItem(ItemKind::Constant,
                    {tree.name(view.base), {}, view.field, {}});
  }
  default:
    return nullptr;
  }
}

llvm::SmallVector<uint32_t> Checker::orderItems() {
  if (memory.items.empty())
    return {};
  enum State : uint8_t { New, Open, Done };
  llvm::SmallVector<State> states(memory.items.size(), New);
  llvm::SmallVector<uint32_t> order;
  // The path from a root of the search, each with the node to look at next.
  // A stack of our own: chains of memory.items may be longer than the
  // machine's.
  llvm::SmallVector<std::pair<uint32_t, uint32_t>> path;
  for (uint32_t root = 0; root != memory.items.size(); ++root) {
    if (states[root] != New)
      continue;
    states[root] = Open;
    path.push_back({root, memory.items[root].firstNode});
    while (!path.empty()) {
      auto &[current, node] = path.back();
      module = memory.items[current].module;
      const uint32_t end = memory.items[current].syntax.index;
      Item *item = nullptr;
      uint32_t next = node;
      for (; next < end && !item; ++next)
        if (mayReferToItem(tree.kind(NodeId(next))))
          item = referredItem(next);
      node = next;
      if (!item) {
        states[current] = Done;
        order.push_back(current);
        path.pop_back();
        continue;
      }
      uint32_t index = item - memory.items.data();
      if (states[index] == New) {
        states[index] = Open;
        path.push_back({index, item->firstNode});
      } else if (states[index] == Open) {
        llvm::SmallVector<uint32_t> cycle;
        for (auto [open, unused] : path)
          if (!cycle.empty() || open == index)
            cycle.push_back(open);
        SourceRange range = tree.range(NodeId(node - 1));
        if (tree.kind(NodeId(node - 1)) == NodeKind::Call)
          range = tree.range(tree.call(ExprId(node - 1)).callee);
        reportCycle(cycle, range);
      }
    }
  }
  return order;
}

void Checker::reportCycle(llvm::ArrayRef<uint32_t> cycle, SourceRange range) {
  constexpr size_t shown = 8;
  std::string chain;
  for (auto [position, index] : llvm::enumerate(cycle)) {
    memory.items[index].isCyclic = true;
    if (position < shown)
      chain += tree.text(memory.items[index].name).str() + " -> ";
    else if (position == shown)
      chain += "... -> ";
  }
  const Item &first = memory.items[cycle.front()];
  std::string name = tree.text(first.name).str();
  chain += name;
  DiagKind kind = first.kind == ItemKind::Function ? DiagKind::Recursion
                                                   : DiagKind::DefinitionCycle;
  Diagnostic &diag = diags.report(kind, range, {name, chain});
  if (kind == DiagKind::Recursion)
    diag.help("recursion is not supported yet; a loop or another function may "
              "do");
}

//===----------------------------------------------------------------------===//
// Constants and aliases
//===----------------------------------------------------------------------===//

void Checker::checkConstant(Item &item) {
  item.isChecked = true;
  item.type = TypeTable::error();
  ConstView view = tree.constant(item.syntax);
  beginFunction();
  size_t firstValue = program.values.size();
  Operand operand = check(view.value);
  TypeRef declared = view.type.isValid() ? resolveType(view.type, DimNames::Use)
                                         : TypeTable::error();
  ValueId value;
  if (view.type.isValid())
    value = coerce(operand,
                   {declared,
                    DiagKind::LetTypeMismatch,
                    tree.text(view.name),
                    {},
                    tree.range(view.type),
                    /*fill=*/true},
                   tree.range(view.value), view.value);
  else
    value = decide(operand).value;

  // A constant is data: its elements stay, the values that led to it go.
  const CheckedValue &found = program.value(value);
  bool isPure = !hasEffects(firstValue);
  if (item.isCyclic || types.isError(found.type)) {
    // Reported.
  } else if (isPure && found.kind == ValueKind::Constant) {
    item.type = found.type;
    item.firstElement = found.a;
    item.numElements = found.b;
  } else if (std::optional<Scalar> scalar = known(value);
             isPure && scalar && scalar->integer.isConstant()) {
    item.type = found.type;
    item.firstElement = program.elements.size();
    item.numElements = 1;
    program.elements.push_back(scalar->bits());
  } else {
    diags.report(DiagKind::NotConstant, tree.range(view.value),
                 {"the value of " + quoted(view.name)});
  }
  program.values.resize(firstValue);
}

void Checker::checkAlias(Item &item) {
  // Chains of names are followed once: the aliases that this one refers to
  // come before it.
  item.aliased = tree.typeAlias(item.syntax).type;
  item.aliasedModule = item.module;
  while (tree.kind(item.aliased) == NodeKind::DiffType)
    item.aliased = tree.diffType(item.aliased);
  if (tree.kind(item.aliased) == NodeKind::NamedType)
    if (Item *other =
            findItem(ItemKind::Alias, tree.qualifiedName(item.aliased));
        other && other->aliased.isValid()) {
      item.aliased = other->aliased;
      item.aliasedModule = other->aliasedModule;
    }
  // What it says of sizes is resolved anew where it is used; whether it is
  // right can be seen here, even if nobody uses it.
  beginFunction();
  resolveAlias(item, DimNames::Bind);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void Checker::beginFunction() {
  forgetBindings();
  sizes.clear();
  memory.folded.clear();
  memory.integer = {};
  cost = 0;
}

void Checker::endFunction(CheckedFunction &function, Operand body,
                          std::optional<TypeRef> declared,
                          SourceRange declaration) {
  NodeId end = function.syntax;
  ExprId block = tree.kind(end) == NodeKind::Fn
                     ? tree.fn(StmtId(end.index)).body
                     : tree.root();
  // Point at the expression that yields the result, else at the last brace.
  ExprId result = tree.block(block).result;
  NodeList<StmtId> statements = tree.block(block).statements;
  if (!result.isValid() && !statements.empty() &&
      tree.kind(statements.back()) == NodeKind::Return)
    result = tree.returnValue(statements.back());
  SourceRange range = tree.range(result.isValid() ? result : block);
  if (!result.isValid() && range.size() > 1)
    range.begin = range.end - 1;
  if (declared)
    function.returned = coerce(body,
                               {*declared,
                                DiagKind::ResultTypeMismatch,
                                function.name,
                                {},
                                declaration},
                               range, result);
  else
    function.returned = decide(body).value;
  function.result = program.value(function.returned).type;
  if (declared && types.isError(function.result))
    function.result = *declared;
  function.endValue = program.values.size();
  function.sizes = std::move(sizes);
  function.cost = cost + function.endValue - function.firstValue;
}

void Checker::checkFunction(Item &item) {
  FnView view = tree.fn(item.syntax);
  beginFunction();
  uint32_t firstValue = program.values.size();
  llvm::SmallVector<CheckedFunction::Param, 8> params;
  for (ParamId id : view.params) {
    ParamView param = tree.param(id);
    TypeRef type = resolveType(param.type, DimNames::Bind);
    ValueId value = emit(ValueKind::Parameter, type, id, param.nameRange.begin,
                         params.size());
    params.push_back({param.name, type});
    if (Binding *first = findBinding(param.name)) {
      diags
          .report(DiagKind::DuplicateName, param.nameRange,
                  {tree.text(param.name).str()})
          .note(first->declaration, "first defined here");
      continue;
    }
    bind(param.name, param.nameRange, value, BindingKind::Parameter);
  }
  std::optional<TypeRef> declared;
  if (view.result.isValid())
    declared = resolveType(view.result, DimNames::Use);

  // Calls of a recursive function see no signature, and stay silent.
  Operand body = checkBlock(view.body, {{}, declared}, /*isBody=*/true);
  CheckedFunction &function = program.functions[item.function];
  function.firstValue = firstValue;
  function.params = std::move(params);
  endFunction(function, body, declared,
              view.result.isValid() ? tree.range(view.result) : SourceRange());
  item.isChecked = !item.isCyclic;
}

void Checker::checkScript() {
  for (const Item &item : memory.items)
    if (item.kind == ItemKind::Function && item.module == 0 &&
        tree.text(item.name) == "main")
      diags.report(DiagKind::DuplicateName, item.nameRange, {"main"})
          .help("a script is itself the function `main`");
  beginFunction();
  CheckedFunction &function = program.functions.emplace_back();
  function.name = "main";
  function.syntax = tree.root();
  function.isPublic = true;
  function.firstValue = program.values.size();
  Operand body = checkBlock(tree.root(), {}, /*isBody=*/true);
  endFunction(program.functions.back(), body, std::nullopt, SourceRange());
}

} // namespace mind
