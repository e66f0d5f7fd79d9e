//===- ElementwiseOps.td - one element in, one element out ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_ELEMENTWISEOPS_TD
#define MIND_DIALECT_MIND_IR_ELEMENTWISEOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

// What `about` says stands before the example in IR.
class Mind_UnaryOp<string mnemonic, string dtypes, string meaning,
                   string rule = "elementwise", list<Trait> traits = [Pure]>
    : Mind_InferredOp<mnemonic, "Elementwise", rule, dtypes, traits> {
  string about = "";
  let summary = meaning;
  let description = "\n    " # about # [{

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
  string about = "";
  let summary = meaning;
  let description = "\n    The operands have one dtype and broadcast. " #
    about # [{

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

def NegOp : Mind_UnaryOp<"neg", "Numeric", "the negation"> {
  let about = "Also written `-x`. Integers wrap: the smallest stays as it is.";
  let hasFolder = 1;
  let example = [{
    let n: Tensor<i8,[3]> = [1, 0, -128];
    (-n, neg([1.5, 0.0]))
    // [  -1    0 -128]
    // [-1.5 -0. ]
  }];
}
def AbsOp : Mind_UnaryOp<"abs", "Numeric", "the absolute value"> {
  let about = "Integers wrap: the smallest stays as it is.";
  let example = [{
    let n: Tensor<i8,[3]> = [5, -5, -128];
    (abs(n), abs([-1.5, -0.0]))
    // [   5    5 -128]
    // [1.5 0. ]
  }];
}
def SignOp : Mind_UnaryOp<"sign", "Numeric", "the sign: -1, 0 or 1"> {
  let about = "NaN stays NaN.";
  let example = [{
    let nan = 0.0 / 0.0;
    (sign([-2.5, 0.0, 3.0, nan]), sign([-7, 0, 7]))
    // [-1.  0.  1. nan]
    // [-1  0  1]
  }];
}
def NotOp : Mind_UnaryOp<"not", "Bool", "the logical negation"> {
  let about = "Also written `!x`.";
  let hasFolder = 1;
  let example = [{
    let x = [1.0, -2.0, 3.0];
    (not(x > 0), !(x > 2))
    // [False  True False]
    // [ True  True False]
  }];
}

def ExpOp : Mind_UnaryOp<"exp", "Float", "the exponential, e to the power x"> {
  let about = "Too large a power gives infinity, too small a one 0.";
  let example = [{
    exp([0.0, 1.0, 1000.0, -1000.0])
    // [1.        2.7182817       inf 0.       ]
  }];
}
def Expm1Op : Mind_UnaryOp<"expm1", "Float", "the exponential minus 1"> {
  let about = "Keeps the digits that `exp(x) - 1` loses where `x` is nearly 0.";
  let example = [{
    let x = 0.0001;
    (expm1(x), exp(x) - 1)
    // 0.000100004996
    // 0.000100016594
  }];
}
def LogOp : Mind_UnaryOp<"log", "Float", "the natural logarithm"> {
  let about = "Of 0 it is -infinity, of a negative number NaN.";
  let example = [{
    log([1.0, 10.0, 0.0, -1.0])
    // [0.        2.3025851      -inf       nan]
  }];
}
def Log2Op : Mind_UnaryOp<"log2", "Float", "the logarithm to base 2"> {
  let about = "Of 0 it is -infinity, of a negative number NaN.";
  let example = [{
    log2([1.0, 8.0, 0.125, 0.0])
    // [  0.   3.  -3. -inf]
  }];
}
def Log10Op : Mind_UnaryOp<"log10", "Float", "the logarithm to base 10"> {
  let about = "Of 0 it is -infinity, of a negative number NaN.";
  let example = [{
    log10([1.0, 1000.0, 0.01, -1.0])
    // [ 0.  3. -2. nan]
  }];
}
def Log1pOp : Mind_UnaryOp<"log1p", "Float",
    "the natural logarithm of 1 + x"> {
  let about = "Keeps the digits that `log(1 + x)` loses where `x` is nearly 0.";
  let example = [{
    let x = 0.0001;
    (log1p(x), log(1 + x))
    // 9.9995e-05
    // 0.000100011595
  }];
}
def SqrtOp : Mind_UnaryOp<"sqrt", "Float", "the square root"> {
  let about = "Correctly rounded; of a negative number it is NaN.";
  let example = [{
    sqrt([4.0, 2.0, 0.0, -1.0])
    // [2.        1.4142135 0.              nan]
  }];
}
def RsqrtOp : Mind_UnaryOp<"rsqrt", "Float",
    "one over the square root, 1 / sqrt(x)"> {
  let example = [{
    rsqrt([4.0, 0.25, 0.0, -1.0])
    // [0.5 2.  inf nan]
  }];
}
def ReciprocalOp : Mind_UnaryOp<"reciprocal", "Float",
    "the reciprocal, 1 / x"> {
  let about = "Of a zero it is an infinity of its sign.";
  let example = [{
    reciprocal([4.0, -0.5, 0.0, -0.0])
    // [ 0.25 -2.     inf  -inf]
  }];
}
def SinOp : Mind_UnaryOp<"sin", "Float", "the sine of an angle in radians"> {
  let about = "Of an infinity it is NaN.";
  let example = [{
    sin([0.0, 0.5, 100.0, 1.0 / 0.0])
    // [ 0.          0.47942555 -0.50636566         nan]
  }];
}
def CosOp : Mind_UnaryOp<"cos", "Float", "the cosine of an angle in radians"> {
  let about = "Of an infinity it is NaN.";
  let example = [{
    cos([0.0, 0.5, 100.0, 1.0 / 0.0])
    // [1.         0.87758255 0.8623189         nan]
  }];
}
def TanOp : Mind_UnaryOp<"tan", "Float", "the tangent of an angle in radians"> {
  let about = "Of an infinity it is NaN.";
  let example = [{
    tan([0.0, 0.5, -0.5, 1.5])
    // [ 0.         0.5463025 -0.5463025 14.10142  ]
  }];
}
def AsinOp : Mind_UnaryOp<"asin", "Float", "the inverse sine, in radians"> {
  let about = "Beyond -1 and 1 it is NaN.";
  let example = [{
    asin([0.0, 0.5, 1.0, 2.0])
    // [0.        0.5235988 1.5707964       nan]
  }];
}
def AcosOp : Mind_UnaryOp<"acos", "Float", "the inverse cosine, in radians"> {
  let about = "Beyond -1 and 1 it is NaN.";
  let example = [{
    acos([1.0, 0.5, -1.0, 2.0])
    // [0.        1.0471976 3.1415927       nan]
  }];
}
def AtanOp : Mind_UnaryOp<"atan", "Float", "the inverse tangent, in radians"> {
  let example = [{
    atan([0.0, 1.0, -1.0, 1.0 / 0.0])
    // [ 0.         0.7853982 -0.7853982  1.5707964]
  }];
}
def SinhOp : Mind_UnaryOp<"sinh", "Float", "the hyperbolic sine"> {
  let about = "Of large numbers it is an infinity.";
  let example = [{
    sinh([0.0, 1.0, -1.0, 100.0])
    // [ 0.         1.1752012 -1.1752012        inf]
  }];
}
def CoshOp : Mind_UnaryOp<"cosh", "Float", "the hyperbolic cosine"> {
  let about = "Of large numbers it is an infinity.";
  let example = [{
    cosh([0.0, 1.5, -1.5, 100.0])
    // [1.        2.3524096 2.3524096       inf]
  }];
}
def TanhOp : Mind_UnaryOp<"tanh", "Float", "the hyperbolic tangent"> {
  let about = "Between -1 and 1, which it rounds to for large numbers.";
  let example = [{
    tanh([0.0, 0.5, -0.5, 100.0])
    // [ 0.          0.46211717 -0.46211717  1.        ]
  }];
}
def ErfOp : Mind_UnaryOp<"erf", "Float", "the Gauss error function"> {
  let example = [{
    erf([0.0, 0.5, -0.5, 10.0])
    // [ 0.         0.5204999 -0.5204999  1.       ]
  }];
}
def SigmoidOp : Mind_UnaryOp<"sigmoid", "Float",
    "the logistic function, 1 / (1 + exp(-x))"> {
  let about = "Between 0 and 1; no x overflows.";
  let example = [{
    sigmoid([0.0, 2.0, -2.0, -1000.0])
    // [0.5        0.880797   0.11920292 0.        ]
  }];
}
def SiluOp : Mind_UnaryOp<"silu", "Float",
    "the SiLU or swish activation, x * sigmoid(x)"> {
  let example = [{
    silu([0.0, 1.0, -1.0, 10.0])
    // [ 0.          0.7310586  -0.26894143  9.999546  ]
  }];
}
def ReluOp : Mind_UnaryOp<"relu", "Numeric",
    "the rectifier, max(x, 0)"> {
  let about = "NaN stays NaN. Integers are allowed.";
  let hasFolder = 1;
  let example = [{
    let nan = 0.0 / 0.0;
    (relu([-1.5, 0.0, 2.5, nan]), relu([-3, 3]))
    // [0.  0.  2.5 nan]
    // [0 3]
  }];
}
def GeluOp : Mind_UnaryOp<"gelu", "Float",
    "the GELU activation, x times the normal distribution function of x"> {
  let about = "That is `x / 2 * (1 + erf(x / sqrt(2)))`. With " #
    "`approximate=\"tanh\"` it is computed by a tanh, as many trained models " #
    "do: `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x)))`.";
  let arguments = (ins Mind_Tensor:$x,
      Mind_Choice<["none", "tanh"], "none">:$approximate);
  let example = [{
    let x = [-1.0, 0.0, 1.0, 2.0];
    (gelu(x), gelu(x, approximate="tanh"))
    // [-0.15865526  0.          0.8413447   1.9544997 ]
    // [-0.15880796  0.          0.841192    1.9545977 ]
  }];
}
def FloorOp : Mind_UnaryOp<"floor", "Float",
    "the largest integer that is not above x"> {
  let about = "The result is a float still, and -0.0 stays.";
  let example = [{
    floor([1.5, -1.5, 2.0, -0.0])
    // [ 1. -2.  2. -0.]
  }];
}
def CeilOp : Mind_UnaryOp<"ceil", "Float",
    "the smallest integer that is not below x"> {
  let about = "The result is a float still, and may be -0.0.";
  let example = [{
    ceil([1.5, -1.5, 2.0, -0.5])
    // [ 2. -1.  2. -0.]
  }];
}
def RoundOp : Mind_UnaryOp<"round", "Float",
    "the nearest integer, of two equally near ones the even"> {
  let about = "The result is a float still, and may be -0.0.";
  let example = [{
    round([0.5, 1.5, 2.5, 2.6, -0.5])
    // [ 0.  2.  2.  3. -0.]
  }];
}
def IsnanOp : Mind_UnaryOp<"isnan", "Float", "whether x is NaN", "predicate"> {
  let about = "The result is bool.";
  let example = [{
    isnan([1.0, 0.0 / 0.0, 1.0 / 0.0])
    // [False  True False]
  }];
}

//===----------------------------------------------------------------------===//
// Binary
//===----------------------------------------------------------------------===//

// Reference: IEEE 754-2019 for floats; integers wrap modulo 2^bits.
def AddOp : Mind_BinaryOp<"add", "Numeric", "the sum"> {
  let about = "Integers wrap.";
  let symbol = "+";
  let hasFolder = 1;
  let example = [{
    let column = [[1.0], [2.0]];
    let row = [10.0, 20.0, 30.0];
    column + row
    // [[11. 21. 31.]
    //  [12. 22. 32.]]
  }];
}
def SubOp : Mind_BinaryOp<"sub", "Numeric", "the difference"> {
  let about = "Integers wrap.";
  let symbol = "-";
  let hasFolder = 1;
  let example = [{
    let n: Tensor<u8,[3]> = [5, 1, 0];
    (n - 1, 1.0 - [0.25, 4.0])
    // [  4   0 255]
    // [ 0.75 -3.  ]
  }];
}
def MulOp : Mind_BinaryOp<"mul", "Numeric", "the product"> {
  let about = "Integers wrap.";
  let symbol = "*";
  let hasFolder = 1;
  let example = [{
    let n: Tensor<i8,[3]> = [3, 100, -128];
    (n * 2, [[1.0], [2.0]] * [1.0, 10.0])
    // [  6 -56   0]
    // [[ 1. 10.]
    //  [ 2. 20.]]
  }];
}

// One of integers may fail, for some values of its second operand.
class Mind_PartialOp<string mnemonic, string meaning>
    : Mind_BinaryOp<mnemonic, "Numeric", meaning, "elementwise",
                    failureTraits> {
  let extraClassDeclaration = languageDeclaration # failureDeclaration;
  let extraClassDefinition = inferredDefinition # failureDefinition;
}
def DivOp : Mind_PartialOp<"div", "the quotient"> {
  let about = "Of integers it is truncated toward zero, the smallest over -1 " #
    "wraps, and a divisor of 0 is E6005. Floats divide by zero as IEEE 754 " #
    "says.";
  let symbol = "/";
  let hasFolder = 1;
  let example = [{
    ([7, -7] / 2, [7.0, 1.0, -1.0, 0.0] / [2.0, 0.0, 0.0, 0.0])
    // [ 3 -3]
    // [ 3.5  inf -inf  nan]
  }];
}
def RemOp : Mind_PartialOp<"rem",
    "the remainder, with the sign of the dividend"> {
  let about = "As C's `%` and `fmod`, not Python's `%`: `x - y * (x / y)` of " #
    "integers, exact for floats. A divisor of 0 is E6005 for integers, and " #
    "gives NaN for floats.";
  let symbol = "%";
  let hasFolder = 1;
  let example = [{
    ([7, -7, 7, -7] % [3, 3, -3, -3], [5.5, -5.5, 1.0] % [2.0, 2.0, 0.0])
    // [ 1 -1  1 -1]
    // [ 1.5 -1.5  nan]
  }];
}
def PowOp : Mind_PartialOp<"pow", "the power, x to the y"> {
  let about = "Integers wrap, and a negative power of one is E6006. Floats " #
    "follow C: anything to the power 0 is 1, even NaN, and a negative number " #
    "to a broken power is NaN.";
  let example = [{
    let nan = 0.0 / 0.0;
    (pow([2, -3, 0], [10, 3, 0]), pow([2.0, nan, -8.0], [-1.0, 0.0, 0.5]))
    // [1024  -27    1]
    // [0.5 1.  nan]
  }];
}
def MinimumOp : Mind_BinaryOp<"minimum", "Numeric", "the smaller of two"> {
  let about = "NaN if either is NaN. With one tensor, `min` is the reduction.";
  let names = ["minimum", "min"];
  let example = [{
    let nan = 0.0 / 0.0;
    (minimum([1.0, -2.0, nan], 0), min([1, 5], [4, 2]))
    // [ 0. -2. nan]
    // [1 2]
  }];
}
def MaximumOp : Mind_BinaryOp<"maximum", "Numeric", "the larger of two"> {
  let about = "NaN if either is NaN. With one tensor, `max` is the reduction.";
  let names = ["maximum", "max"];
  let example = [{
    let nan = 0.0 / 0.0;
    (maximum([1.0, -2.0, nan], 0), max([1, 5], [4, 2]))
    // [ 1.  0. nan]
    // [4 5]
  }];
}
def Atan2Op : Mind_BinaryOp<"atan2", "Float",
    "the angle of the point (x, y), in radians, from -pi to pi"> {
  let about = "`y` comes first, as in NumPy and C.";
  let parameters = (ins Mind_Tensor:$y, Mind_Tensor:$x);
  let example = [{
    let y = [0.0, 1.0, 1.0, -1.0];
    let x = [1.0, 0.0, -1.0, -1.0];
    atan2(y, x)
    // [ 0.         1.5707964  2.3561945 -2.3561945]
  }];
}

class Mind_ComparisonOp<string mnemonic, string dtypes, string op,
                        string meaning>
    : Mind_BinaryOp<mnemonic, dtypes, meaning, "predicate"> {
  let about = "The result is bool, and false where an operand is NaN. " #
    "Of bools, false is less than true.";
  let symbol = op;
}
def EqOp : Mind_ComparisonOp<"eq", "Any", "==", "whether x equals y"> {
  let about = "The result is bool, and false where an operand is NaN.";
  let example = [{
    let nan = 0.0 / 0.0;
    ([1.0, 0.0, nan] == [2.0, -0.0, nan], eq([true, false], true))
    // [False  True False]
    // [ True False]
  }];
}
def NeOp : Mind_ComparisonOp<"ne", "Any", "!=", "whether x differs from y"> {
  let about = "The result is bool, and true where an operand is NaN.";
  let example = [{
    let nan = 0.0 / 0.0;
    ([1.0, 0.0, nan] != [2.0, -0.0, nan], ne([1, 2, 3], 2))
    // [ True False  True]
    // [ True False  True]
  }];
}
def LtOp : Mind_ComparisonOp<"lt", "Any", "<", "whether x is less than y"> {
  let example = [{
    ([1, 2, 3] < 2, lt([[1.0], [2.0]], [1.5, 2.5]))
    // [ True False False]
    // [[ True  True]
    //  [False  True]]
  }];
}
def LeOp : Mind_ComparisonOp<"le", "Any", "<=", "whether x is at most y"> {
  let example = [{
    let row = arange(3);
    expand_dims(row, 1) <= row
    // [[ True  True  True]
    //  [False  True  True]
    //  [False False  True]]
  }];
}
def GtOp : Mind_ComparisonOp<"gt", "Any", ">", "whether x is greater than y"> {
  let example = [{
    let x = [1.0, -1.0, 0.0 / 0.0];
    (x > 0, gt(true, false))
    // [ True False False]
    // True
  }];
}
def GeOp : Mind_ComparisonOp<"ge", "Any", ">=", "whether x is at least y"> {
  let example = [{
    let n: Tensor<u8,[3]> = [0, 127, 255];
    (n >= 127, ge(-0.0, 0.0))
    // [False  True  True]
    // True
  }];
}

def AndOp : Mind_BinaryOp<"and", "Bool", "whether both hold"> {
  let about = "`a && b` is for conditions: of rank 0, and `b` is evaluated " #
    "only if needed.";
  let example = [{
    and([false, false, true, true], [false, true, false, true])
    // [False False False  True]
  }];
}
def OrOp : Mind_BinaryOp<"or", "Bool", "whether at least one of both holds"> {
  let about = "`a || b` is for conditions: of rank 0, and `b` is evaluated " #
    "only if needed.";
  let example = [{
    or([false, false, true, true], [false, true, false, true])
    // [False  True  True  True]
  }];
}
def XorOp : Mind_BinaryOp<"xor", "Bool", "whether exactly one of both holds"> {
  let example = [{
    xor([false, false, true, true], [false, true, false, true])
    // [False  True  True False]
  }];
}

//===----------------------------------------------------------------------===//
// Selection and conversion
//===----------------------------------------------------------------------===//

def WhereOp : Mind_TernaryOp<"where", "Any", "select"> {
  let summary = "elements of x where a condition holds, else of y";
  let description = [{
    The condition is bool, `x` and `y` have one dtype, and all three broadcast.

    ```mlir
    %r = mind.where %c, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$condition, Mind_Tensor:$x, Mind_Tensor:$y);
  let example = [{
    let x = [[1.0, -2.0], [-3.0, 4.0]];
    (where(x > 0, x, 0), where([true, false], 1, [10, 20]))
    // [[1. 0.]
    //  [0. 4.]]
    // [ 1 20]
  }];
}

def ClampOp : Mind_TernaryOp<"clamp", "Numeric", "elementwise"> {
  let summary = "the nearest number to x from lo to hi";
  let description = [{
    That is `minimum(maximum(x, lo), hi)`: NaN in any operand gives NaN, and
    `hi` wins where the two cross. All three have one dtype and broadcast.

    ```mlir
    %r = mind.clamp %x, %lo, %hi : (tensor<4xf32>, tensor<f32>, tensor<f32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$lo, Mind_Tensor:$hi);
  let example = [{
    let x = [-5.0, 0.5, 9.0, 0.0 / 0.0];
    (clamp(x, 0, 1), clamp(x, 3, 2))
    // [0.  0.5 1.  nan]
    // [ 2.  2.  2. nan]
  }];
}

def CastOp : Mind_LanguageOp<"cast", "Elementwise", "cast", "Any", [Pure]> {
  let summary = "the same numbers in another dtype";
  let description = [{
    Also written `x as dtype`.

    - A float becomes an integer by dropping its fraction. It saturates, and NaN
      gives 0.
    - An integer becomes a narrower one by wrapping.
    - To bool means `!= 0`, so that NaN is true; from bool come 0 and 1.
    - To a float rounds to nearest, ties to even.

    ```mlir
    %y = mind.cast %x : (tensor<4xf32>) -> tensor<4xi32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let parameters = (ins Mind_Tensor:$x, Mind_DType<>:$dtype);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [2.9, -2.9, 1e10, 0.0 / 0.0];
    (cast(x, i32), x as bool, [300, -1] as u8, 2049 as f16)
    // [         2         -2 2147483647          0]
    // [ True  True  True  True]
    // [ 44 255]
    // 2.048e+03
  }];
}

#endif // MIND_DIALECT_MIND_IR_ELEMENTWISEOPS_TD
