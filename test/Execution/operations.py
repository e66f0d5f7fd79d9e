# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""For each operation of the language: how to call it, on what, and what
LibTorch says. An operation without a row fails test_operations.py."""

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch

from elements import (ANY, DTYPES, FLOATS, INTS, NUMERIC, awkward_fills, is_float,
                      near_one, ordinary_fills)
from tolerance import exact, sums, ulps

# 1, primes, one vector and a bit, and ranks from 0 to 4.
SHAPES = [(), (1,), (17,), (1031,), (3, 5, 7), (2, 1, 3, 17)]
BROADCASTS = [((), ()), ((17,), ()), ((1031,), (1031,)), ((3, 1, 7), (5, 1)),
              ((2, 3, 1, 17), (17,)), ((31, 1), (1, 17))]


@dataclass
class Case:
    """One function of the language, its operands, and how to judge it."""
    expression: str             # of the parameters a, b, c
    operands: list              # (dtype, shape) of each
    reference: Callable         # tensors -> tensor
    compare: Callable           # (actual, expected, inputs) -> None or a reason
    fills: Callable = None      # operands -> sets of inputs; the default mixes

    def inputs(self):
        if self.fills:
            return self.fills(self.operands)
        return [*ordinary_fills(self.operands), *awkward_fills(self.operands)]

    def source(self):
        parameters = ", ".join(
            f"{name}: Tensor<{dtype},[{', '.join(map(str, shape))}]>" if shape
            else f"{name}: {dtype}"
            for name, (dtype, shape) in zip("abc", self.operands))
        return f"fn main({parameters}) {{ {self.expression} }}\n"


def bits(actual, expected, inputs):
    return exact(actual, expected)


def bits_any_zero(actual, expected, inputs):
    return exact(actual, expected, any_zero=True)


def accurate(count):
    """At most `count` ulps from the reference, in the result's dtype."""
    def compare(actual, expected, inputs):
        dtype = next(name for name, kind in DTYPES.items() if kind == actual.dtype)
        return ulps(count, dtype)(actual, expected)
    return compare


def in_f64(function):
    """`function` of LibTorch in f64, whose error vanishes beside ours; f64
    itself is compared with a tolerance of its own."""
    return lambda *inputs: function(*(x.double() for x in inputs))


# ---------------------------------------------------------------- elementwise

def unary(name, reference, compare, dtypes=FLOATS, call="{}(a)", shapes=SHAPES):
    return [Case(call.format(name), [(dtype, shape)], reference, compare)
            for dtype in dtypes for shape in shapes]


def binary(name, reference, compare, dtypes=NUMERIC, fills=None):
    return [Case(f"{name}(a, b)", [(dtype, x), (dtype, y)], reference, compare, fills)
            for dtype in dtypes for x, y in BROADCASTS]


def sign(x):
    return torch.where(x.isnan(), x, torch.sign(x)) if x.is_floating_point() else torch.sign(x)


def in_f32(function):
    """`function` as LibTorch computes it on 16-bit floats: in f32, rounded."""
    def reference(*inputs):
        if inputs[0].dtype in (torch.float16, torch.bfloat16):
            return function(*(x.float() for x in inputs)).to(inputs[0].dtype)
        return function(*inputs)
    return reference


def in_numpy(function):
    """`function` of NumPy, which rounds correctly and is exact where LibTorch's
    vector functions (MKL's sqrt, Sleef's fmod) are not."""
    return in_f32(lambda *inputs: torch.from_numpy(
        np.asarray(function(*(x.numpy() for x in inputs)))))


def divide(x, y):
    """Truncates; MIN / -1 wraps, where LibTorch's division traps."""
    if x.is_floating_point():
        return in_f32(torch.div)(x, y)
    if x.dtype == torch.uint8:
        return torch.div(x, y, rounding_mode="trunc")
    minus_one = y == -1
    safe = torch.where(minus_one, torch.ones_like(y), y)
    return torch.where(minus_one, -x, torch.div(x, safe, rounding_mode="trunc"))


def remainder(x, y):
    if x.is_floating_point():
        return in_numpy(np.fmod)(x, y)
    if x.dtype == torch.uint8:
        return torch.fmod(x, y)
    return torch.fmod(x, torch.where(y == -1, torch.ones_like(y), y))


def without_zero_divisors(operands):
    for x, y in [*ordinary_fills(operands), *awkward_fills(operands)]:
        if not y.is_floating_point():
            y = torch.where(y == 0, torch.full_like(y, 5), y)
        yield [x, y]


def gelu_error(actual, expected, inputs):
    """1 + erf cancels for negative arguments, and the product with x keeps the
    absolute error: a few eps of |x|."""
    x = inputs[0].double().abs()
    dtype = next(name for name, kind in DTYPES.items() if kind == actual.dtype)
    return sums(4, x, dtype)(actual, expected)


def comparison_cases(name, function):
    return binary(name, function, bits, dtypes=ANY)


def select_cases():
    cases = []
    for dtype in ANY:
        for x, y in BROADCASTS:
            cases.append(Case("where(a, b, c)", [("bool", x), (dtype, y), (dtype, x)],
                              torch.where, bits))
    return cases


def clamp_cases():
    def clamp(x, low, high):
        return torch.minimum(torch.maximum(x, low), high)
    return [Case("clamp(a, b, c)", [(dtype, x), (dtype, y), (dtype, ())], clamp, bits_any_zero)
            for dtype in NUMERIC for x, y in BROADCASTS]


def saturate(x, to):
    """LibTorch leaves conversions that do not fit undefined; ours saturate, and
    NaN gives 0."""
    if to.is_floating_point or to == torch.bool or not x.is_floating_point():
        return x.to(to)
    info = torch.iinfo(to)
    wide = x.double().trunc().nan_to_num(0.0, math.inf, -math.inf)
    result = torch.where(wide.abs() < 2.0**62, wide, torch.zeros_like(wide)).to(torch.int64)
    result = result.clamp(info.min, info.max).to(to)
    result = torch.where(wide >= float(info.max), torch.full_like(result, info.max), result)
    return torch.where(wide <= float(info.min), torch.full_like(result, info.min), result)


def cast_cases():
    return [Case(f"cast(a, {to})", [(dtype, shape)],
                 lambda x, to=to: saturate(x, DTYPES[to]), bits)
            for dtype in ANY for to in ANY for shape in [(), (67,), (3, 5, 7)]]


ELEMENTWISE = {
    "neg": lambda name: unary(name, torch.neg, bits, NUMERIC),
    "abs": lambda name: unary(name, torch.abs, bits, NUMERIC),
    "sign": lambda name: unary(name, sign, bits_any_zero, NUMERIC),
    "not": lambda name: unary(name, torch.logical_not, bits, ("bool",)),
    "exp": lambda name: unary(name, in_f64(torch.exp), accurate(2)),
    "expm1": lambda name: unary(name, in_f64(torch.expm1), accurate(4)),
    "log": lambda name: unary(name, in_f64(torch.log), accurate(2)),
    "log2": lambda name: unary(name, in_f64(torch.log2), accurate(4)),
    "log10": lambda name: unary(name, in_f64(torch.log10), accurate(4)),
    "log1p": lambda name: unary(name, in_f64(torch.log1p), accurate(4)),
    "sqrt": lambda name: unary(name, in_numpy(np.sqrt), bits),
    "rsqrt": lambda name: unary(name, in_numpy(lambda x: 1 / np.sqrt(x)), bits),
    "reciprocal": lambda name: unary(name, in_f32(torch.reciprocal), bits),
    "sin": lambda name: unary(name, in_f64(torch.sin), accurate(4)),
    "cos": lambda name: unary(name, in_f64(torch.cos), accurate(4)),
    "tan": lambda name: unary(name, in_f64(torch.tan), accurate(4)),
    "asin": lambda name: unary(name, in_f64(torch.asin), accurate(4)),
    "acos": lambda name: unary(name, in_f64(torch.acos), accurate(4)),
    "atan": lambda name: unary(name, in_f64(torch.atan), accurate(4)),
    "sinh": lambda name: unary(name, in_f64(torch.sinh), accurate(4)),
    "cosh": lambda name: unary(name, in_f64(torch.cosh), accurate(4)),
    "tanh": lambda name: unary(name, in_f64(torch.tanh), accurate(4)),
    "erf": lambda name: unary(name, in_f64(torch.erf), accurate(4)),
    "sigmoid": lambda name: unary(name, in_f64(torch.sigmoid), accurate(4)),
    "silu": lambda name: unary(name, in_f64(torch.nn.functional.silu), accurate(4)),
    "relu": lambda name: unary(name, lambda x: x.clamp(min=0), bits_any_zero, NUMERIC),
    "gelu": lambda name: [
        case for approximate in ("none", "tanh")
        for case in unary(
            name, in_f64(lambda x, how=approximate: torch.nn.functional.gelu(x, approximate=how)),
            gelu_error, call=f'{{}}(a, approximate="{approximate}")')],
    "floor": lambda name: unary(name, torch.floor, bits),
    "ceil": lambda name: unary(name, torch.ceil, bits),
    "round": lambda name: unary(name, torch.round, bits),
    "isnan": lambda name: unary(name, torch.isnan, bits),
    "add": lambda name: binary(name, torch.add, bits),
    "sub": lambda name: binary(name, torch.sub, bits),
    "mul": lambda name: binary(name, torch.mul, bits),
    "div": lambda name: binary(name, divide, bits, fills=without_zero_divisors),
    "rem": lambda name: binary(name, remainder, bits, fills=without_zero_divisors),
    "pow": lambda name: binary(name, in_f64(torch.pow), accurate(4), FLOATS),
    "minimum": lambda name: binary(name, torch.minimum, bits_any_zero),
    "maximum": lambda name: binary(name, torch.maximum, bits_any_zero),
    "atan2": lambda name: binary(name, in_f64(torch.atan2), accurate(4), FLOATS),
    "eq": lambda name: comparison_cases(name, torch.eq),
    "ne": lambda name: comparison_cases(name, torch.ne),
    "lt": lambda name: comparison_cases(name, torch.lt),
    "le": lambda name: comparison_cases(name, torch.le),
    "gt": lambda name: comparison_cases(name, torch.gt),
    "ge": lambda name: comparison_cases(name, torch.ge),
    "and": lambda name: binary(name, torch.logical_and, bits, ("bool",)),
    "or": lambda name: binary(name, torch.logical_or, bits, ("bool",)),
    "xor": lambda name: binary(name, torch.logical_xor, bits, ("bool",)),
    "where": lambda name: select_cases(),
    "clamp": lambda name: clamp_cases(),
    "cast": lambda name: cast_cases(),
}

# ----------------------------------------------------- reductions and softmax

REDUCTIONS = [((), ()), ((1,), (0,)), ((17,), (0,)), ((1031,), (0,)), ((31, 17), (0,)),
              ((31, 17), (1,)), ((3, 5, 7), (1,)), ((3, 5, 7), (0, 2)),
              ((2, 3, 17, 5), (1, 2))]


def reduction(name, reference, judge, dtypes, fills=None):
    """`reference(x, axes, keepdims)`; `judge(axes, keepdims)` gives a comparison."""
    cases = []
    for dtype in dtypes:
        for shape, axes in REDUCTIONS:
            for keepdims in (False, True):
                call = f"{name}(a, axes=[{', '.join(map(str, axes))}]" if axes else f"{name}(a"
                call += f", keepdims={str(keepdims).lower()})"
                cases.append(Case(
                    call, [(dtype, shape)],
                    lambda x, axes=axes, keep=keepdims: reference(x, axes, keep),
                    judge(axes, keepdims), fills))
    return cases


def reduced(function):
    """`function` of LibTorch; rank 0 has no axes to name."""
    def reference(x, axes, keepdims):
        if not axes:
            return function(x.reshape(1), dim=(0,), keepdim=False)
        return function(x, dim=axes, keepdim=keepdims)
    return reference


def wide(x):
    return x.double() if x.is_floating_point() else x.to(torch.int64)


def product(x, dim, keepdim):
    for axis in sorted(dim, reverse=True):
        x = torch.prod(x, dim=axis, keepdim=keepdim)
    return x


def judge_sum(axes, keepdims):
    def compare(actual, expected, inputs):
        if not actual.dtype.is_floating_point:
            return exact(actual, expected)
        dtype = next(name for name, kind in DTYPES.items() if kind == actual.dtype)
        x = inputs[0]
        terms = math.prod(x.shape[axis] for axis in axes)
        magnitude = reduced(torch.sum)(x.double().abs(), axes, keepdims)
        return sums(terms, magnitude, dtype)(actual, expected)
    return compare


def judge_product(axes, keepdims):
    def compare(actual, expected, inputs):
        if not actual.dtype.is_floating_point:
            return exact(actual, expected)
        dtype = next(name for name, kind in DTYPES.items() if kind == actual.dtype)
        terms = math.prod(inputs[0].shape[axis] for axis in axes)
        return sums(terms, expected.abs(), dtype)(actual, expected)
    return compare


def judge_mean(axes, keepdims):
    def compare(actual, expected, inputs):
        terms = math.prod(inputs[0].shape[axis] for axis in axes)
        dtype = next(name for name, kind in DTYPES.items() if kind == actual.dtype)
        magnitude = reduced(torch.mean)(inputs[0].double().abs(), axes, keepdims)
        return sums(terms, magnitude, dtype)(actual, expected)
    return compare


def finite_fills(operands):
    """Sums of the largest numbers depend on their order; a lone infinity or NaN
    does not."""
    yield from ordinary_fills(operands)
    (dtype, shape), = operands
    if is_float(dtype):
        for special in (math.inf, -math.inf, math.nan):
            (x,), = ordinary_fills(operands, seed=1)
            x.reshape(-1)[x.numel() // 2] = special
            yield [x]


def product_fills(operands):
    yield from ordinary_fills(operands, make=near_one)


def softmax_cases():
    def compare(actual, expected, inputs):
        dtype = next(name for name, kind in DTYPES.items() if kind == actual.dtype)
        # The largest of the errors of exp (whose argument is rounded), sum and
        # quotient, relative to each element.
        x = inputs[0].double()
        span = (x - x.nan_to_num(0.0, 0.0, 0.0).amax()).abs().nan_to_num(0.0, 0.0, 0.0)
        return sums(x.shape[-1] + 8, expected.abs() * (1 + span), dtype)(actual, expected)
    return [Case(f"softmax(a, axis={axis})", [(dtype, shape)],
                 in_f64(lambda x, axis=axis: torch.softmax(x, dim=axis)), compare, finite_fills)
            for dtype in FLOATS
            for shape, axis in [((17,), 0), ((5, 1031), -1), ((3, 5, 7), 1), ((3, 5, 7), 0),
                                ((31, 1), -1), ((2, 3, 4, 17), 3)]]


REDUCING = {
    "sum": lambda name: reduction(name, lambda x, *how: reduced(torch.sum)(wide(x), *how),
                                  judge_sum, ANY, finite_fills),
    "prod": lambda name: reduction(name, lambda x, *how: reduced(product)(wide(x), *how),
                                   judge_product, ANY, product_fills),
    "mean": lambda name: reduction(name, lambda x, *how: reduced(torch.mean)(wide(x), *how),
                                   judge_mean, FLOATS, finite_fills),
    "max": lambda name: reduction(name, reduced(torch.amax),
                                  lambda *how: bits_any_zero, NUMERIC),
    "min": lambda name: reduction(name, reduced(torch.amin),
                                  lambda *how: bits_any_zero, NUMERIC),
    "any": lambda name: reduction(name, reduced(torch.any), lambda *how: bits, ("bool",)),
    "all": lambda name: reduction(name, reduced(torch.all), lambda *how: bits, ("bool",)),
    "softmax": lambda name: softmax_cases(),
}

# --------------------------------------------------------------- contractions


def contraction(call, operands, function, terms, dtype):
    """Sums of products. `function` is applied to f64 for floats; to int64, and
    wrapped, for integers."""
    def reference(*inputs):
        result = function(*map(wide, inputs))
        return result if is_float(dtype) else result.to(DTYPES[dtype])

    def compare(actual, expected, inputs):
        if not is_float(dtype):
            return exact(actual, expected)
        magnitude = function(*(x.double().abs() for x in inputs))
        return sums(terms, magnitude, dtype)(actual, expected)
    return Case(call, [(dtype, shape) for shape in operands], reference, compare, ordinary_fills)


MATMULS = [((1, 1), (1, 1)), ((8, 16), (16, 4)), ((17, 31), (31, 13)), ((1, 1031), (1031, 3)),
           ((67, 5), (5, 129)), ((3, 4, 5), (3, 5, 6)), ((3, 4, 5), (5, 6)),
           ((5, 1, 2, 3), (7, 3, 4)), ((2, 3), (4, 3, 17))]
DOTS = [((17,), (17,)), ((1031,), (1031,)), ((5, 17), (17,)), ((17,), (17, 3)),
        ((5, 17), (17, 3))]
# x, w, strides, padding, dilation, groups
CONVOLUTIONS = [
    ((1, 9, 9, 4), (3, 3, 4, 8), (1, 1), "Valid", (1, 1), 1),
    ((2, 9, 7, 4), (3, 3, 4, 5), (2, 2), "Same", (1, 1), 1),
    ((1, 5, 5, 3), (1, 1, 3, 17), (1, 1), "Valid", (1, 1), 1),
    ((1, 11, 9, 3), (3, 2, 3, 33), (1, 2), "[[1, 2], [0, 1]]", (2, 1), 1),
    ((1, 9, 9, 4), (3, 3, 2, 6), (1, 2), "[[1, 1], [1, 1]]", (1, 1), 2),
    ((1, 9, 9, 4), (3, 3, 1, 4), (1, 1), "Same", (2, 2), 4),
]


def conv2d(strides, padding, dilation, groups):
    """NHWC by HWCF, in terms of LibTorch's NCHW by FCHW."""
    def function(x, w):
        if padding == "Valid":
            pads = [0, 0, 0, 0]
        elif padding == "Same":
            pads = []
            for axis in (2, 1):
                out = -(-x.shape[axis] // strides[axis - 1])
                reach = dilation[axis - 1] * (w.shape[axis - 1] - 1) + 1
                total = max((out - 1) * strides[axis - 1] + reach - x.shape[axis], 0)
                pads += [total // 2, total - total // 2]
        else:
            (top, bottom), (left, right) = eval(padding)
            pads = [left, right, top, bottom]
        padded = torch.nn.functional.pad(x.double().permute(0, 3, 1, 2), pads)
        result = torch.nn.functional.conv2d(padded, w.double().permute(3, 2, 0, 1),
                                            stride=strides, dilation=dilation, groups=groups)
        # Exact for the small integers of ordinary fills.
        return result.permute(0, 2, 3, 1).to(x.dtype)
    return function


def conv2d_cases():
    cases = []
    for dtype in NUMERIC:
        for x, w, strides, padding, dilation, groups in CONVOLUTIONS:
            call = (f"conv2d(a, b, strides=[{strides[0]}, {strides[1]}], padding={padding}, "
                    f"dilation=[{dilation[0]}, {dilation[1]}], groups={groups})")
            cases.append(contraction(call, [x, w], conv2d(strides, padding, dilation, groups),
                                     math.prod(w[:3]), dtype))
    return cases


CONTRACTING = {
    "matmul": lambda name: [contraction("matmul(a, b)", [x, y], torch.matmul, x[-1], dtype)
                            for dtype in NUMERIC for x, y in MATMULS],
    "dot": lambda name: [contraction("dot(a, b)", [x, y], torch.matmul, x[-1], dtype)
                         for dtype in NUMERIC for x, y in DOTS],
    "linear": lambda name: [
        contraction("linear(a, b, c)", [x, (13, x[-1]), (13,)],
                    lambda a, w, b: torch.matmul(a, w.t()) + b, x[-1] + 1, dtype)
        for dtype in NUMERIC for x in [(17,), (5, 17), (2, 3, 17), (67, 1)]],
    "conv2d": lambda name: conv2d_cases(),
}

# ------------------------------------------------------- movement and creation


def moved(call, shape, function):
    return [Case(call, [(dtype, shape)], function, bits) for dtype in ANY]


def created(name, function):
    """The parameter, which nothing reads, makes the result a torch tensor."""
    return [Case(f"{name}([{', '.join(map(str, shape))}], {dtype})", [("f32", ())],
                 lambda x, shape=shape, dtype=dtype: function(shape, dtype=DTYPES[dtype]), bits,
                 ordinary_fills)
            for dtype in ANY for shape in [(1,), (3, 17)]]


MOVING = {
    "reshape": lambda name: (moved("reshape(a, [3, 8])", (4, 6), lambda x: x.reshape(3, 8))
                             + moved("reshape(a, [-1, 17])", (2, 3, 17),
                                     lambda x: x.reshape(-1, 17))
                             + moved("reshape(a, [1, 1])", (), lambda x: x.reshape(1, 1))),
    "transpose": lambda name: (moved("transpose(a)", (31, 17), lambda x: x.t())
                               + moved("transpose(a, [2, 0, 1])", (3, 5, 7),
                                       lambda x: x.permute(2, 0, 1))
                               + moved("transpose(a, [0, 2, 1, 3])", (2, 3, 5, 17),
                                       lambda x: x.permute(0, 2, 1, 3))),
    "expand_dims": lambda name: (moved("expand_dims(a, 0)", (17,), lambda x: x[None])
                                 + moved("expand_dims(a, -1)", (3, 5), lambda x: x[..., None])),
    "squeeze": lambda name: (moved("squeeze(a)", (1, 17, 1), lambda x: x.squeeze())
                             + moved("squeeze(a, axes=[0])", (1, 17, 1), lambda x: x.squeeze(0))),
    "flatten": lambda name: moved("flatten(a)", (3, 5, 7), lambda x: x.reshape(-1)),
    "broadcast_to": lambda name: (
        moved("broadcast_to(a, [3, 5, 7])", (5, 1), lambda x: x.expand(3, 5, 7))
        + moved("broadcast_to(a, [17])", (), lambda x: x.expand(17))),
    "zeros": lambda name: created(name, torch.zeros),
    "ones": lambda name: created(name, torch.ones),
}

ROWS = {**ELEMENTWISE, **REDUCING, **CONTRACTING, **MOVING}
