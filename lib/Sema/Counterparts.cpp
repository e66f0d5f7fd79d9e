//===- Counterparts.cpp - what other languages' names are here ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Counterparts.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mind;

llvm::StringRef mind::functionCounterpart(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Cases({"len", "size", "numel"}, "extents are `x.shape[0]`")
      .Cases({"array", "asarray", "Tensor"},
             "a list is a tensor: `let x = [1.0, 2.0];`")
      .Case("range", "a loop runs over `0..n`; a tensor of numbers is "
                     "`arange(n)`")
      .Cases({"permute", "swapaxes", "moveaxis", "t"},
             "it is `transpose(x, axes)` here")
      .Cases({"view", "ravel"}, "it is `reshape(x, shape)` here")
      .Case("unsqueeze", "it is `expand_dims(x, axis)` here")
      .Cases({"expand", "tile", "repeat"},
             "copies along an axis of extent 1 are "
             "`broadcast_to(x, shape)`, others `concat([x, x], axis=0)`")
      .Cases({"cat", "concatenate", "vstack", "hstack"},
             "it is `concat([x, y], axis=0)` here")
      .Case("chunk", "it is `split(x, parts, axis=0)` here")
      .Cases({"mm", "bmm", "einsum"}, "it is `x @ y` here")
      .Case("clip", "it is `clamp(x, lo, hi)` here")
      .Case("masked_fill", "it is `where(mask, value, x)` here")
      .Cases({"amax", "amin"}, "it is `max` and `min` here")
      .Case("std", "it is `sqrt(var(x))` here")
      .Case("norm", "it is `sqrt(sum(x * x))` here")
      .Case("square", "it is `x * x` here")
      .Cases({"power", "float_power"}, "it is `pow(x, y)` here")
      .Cases({"absolute", "fabs"}, "it is `abs(x)` here")
      .Cases({"negative", "subtract", "multiply", "divide"},
             "it is an operator here: `-x`, `x - y`, `x * y`, `x / y`")
      .Cases({"logical_and", "logical_or", "logical_not"},
             "it is `and(a, b)`, `or(a, b)` and `not(a)` here")
      .Cases({"index_select", "take"}, "it is `gather(x, indices, axis=0)` "
                                       "here")
      .Cases({"astype", "to", "type", "float", "int", "double", "half"},
             "it is `cast(x, f32)` or `x as f32` here")
      .Cases({"rand", "randn", "random"},
             "there are no random numbers: take them as a parameter")
      .Default("");
}

llvm::StringRef mind::valueCounterpart(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Case("True", "it is `true` here")
      .Case("False", "it is `false` here")
      .Cases({"None", "null", "newaxis"},
             "there is no such value; a new axis is `expand_dims(x, axis)`")
      .Cases({"inf", "Infinity"}, "write `1.0 / 0.0`")
      .Cases({"nan", "NaN"}, "write `0.0 / 0.0`")
      .Cases({"np", "numpy", "torch", "jnp", "math", "F"},
             "operations need no module: `zeros(...)`, or "
             "`tensor.zeros(...)`")
      .Case("tensor", "`tensor` is the name space of operations: "
                      "`tensor.zeros(...)`")
      .Default("");
}

llvm::StringRef mind::fieldCounterpart(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Cases({"T", "mT", "H"}, "it is `transpose(x)` here")
      .Cases({"size", "ndim"}, "the extents are `x.shape`")
      .Default("");
}

llvm::StringRef mind::typeCounterpart(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Cases({"float", "float32", "single", "Float"}, "f32")
      .Cases({"double", "float64"}, "f64")
      .Cases({"half", "float16"}, "f16")
      .Case("bfloat16", "bf16")
      .Cases({"int", "int64", "long", "usize", "isize"}, "i64")
      .Case("int32", "i32")
      .Case("int8", "i8")
      .Cases({"uint8", "byte"}, "u8")
      .Cases({"boolean", "Bool"}, "bool")
      .Cases({"tensor", "Array", "ndarray"}, "Tensor<f32,[2,3]>")
      .Default("");
}
