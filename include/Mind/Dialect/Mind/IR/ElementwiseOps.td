//===- ElementwiseOps.td - one element in, one element out ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_ELEMENTWISEOPS_TD
#define MIND_DIALECT_MIND_IR_ELEMENTWISEOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_UnaryOp<string mnemonic, string dtypes, string meaning,
                   string rule = "elementwise", list<Trait> traits = [Pure]>
    : Mind_InferredOp<mnemonic, "Elementwise", rule, dtypes, traits> {
  let summary = meaning;
  let description = "Computes " # meaning # [{ for each element of `x`.

    ```mlir
    %y = mind.}] # mnemonic # [{ %x : (tensor<4xTYPE>) -> tensor<4xTYPE>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

class Mind_BinaryOp<string mnemonic, string dtypes, string meaning,
                    string rule = "elementwise", list<Trait> traits = [Pure]>
    : Mind_InferredOp<mnemonic, "Elementwise", rule, dtypes, traits> {
  let summary = meaning;
  let description = "Computes " # meaning # [{ for each pair of elements; the
    operands have one dtype and broadcast.

    ```mlir
    %z = mind.}] # mnemonic # [{ %x, %y : (tensor<3x4xTYPE>, tensor<4xTYPE>) -> tensor<3x4xTYPE>
    ```
  }];
  let arguments = (ins Mind_Tensor:$lhs, Mind_Tensor:$rhs);
  let parameters = (ins Mind_Tensor:$x, Mind_Tensor:$y);
  let assemblyFormat =
      "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

class Mind_TernaryOp<string mnemonic, string dtypes, string rule>
    : Mind_InferredOp<mnemonic, "Elementwise", rule, dtypes, [Pure]> {
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

//===----------------------------------------------------------------------===//
// Unary
//===----------------------------------------------------------------------===//

def NegOp : Mind_UnaryOp<"neg", "Numeric", "the negation; integers wrap"> {
  let hasFolder = 1;
}
def AbsOp : Mind_UnaryOp<"abs", "Numeric", "the absolute value; integers wrap">;
def SignOp : Mind_UnaryOp<"sign", "Numeric",
    "the sign: -1, 0 or 1 (NaN for NaN)">;
def NotOp : Mind_UnaryOp<"not", "Bool", "the logical negation"> {
  let hasFolder = 1;
}

def ExpOp : Mind_UnaryOp<"exp", "Float", "e to the power of x">;
def Expm1Op : Mind_UnaryOp<"expm1", "Float", "e to the power of x, minus 1">;
def LogOp : Mind_UnaryOp<"log", "Float", "the natural logarithm">;
def Log2Op : Mind_UnaryOp<"log2", "Float", "the logarithm to base 2">;
def Log10Op : Mind_UnaryOp<"log10", "Float", "the logarithm to base 10">;
def Log1pOp : Mind_UnaryOp<"log1p", "Float", "the natural logarithm of 1 + x">;
def SqrtOp : Mind_UnaryOp<"sqrt", "Float", "the square root">;
def RsqrtOp : Mind_UnaryOp<"rsqrt", "Float", "1 / sqrt(x)">;
def ReciprocalOp : Mind_UnaryOp<"reciprocal", "Float", "1 / x">;
def SinOp : Mind_UnaryOp<"sin", "Float", "the sine">;
def CosOp : Mind_UnaryOp<"cos", "Float", "the cosine">;
def TanOp : Mind_UnaryOp<"tan", "Float", "the tangent">;
def AsinOp : Mind_UnaryOp<"asin", "Float", "the inverse sine">;
def AcosOp : Mind_UnaryOp<"acos", "Float", "the inverse cosine">;
def AtanOp : Mind_UnaryOp<"atan", "Float", "the inverse tangent">;
def SinhOp : Mind_UnaryOp<"sinh", "Float", "the hyperbolic sine">;
def CoshOp : Mind_UnaryOp<"cosh", "Float", "the hyperbolic cosine">;
def TanhOp : Mind_UnaryOp<"tanh", "Float", "the hyperbolic tangent">;
def ErfOp : Mind_UnaryOp<"erf", "Float", "the Gauss error function">;
def SigmoidOp : Mind_UnaryOp<"sigmoid", "Float", "1 / (1 + exp(-x))">;
def SiluOp : Mind_UnaryOp<"silu", "Float", "x * sigmoid(x)">;
def ReluOp : Mind_UnaryOp<"relu", "Numeric", "max(x, 0); NaN stays NaN"> {
  let hasFolder = 1;
}
def GeluOp : Mind_UnaryOp<"gelu", "Float",
    "x * Phi(x), Phi the normal distribution's function"> {
  let arguments = (ins Mind_Tensor:$x,
      Mind_Choice<["none", "tanh"], "none">:$approximate);
}
def FloorOp : Mind_UnaryOp<"floor", "Float", "the largest integer not above x">;
def CeilOp : Mind_UnaryOp<"ceil", "Float", "the smallest integer not below x">;
def RoundOp : Mind_UnaryOp<"round", "Float",
    "the nearest integer, half to even">;
def IsnanOp : Mind_UnaryOp<"isnan", "Float", "whether x is NaN", "predicate">;

//===----------------------------------------------------------------------===//
// Binary
//===----------------------------------------------------------------------===//

// Reference: IEEE 754-2019 for floats; integers wrap modulo 2^bits.
def AddOp : Mind_BinaryOp<"add", "Numeric", "the sum"> {
  let symbol = "+";
  let hasFolder = 1;
}
def SubOp : Mind_BinaryOp<"sub", "Numeric", "the difference"> {
  let symbol = "-";
  let hasFolder = 1;
}
def MulOp : Mind_BinaryOp<"mul", "Numeric", "the product"> {
  let symbol = "*";
  let hasFolder = 1;
}

// One of integers may fail, for some values of its second operand.
class Mind_PartialOp<string mnemonic, string meaning>
    : Mind_BinaryOp<mnemonic, "Numeric", meaning, "elementwise",
                    failureTraits> {
  let extraClassDeclaration = languageDeclaration # failureDeclaration;
  let extraClassDefinition = inferredDefinition # failureDefinition;
}
def DivOp : Mind_PartialOp<"div",
    "the quotient; integers truncate toward zero (E6005 on zero)"> {
  let symbol = "/";
  let hasFolder = 1;
}
def RemOp : Mind_PartialOp<"rem",
    "the remainder, with the dividend's sign (E6005 on an integer zero)"> {
  let symbol = "%";
  let hasFolder = 1;
}
def PowOp : Mind_PartialOp<"pow",
    "x to the power of y; integers wrap (E6006 on a negative power)">;
def MinimumOp : Mind_BinaryOp<"minimum", "Numeric",
    "the smaller; NaN if either is NaN"> {
  let names = ["minimum", "min"];
}
def MaximumOp : Mind_BinaryOp<"maximum", "Numeric",
    "the larger; NaN if either is NaN"> {
  let names = ["maximum", "max"];
}
def Atan2Op : Mind_BinaryOp<"atan2", "Float",
    "the angle of the point (y, x), in radians"> {
  let parameters = (ins Mind_Tensor:$y, Mind_Tensor:$x);
}

class Mind_ComparisonOp<string mnemonic, string dtypes, string op,
                        string meaning>
    : Mind_BinaryOp<mnemonic, dtypes, meaning, "predicate"> {
  let symbol = op;
}
def EqOp : Mind_ComparisonOp<"eq", "Any", "==", "whether x equals y">;
def NeOp : Mind_ComparisonOp<"ne", "Any", "!=", "whether x differs from y">;
def LtOp : Mind_ComparisonOp<"lt", "Any", "<", "whether x is less than y">;
def LeOp : Mind_ComparisonOp<"le", "Any", "<=", "whether x is at most y">;
def GtOp : Mind_ComparisonOp<"gt", "Any", ">", "whether x is greater than y">;
def GeOp : Mind_ComparisonOp<"ge", "Any", ">=", "whether x is at least y">;

def AndOp : Mind_BinaryOp<"and", "Bool", "the logical conjunction">;
def OrOp : Mind_BinaryOp<"or", "Bool", "the logical disjunction">;
def XorOp : Mind_BinaryOp<"xor", "Bool", "the exclusive disjunction">;

//===----------------------------------------------------------------------===//
// Selection and conversion
//===----------------------------------------------------------------------===//

def WhereOp : Mind_TernaryOp<"where", "Any", "select"> {
  let summary = "elements of x where the condition holds, else of y";
  let description = [{
    Chooses between `x` and `y` element by element; all three broadcast.

    ```mlir
    %r = mind.where %c, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$condition, Mind_Tensor:$x, Mind_Tensor:$y);
}

def ClampOp : Mind_TernaryOp<"clamp", "Numeric", "elementwise"> {
  let summary = "minimum(maximum(x, lo), hi)";
  let description = [{
    Limits `x` to the range from `lo` to `hi`; NaN in any operand gives NaN.

    ```mlir
    %r = mind.clamp %x, %lo, %hi : (tensor<4xf32>, tensor<f32>, tensor<f32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$lo, Mind_Tensor:$hi);
}

def CastOp : Mind_LanguageOp<"cast", "Elementwise", "cast", "Any", [Pure]> {
  let summary = "x converted to a dtype";
  let description = [{
    Floats to integers truncate and saturate, NaN gives 0; integers to
    integers wrap; to `bool` means `!= 0`; to a narrower float rounds to
    nearest, ties to even.

    ```mlir
    %y = mind.cast %x : (tensor<4xf32>) -> tensor<4xi32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let parameters = (ins Mind_Tensor:$x, Mind_DType<>:$dtype);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

#endif // MIND_DIALECT_MIND_IR_ELEMENTWISEOPS_TD
