//===- MindBase.td - how an operation is declared ------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// An operation of the language is declared once, as a `Mind_LanguageOp`. From
// that one record come the operation of the dialect (mlir-tblgen) and the
// table which the type checker, the IR generator, `mindc ops` and the generic
// verifier read (mind-tblgen, Mind/Shape/Operation.h).
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_MINDBASE_TD
#define MIND_DIALECT_MIND_IR_MINDBASE_TD

include "Mind/Dialect/Mind/IR/MindDialect.td"
include "Mind/Dialect/Mind/IR/LanguageOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Parameters of the language
//===----------------------------------------------------------------------===//

/// What a parameter accepts in source; `kind` names a mind::ParamKind.
class LanguageParam<string paramKind, string paramDefault = ""> {
  string kind = paramKind;
  // Source text of the default; empty: required. "none": may be left out, and
  // the shape rule fills it in.
  string default = paramDefault;
  // The allowed strings, for kind "Choice".
  list<string> choices = [];
  // A mind::DTypeClass, for operands that go by their own; literals among them
  // take no part in what the other operands agree on.
  string dtypes = "";
}

// That the elements are of a MIND dtype is checked together with the shape rule.
class Mind_TensorType
    : Type<CPred<"::llvm::isa<::mlir::RankedTensorType>($_self)">,
           "tensor of a MIND dtype", "::mlir::RankedTensorType">;
def Mind_AnyTensor : Mind_TensorType;

// Parameters that are operands. At most one of an operation may be left out or
// stand for several.
def Mind_Tensor : Mind_TensorType, LanguageParam<"Tensor">;
class Mind_TensorOf<string dtypeClass>
    : Mind_TensorType, LanguageParam<"Tensor"> {
  let dtypes = dtypeClass;
}
// A number, by default the one that the text states, in the operands' dtype.
class Mind_Scalar<string default>
    : Mind_TensorType, LanguageParam<"Tensor", default>;
// May be left out, and is no operand then.
def Mind_OptionalTensor : Optional<Mind_AnyTensor>,
                          LanguageParam<"Tensor", "none">;
class Mind_OptionalTensorOf<string dtypeClass>
    : Optional<Mind_AnyTensor>, LanguageParam<"Tensor", "none"> {
  let dtypes = dtypeClass;
}
// One list of tensors, `concat([x, y])`.
def Mind_Tensors : Variadic<Mind_AnyTensor>, LanguageParam<"Tensors">;
// All positional arguments from here on, `index(x, i, j)`.
class Mind_Rest<string dtypeClass = "">
    : Variadic<Mind_AnyTensor>, LanguageParam<"Rest"> {
  let dtypes = dtypeClass;
}
// All positional arguments from here on, strings among them, as print takes
// them. The strings are in the attribute `format`, a `{}` for each operand and
// `{{` for a brace.
def Mind_Values : Variadic<Mind_AnyTensor>, LanguageParam<"Values">;

class Mind_I64Param<string paramKind, string default>
    : TypedSignlessIntegerAttrBase<I64, "int64_t", "integer">,
      LanguageParam<paramKind, default> {
  let convertFromStorage = "$_self.getInt()";
}
class Mind_I64ArrayParam<string paramKind, string default>
    : DenseArrayAttrBase<"DenseI64ArrayAttr", "int64_t", "i64">,
      LanguageParam<paramKind, default>;

// Parameters that are attributes of the operation. The IR holds them
// normalised: axes are explicit and not negative, `Same` padding is numbers.
class Mind_Axis<string default = "">
    : Mind_I64Param<"Axis", default>;              // one axis
class Mind_Int<string default = "">
    : Mind_I64Param<"Int", default>;               // a plain integer
class Mind_Axes<string default = "none">
    : Mind_I64ArrayParam<"Axes", default>;         // a list, or one integer
class Mind_Ints<string default = "">
    : Mind_I64ArrayParam<"Ints", default>;         // a list, or one integer
class Mind_Pairs<string default = "">
    : Mind_I64ArrayParam<"Pairs", default>;        // [[a, b], [c, d], ...]
class Mind_Pair<string default = "">
    : Mind_I64ArrayParam<"Pair", default>;         // [a, b]; one integer: both
class Mind_Padding<string default = "Valid">
    : Mind_I64ArrayParam<"Padding", default>;      // [top, bottom, left, right]
class Mind_Float<string default = "">
    : FloatAttrBase<F64, "number">, LanguageParam<"Float", default> {
  let returnType = "double";
  let convertFromStorage = "$_self.getValueAsDouble()";
}
// An integer, held in 64 bits, or a float: which one decides a result's dtype.
class Mind_Number<string default = "">
    : Attr<CPred<"::llvm::isa<::mlir::IntegerAttr, ::mlir::FloatAttr>($_self)">,
           "number">,
      LanguageParam<"Number", default> {
  let storageType = "::mlir::TypedAttr";
  let returnType = "::mlir::TypedAttr";
  let convertFromStorage = "$_self";
}
// May be left out, and is no attribute then.
def Mind_OptionalAxis : OptionalAttr<I64Attr>, LanguageParam<"Axis", "none">;
def Mind_OptionalFloat : OptionalAttr<F64Attr>, LanguageParam<"Float", "none">;
class Mind_String<string default = "">
    : StringBasedAttr<CPred<"::llvm::isa<::mlir::StringAttr>($_self)">,
                      "string">,
      LanguageParam<"String", default>;
class Mind_Bool<string default>
    : Attr<BoolAttr.predicate, "bool">, LanguageParam<"Bool", default> {
  let storageType = BoolAttr.storageType;
  let returnType = "bool";
  let constBuilderCall = "$_builder.getBoolAttr($0)";
}
class Mind_Choice<list<string> allowed, string default>
    : StringBasedAttr<CPred<"::llvm::isa<::mlir::StringAttr>($_self)">,
                      "string">,
      LanguageParam<"Choice", default> {
  let choices = allowed;
}

// Parameters that the result type states, so that no attribute repeats them.
class Mind_Shape<string default = ""> : LanguageParam<"Shape", default>;
class Mind_DType<string default = ""> : LanguageParam<"DType", default>;

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

class Mind_Op<string mnemonic, list<Trait> traits = []>
    : Op<Mind_Dialect, mnemonic, traits>;

// The traits of an operation that may fail at run time: it writes the call's
// context, and so is neither removed nor moved past another that may. Its
// record also has failureDeclaration and failureDefinition.
defvar failureTraits = [DeclareOpInterfaceMethods<ConditionallySpeculatable>,
                        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>];

/// An operation that programs of the language can name.
///
/// `family` names a mind::OpFamily, `rule` a function in Mind/Shape/Rules.h
/// and `dtypes` a mind::DTypeClass that every tensor operand must belong to
/// unless the rule says otherwise.
///
/// `summary` and `description` are read in the reference of the language too,
/// and in editors: a phrase that can begin a sentence, and paragraphs and lists
/// of Markdown. The reference of the language leaves out examples in IR, and
/// paragraphs that begin with "In IR".
class Mind_LanguageOp<string mnemonic, string opFamily, string shapeRule,
                      string dtypeClass, list<Trait> traits = []>
    : Mind_Op<mnemonic, !listconcat([Mind_LanguageOpInterface], traits)> {
  string family = opFamily;
  string rule = shapeRule;
  string dtypes = dtypeClass;
  // What programs call it. Operations may share a name: the first one in
  // declaration order whose tensor parameters all have a positional argument
  // is meant.
  list<string> names = [mnemonic];
  // The operator that means it, if any.
  string symbol = "";
  // Parameters in the language's order, when `arguments` do not say it all.
  dag parameters = (ins);
  // The integer parameter that says how many results there are, each of the
  // type that the rule gives; programs see a tuple. Empty: one result, or none
  // where `results` has none.
  string resultCount = "";
  // A program that uses it, for the reference: statements, the result, and as
  // comment lines what `mindc run` prints of it, which a test compares.
  string example = "";

  let results = (outs Mind_Tensor:$result);
  let hasVerifier = 1;
  code languageDeclaration = [{
    /// What the language says of this operation.
    static const ::mind::OpInfo &info();
    const ::mind::OpInfo &getOpInfo() { return info(); }
  }];
  code languageDefinition = [{
    const ::mind::OpInfo &$cppClass::info() {
      return ::mind::operationInfo(::mind::OpKind::}]
      # !subst("Op", "", NAME) # [{);
    }
    ::llvm::LogicalResult $cppClass::verify() {
      return ::mind::detail::verifyLanguageOp(*this, info());
    }
  }];
  code failureDeclaration = [{
    /// Whether it may fail at run time.
    bool mayFail();
  }];
  code failureDefinition = [{
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::SideEffects::EffectInstance<
            ::mlir::MemoryEffects::Effect>> &effects) {
      if (mayFail())
        effects.emplace_back(::mlir::MemoryEffects::Write::get());
    }
    ::mlir::Speculation::Speculatability $cppClass::getSpeculatability() {
      return mayFail() ? ::mlir::Speculation::NotSpeculatable
                       : ::mlir::Speculation::Speculatable;
    }
  }];
  let extraClassDeclaration = languageDeclaration;
  let extraClassDefinition = languageDefinition;
}

/// A language operation whose result type follows from operands and attributes.
class Mind_InferredOp<string mnemonic, string family, string rule,
                      string dtypes, list<Trait> traits = []>
    : Mind_LanguageOp<mnemonic, family, rule, dtypes,
        !listconcat([DeclareOpInterfaceMethods<InferTypeOpInterface,
                                               ["refineReturnTypes"]>],
                    traits)> {
  code inferredDefinition = languageDefinition # [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      return ::mind::detail::inferLanguageOp<$cppClass>(
          context, location, operands, attributes, properties, types);
    }
    // Asked by the interface's verifier only. verify(), which comes before it,
    // has found that the types follow from the rule.
    ::llvm::LogicalResult $cppClass::refineReturnTypes(
        ::mlir::MLIRContext *, std::optional<::mlir::Location>,
        ::mlir::ValueRange, ::mlir::DictionaryAttr, ::mlir::OpaqueProperties,
        ::mlir::RegionRange, ::llvm::SmallVectorImpl<::mlir::Type> &) {
      return ::llvm::success();
    }
  }];
  let extraClassDefinition = inferredDefinition;
}

#endif // MIND_DIALECT_MIND_IR_MINDBASE_TD
