# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One element in, one element out."""

import math

import numpy as np
import torch

from elements import ANY, DTYPES, awkward_fills, ordinary_fills
from numpy_reference import wrapping_pow
from operations import (accurate, bits, bits_any_zero, call, dtype_of, in_f32, in_f64, of, row,
                        wrong)
from tolerance import ULPS, sums

# Rank 0 to 6; 1, primes, one vector and a bit.
SHAPES = [(), (1,), (17,), (1031,), (31, 1), (3, 5, 7), (2, 1, 3, 17), (2, 3, 1, 2, 5),
          (1, 2, 1, 3, 2, 17)]
BROADCASTS = [((), ()), ((17,), ()), ((), (5, 3)), ((1031,), (1031,)), ((3, 1, 7), (5, 1)),
              ((2, 3, 1, 17), (17,)), ((31, 1), (1, 17)), ((2, 1, 3, 1, 2, 7), (5, 1, 3, 1, 1))]


def unary(name, reference, judge=None, *more, **keywords):
    return row(name, *(call(f"{name}(a)", shape) for shape in SHAPES), *more,
               reference=reference, judge=judge, **keywords)


def function(name, reference):
    return unary(name, in_f64(reference), accurate(ULPS[name]))


def binary(name, reference, judge=None, *more, **keywords):
    return row(name, *(call(f"{name}(a, b)", x, y) for x, y in BROADCASTS),
               wrong("E3001", f"{name}(a, b)", (3, 4), (3, 5)),
               wrong("E2007", f"{name}(a, b, b)", (3,), (3,)),
               *more, reference=reference, judge=judge, **keywords)


def comparison(name, reference):
    return binary(name, reference, result="bool")


def sign(x):
    return torch.where(x.isnan(), x, torch.sign(x)) if x.is_floating_point() else torch.sign(x)


def in_numpy(function):
    """`function` of NumPy, which rounds correctly and is exact where LibTorch's
    vector functions (MKL's sqrt, Sleef's fmod) are not."""
    def reference(*inputs):
        with np.errstate(all="ignore"):
            return torch.from_numpy(np.asarray(function(*(x.numpy() for x in inputs))))
    return in_f32(reference)


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


def power(x, y):
    if x.is_floating_point():
        return in_f64(torch.pow)(x, y)
    return torch.from_numpy(np.asarray(wrapping_pow(x.numpy(), y.numpy())))


def power_error(actual, expected, inputs):
    judge = accurate(ULPS["pow"]) if actual.dtype.is_floating_point else bits
    return judge(actual, expected, inputs)


def without_negative_powers(operands):
    for x, y in [*ordinary_fills(operands), *awkward_fills(operands)]:
        if not y.is_floating_point():
            y = torch.where(y < 0, torch.full_like(y, 3), y)
        yield [x, y]


def gelu_error(actual, expected, inputs, approximate):
    """1 + erf cancels for negative arguments, and the product with x keeps the
    absolute error: a few eps of |x|."""
    return sums(ULPS["gelu"], inputs[0].double().abs(), dtype_of(actual))(actual, expected)


def clamp(x, low, high):
    return torch.minimum(torch.maximum(x, low), high)


def saturate(x, to):
    """LibTorch leaves conversions that do not fit undefined; ours saturate, and
    NaN gives 0."""
    to = DTYPES[to]
    if to.is_floating_point or to == torch.bool or not x.is_floating_point():
        return x.to(to)
    info = torch.iinfo(to)
    whole = x.double().trunc().nan_to_num(0.0, math.inf, -math.inf)
    result = torch.where(whole.abs() < 2.0**63, whole, torch.zeros_like(whole)).to(torch.int64)
    result = result.clamp(info.min, info.max).to(to)
    result = torch.where(whole >= float(info.max), torch.full_like(result, info.max), result)
    return torch.where(whole <= float(info.min), torch.full_like(result, info.min), result)


ROWS = [
    unary("neg", torch.neg),
    unary("abs", torch.abs),
    unary("sign", sign, bits_any_zero),
    unary("not", torch.logical_not),
    function("exp", torch.exp),
    function("expm1", torch.expm1),
    function("log", torch.log),
    function("log2", torch.log2),
    function("log10", torch.log10),
    function("log1p", torch.log1p),
    unary("sqrt", in_numpy(np.sqrt)),
    unary("rsqrt", in_numpy(lambda x: 1 / np.sqrt(x))),
    unary("reciprocal", in_f32(torch.reciprocal)),
    function("sin", torch.sin),
    function("cos", torch.cos),
    function("tan", torch.tan),
    function("asin", torch.asin),
    function("acos", torch.acos),
    function("atan", torch.atan),
    function("sinh", torch.sinh),
    function("cosh", torch.cosh),
    function("tanh", torch.tanh),
    function("erf", torch.erf),
    function("sigmoid", torch.sigmoid),
    function("silu", torch.nn.functional.silu),
    unary("relu", lambda x: x.clamp(min=0), bits_any_zero),
    row("gelu", *(call("gelu(a, approximate={approximate})", shape, approximate=f'"{how}"')
                  for how in ("none", "tanh") for shape in SHAPES),
        reference=in_f64(lambda x, approximate: torch.nn.functional.gelu(
            x, approximate=approximate.strip('"'))),
        judge=gelu_error),
    unary("floor", torch.floor),
    unary("ceil", torch.ceil),
    unary("round", torch.round),
    unary("isnan", torch.isnan, result="bool"),
    binary("add", torch.add),
    binary("sub", torch.sub),
    binary("mul", torch.mul),
    binary("div", divide, None, wrong("E6005", "div(1, 0)"),
           fills=without_zero_divisors),
    binary("rem", remainder, None, wrong("E6005", "rem(1, 0)"),
           fills=without_zero_divisors),
    binary("pow", power, power_error, wrong("E6006", "pow(2, -1)"),
           fills=without_negative_powers),
    binary("minimum", torch.minimum, bits_any_zero),
    binary("maximum", torch.maximum, bits_any_zero),
    binary("atan2", in_f64(torch.atan2), accurate(ULPS["atan2"])),
    comparison("eq", torch.eq),
    comparison("ne", torch.ne),
    comparison("lt", torch.lt),
    comparison("le", torch.le),
    comparison("gt", torch.gt),
    comparison("ge", torch.ge),
    binary("and", torch.logical_and),
    binary("or", torch.logical_or),
    binary("xor", torch.logical_xor),
    row("where", *(call("where(a, b, c)", of("bool", x), y, x) for x, y in BROADCASTS),
        wrong("E2005", "where(a, a, a)", of("i64", (3,))),
        wrong("E3001", "where(a, b, b)", of("bool", (3,)), (4,)),
        reference=torch.where),
    row("clamp", *(call("clamp(a, b, c)", x, y, ()) for x, y in BROADCASTS),
        wrong("E3001", "clamp(a, b, a)", (3,), (4,)),
        reference=clamp, judge=bits_any_zero),
    row("cast", *(call("cast(a, {to})", shape, to=to)
                  for to in ANY for shape in [(), (67,), (3, 5, 7)]),
        reference=saturate, result=lambda dtype, to: to),
]
