# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How an operation's row says what is run of it. The rows are in rows/, a file
a family, as the operations' records are; an operation of the compiler's table
without a row fails. A new operation is one row:

    row("softmax",
        call("softmax(a, axis={axis})", (17,), axis=0),
        call("softmax(a, axis={axis})", (5, 1031), axis=-1),
        reference=in_f64(lambda a, axis: torch.softmax(a, axis)),
        judge=accurate(4))

- A call is an expression of the operands a, b, c..., the shape of each, and the
  expression's {arguments}, which `reference` and `judge` get by name. A shape
  means the dtype under test; `of("i64", (3,), [0, 4, 2])` means another dtype
  (and these values, repeated). {dtype} is the dtype under test.
- `reference(a, b, ..., **arguments)` is what LibTorch says: a tensor, or a tuple
  of them for several results or none, or the text that the call prints.
- `judge(actual, expected, inputs, **arguments)` is None, or why the result is
  wrong; the default is bit for bit. Below are judges to choose from.
- `result(dtype, **arguments)` is the result's dtype, or its name; by default the
  dtype under test.
- `fills(operands)` makes sets of inputs; the default, `mixed`, is random values,
  then every awkward one.
- Which dtypes run is not said: all that the compiler's table claims, and the
  others must be refused with E2005, or E4011 where they are indices. `dtypes` is for an operation without
  operands to be of a dtype.
- `wrong("E3004", "softmax(a, axis=2)", (3, 4))` among the calls is what the
  checker must refuse, with that code and no other.

The first call is also made in each of the language's forms: f(x), tensor.f(x),
x.f(), with named arguments, by every other name and by the operator.
"""

import string
from dataclasses import dataclass, field
from typing import Callable

import torch

from elements import DTYPES, awkward_fills, is_float, ordinary_fills
from tolerance import exact, ulps


@dataclass(frozen=True)
class Operand:
    shape: tuple
    dtype: str = None       # None: the dtype under test
    values: tuple = None    # None: what the row's fills make


@dataclass(frozen=True)
class Call:
    expression: str
    operands: tuple
    arguments: dict = field(default_factory=dict)
    error: str = None       # the code that must answer it

    def text(self, dtype):
        """The expression as a program has it."""
        return self.expression.format(
            dtype=dtype, **{name: literal(value) for name, value in self.arguments.items()})

    def source(self, dtype):
        """A program whose result is the expression's. Without a parameter the
        result would not be a torch tensor, so there is always one."""
        parameters = ", ".join(
            f"{name}: {type_of(operand.dtype or dtype, operand.shape)}"
            for name, operand in zip(string.ascii_lowercase, self.operands))
        return f"fn main({parameters or 'unused: f32'}) {{ {self.text(dtype)} }}\n"


@dataclass(frozen=True)
class Row:
    name: str
    calls: tuple
    wrong: tuple
    reference: Callable
    judge: Callable
    result: object
    fills: Callable
    dtypes: tuple

    def result_dtype(self, dtype, arguments):
        if self.result is None:
            return dtype
        return self.result if isinstance(self.result, str) else self.result(dtype, **arguments)

    def keywords(self, call, dtype):
        """The arguments that the reference and the judge get."""
        return {**call.arguments, **({"dtype": dtype} if "{dtype}" in call.expression else {})}

    def inputs(self, call, dtype):
        """Sets of tensors to call `call` with."""
        open_ = [(operand.dtype or dtype, operand.shape) for operand in call.operands
                 if operand.values is None]
        for fill in self.fills(open_) if open_ else [[]]:
            fill = iter(fill)
            tensors = [next(fill) if operand.values is None else repeated(operand)
                       for operand in call.operands]
            yield tensors or [torch.tensor(0.0)]


def row(name, *calls, reference, judge=None, result=None, fills=None, dtypes=()):
    return Row(name, tuple(c for c in calls if not c.error), tuple(c for c in calls if c.error),
               reference, judge or bits, result, fills or mixed, tuple(dtypes))


def call(expression, *operands, **arguments):
    return Call(expression, tuple(as_operand(x) for x in operands), arguments)


def wrong(code, expression, *operands):
    return Call(expression, tuple(as_operand(x) for x in operands), error=code)


def of(dtype, shape, values=None):
    return Operand(shape, dtype, None if values is None else tuple(values))


def as_operand(operand):
    return operand if isinstance(operand, Operand) else Operand(operand)


def repeated(operand):
    count = 1
    for extent in operand.shape:
        count *= extent
    values = [operand.values[i % len(operand.values)] for i in range(count)]
    return torch.tensor(values, dtype=DTYPES[operand.dtype]).reshape(operand.shape)


def type_of(dtype, shape):
    return f"Tensor<{dtype},[{', '.join(map(str, shape))}]>" if shape else dtype


def literal(value):
    """`value` as MIND writes it; text is MIND already."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    return str(value)


# --------------------------------------------------------------------- inputs

def mixed(operands):
    return [*ordinary_fills(operands), *awkward_fills(operands)]


def ordinary(operands):
    return ordinary_fills(operands)


# --------------------------------------------------------------------- judges

def dtype_of(tensor):
    return next(name for name, kind in DTYPES.items() if kind == tensor.dtype)


def bits(actual, expected, inputs, **arguments):
    """Bit for bit."""
    return exact(actual, expected)


def bits_any_zero(actual, expected, inputs, **arguments):
    """Bit for bit, but 0 may have either sign."""
    return exact(actual, expected, any_zero=True)


def accurate(count):
    """At most `count` units in the last place from a reference in f64."""
    def judge(actual, expected, inputs, **arguments):
        return ulps(count, dtype_of(actual))(actual, expected)
    return judge


# ----------------------------------------------------------------- references

def wide(x):
    return x.double() if x.is_floating_point() else x


def in_f64(function):
    """`function` of LibTorch in f64, whose error vanishes beside ours; f64
    itself is compared with a tolerance of its own."""
    return lambda *inputs, **arguments: function(*map(wide, inputs), **arguments)


def in_f32(function):
    """`function` as LibTorch computes it on 16-bit floats: in f32, rounded once."""
    def reference(*inputs, **arguments):
        narrow = next((x.dtype for x in inputs if x.dtype in (torch.float16, torch.bfloat16)),
                      None)
        if narrow is None:
            return function(*inputs, **arguments)
        return function(*(x.float() if x.is_floating_point() else x for x in inputs),
                        **arguments).to(narrow)
    return reference


def modulo(function):
    """`function` in f64, or in i64 and wrapped to the operands' dtype."""
    def reference(*inputs, **arguments):
        dtype = inputs[0].dtype
        if dtype.is_floating_point:
            return function(*map(wide, inputs), **arguments)
        return function(*(x.to(torch.int64) for x in inputs), **arguments).to(dtype)
    return reference


def widened(dtype, **arguments):
    """The dtype of sums: integers and bool add up in i64."""
    return dtype if is_float(dtype) else "i64"
