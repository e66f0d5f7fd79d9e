//===- Calls.cpp - calls of operations and functions ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing here knows any operation: parameters come from the table of
// operations, result types and normalised arguments from inferType.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Mind/Shape/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace mind {

std::string quotedName(const OpInfo &op) { return "`" + op.name().str() + "`"; }

/// Whether the language has an operation of that name which the table does
/// not have yet.
static bool isComing(llvm::StringRef name) {
  if (!operationsNamed(name).empty())
    return false;
  return llvm::StringSwitch<bool>(name)
      .Cases({"grad", "value_and_grad", "vjp", "jvp", "backward"}, true)
      .Default(false);
}

//===----------------------------------------------------------------------===//
// Who is called
//===----------------------------------------------------------------------===//

Checker::Operand Checker::checkCall(ExprId expr, Context context) {
  CallView view = tree.call(expr);
  SourceRange range = tree.range(view.callee);
  if (tree.kind(view.callee) != NodeKind::Name) {
    if (tree.kind(view.callee) == NodeKind::DTypeName)
      notSupported(range, "calling a dtype")
          .help("convert by `cast(x, " + tree.text(range).str() +
                ")` or `x as " + tree.text(range).str() + "`");
    else if (tree.kind(view.callee) != NodeKind::ErrorExpr)
      notSupported(range, "calling what is not a name");
    return errorOperand(expr);
  }
  Symbol name = tree.name(view.callee);
  if (Item *function = findItem(ItemKind::Function, name))
    return checkUserCall(*function, view.args, expr, range);
  llvm::ArrayRef<const OpInfo *> candidates = operationsNamed(name);
  if (candidates.empty())
    return reportUndefinedFunction(name, range, view.args, false, expr);
  return checkBuiltin(candidates, ExprId(), view.args, expr, range, context);
}

Checker::Operand Checker::checkMethodCall(ExprId expr, Context context) {
  MethodCallView view = tree.methodCall(expr);
  ExprId receiver = view.receiver;
  if (moduleNamed(receiver)) {
    if (Item *function = findMember(ItemKind::Function,
                                    {tree.name(receiver), tree.range(receiver),
                                     view.method, view.methodRange}))
      return checkUserCall(*function, view.args, expr, view.methodRange);
    return checkArguments(view.args, expr);
  }
  // Without a variable of that name, `tensor.` is the name space of built-ins.
  if (tree.kind(receiver) == NodeKind::Name &&
      tree.text(tree.name(receiver)) == "tensor" &&
      !findBinding(tree.name(receiver)))
    receiver = ExprId();
  // Of `np.zeros(3)` one error is enough.
  else if (tree.kind(receiver) == NodeKind::Name &&
           isError(checkDecided(receiver)))
    return checkArguments(view.args, expr);
  llvm::ArrayRef<const OpInfo *> candidates = operationsNamed(view.method);
  if (!candidates.empty())
    return checkBuiltin(candidates, receiver, view.args, expr, view.methodRange,
                        context);
  if (receiver.isValid() && isError(checkDecided(receiver)))
    return checkArguments(view.args, expr);
  return reportUndefinedFunction(view.method, view.methodRange, view.args, true,
                                 expr);
}

Checker::Operand Checker::reportUndefinedFunction(Symbol name,
                                                  SourceRange nameRange,
                                                  NodeList<ExprId> args,
                                                  bool isBuiltin, ExprId expr) {
  llvm::StringRef text = tree.text(name);
  if (isComing(text)) {
    notSupported(nameRange, "`" + text.str() + "`");
    return errorOperand(expr);
  }
  Diagnostic &diag =
      diags.report(DiagKind::UndefinedFunction, nameRange, {text.str()});
  std::string imported = nameInImports(name);
  if (isBuiltin && (findItem(ItemKind::Function, name) || !imported.empty()))
    diag.help("methods reach built-in operations only; call the function: `" +
              (imported.empty() ? text.str() : imported) + "(...)`");
  else if (!imported.empty())
    diag.help("did you mean `" + imported + "`?");
  else if (findBinding(name))
    diag.help("`" + text.str() + "` is a value, not a function");
  else
    diag.help(suggestFunction(text));
  return checkArguments(args, expr);
}

Checker::Operand Checker::checkArguments(NodeList<ExprId> args, ExprId expr) {
  // The arguments may be wrong on their own; lists, words and dtypes may be
  // right as what only an operation takes.
  auto isExpression = [&](ExprId arg) {
    if (tree.kind(arg) == NodeKind::Name)
      return tree.text(arg) != "Same" && tree.text(arg) != "Valid";
    return llvm::is_contained({NodeKind::Unary, NodeKind::Binary,
                               NodeKind::Cast, NodeKind::Call,
                               NodeKind::MethodCall},
                              tree.kind(arg));
  };
  for (ExprId arg : args)
    if (isExpression(arg))
      checkDecided(arg);
  return errorOperand(expr);
}

//===----------------------------------------------------------------------===//
// Arguments to parameters
//===----------------------------------------------------------------------===//

bool Checker::bindArguments(unsigned numParams,
                            llvm::function_ref<llvm::StringRef(unsigned)> param,
                            llvm::function_ref<bool(unsigned)> isRequired,
                            llvm::function_ref<std::string()> signature,
                            llvm::StringRef callee, ExprId receiver,
                            NodeList<ExprId> args, SourceRange nameRange,
                            llvm::SmallVectorImpl<ExprId> &written,
                            llvm::SmallVectorImpl<ExprId> *rest,
                            unsigned restParam) {
  auto quotedCallee = [&] { return "`" + callee.str() + "`"; };
  bool isRight = true, isCut = false;
  written.assign(numParams, ExprId());
  unsigned position = 0;
  auto bindPositional = [&](ExprId value) {
    if (position < (rest ? restParam + 1 : numParams)) {
      written[position++] = value;
      return;
    }
    if (rest)
      return rest->push_back(value);
    if (position++ != numParams)
      return;
    isRight = false;
    unsigned numPositional = receiver.isValid();
    for (ExprId arg : args)
      numPositional += tree.kind(arg) != NodeKind::NamedArgument;
    diags
        .report(DiagKind::WrongArgumentCount, tree.range(value),
                {quotedCallee(),
                 std::to_string(numParams) +
                     (numParams == 1 ? " argument" : " arguments"),
                 std::to_string(numPositional)})
        .help("its signature is `" + signature() + "`");
  };
  if (receiver.isValid())
    bindPositional(receiver);
  for (ExprId arg : args) {
    if (tree.kind(arg) != NodeKind::NamedArgument) {
      // An error of syntax, behind which there may be more arguments.
      bool isError = tree.kind(arg) == NodeKind::ErrorExpr;
      isCut |= isError;
      if (!isError || position < numParams)
        bindPositional(arg);
      continue;
    }
    ArgumentView view = tree.argument(arg);
    llvm::StringRef name = tree.text(view.name);
    auto find = [&](llvm::StringRef name) {
      unsigned index = 0;
      while (index != numParams && param(index) != name)
        ++index;
      return index;
    };
    unsigned index = find(name);
    // `axis` and `axes` are synonyms.
    if (index == numParams && (name == "axis" || name == "axes"))
      index = find(name == "axis" ? "axes" : "axis");
    if (index == numParams) {
      isRight = false;
      // PyTorch's word.
      unsigned axis = numParams;
      if (name == "dim" || name == "dims")
        axis = std::min(find("axis"), find("axes"));
      llvm::SmallVector<llvm::StringRef> params;
      for (unsigned i = 0; i != numParams; ++i)
        params.push_back(param(i));
      std::string help = axis == numParams
                             ? suggestion(name, params)
                             : "did you mean `" + params[axis].str() + "`?";
      diags
          .report(DiagKind::UnknownArgument, view.nameRange,
                  {quotedCallee(), name.str()})
          .help(help.empty() ? "its signature is `" + signature() + "`" : help);
      continue;
    }
    ExprId &slot = written[index];
    if (slot.isValid()) {
      isRight = false;
      diags.report(DiagKind::DuplicateArgument, view.nameRange, {name.str()})
          .label(tree.range(slot), "given here");
      continue;
    }
    slot = view.value;
  }
  if (!isRight)
    return false;
  for (unsigned index = 0; index != numParams; ++index) {
    if (written[index].isValid() || !isRequired(index))
      continue;
    if (isCut)
      return false;
    diags
        .report(DiagKind::MissingArgument, nameRange,
                {param(index).str(), quotedCallee()})
        .help("its signature is `" + signature() + "`");
    return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// Whether `op` takes tensors and nothing else, all of which a call must give.
static bool isOperatorLike(const OpInfo &op) {
  return !op.params.empty() &&
         llvm::all_of(op.params, [](const ParamInfo &param) {
           return param.kind == ParamKind::Tensor && param.isRequired();
         });
}

Checker::Operand
Checker::checkBuiltin(llvm::ArrayRef<const OpInfo *> candidates,
                      ExprId receiver, NodeList<ExprId> args, ExprId expr,
                      SourceRange nameRange, Context context) {
  // The first operation all of whose operands are given.
  unsigned numPositional = receiver.isValid();
  auto isGiven = [&](const OpInfo &op) {
    for (auto [i, param] : llvm::enumerate(op.params)) {
      auto isNamed = [&, name = param.name](ExprId arg) {
        Symbol written = tree.argument(arg).name;
        return written.isValid() && tree.text(written) == name;
      };
      if (i >= numPositional && param.isOperand() && param.isRequired() &&
          llvm::none_of(args, isNamed))
        return false;
    }
    return true;
  };
  const OpInfo *op = candidates.back();
  if (candidates.size() != 1) {
    for (ExprId arg : args)
      numPositional += tree.kind(arg) != NodeKind::NamedArgument;
    const auto *given = llvm::find_if(candidates, [&](const OpInfo *candidate) {
      return isGiven(*candidate);
    });
    if (given != candidates.end())
      op = *given;
  }

  if (candidates.size() == 1 &&
      op->params.size() == numPositional + args.size() &&
      op->params.size() <= maxOperatorOperands && isOperatorLike(*op) &&
      llvm::all_of(args, [&](ExprId arg) {
        return tree.kind(arg) != NodeKind::NamedArgument &&
               tree.kind(arg) != NodeKind::ErrorExpr;
      })) {
    ExprId operands[maxOperatorOperands] = {receiver};
    std::copy(args.begin(), args.end(), operands + numPositional);
    return applyOperator(*op, llvm::ArrayRef(operands, op->params.size()), expr,
                         nameRange, context);
  }

  llvm::SmallVector<ExprId, 8> written;
  llvm::SmallVector<ExprId, 0> rest;
  const auto *restParam = llvm::find_if(
      op->params, [](const ParamInfo &param) { return param.takesRest(); });
  bool takesRest = restParam != op->params.end();
  if (!bindArguments(
          op->params.size(), [&](unsigned i) { return op->params[i].name; },
          [&](unsigned i) { return op->params[i].isRequired(); },
          [&] { return op->signature(); }, tree.text(nameRange), receiver, args,
          nameRange, written, takesRest ? &rest : nullptr,
          restParam - op->params.begin())) {
    // The operands may be wrong on their own.
    for (auto [param, value] : llvm::zip_equal(op->params, written))
      if (param.kind == ParamKind::Tensor && value.isValid())
        checkDecided(value);
    return errorOperand(expr);
  }
  return applyOperation({*op, written, expr, nameRange, {}, rest}, context);
}

//===----------------------------------------------------------------------===//
// Functions of the program
//===----------------------------------------------------------------------===//

Checker::Operand Checker::checkUserCall(const Item &callee,
                                        NodeList<ExprId> args, ExprId expr,
                                        SourceRange nameRange) {
  FnView view = tree.fn(callee.syntax);
  llvm::StringRef name = tree.text(callee.name);
  auto param = [&](unsigned i) {
    return tree.text(tree.param(view.params[i]).name);
  };
  auto signature = [&] {
    std::string text = name.str() + "(";
    for (unsigned i = 0; i != view.params.size(); ++i)
      text += (i ? ", " : "") + param(i).str();
    return text + ")";
  };
  llvm::SmallVector<ExprId> written;
  bool isRight = bindArguments(
      view.params.size(), param, [](unsigned) { return true; }, signature, name,
      ExprId(), args, nameRange, written);
  // A function that is part of a cycle has no signature here.
  if (!isRight || !callee.isChecked) {
    for (ExprId arg : written)
      if (arg.isValid())
        checkDecided(arg);
    return errorOperand(expr);
  }

  // The functions do not move: they were all collected before.
  const CheckedFunction &function = program.functions[callee.function];
  llvm::SmallVector<std::optional<Dim>> bound(function.sizes.size());
  llvm::SmallVector<ValueId> operands;
  bool isWrong = false;
  for (auto [index, arg] : llvm::enumerate(written)) {
    ParamView param = tree.param(view.params[index]);
    TypeRef type = function.params[index].type;
    Operand operand = check(arg, {{}, type});
    // The first use of a size binds it; from then on it must agree.
    if (!function.sizes.empty()) {
      if (!operand.isPending())
        bindSizes(type, operand.type, function.sizes, bound);
      llvm::SmallVector<Dim> values;
      for (auto [size, value] : llvm::zip_equal(function.sizes, bound))
        values.push_back(value ? *value : Dim::named(size));
      type = instantiate(type, function.sizes, values, tree.range(arg));
    }
    operands.push_back(
        coerce(operand,
               {type, DiagKind::ArgumentTypeMismatch, tree.text(param.name),
                name, tree.range(param.type)},
               tree.range(arg), arg));
    isWrong |= types.isError(program.value(operands.back()).type);
  }
  if (isWrong)
    return errorOperand(expr);
  CheckedCall call{callee.function,
                   uint32_t(program.operands.size()),
                   uint32_t(operands.size()),
                   {}};
  for (const std::optional<Dim> &value : bound)
    call.sizes.push_back(*value);
  // Calls are inlined, so that calls of calls multiply.
  constexpr uint64_t maxCost = 1 << 18;
  cost += function.cost;
  if (cost > maxCost && cost - function.cost <= maxCost)
    diags.report(DiagKind::LimitExceeded, nameRange,
                 {"what this call and those before it expand to",
                  std::to_string(maxCost) + " operations"});
  if (cost > maxCost || !checkInstance(callee.function, call.sizes, nameRange))
    return errorOperand(expr);
  TypeRef result =
      instantiate(function.result, function.sizes, call.sizes, nameRange);
  if (types.isError(result))
    return errorOperand(expr);
  program.operands.insert(program.operands.end(), operands.begin(),
                          operands.end());
  program.calls.push_back(std::move(call));
  return emitted(emit(ValueKind::Call, result, expr, nameRange.begin,
                      program.calls.size() - 1));
}

} // namespace mind
