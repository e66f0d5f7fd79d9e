//===- Checker.h - the type checker ----------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The state of one run of TypeChecker::check(). Its methods are spread over the
// files of this folder by what they check: Items, Types, Statements, Control,
// Expressions, Literals, Sizes, Calls, Arguments.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SEMA_CHECKER_H
#define MIND_LIB_SEMA_CHECKER_H

#include "Memory.h"
#include "Mind/Basic/Diagnostic.h"
#include "Mind/Sema/CheckedProgram.h"
#include "Scalar.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"

namespace mind {

class Checker {
public:
  Checker(const Tree &tree, DiagnosticEngine &diags, CheckedProgram &program,
          CheckerMemory &memory)
      : tree(tree), diags(diags), program(program), memory(memory),
        types(program.types) {}

  void run();

private:
  //===--------------------------------------------------------------------===//
  // What checking an expression gives
  //===--------------------------------------------------------------------===//

  /// A value; or, of an expression made of literals alone, the expression,
  /// until its context says which dtype it adopts.
  struct Operand {
    ValueId value;
    TypeRef type;
    /// Valid for literals that wait for their context.
    ExprId literal;
    /// One of the float literals in it, if any.
    ExprId floatLiteral;

    bool isPending() const { return literal.isValid(); }
  };

  /// What the surroundings of an expression want of it.
  struct Context {
    /// Literals take this dtype now. Set only for expressions that were found
    /// to be pending.
    std::optional<DType> adopt;
    /// The type that is wanted, for the elements of tuples.
    std::optional<TypeRef> expected;
  };

  /// A type that a value must have, and how to say that it has not.
  struct Expectation {
    TypeRef type;
    /// LetTypeMismatch, ArgumentTypeMismatch, ResultTypeMismatch,
    /// AssignTypeMismatch or BranchTypeMismatch, and the names in its message.
    DiagKind mismatch;
    llvm::StringRef name, owner = {};
    /// What says the type.
    SourceRange declaration;
    /// Whether a scalar fills a tensor.
    bool fill = false;
    /// How a message calls `declaration`.
    llvm::StringRef because = "declared here";
  };

  /// An operation, what is written for each of its parameters (invalid where
  /// nothing is) and where.
  struct Application {
    const OpInfo &op;
    llvm::ArrayRef<ExprId> written;
    ExprId expr;
    SourceRange range;
    /// The dtype of `x as dtype`.
    std::optional<DType> dtype = {};
    /// Positional arguments beyond the parameters, for one that takes the rest.
    llvm::ArrayRef<ExprId> rest = {};
  };

  /// An operand of an operation while its dtype is being found.
  struct Argued {
    Operand operand;
    /// What is written for it; invalid for a default.
    ExprId syntax;
    unsigned param;
  };

  //===--------------------------------------------------------------------===//
  // Items.cpp
  //===--------------------------------------------------------------------===//

  /// Collects the items of `module`, the first node of which is `firstNode`.
  void collectItems(uint32_t firstNode);
  void addItem(ItemKind kind, StmtId statement, Symbol name,
               SourceRange nameRange, uint32_t firstNode);
  void addImport(StmtId statement, uint32_t firstNode);
  /// Makes `item` what its name means; there is none yet of its kind and file.
  void enterItem(const Item &item);
  /// Makes the names that items introduce mean nothing again.
  void forgetItems();
  /// The item called `name` of this file, or of another; or null.
  Item *findItem(ItemKind kind, Symbol name) {
    return findItem(kind, name, module);
  }
  Item *findItem(ItemKind kind, Symbol name, uint32_t module);
  /// The item that `name` means in this file, of which its imports are part; or
  /// null.
  Item *findItem(ItemKind kind, const QualifiedName &name);
  /// The item that node `node` of this file refers to, or null.
  Item *referredItem(uint32_t node);
  /// All items, each after those it refers to. Reports cycles.
  llvm::SmallVector<uint32_t> orderItems();
  void reportCycle(llvm::ArrayRef<uint32_t> cycle, SourceRange range);
  void checkConstant(Item &item);
  void checkAlias(Item &item);
  void checkFunction(Item &item);
  void checkScript();
  void beginFunction();
  void endFunction(CheckedFunction &function, Operand body,
                   std::optional<TypeRef> declared, SourceRange declaration);

  //===--------------------------------------------------------------------===//
  // Types.cpp
  //===--------------------------------------------------------------------===//

  /// Whether a new name of a dimension is bound (in a parameter) or an error,
  /// and `?` a new size or whatever the value has.
  enum class DimNames : uint8_t { Bind, Use };

  TypeRef resolveType(TypeId type, DimNames names);
  TypeRef resolveTensorType(TypeId type, DimNames names);
  TypeRef resolveNamedType(TypeId type, DimNames names);
  TypeRef resolveAlias(Item &alias, DimNames names);
  bool dependsOnSizes(const Item &alias);
  /// None if the dimension has been reported.
  std::optional<Dim> resolveDim(DimId dim, DimNames names);
  bool checkShape(llvm::ArrayRef<Dim> dims, SourceRange range);
  bool checkRank(size_t rank, SourceRange range);
  bool checkElementCount(llvm::ArrayRef<Dim> dims, SourceRange range);
  /// The type of tuples of `elements`, or the error type.
  TypeRef tupleType(llvm::ArrayRef<TypeRef> elements, SourceRange range);
  /// Whether a value of type `actual` is one of type `declared`, which may say
  /// `?`.
  bool matches(TypeRef declared, TypeRef actual) const;
  bool hasWildcard(TypeRef type) const;
  /// Makes a value of `operand`, found at `range`, that is of the type wanted.
  /// Reports if it is not.
  ValueId coerce(Operand operand, const Expectation &wanted, SourceRange range,
                 ExprId expr);
  void reportMismatch(const Expectation &wanted, TypeRef actual,
                      SourceRange range, ExprId expr);

  //===--------------------------------------------------------------------===//
  // Statements.cpp
  //===--------------------------------------------------------------------===//

  /// `isBody`: of a function or script, where `return` may end it.
  Operand checkBlock(ExprId block, Context context, bool isBody);
  void checkStatement(StmtId statement);
  void checkLet(StmtId statement);
  /// `firstBinding`: of those that the whole pattern makes.
  void bindPattern(PatternId pattern, ValueId value, size_t firstBinding);
  void checkAssign(StmtId statement);
  void reportNotAssignable(ExprId target);

  //===--------------------------------------------------------------------===//
  // Control.cpp
  //===--------------------------------------------------------------------===//

  /// An `if` or a loop whose regions are being checked.
  struct OpenControl {
    ValueId value;
    /// The names it carries, as indices into `bindings`.
    llvm::SmallVector<uint32_t> carried;
    /// What they hold before.
    llvm::SmallVector<ValueId> before;

    CheckedControl &in(CheckedProgram &program) const {
      return program.controls[program.value(value).a];
    }
  };

  OpenControl beginControl(ValueKind kind, ExprId expr, uint32_t location,
                           llvm::ArrayRef<ValueId> operands);
  /// Opens a region that sees the carried names as they were before or, of a
  /// loop, as new arguments, after one for its variable.
  void beginRegion(const OpenControl &control, unsigned region,
                   NodeId variable = {});
  void endRegion(const OpenControl &control, unsigned region, ValueId yield);
  /// Gives the carried names what they hold after.
  Operand endControl(const OpenControl &control, TypeRef type);
  /// The names from outside of `expr` that are assigned in it.
  llvm::SmallVector<uint32_t> assignedIn(ExprId expr);

  Operand checkIf(ExprId expr, Context context);
  Operand checkWhile(ExprId expr);
  Operand checkFor(ExprId expr);
  Operand checkLogical(ExprId expr);
  /// The value of a rank-0 bool that `what` wants, of type error if it is none.
  ValueId checkCondition(ExprId expr, llvm::StringRef what,
                         llvm::StringRef helpForTensors);
  /// The value of an end of a range.
  ValueId checkBound(ExprId expr);
  /// Checks the body of a loop, or the block of an `if` without `else`, and
  /// ends the region. Returns unit, or the error type if it yields something.
  TypeRef checkUnitRegion(const OpenControl &control, unsigned region,
                          ExprId block, DiagKind mismatch);
  /// Whether what `expr` yields is made of literals alone; `isFloat` if there
  /// is a float literal among them.
  bool isLiteral(ExprId expr, bool &isFloat) const;
  /// What of a block is its value, for a message to point at.
  SourceRange yieldRange(ExprId branch) const;

  //===--------------------------------------------------------------------===//
  // Names.cpp
  //===--------------------------------------------------------------------===//

  void bind(Symbol name, SourceRange declaration, ValueId value,
            BindingKind kind);
  Binding *findBinding(Symbol name) {
    uint32_t binding = memory.names[name.id].binding;
    return binding ? &memory.bindings[binding - 1] : nullptr;
  }
  /// What `import` calls `name` in this file, or null.
  const Item *findImport(Symbol name) {
    return findItem(ItemKind::Import, name);
  }
  /// The module that an expression names: the import called so, unless a
  /// variable hides it; or null.
  const Item *moduleNamed(ExprId expr);
  /// The operations that programs call `name`.
  llvm::ArrayRef<const OpInfo *> operationsNamed(Symbol name);
  /// The item of another module that `name` means; null, and reported, if there
  /// is none.
  Item *findMember(ItemKind kind, const QualifiedName &name);
  /// Forgets the names bound since there were `count` of them.
  void leaveScope(size_t count);
  /// Forgets all names of the function.
  void forgetBindings();
  Operand checkName(ExprId expr);
  /// "did you mean `x`?" for the candidate nearest to `name`, or nothing.
  std::string suggestion(llvm::StringRef name,
                         llvm::ArrayRef<llvm::StringRef> candidates) const;
  /// Appends the names of the items of `module`.
  void appendNames(ItemKind kind, uint32_t module,
                   llvm::SmallVectorImpl<llvm::StringRef> &names) const;
  std::string suggestValue(llvm::StringRef name) const;
  std::string suggestFunction(llvm::StringRef name) const;
  /// "b.f" where an imported module `b` has a function `f`, which is `name`.
  std::string nameInImports(Symbol name);

  //===--------------------------------------------------------------------===//
  // Expressions.cpp
  //===--------------------------------------------------------------------===//

  Operand check(ExprId expr, Context context = {});
  /// Checks `expr` and lets literals decide for themselves.
  Operand checkDecided(ExprId expr);
  Operand checkUnary(ExprId expr, Context context);
  Operand checkBinary(ExprId expr, Context context);
  Operand checkCast(ExprId expr);
  Operand checkTuple(ExprId expr, Context context);
  Operand checkTupleElement(ExprId expr);
  Operand checkField(ExprId expr);
  Operand reportUndefinedField(const FieldView &view, TypeRef type,
                               ExprId expr);
  Operand emitConstant(const Item &item, ExprId expr);

  //===--------------------------------------------------------------------===//
  // Indexing.cpp
  //===--------------------------------------------------------------------===//

  /// `x[i, a:b]`: what is sliced first, then what is selected from.
  Operand checkIndex(ExprId expr);
  /// `base` with the dimensions sliced for which `elements` has a Slice.
  Operand applySlices(Operand base, llvm::ArrayRef<ExprId> elements,
                      ExprId expr);
  /// The elements of integers that are known at compile time, one for all of a
  /// splat; empty if they are not.
  Ints knownElements(ValueId value) const;

  //===--------------------------------------------------------------------===//
  // Literals.cpp
  //===--------------------------------------------------------------------===//

  /// What the minus stands before, if one does; else `expr` itself.
  ExprId withoutMinus(ExprId expr) const;
  /// Whether `expr` is a number, a minus before it included.
  bool isNumber(ExprId expr) const;
  /// The same of an integer.
  bool isInteger(ExprId expr) const;
  Operand checkNumber(ExprId expr, Context context);
  /// The constant of `type` all of whose elements are the number `expr`, what
  /// check() and coerce() would come to as well; invalid if `expr` is no
  /// number, or they would find something wrong or not known yet.
  ValueId fillWith(ExprId expr, TypeRef type);
  /// Whether `expr` is arithmetic on numbers alone, and no more than a few; if
  /// so, `pending` is what check() gives without a context.
  bool isShortArithmetic(ExprId expr, Operand &pending);
  /// What an expression is seen to be.
  struct Seen {
    enum Kind : uint8_t {
      Other,
      /// Arithmetic on numbers alone.
      Numbers,
      /// The same of integers, which comes to `integer` as i64.
      Integer,
    } kind = Other;
    int64_t integer = 0;
  };
  /// Looks at no more than `most` nodes, which it counts down; `floatLiteral`
  /// is one of the float literals among them, if any.
  Seen lookThrough(ExprId expr, ExprId &floatLiteral, unsigned &most) const;
  Seen lookThroughOperands(ExprId expr, ExprId &floatLiteral,
                           unsigned &most) const;
  Operand checkList(ExprId expr, Context context);
  /// Collects the elements of a list of lists and its shape; false if it is
  /// ragged.
  bool flattenList(ExprId list, llvm::SmallVectorImpl<ExprId> &leaves,
                   Dims &shape, unsigned depth);
  void reportRagged(ExprId list);
  /// Whether an element of a list has rank 0; reports if it has not.
  bool checkElement(ExprId leaf, TypeRef type);
  /// Finds the dtype of those `elements` that have one, none if all are
  /// literals, and in `pending` a float literal among these. False if they do
  /// not go together, which is reported.
  bool findElementDType(llvm::ArrayRef<ExprId> leaves,
                        llvm::ArrayRef<Operand> elements, Operand &pending,
                        std::optional<DType> &dtype);
  /// A constant, or else the operations that put `elements` together. What they
  /// were computed by begins at `firstValue`.
  Operand emitList(ExprId expr, const Dims &shape, DType dtype,
                   llvm::ArrayRef<ExprId> leaves,
                   llvm::MutableArrayRef<Operand> elements, size_t firstValue);
  /// The value of the literal `number`, or its negation, in `dtype`, if that is
  /// one of its values.
  std::optional<Scalar> literalValue(ExprId number, bool negative,
                                     DType dtype) const;
  /// The value of `expr`, made of literals alone, computed in `dtype`; none if
  /// there is more in it than arithmetic, or something is wrong with it.
  std::optional<Scalar> arithmeticValue(ExprId expr, DType dtype) const;
  /// The value of a number in `dtype`; reports one that is out of range or a
  /// float where an integer is wanted.
  std::optional<Scalar> numberValue(ExprId expr, DType dtype);
  /// The dtype that pending operands take among themselves.
  static DType defaultDType(llvm::ArrayRef<Operand> operands);
  /// Makes a value of a pending operand. Others are returned as they are.
  Operand decide(Operand operand, DType dtype);
  Operand decide(Operand operand) {
    return decide(operand, defaultDType(operand));
  }
  /// With the dtype of the type that is wanted, if it has one for numbers. A
  /// float literal does not become an integer; the mismatch of types will tell.
  Operand decide(Operand operand, std::optional<TypeRef> expected);
  /// False, and reported, if `operand` holds a float literal and `dtype` is an
  /// integer type, which `because` has.
  bool checkAdoption(const Operand &operand, DType dtype, SourceRange because,
                     llvm::StringRef label);
  /// What computes `value`, past the names for it and the tuples it is in.
  const CheckedValue &origin(ValueId value) const;
  /// What `value` is, if that is known.
  std::optional<Scalar> known(ValueId value) const {
    Scalar scalar;
    return known(value, scalar) ? std::optional(std::move(scalar))
                                : std::nullopt;
  }
  /// The same, written to `scalar`; false if it is not known.
  bool known(ValueId value, Scalar &scalar) const;
  Operand emitScalar(const Scalar &scalar, ExprId expr);

  //===--------------------------------------------------------------------===//
  // Sizes.cpp
  //===--------------------------------------------------------------------===//

  /// A value of i64: `extent`.
  ValueId emitExtent(const Dim &extent, ExprId expr);
  /// `x.shape` is a tuple of the extents of `x`.
  Operand checkShapeOf(ValueId x, ExprId expr);
  /// Whether `expr` is `x.shape` of something that is no module.
  bool isShape(ExprId expr);
  /// `x.shape[i]`, where i is known at compile time.
  Operand checkShapeIndex(ExprId expr);
  /// The extents that a value is if it is a tuple of known integers, as
  /// `x.shape` is; none if it is not.
  std::optional<Dims> knownShape(ValueId value) const;

  //===--------------------------------------------------------------------===//
  // Calls.cpp
  //===--------------------------------------------------------------------===//

  Operand checkCall(ExprId expr, Context context);
  Operand checkMethodCall(ExprId expr, Context context);
  Operand checkBuiltin(llvm::ArrayRef<const OpInfo *> candidates,
                       ExprId receiver, NodeList<ExprId> args, ExprId expr,
                       SourceRange nameRange, Context context);
  Operand checkUserCall(const Item &callee, NodeList<ExprId> args, ExprId expr,
                        SourceRange nameRange);
  Operand reportUndefinedFunction(Symbol name, SourceRange nameRange,
                                  NodeList<ExprId> args, bool isBuiltin,
                                  ExprId expr);
  /// Checks the arguments of what cannot be called.
  Operand checkArguments(NodeList<ExprId> args, ExprId expr);
  /// Distributes arguments over parameters; false if some error was reported.
  /// Where there is a `rest`, it takes the positional arguments behind that of
  /// `restParam`, and the parameters behind go by name only.
  bool bindArguments(unsigned numParams,
                     llvm::function_ref<llvm::StringRef(unsigned)> param,
                     llvm::function_ref<bool(unsigned)> isRequired,
                     llvm::function_ref<std::string()> signature,
                     llvm::StringRef callee, ExprId receiver,
                     NodeList<ExprId> args, SourceRange nameRange,
                     llvm::SmallVectorImpl<ExprId> &written,
                     llvm::SmallVectorImpl<ExprId> *rest = nullptr,
                     unsigned restParam = 0);

  //===--------------------------------------------------------------------===//
  // Operations.cpp
  //===--------------------------------------------------------------------===//

  Operand applyOperation(const Application &application, Context context);
  /// How many operands applyOperator takes at most.
  static constexpr unsigned maxOperatorOperands = 3;
  /// The same of an operator or what is like one: it has nothing but operands,
  /// one for each parameter, all of them written.
  Operand applyOperator(const OpInfo &op, llvm::ArrayRef<ExprId> written,
                        ExprId expr, SourceRange range, Context context);
  /// What the table of types knows the result of by: `op` without compile-time
  /// arguments on at most maxOperatorOperands operands.
  static TypeTable::Applied applied(const OpInfo &op,
                                    llvm::ArrayRef<Argued> operands);
  /// Whether an operation on these operands, the values of which begin at
  /// `firstValue`, consists of literals that wait for their context.
  bool mayWait(const OpInfo &op, llvm::ArrayRef<Argued> operands,
               size_t firstValue) const;
  /// That operation, `expr`.
  static Operand waiting(ExprId expr, llvm::ArrayRef<Argued> operands);
  /// Lets `operands` decide for their dtypes, and emits the operation. `call`
  /// has the arguments; null if the operation takes none.
  Operand applyTo(llvm::MutableArrayRef<Argued> operands,
                  const Application &application, mind::Call *call);
  /// Finds the result's type and the normal arguments by the shape rules, and
  /// emits the operation.
  Operand infer(mind::Call &call, llvm::ArrayRef<Argued> operands,
                const Application &application);
  /// What the program wrote, an operator or a name.
  llvm::StringRef spelling(const Application &application) const;
  /// Emits an operation that was found to be right. `arguments`, which it takes
  /// over: one for each parameter, or none at all where no parameter has any.
  Operand emitApplied(const Application &application,
                      llvm::ArrayRef<Argued> operands,
                      llvm::MutableArrayRef<Argument> arguments, TypeRef type);
  /// `arguments`: one for each of op.arguments(), normalised.
  ValueId emitOperation(const OpInfo &op, llvm::ArrayRef<ValueId> operands,
                        llvm::ArrayRef<Argument> arguments, TypeRef type,
                        NodeId syntax, uint32_t location);
  /// Checks what is written for the operands, and fills in `format`, of an
  /// operation that has one; false if some error was reported.
  bool checkOperands(const Application &application, Context context,
                     std::string &format,
                     llvm::SmallVectorImpl<Argued> &operands);
  /// Whether those that are no literals are tensors; reports if not.
  bool areTensors(const Application &application,
                  llvm::ArrayRef<Argued> operands);
  /// Appends the tensors of a list, or of a tuple.
  bool appendTensors(ExprId written, unsigned param, const OpInfo &op,
                     Context context, llvm::SmallVectorImpl<Argued> &operands);
  /// Lets literals adopt the dtype of their neighbours; false if some error was
  /// reported.
  bool decideOperands(const Application &application,
                      llvm::ArrayRef<Argument> arguments,
                      llvm::MutableArrayRef<Argued> operands);
  void reportShapeError(const ShapeError &error, const Application &application,
                        const mind::Call &call,
                        llvm::ArrayRef<Argued> operands);
  /// Whether one of the values from `first` on does something, or calls what
  /// may.
  bool hasEffects(size_t first) const;
  /// Notes the value of an operation on known scalars; false if it has none,
  /// which is reported.
  bool foldOperation(ValueId value, const Application &application,
                     llvm::ArrayRef<Argued> operands);

  //===--------------------------------------------------------------------===//
  // Instances.cpp
  //===--------------------------------------------------------------------===//

  /// Notes what the sizes in a parameter's type are in an argument's, where
  /// they are not bound yet.
  void bindSizes(TypeRef declared, TypeRef actual,
                 llvm::ArrayRef<std::string> names,
                 llvm::MutableArrayRef<std::optional<Dim>> bound);
  /// `type` with the sizes of a callee replaced by those of a call.
  TypeRef instantiate(TypeRef type, llvm::ArrayRef<std::string> names,
                      llvm::ArrayRef<Dim> sizes, SourceRange range);
  /// Notes what the operation `value` wants of extents.
  void noteRequirements(ValueId value, const mind::Call &call);
  /// Whether `dims`, which `value` has, are extents for these sizes.
  bool checkDims(const CheckedValue &value, llvm::ArrayRef<Dim> dims,
                 llvm::ArrayRef<std::string> names, llvm::ArrayRef<Dim> sizes,
                 SourceRange range);
  /// Whether `requirement` may hold for these sizes.
  bool checkRequirement(const CheckedRequirement &requirement,
                        llvm::ArrayRef<std::string> names,
                        llvm::ArrayRef<Dim> sizes, SourceRange range);
  /// Whether all types in `function`, for these sizes, are types at all, and
  /// what its operations want of extents holds.
  bool checkInstance(uint32_t function, const Dims &sizes, SourceRange range);

  //===--------------------------------------------------------------------===//
  // Arguments.cpp
  //===--------------------------------------------------------------------===//

  /// The value of a compile-time argument, or none if it has been reported.
  std::optional<Argument> argument(const Application &application,
                                   unsigned param);
  /// An integer known at compile time, maybe symbolic.
  std::optional<Dim> integerArgument(ExprId expr, const OpInfo &op,
                                     unsigned param);
  /// The same, or a tuple of such integers.
  std::optional<Dims> integersArgument(ExprId expr, const OpInfo &op,
                                       unsigned param, bool mayBeTuple);
  std::optional<int64_t> constantArgument(ExprId expr, const OpInfo &op,
                                          unsigned param);
  std::optional<Ints> listArgument(ExprId expr, const OpInfo &op,
                                   unsigned param);
  std::optional<Ints> pairsArgument(ExprId expr, const OpInfo &op,
                                    unsigned param);
  /// An integer or a float known at compile time.
  std::optional<Argument> numberArgument(ExprId expr, const OpInfo &op,
                                         unsigned param);
  std::optional<Argument> paddingArgument(ExprId expr, const OpInfo &op,
                                          unsigned param);
  std::optional<Argument> shapeArgument(ExprId expr, const OpInfo &op,
                                        unsigned param);
  std::optional<Argument> choiceArgument(ExprId expr, const OpInfo &op,
                                         unsigned param);
  std::nullopt_t reportArgumentKind(ExprId expr, const OpInfo &op,
                                    unsigned param);
  /// What `expr` is, as a message names it.
  std::string describe(ExprId expr) const;
  /// Its text, if that is short; else empty.
  llvm::StringRef shortText(ExprId expr) const;

  //===--------------------------------------------------------------------===//

  ValueId emit(ValueKind kind, TypeRef type, NodeId syntax, uint32_t location,
               uint32_t a = 0, uint32_t b = 0) {
    program.values.push_back({kind, type, a, b, syntax, location});
    return ValueId{uint32_t(program.values.size() - 1)};
  }
  /// Drops the values from `first` on, to which no value refers, unless
  /// computing them does more than that.
  void forgetValues(size_t first);
  ValueId emitUnit(ExprId expr) {
    return emit(ValueKind::Tuple, TypeTable::unit(), expr,
                tree.range(expr).begin);
  }
  Operand emitted(ValueId value) const {
    return {value, program.value(value).type, {}, {}};
  }
  Operand errorOperand(ExprId expr) {
    return emitted(emit(ValueKind::Error, TypeTable::error(), expr,
                        tree.range(expr).begin));
  }
  bool isError(const Operand &operand) const {
    return !operand.isPending() && types.isError(operand.type);
  }
  Diagnostic &notSupported(SourceRange range, std::string what) {
    return diags.report(DiagKind::NotSupported, range, {std::move(what)});
  }
  std::string quoted(Symbol name) const {
    return "`" + tree.text(name).str() + "`";
  }

  const Tree &tree;
  DiagnosticEngine &diags;
  CheckedProgram &program;
  CheckerMemory &memory;
  TypeTable &types;

  /// The file of the item that is being checked, into tree.modules().
  uint32_t module = 0;

  // Of the function that is being checked.
  /// Its named sizes; of those that have no name, `?0`, `?1`...
  std::vector<std::string> sizes;
  /// How many values it has, those of the functions that it calls included.
  uint64_t cost = 0;

  /// Extents that are a name, each made once.
  llvm::DenseMap<Symbol, Dim> namedDims;
  /// Instances that checkInstance has seen, as text.
  llvm::StringSet<> checkedInstances;
  /// How many `?` have become sizes.
  unsigned numUnknowns = 0;
};

inline llvm::StringRef dtypeText(DType dtype) {
  std::string_view name = dtypeName(dtype);
  return {name.data(), name.size()};
}

/// The operation that a binary operator means, which is not `&&` or `||`.
const OpInfo &operationOf(BinaryOp op);

/// "`softmax`", as messages show an operation.
std::string quotedName(const OpInfo &op);

} // namespace mind

#endif // MIND_LIB_SEMA_CHECKER_H
