//===- Statements.cpp - blocks, let and assignment ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checker.h"

namespace mind {

Checker::Operand Checker::checkBlock(ExprId block, Context context,
                                     bool isBody) {
  // A body may be missing after an error of syntax.
  if (tree.kind(block) != NodeKind::Block)
    return errorOperand(block);
  BlockView view = tree.block(block);
  size_t outer = memory.bindings.size();
  Operand result;
  bool returns = false;
  for (uint32_t i = 0; i != view.statements.size(); ++i) {
    StmtId statement = view.statements[i];
    bool isLast = i + 1 == view.statements.size() && !view.result.isValid();
    if (tree.kind(statement) != NodeKind::Return) {
      checkStatement(statement);
      if (isItem(tree.kind(statement)) && block != tree.root())
        notSupported(tree.range(statement), "an item inside a function");
      continue;
    }
    if (!isBody || !isLast) {
      notSupported(tree.range(statement),
                   "`return` elsewhere than at the end of a function")
          .help("a block's value is its last expression without `;`");
      // What the block yields is not what was meant.
      returns = isLast;
      result = errorOperand(block);
      continue;
    }
    returns = true;
    ExprId value = tree.returnValue(statement);
    if (value.isValid())
      result = check(value, context);
    else
      returns = false;
  }
  if (view.result.isValid())
    result = check(view.result, context);
  else if (!returns)
    result = emitted(emitUnit(block));
  // The names of a body are forgotten with the function's.
  if (!isBody)
    leaveScope(outer);
  return result;
}

void Checker::checkStatement(StmtId statement) {
  switch (tree.kind(statement)) {
  case NodeKind::Let:
    return checkLet(statement);
  case NodeKind::Assign:
    return checkAssign(statement);
  case NodeKind::ExprStmt: {
    ExprId expr = tree.exprStmt(statement);
    Operand operand = checkDecided(expr);
    if (!tree.hasSemicolon(statement) && operand.type != TypeTable::unit() &&
        !isError(operand)) {
      diags
          .report(DiagKind::UnusedValue, yieldRange(expr),
                  {types.str(operand.type)})
          .help("end the statement with `;` to drop its value");
    }
    return;
  }
  default:
    // Items at the root have been collected.
    return;
  }
}

//===----------------------------------------------------------------------===//
// let
//===----------------------------------------------------------------------===//

void Checker::checkLet(StmtId statement) {
  LetView view = tree.let(statement);
  ValueId value;
  bool isName = tree.kind(view.pattern) == NodeKind::NamePattern;
  if (view.type.isValid()) {
    TypeRef declared = resolveType(view.type, DimNames::Use);
    if (ValueId filled = fillWith(view.value, declared); filled.isValid())
      return bindPattern(view.pattern, filled, memory.bindings.size());
    Operand operand = check(view.value, {{}, declared});
    llvm::StringRef name = isName ? tree.text(tree.namePattern(view.pattern))
                                  : tree.text(NodeId(view.pattern));
    value = coerce(operand,
                   {declared,
                    DiagKind::LetTypeMismatch,
                    name,
                    {},
                    tree.range(view.type),
                    /*fill=*/true},
                   tree.range(view.value), view.value);
    // Users of the name go by what was declared.
    if (types.isError(program.value(value).type) && !hasWildcard(declared))
      program.values[value.index].type = declared;
  } else {
    value = checkDecided(view.value).value;
  }
  bindPattern(view.pattern, value, memory.bindings.size());
}

void Checker::bindPattern(PatternId pattern, ValueId value,
                          size_t firstBinding) {
  TypeRef type = program.value(value).type;
  SourceRange range = tree.range(pattern);
  switch (tree.kind(pattern)) {
  case NodeKind::NamePattern: {
    Symbol name = tree.namePattern(pattern);
    if (Binding *earlier = findBinding(name);
        earlier && earlier >= memory.bindings.data() + firstBinding)
      diags.report(DiagKind::DuplicateName, range, {tree.text(name).str()})
          .note(earlier->declaration, "first defined here");
    bind(name, range,
         emit(ValueKind::Let, type, pattern, range.begin, value.index),
         BindingKind::Let);
    return;
  }
  case NodeKind::TuplePattern: {
    NodeList<PatternId> elements = tree.tuplePattern(pattern);
    bool isError = types.isError(type);
    if (!isError && (types.kind(type) != TypeKind::Tuple ||
                     types.elements(type).size() != elements.size())) {
      diags.report(DiagKind::PatternMismatch, range,
                   {std::to_string(elements.size()), types.str(type)});
      isError = true;
    }
    for (uint32_t i = 0; i != elements.size(); ++i) {
      ValueId element =
          isError
              ? emit(ValueKind::Error, TypeTable::error(), elements[i],
                     range.begin)
              : emit(ValueKind::Element, types.elements(type)[i], elements[i],
                     tree.range(elements[i]).begin, value.index, i);
      bindPattern(elements[i], element, firstBinding);
    }
    return;
  }
  default:
    return;
  }
}

//===----------------------------------------------------------------------===//
// Assignment
//===----------------------------------------------------------------------===//

void Checker::reportNotAssignable(ExprId target) {
  std::string what;
  SourceRange declaration;
  switch (tree.kind(target)) {
  case NodeKind::ErrorExpr:
    return;
  case NodeKind::Name: {
    Symbol name = tree.name(target);
    if (Binding *binding = findBinding(name)) {
      what = binding->kind == BindingKind::Parameter
                 ? "parameter "
                 : "the variable of `for`, ";
      what += quoted(name);
      declaration = binding->declaration;
    } else if (Item *item = findItem(ItemKind::Constant, name)) {
      what = "constant " + quoted(name);
      declaration = item->nameRange;
    } else if (memory.names[name.id].isSize) {
      what = "dimension " + quoted(name);
    } else {
      std::string text = tree.text(name).str();
      std::string help = suggestValue(text);
      diags.report(DiagKind::UndefinedName, tree.range(target), {text})
          .help(help.empty()
                    ? "to introduce the name, write `let " + text + " = ...;`"
                    : help);
      // Its uses need no error of their own.
      bind(name, tree.range(target),
           emit(ValueKind::Error, TypeTable::error(), target,
                tree.range(target).begin),
           BindingKind::Let);
      return;
    }
    break;
  }
  case NodeKind::Index:
    what = "an element: tensors are values";
    break;
  case NodeKind::TupleElement:
    what = "an element of a tuple";
    break;
  default:
    what = "an expression";
    break;
  }
  Diagnostic &diag =
      diags.report(DiagKind::NotAssignable, tree.range(target), {what});
  if (declaration.isValid())
    diag.note(declaration, "defined here");
  if (declaration.isValid() && findBinding(tree.name(target)))
    diag.help(
        "only a name that `let` defines can be assigned: begin with `let " +
        tree.text(target).str() + " = " + tree.text(target).str() + ";`");
  else
    diag.help("only a name that `let` defines can be assigned");
}

void Checker::checkAssign(StmtId statement) {
  AssignView view = tree.assign(statement);
  Binding *target = tree.kind(view.target) == NodeKind::Name
                        ? findBinding(tree.name(view.target))
                        : nullptr;
  if (!target || !target->isAssignable()) {
    reportNotAssignable(view.target);
    checkDecided(view.value);
    return;
  }
  Operand operand;
  if (view.op == AssignOp::Assign) {
    operand = check(view.value, {{}, program.value(target->value).type});
  } else {
    // `x += e` is `x = x + e`.
    llvm::StringRef symbol = mind::spelling(view.op).drop_back();
    const ExprId written[] = {view.target, view.value};
    operand = applyOperator(*operationForSymbol(symbol), written, view.value,
                            view.opRange, {});
  }
  // A block in the value may have grown the list of memory.bindings.
  target = findBinding(tree.name(view.target));
  TypeRef type = program.value(target->value).type;
  bool isCompound = view.op != AssignOp::Assign;
  ValueId value = coerce(operand,
                         {type,
                          DiagKind::AssignTypeMismatch,
                          tree.text(target->name),
                          {},
                          target->declaration},
                         isCompound ? view.opRange : tree.range(view.value),
                         isCompound ? ExprId() : view.value);
  target->value = emit(ValueKind::Let, type, view.target,
                       tree.range(view.target).begin, value.index);
}

} // namespace mind
