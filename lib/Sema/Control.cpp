//===- Control.cpp - if, while, for, && and || ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An assignment in a block changes a name from outside. Which names an `if` or
// a loop may change is seen in the tree beforehand; these it carries.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

llvm::SmallVector<uint32_t> Checker::assignedIn(ExprId expr) {
  llvm::SmallVector<uint32_t> assigned;
  // Children come before their parents, so the nodes of `expr` lie together.
  uint32_t begin = tree.range(expr).begin;
  for (uint32_t i = expr.index; i-- != 0;) {
    NodeId node(i);
    if (tree.range(node).begin < begin)
      break;
    if (tree.kind(node) != NodeKind::Assign)
      continue;
    ExprId target = tree.assign(StmtId(i)).target;
    if (tree.kind(target) != NodeKind::Name)
      continue;
    Binding *binding = findBinding(tree.name(target));
    if (binding && binding->isAssignable())
      assigned.push_back(binding - memory.bindings.data());
  }
  llvm::sort(assigned);
  assigned.erase(llvm::unique(assigned), assigned.end());
  return assigned;
}

Checker::OpenControl Checker::beginControl(ValueKind kind, ExprId expr,
                                           uint32_t location,
                                           llvm::ArrayRef<ValueId> operands) {
  OpenControl open;
  open.carried = assignedIn(expr);
  for (uint32_t index : open.carried)
    open.before.push_back(memory.bindings[index].value);

  CheckedControl control;
  control.firstOperand = program.operands.size();
  control.numOperands = operands.size();
  control.numCarried = open.carried.size();
  llvm::append_range(program.operands, operands);
  llvm::append_range(program.operands, open.before);
  open.value =
      emit(kind, TypeTable::unit(), expr, location, program.controls.size());
  program.controls.push_back(control);
  return open;
}

void Checker::beginRegion(const OpenControl &control, unsigned region,
                          NodeId variable) {
  control.in(program).regions[region].firstValue = program.values.size();
  auto addArgument = [&](TypeRef type, NodeId name) {
    return emit(ValueKind::RegionArgument, type, name, tree.range(name).begin);
  };
  if (variable.isValid())
    addArgument(TypeTable::scalar(DType::I64), variable);
  bool isLoop = program.value(control.value).kind != ValueKind::If;
  for (auto [index, before] :
       llvm::zip_equal(control.carried, control.before)) {
    const CheckedValue &value = program.value(before);
    memory.bindings[index].value =
        isLoop ? addArgument(value.type, value.syntax) : before;
  }
}

void Checker::endRegion(const OpenControl &control, unsigned region,
                        ValueId yield) {
  CheckedRegion &ended = control.in(program).regions[region];
  ended.endValue = program.values.size();
  ended.firstYield = program.operands.size();
  program.operands.push_back(yield);
  for (uint32_t index : control.carried)
    program.operands.push_back(memory.bindings[index].value);
}

Checker::Operand Checker::endControl(const OpenControl &control, TypeRef type) {
  control.in(program).endValue = program.values.size();
  program.values[control.value.index].type = type;
  for (auto [position, index] : llvm::enumerate(control.carried)) {
    CheckedValue before = program.value(control.before[position]);
    memory.bindings[index].value =
        emit(ValueKind::Carried, before.type, before.syntax, before.location,
             control.value.index, position);
  }
  return emitted(control.value);
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

ValueId Checker::checkCondition(ExprId expr, llvm::StringRef what,
                                llvm::StringRef helpForTensors) {
  Operand operand = checkDecided(expr);
  if (isError(operand) || operand.type == TypeTable::scalar(DType::Bool))
    return operand.value;
  bool isTensor = types.isTensor(operand.type);
  if (isTensor && !isBool(types.tensorType(operand.type).dtype)) {
    DType dtype = types.tensorType(operand.type).dtype;
    diags
        .report(DiagKind::DTypeNotAllowed, tree.range(expr),
                {what.str(), dtypeText(dtype).str(), "bool"})
        .help("compare it, for example `x != 0`");
  } else {
    Diagnostic &diag = diags.report(DiagKind::NotACondition, tree.range(expr),
                                    {types.str(operand.type)});
    if (isTensor)
      diag.help(helpForTensors.str());
  }
  return errorOperand(expr).value;
}

Checker::Operand Checker::checkLogical(ExprId expr) {
  BinaryView view = tree.binary(expr);
  bool isAnd = view.op == BinaryOp::And;
  llvm::StringRef what = isAnd ? "`&&`" : "`||`";
  llvm::StringRef help =
      isAnd ? "of tensors it is `and(x, y)`" : "of tensors it is `or(x, y)`";
  ValueId lhs = checkCondition(view.lhs, what, help);
  // `a && b` is `if a { b } else { false }`, `a || b` is
  // `if a { true } else { b }`.
  OpenControl control =
      beginControl(ValueKind::If, expr, view.opRange.begin, lhs);
  for (unsigned region = 0; region != 2; ++region) {
    beginRegion(control, region);
    bool isRight = region == (isAnd ? 0 : 1);
    ValueId yield =
        isRight
            ? checkCondition(view.rhs, what, help)
            : emitScalar(Scalar::ofInteger(DType::Bool, !isAnd), expr).value;
    endRegion(control, region, yield);
  }
  return endControl(control, TypeTable::scalar(DType::Bool));
}

//===----------------------------------------------------------------------===//
// if
//===----------------------------------------------------------------------===//

SourceRange Checker::yieldRange(ExprId branch) const {
  if (tree.kind(branch) == NodeKind::If)
    return yieldRange(tree.ifElse(branch).thenBlock);
  if (tree.kind(branch) != NodeKind::Block)
    return tree.range(branch);
  if (ExprId result = tree.block(branch).result; result.isValid())
    return yieldRange(result);
  // Of nothing, the brace that ends it.
  SourceRange range = tree.range(branch);
  return {range.end - 1, range.end};
}

bool Checker::isLiteral(ExprId expr, bool &isFloat) const {
  switch (tree.kind(expr)) {
  case NodeKind::FloatLiteral:
    isFloat = true;
    return true;
  case NodeKind::IntegerLiteral:
    return true;
  case NodeKind::Unary:
    return tree.unary(expr).op == UnaryOp::Neg &&
           isLiteral(tree.unary(expr).operand, isFloat);
  case NodeKind::Binary: {
    BinaryView view = tree.binary(expr);
    return llvm::is_contained({BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul,
                               BinaryOp::Div, BinaryOp::Rem},
                              view.op) &&
           isLiteral(view.lhs, isFloat) && isLiteral(view.rhs, isFloat);
  }
  case NodeKind::Block: {
    BlockView view = tree.block(expr);
    return view.result.isValid() && isLiteral(view.result, isFloat);
  }
  case NodeKind::If: {
    IfView view = tree.ifElse(expr);
    return view.elseBranch.isValid() && isLiteral(view.thenBlock, isFloat) &&
           isLiteral(view.elseBranch, isFloat);
  }
  default:
    return false;
  }
}

Checker::Operand Checker::checkIf(ExprId expr, Context context) {
  IfView view = tree.ifElse(expr);
  ValueId condition = checkCondition(
      view.condition, "`if`", "reduce it: `any(x)`, or `all(x)` if all count");
  OpenControl control =
      beginControl(ValueKind::If, expr, tree.range(expr).begin, condition);
  if (!view.elseBranch.isValid()) {
    beginRegion(control, 0);
    TypeRef type =
        checkUnitRegion(control, 0, view.thenBlock, DiagKind::MissingElse);
    beginRegion(control, 1);
    endRegion(control, 1, emitUnit(expr));
    return endControl(control, type);
  }

  // A branch of literals adopts what the other has, which is checked first; of
  // literals alone the floats decide.
  const ExprId branches[] = {view.thenBlock, view.elseBranch};
  bool isFloat = false;
  unsigned first = 0;
  if (isLiteral(view.thenBlock, isFloat))
    first = isFloat && isLiteral(view.elseBranch, isFloat) ? 0 : 1;
  beginRegion(control, first);
  Operand operand = decide(check(branches[first], context), context.expected);
  endRegion(control, first, operand.value);
  TypeRef type = operand.type;

  unsigned second = 1 - first;
  beginRegion(control, second);
  if (!types.isError(type))
    context.expected = type;
  operand = check(branches[second], context);
  ValueId yield = types.isError(type)
                      ? decide(operand).value
                      : coerce(operand,
                               {type,
                                DiagKind::BranchTypeMismatch,
                                "if",
                                {},
                                yieldRange(branches[first]),
                                /*fill=*/false,
                                "the other branch"},
                               yieldRange(branches[second]), branches[second]);
  endRegion(control, second, yield);
  if (types.isError(program.value(yield).type))
    type = TypeTable::error();
  return endControl(control, type);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

TypeRef Checker::checkUnitRegion(const OpenControl &control, unsigned region,
                                 ExprId block, DiagKind mismatch) {
  Operand operand = checkDecided(block);
  endRegion(control, region, operand.value);
  if (operand.type == TypeTable::unit())
    return operand.type;
  if (!isError(operand))
    diags.report(mismatch, yieldRange(block), {types.str(operand.type)})
        .help(mismatch == DiagKind::MissingElse
                  ? "add an `else`, or end the value with `;` to drop it"
                  : "end it with `;` to drop it, or assign it to a name from "
                    "outside of the loop");
  return TypeTable::error();
}

Checker::Operand Checker::checkWhile(ExprId expr) {
  WhileView view = tree.whileLoop(expr);
  OpenControl control =
      beginControl(ValueKind::While, expr, tree.range(expr).begin, {});
  beginRegion(control, 0);
  endRegion(control, 0,
            checkCondition(view.condition, "`while`",
                           "reduce it: `any(x)`, or `all(x)` if all count"));
  beginRegion(control, 1);
  TypeRef type =
      checkUnitRegion(control, 1, view.body, DiagKind::LoopBodyValue);
  return endControl(control, type);
}

ValueId Checker::checkBound(ExprId expr) {
  constexpr TypeRef i64 = TypeTable::scalar(DType::I64);
  Operand operand = check(expr);
  // A list of literals is no bound either.
  if (operand.isPending())
    operand = operand.floatLiteral.isValid() ? decide(operand)
                                             : decide(operand, DType::I64);
  if (isError(operand) || operand.type == i64)
    return operand.value;
  Diagnostic &diag = diags.report(DiagKind::BoundTypeMismatch, tree.range(expr),
                                  {types.str(operand.type)});
  if (types.isTensor(operand.type) &&
      types.tensorType(operand.type).rank() == 0)
    diag.help("convert it: `n as i64`");
  return errorOperand(expr).value;
}

Checker::Operand Checker::checkFor(ExprId expr) {
  ForView view = tree.forLoop(expr);
  ValueId bounds[] = {checkBound(view.start), checkBound(view.stop)};
  OpenControl control =
      beginControl(ValueKind::For, expr, tree.range(expr).begin, bounds);
  size_t outer = memory.bindings.size();
  ValueId variable{uint32_t(program.values.size())};
  beginRegion(control, 0, view.variable);
  if (tree.kind(view.variable) == NodeKind::NamePattern)
    bind(tree.namePattern(view.variable), tree.range(view.variable), variable,
         BindingKind::LoopVariable);
  else
    bindPattern(view.variable, variable, outer);
  TypeRef type =
      checkUnitRegion(control, 0, view.body, DiagKind::LoopBodyValue);
  leaveScope(outer);
  return endControl(control, type);
}

} // namespace mind
