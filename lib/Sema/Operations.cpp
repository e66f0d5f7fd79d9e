//===- Operations.cpp - operations applied to values ------------*- C++ -*-===//
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
#include <utility>

namespace mind {

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool Checker::appendTensors(ExprId written, unsigned param, const OpInfo &op,
                            Context context,
                            llvm::SmallVectorImpl<Argued> &operands) {
  if (NodeKind kind = tree.kind(written);
      kind == NodeKind::List || kind == NodeKind::Tuple) {
    for (ExprId element : tree.elements(written))
      operands.push_back({check(element, {context.adopt, {}}), element, param});
    if (!tree.elements(written).empty())
      return true;
    reportArgumentKind(written, op, param);
    return false;
  }
  // A tuple, such as what `split` returns, is taken apart.
  Operand whole = checkDecided(written);
  if (isError(whole))
    return false;
  if (types.kind(whole.type) != TypeKind::Tuple) {
    reportArgumentKind(written, op, param);
    return false;
  }
  for (auto [index, type] : llvm::enumerate(types.elements(whole.type)))
    operands.push_back(
        {emitted(emit(ValueKind::Element, type, written,
                      tree.range(written).begin, whole.value.index, index)),
         written, param});
  return true;
}

/// Appends `text` to what is printed, in which a brace opens a place for a
/// value.
static void appendText(std::string &format, llvm::StringRef text) {
  for (char c : text)
    format.append(c == '{' ? 2 : 1, c);
}

bool Checker::checkOperands(const Application &application, Context context,
                            std::string &format,
                            llvm::SmallVectorImpl<Argued> &operands) {
  const OpInfo &op = application.op;
  bool isRight = true;
  auto append = [&](ExprId written, unsigned param) {
    operands.push_back({check(written, {context.adopt, {}}), written, param});
  };
  for (unsigned index = 0; index != op.params.size(); ++index) {
    const ParamInfo &param = op.params[index];
    ExprId written = application.written[index];
    switch (param.kind) {
    case ParamKind::Tensor:
      if (written.isValid())
        append(written, index);
      else if (param.defaultText != "none")
        operands.push_back({{}, {}, index});
      break;
    case ParamKind::Tensors:
      isRight &= appendTensors(written, index, op, context, operands);
      break;
    case ParamKind::Rest:
      if (written.isValid())
        append(written, index);
      for (ExprId other : application.rest)
        append(other, index);
      break;
    case ParamKind::Values: {
      std::string separator;
      auto appendValue = [&](ExprId value) {
        format += std::exchange(separator, " ");
        if (tree.kind(value) == NodeKind::StringLiteral)
          return appendText(format, tree.text(tree.string(value)));
        format += "{}";
        operands.push_back({checkDecided(value), value, index});
      };
      if (written.isValid())
        appendValue(written);
      for (ExprId other : application.rest)
        appendValue(other);
      break;
    }
    default:
      break;
    }
  }
  return isRight;
}

bool Checker::areTensors(const Application &application,
                         llvm::ArrayRef<Argued> operands) {
  bool isRight = true;
  for (const Argued &argued : operands) {
    const Operand &operand = argued.operand;
    if (!argued.syntax.isValid() || operand.isPending())
      continue;
    if (isError(operand)) {
      isRight = false;
    } else if (!types.isTensor(operand.type)) {
      isRight = false;
      Diagnostic &diag = diags.report(
          DiagKind::NotATensor, tree.range(argued.syntax),
          {"`" + spelling(application).str() + "`", types.str(operand.type)});
      if (!types.elements(operand.type).empty())
        diag.help("take its elements: `.0`, `.1`...");
    }
  }
  return isRight;
}

/// The number that a default's `text` states.
static Scalar defaultScalar(llvm::StringRef text, DType dtype) {
  if (isFloat(dtype))
    return *floatLiteral(text, /*negative=*/false, dtype);
  int64_t integer = 0;
  text.getAsInteger(10, integer);
  return Scalar::ofInteger(dtype, Dim(integer));
}

bool Checker::decideOperands(const Application &application,
                             llvm::ArrayRef<Argument> arguments,
                             llvm::MutableArrayRef<Argued> operands) {
  const OpInfo &op = application.op;
  // The first operand with a dtype of numbers sets that of the literals.
  const Argued *decider = nullptr;
  Operand pending;
  for (const Argued &argued : operands) {
    if (!argued.syntax.isValid() || op.params[argued.param].hasOwnDTypes)
      continue;
    if (argued.operand.isPending()) {
      pending.literal = argued.operand.literal;
      if (argued.operand.floatLiteral.isValid())
        pending.floatLiteral = argued.operand.floatLiteral;
    } else if (!decider &&
               !isBool(types.tensorType(argued.operand.type).dtype)) {
      decider = &argued;
    }
  }

  // A float literal that is to be converted to a float dtype is rounded to it
  // at once.
  DType dtype = defaultDType(pending);
  if (decider) {
    dtype = types.tensorType(decider->operand.type).dtype;
  } else if (pending.floatLiteral.isValid()) {
    for (const Argument &value : arguments)
      if (const DType *wanted = std::get_if<DType>(&value);
          wanted && isFloat(*wanted))
        dtype = *wanted;
  }
  for (Argued &argued : operands) {
    const ParamInfo &param = op.params[argued.param];
    if (!argued.syntax.isValid()) {
      // Defaults also go by an operand of bool.
      DType own = dtype;
      if (!decider && operands.front().syntax.isValid())
        own = types.tensorType(operands.front().operand.type).dtype;
      argued.operand =
          emitScalar(defaultScalar(param.defaultText, own), application.expr);
      continue;
    }
    if (param.hasOwnDTypes) {
      argued.operand = decide(argued.operand);
    } else {
      if (decider && argued.operand.floatLiteral.isValid() && isInt(dtype) &&
          !checkAdoption(argued.operand, dtype, tree.range(decider->syntax),
                         types.str(decider->operand.type)))
        return false;
      argued.operand = decide(argued.operand, dtype);
    }
    if (isError(argued.operand))
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

llvm::StringRef Checker::spelling(const Application &application) const {
  return application.dtype ? "as" : tree.text(application.range);
}

bool Checker::mayWait(const OpInfo &op, llvm::ArrayRef<Argued> operands,
                      size_t firstValue) const {
  // What stands in a block is evaluated once, and cannot wait.
  return op.rule == rules::elementwise && program.values.size() == firstValue &&
         llvm::all_of(operands, [](const Argued &argued) {
           return argued.operand.isPending();
         });
}

Checker::Operand Checker::waiting(ExprId expr,
                                  llvm::ArrayRef<Argued> operands) {
  Operand pending;
  pending.literal = expr;
  for (const Argued &argued : operands)
    if (argued.operand.floatLiteral.isValid())
      pending.floatLiteral = argued.operand.floatLiteral;
  return pending;
}

TypeTable::Applied Checker::applied(const OpInfo &op,
                                    llvm::ArrayRef<Argued> operands) {
  uint32_t of[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
  static_assert(std::size(of) == maxOperatorOperands);
  for (size_t index = 0; index != operands.size(); ++index)
    of[index] = operands[index].operand.type.index;
  return {uint64_t(op.kind) << 32 | of[0], uint64_t(of[1]) << 32 | of[2]};
}

Checker::Operand Checker::applyOperator(const OpInfo &op,
                                        llvm::ArrayRef<ExprId> written,
                                        ExprId expr, SourceRange range,
                                        Context context) {
  Argued storage[maxOperatorOperands];
  llvm::MutableArrayRef<Argued> operands(storage, written.size());
  size_t firstValue = program.values.size();
  bool haveTypes = true;
  for (unsigned i = 0; i != written.size(); ++i) {
    operands[i] = {check(written[i], {context.adopt, {}}), written[i], i};
    const Operand &operand = operands[i].operand;
    haveTypes &= !operand.isPending() && types.isTensor(operand.type);
  }
  Application application{op, written, expr, range};
  if (haveTypes)
    if (std::optional<TypeRef> known = types.result(applied(op, operands)))
      return emitApplied(application, operands, {}, *known);
  if (mayWait(op, operands, firstValue))
    return waiting(expr, operands);
  if (!areTensors(application, operands))
    return errorOperand(expr);
  return applyTo(operands, application, nullptr);
}

Checker::Operand Checker::applyOperation(const Application &application,
                                         Context context) {
  const OpInfo &op = application.op;
  llvm::SmallVector<Argued, 4> operands;
  std::string format;
  size_t firstValue = program.values.size();
  bool isRight = checkOperands(application, context, format, operands);
  if (!operands.empty() && mayWait(op, operands, firstValue))
    return waiting(application.expr, operands);
  isRight &= areTensors(application, operands);
  if (!op.hasArguments())
    return isRight ? applyTo(operands, application, nullptr)
                   : errorOperand(application.expr);

  mind::Call call(op);
  for (unsigned index = 0; index != op.params.size(); ++index) {
    const ParamInfo &param = op.params[index];
    if (param.kind == ParamKind::Values)
      call.args[index] = std::move(format);
    if (param.isOperand() || !application.written[index].isValid())
      continue;
    if (std::optional<Argument> value = argument(application, index))
      call.args[index] = std::move(*value);
    else
      isRight = false;
  }
  if (application.dtype)
    call.args.back() = *application.dtype;
  return isRight ? applyTo(operands, application, &call)
                 : errorOperand(application.expr);
}

Checker::Operand Checker::applyTo(llvm::MutableArrayRef<Argued> operands,
                                  const Application &application,
                                  mind::Call *call) {
  auto isUndecided = [](const Argued &argued) {
    return argued.operand.isPending() || !argued.syntax.isValid();
  };
  if (llvm::any_of(operands, isUndecided) &&
      !decideOperands(application,
                      call ? llvm::ArrayRef<Argument>(call->args)
                           : llvm::ArrayRef<Argument>(),
                      operands))
    return errorOperand(application.expr);
  if (call)
    return infer(*call, operands, application);

  // Without arguments, types say what comes out; unless there are indices,
  // whose elements may be known and wrong.
  const OpInfo &op = application.op;
  if (operands.size() > maxOperatorOperands || op.hasIndices()) {
    mind::Call own(op);
    return infer(own, operands, application);
  }
  const TypeTable::Applied key = applied(op, operands);
  if (std::optional<TypeRef> known = types.result(key))
    return emitApplied(application, operands, {}, *known);
  mind::Call own(op);
  Operand applied = infer(own, operands, application);
  if (!isError(applied) && own.requirements.empty())
    types.noteResult(key, applied.type);
  return applied;
}

Checker::Operand Checker::infer(mind::Call &call,
                                llvm::ArrayRef<Argued> operands,
                                const Application &application) {
  const OpInfo &op = application.op;
  call.spelling = spelling(application);
  for (const Argued &argued : operands) {
    call.operands.push_back(types.tensorType(argued.operand.type));
    if (op.params[argued.param].dtypes != DTypeClass::Index)
      continue;
    call.known.resize(call.operands.size());
    call.known.back() = knownElements(argued.operand.value);
  }

  TensorType result;
  if (std::optional<ShapeError> error = inferType(call, result)) {
    reportShapeError(*error, application, call, operands);
    return errorOperand(application.expr);
  }
  TypeRef type = TypeTable::unit();
  if (op.results != ResultCount::None) {
    if (!checkRank(result.dims.size(), application.range))
      return errorOperand(application.expr);
    type = types.tensor(result);
  }
  if (op.results == ResultCount::Counted) {
    llvm::SmallVector<TypeRef> parts(call.numResults(), type);
    type = tupleType(parts, application.range);
    if (types.isError(type))
      return errorOperand(application.expr);
  }
  Operand applied = emitApplied(application, operands, call.args, type);
  if (!isError(applied))
    noteRequirements(applied.value, call);
  return applied;
}

Checker::Operand Checker::emitApplied(const Application &application,
                                      llvm::ArrayRef<Argued> operands,
                                      llvm::MutableArrayRef<Argument> arguments,
                                      TypeRef type) {
  const OpInfo &op = application.op;
  CheckedOperation operation{&op, uint32_t(program.operands.size()),
                             uint32_t(operands.size()),
                             uint32_t(program.arguments.size()), 0};
  for (const Argued &argued : operands)
    program.operands.push_back(argued.operand.value);
  for (size_t index = 0; index != arguments.size(); ++index)
    if (op.params[index].isArgument()) {
      program.arguments.push_back(std::move(arguments[index]));
      ++operation.numArguments;
    }
  program.operations.push_back(operation);
  ValueId value = emit(ValueKind::Operation, type, application.expr,
                       application.range.begin, program.operations.size() - 1);
  if (op.family == OpFamily::Elementwise && TypeTable::isScalar(type) &&
      !foldOperation(value, application, operands))
    return errorOperand(application.expr);
  return emitted(value);
}

ValueId Checker::emitOperation(const OpInfo &op,
                               llvm::ArrayRef<ValueId> operands,
                               llvm::ArrayRef<Argument> arguments, TypeRef type,
                               NodeId syntax, uint32_t location) {
  program.operations.push_back(
      {&op, uint32_t(program.operands.size()), uint32_t(operands.size()),
       uint32_t(program.arguments.size()), uint32_t(arguments.size())});
  program.operands.insert(program.operands.end(), operands.begin(),
                          operands.end());
  program.arguments.insert(program.arguments.end(), arguments.begin(),
                           arguments.end());
  return emit(ValueKind::Operation, type, syntax, location,
              program.operations.size() - 1);
}

bool Checker::hasEffects(size_t first) const {
  return llvm::any_of(llvm::ArrayRef(program.values).drop_front(first),
                      [&](const CheckedValue &value) {
                        return value.kind == ValueKind::Call ||
                               (value.kind == ValueKind::Operation &&
                                program.operations[value.a].op->results ==
                                    ResultCount::None);
                      });
}

bool Checker::foldOperation(ValueId value, const Application &application,
                            llvm::ArrayRef<Argued> operands) {
  // What is known of scalars may be an argument later. Arithmetic has at most
  // two operands.
  Scalar storage[2];
  if (operands.size() > std::size(storage))
    return true;
  for (size_t i = 0; i != operands.size(); ++i)
    if (!known(operands[i].operand.value, storage[i]))
      return true;
  llvm::ArrayRef<Scalar> scalars(storage, operands.size());
  OpKind kind = application.op.kind;
  if (dividesByZero(kind, scalars)) {
    diags.report(DiagKind::DivisionByZero, application.range);
    return false;
  }
  if (hasNegativePower(kind, scalars)) {
    diags.report(DiagKind::NegativePower, application.range,
                 {scalars.back().integer.str()});
    return false;
  }
  if (std::optional<Scalar> scalar = fold(kind, scalars))
    memory.folded.emplace_back(value.index, std::move(*scalar));
  return true;
}

void Checker::reportShapeError(const ShapeError &error,
                               const Application &application,
                               const mind::Call &call,
                               llvm::ArrayRef<Argued> operands) {
  SourceRange range = application.range;
  if (error.param && application.written[*error.param].isValid()) {
    ExprId written = application.written[*error.param];
    NodeKind kind = tree.kind(written);
    if (error.element && (kind == NodeKind::List || kind == NodeKind::Tuple) &&
        *error.element < tree.elements(written).size())
      written = tree.elements(written)[*error.element];
    range = tree.range(written);
  } else if (error.culprit && operands[*error.culprit].syntax.isValid()) {
    range = tree.range(operands[*error.culprit].syntax);
  }
  Diagnostic &diag = diags.report(error.kind, range, error.args);
  // Errors of dtypes show dtypes, the others shapes.
  bool isAboutDType = diagnosticCode(error.kind).starts_with("E2");
  for (unsigned index : error.operands) {
    const TensorType &type = call.operands[index];
    ExprId syntax = operands[index].syntax;
    if (syntax.isValid() && tree.range(syntax) != range)
      diag.label(tree.range(syntax),
                 isAboutDType ? type.str() : shapeString(type.dims));
  }
  diag.help(error.help);
}

} // namespace mind
