# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations on elements: exact ones, functions, conversions, and those that fail."""

import math

import numpy as np
import torch

from elements import ANY, DTYPES, FLOATS, INTS, NUMERIC
from numpy_reference import wrapping_pow
from random_programs.value import (SMALL, Failure, Uncertain, Value, any_error, approximate,
                                   determined, largest, times, unknown, zero_of_either_sign)
from rows import elementwise as rows
from tolerance import EPS, SMALLEST_NORMAL, ULPS, ULPS_16


def of_floats(native, spread):
    """What `native` makes of the tensors, correctly rounded; `spread(*pairs)`, of each
    operand in f64 and its error, is what the errors make of it."""
    def meaning(*values):
        return determined(values[0].dtype, native(*(value.tensor for value in values)),
                          spread(*((value.wide, value.error) for value in values)))
    return meaning


def of_numbers(native, spread):
    """As `of_floats`; an integer is exact or unknown."""
    floats = of_floats(native, spread)

    def meaning(*values):
        if values[0].is_float:
            return floats(*values)
        return unknown(values[0].dtype, native(*(value.tensor for value in values)),
                       any_error(*values))
    return meaning


def narrow(function):
    """`function` of LibTorch, of 16-bit floats in f32."""
    return rows.in_f32(function)


def product_spread(x, y):
    return times(x[1], y[0].abs() + y[1]) + times(y[1], x[0].abs())


def quotient_spread(x, y):
    room = y[0].abs() - y[1]
    spread = times(x[1], 1 / room) + times(y[1], (x[0] / y[0]).abs() / room)
    return torch.where((room > 0) | ((x[1] == 0) & (y[1] == 0)), spread, math.inf)


def extreme(native):
    def meaning(x, y):
        result = of_numbers(native, lambda x, y: torch.maximum(x[1], y[1]))(x, y)
        if not x.is_float:
            return result
        zeros = (x.tensor == 0) & (y.tensor == 0)
        return zero_of_either_sign(
            result, zeros & (torch.signbit(x.tensor) != torch.signbit(y.tensor)))
    return meaning


def summed(native):
    """A contraction's sums take what is added to them in any order: where numbers are
    large, one order may overflow."""
    exact = of_numbers(native, lambda x, y: x[1] + y[1])

    def meaning(x, y):
        result = exact(x, y)
        if not x.is_float or result.bound is None:
            return result
        size = x.wide.abs() + y.wide.abs()
        return result.unknown_where((result.error > 0) & (size > largest(x.dtype) / 4))
    return meaning


add, sub = summed(torch.add), summed(torch.sub)
mul = of_numbers(torch.mul, product_spread)
minimum, maximum = extreme(torch.minimum), extreme(torch.maximum)
quotient = of_floats(rows.divide, quotient_spread)


def div(x, y):
    if x.is_float:
        return quotient(x, y)
    fail_unless(y, y.tensor != 0, "E6005")
    return unknown(x.dtype, rows.divide(x.tensor, y.tensor), any_error(x, y))


def rem(x, y):
    if not x.is_float:
        fail_unless(y, y.tensor != 0, "E6005")
    return unknown(x.dtype, rows.remainder(x.tensor, y.tensor), any_error(x, y))


def power(x, y):
    if x.is_float:
        wide = torch.pow(x.wide, y.wide)
        spread = torch.where(any_error(x, y), math.inf, 0.0)
        return approximate(x.dtype, wide, spread, own_of("pow", x.dtype, wide, spread))
    fail_unless(y, y.tensor >= 0, "E6006")
    shape = torch.broadcast_shapes(x.shape, y.shape)
    result = wrapping_pow(x.tensor.expand(shape).numpy(), y.tensor.expand(shape).numpy())
    return unknown(x.dtype, torch.from_numpy(np.ascontiguousarray(result)).reshape(shape),
                   any_error(x, y))


def fail_unless(value, fine, code):
    if value.bound is not None:
        raise Uncertain
    if not bool(fine.all()):
        raise Failure(code)


def same_error(x):
    return x[1]


def relu(x):
    result = of_numbers(lambda x: x.clamp(min=0), same_error)(x)
    return zero_of_either_sign(result, torch.signbit(x.tensor) & (x.tensor == 0)) \
        if x.is_float else result


def sign(x):
    result = unknown(x.dtype, rows.sign(x.tensor), (x.error > 0) & ~(finite_distance(x) > x.error))
    return zero_of_either_sign(result, x.tensor == 0) if x.is_float else result


def finite_distance(x):
    """From 0, of floats; integers are exact or unknown."""
    return x.wide.abs() if x.is_float else torch.zeros(x.shape, dtype=torch.float64)


def stepped(function):
    """floor and the like: unknown where the operand's error may take a step."""
    def meaning(x):
        low, high = function(x.wide - x.error), function(x.wide + x.error)
        result = unknown(x.dtype, narrow(function)(x.tensor), (x.error > 0) & (low != high))
        return zero_of_either_sign(result, (x.error > 0) & (low == 0)
                                   & (torch.signbit(low) != torch.signbit(high)))
    return meaning


def root_spread(function):
    """Of a function that is monotone."""
    def spread(x):
        value, error = x
        here = function(value)
        most = torch.maximum((function(value + error) - here).abs(),
                             (function(value - error) - here).abs())
        # Of what may be anything, NaN too, no function is bounded.
        return torch.where(error == math.inf, math.inf, torch.where(error > 0, most, 0.0))
    return spread


def steep(slope):
    return lambda x: times(x[1], slope)


def tangent_spread(x):
    value, error = x
    slope = 1 + torch.tan(value) ** 2
    return torch.where(error == 0, 0.0, torch.where(error * slope < 0.1, 2 * error * slope,
                                                    math.inf))


def even_spread(x):
    return torch.where(x[1] > 0, torch.cosh(x[0].abs() + x[1]) - torch.cosh(x[0]), 0.0)


def own_of(name, dtype, wide, spread):
    """What a function errs by itself."""
    return (ULPS_16 if dtype in SMALL else ULPS[name]) * EPS[dtype] * (wide.abs() + spread)


def function(name, reference, spread=None):
    spread = spread or root_spread(reference)

    def meaning(x):
        wide = reference(x.wide)
        off = spread((x.wide, x.error))
        own = own_of(name, x.dtype, wide, off)
        if name in ("silu", "gelu"):
            own = own + (ULPS[name] * EPS[x.dtype] * (name == "gelu")
                         + SMALLEST_NORMAL[x.dtype]) * (x.wide.abs() + x.error)
        return approximate(x.dtype, wide, off, own)
    return meaning


FUNCTIONS = {
    **{name: function(name, getattr(torch, name)) for name in
       ["exp", "expm1", "log", "log2", "log10", "log1p", "asin", "acos", "atan", "sinh", "tanh",
        "erf", "sigmoid"]},
    "sin": function("sin", torch.sin, steep(1.0)), "cos": function("cos", torch.cos, steep(1.0)),
    "tan": function("tan", torch.tan, tangent_spread),
    "cosh": function("cosh", torch.cosh, even_spread),
    "silu": function("silu", torch.nn.functional.silu, steep(1.2)),
    "gelu": function("gelu", torch.nn.functional.gelu, steep(1.2)),
}
FUNCTION_TEXTS = {name: f"{name}({{0}})" for name in FUNCTIONS}
FUNCTIONS["gelu tanh"] = function(
    "gelu", lambda x: torch.nn.functional.gelu(x, approximate="tanh"), steep(1.2))
FUNCTION_TEXTS["gelu tanh"] = 'gelu({0}, approximate="tanh")'

EXACT_FLOAT_UNARY = {
    "sqrt": of_floats(rows.in_numpy(np.sqrt), root_spread(torch.sqrt)),
    "rsqrt": of_floats(rows.in_numpy(lambda x: 1 / np.sqrt(x)), root_spread(torch.rsqrt)),
    "reciprocal": of_floats(narrow(torch.reciprocal), lambda x: quotient_spread(
        (torch.ones_like(x[0]), torch.zeros_like(x[1])), x)),
    "floor": stepped(torch.floor), "ceil": stepped(torch.ceil), "round": stepped(torch.round),
}
UNARY = {"neg": of_numbers(torch.neg, same_error), "abs": of_numbers(torch.abs, same_error),
         "sign": sign, "relu": relu}
BINARY = {"{0} + {1}": add, "{0} - {1}": sub, "{0} * {1}": mul, "minimum({0}, {1})": minimum,
          "maximum({0}, {1})": maximum}
COMPARISONS = {"==": torch.eq, "!=": torch.ne, "<": torch.lt, "<=": torch.le, ">": torch.gt,
               ">=": torch.ge}
LOGIC = {"and": torch.logical_and, "or": torch.logical_or, "xor": torch.logical_xor}


def comparison(native):
    def meaning(x, y):
        if not x.is_float:
            return unknown("bool", native(x.tensor, y.tensor), any_error(x, y))
        error = x.error + y.error
        near = (x.wide - y.wide).abs() <= error
        return unknown("bool", native(x.tensor, y.tensor),
                       (error > 0) & (near | (error == math.inf)))
    return meaning


def logic(native):
    return lambda *values: unknown("bool", native(*(v.tensor for v in values)),
                                   any_error(*values))


def where(condition, x, y):
    bound = torch.where(condition.tensor, x.error, y.error)
    return Value(x.dtype, torch.where(condition.tensor, x.tensor, y.tensor),
                 torch.where(condition.error > 0, math.inf, bound))


def clamp(x, low, high):
    return minimum(maximum(x, low), high)


def cast(to):
    def meaning(x):
        result = rows.saturate(x.tensor, to)
        if not x.is_float:
            return unknown(to, result, x.error > 0)
        if to in FLOATS:
            if EPS[to] <= EPS[x.dtype] and {to, x.dtype} != set(SMALL):
                return Value(to, result, x.error)
            return determined(to, result, x.error)
        if to == "bool":
            return unknown(to, result, (x.error > 0) & ~(x.wide.abs() > x.error))
        low, high = (rows.saturate(x.wide + end, to) for end in (-x.error, x.error))
        return unknown(to, result, (x.error > 0) & ((low != high) | (x.error == math.inf)))
    return meaning


def atan2(y, x):
    wide, error = torch.atan2(y.wide, x.wide), x.error + y.error
    distance = torch.hypot(x.wide, y.wide)
    cut = (x.wide - x.error <= 0) & (y.wide.abs() <= y.error)
    spread = torch.where(cut | (distance <= 2 * error), math.inf, 2 * error / distance)
    spread = torch.where(error == math.inf, math.inf, torch.where(error > 0, spread, 0.0))
    return approximate(x.dtype, wide, spread, own_of("atan2", x.dtype, wide, spread))


# ------------------------------------------------------------------- growth

def grow_unary(g):
    x = g.value(NUMERIC)
    choices = dict(UNARY)
    if g.dtype(x) in FLOATS:
        choices |= EXACT_FLOAT_UNARY
    name = g.random.choice(sorted(choices))
    text = "-{0}" if name == "neg" and g.random.random() < 0.5 else f"{name}({{0}})"
    g.let(text, [x], choices[name], g.type(x))


def grow_function(g):
    x = g.value(FLOATS)
    name = g.random.choice(sorted(FUNCTIONS))
    g.let(FUNCTION_TEXTS[name], [x], FUNCTIONS[name], g.type(x), inexact=True)


def grow_binary(g):
    x = g.value(NUMERIC)
    y = g.partner(x)
    if g.random.random() < 0.5:
        x, y = y, x
    text = g.random.choice(sorted(BINARY))
    g.let(text, [x, y], BINARY[text], (g.dtype(x), g.broadcast(x, y)))


def grow_chain(g):
    """The residuals and activations that follow contractions, in any order."""
    for _ in range(g.random.randint(1, 4)):
        g.random.choice([grow_activation, grow_bias, grow_residual])(g)


def grow_activation(g):
    x = g.latest(FLOATS)
    name = g.random.choice(["relu", "relu", "gelu", "silu", "sigmoid", "tanh", "gelu tanh"])
    meaning = relu if name == "relu" else FUNCTIONS[name]
    g.let(FUNCTION_TEXTS.get(name, "relu({0})"), [x], meaning, g.type(x), inexact=name != "relu")


def grow_bias(g):
    x = g.latest(FLOATS)
    shape = g.shape(x)
    bias = g.want(g.dtype(x), shape[-1:] if g.random.random() < 0.8 else shape[-2:])
    text = g.random.choice(["{0} + {1}", "{1} + {0}", "{0} * {1}", "{0} - {1}"])
    g.let(text, [x, bias], mul if "*" in text else sub if "-" in text else add, g.type(x))


def grow_residual(g):
    x = g.latest(FLOATS)
    y = g.want(*g.type(x))
    text = g.random.choice(["{0} + {1}", "{1} + {0}", "{0} * {1}"])
    g.let(text, [x, y], mul if "*" in text else add, g.type(x))


def literal(g, dtype):
    """A number as text and as a Value."""
    if dtype in FLOATS:
        number = g.random.choice([0.0, 0.5, 1.0, 1.5, 2.0, 0.25, 3.0, 0.125])
    else:
        number = g.random.choice([0, 1, 2, 3, 7, 100])
    return str(number), Value(dtype, torch.tensor(number, dtype=DTYPES[dtype]))


def grow_literal(g):
    x = g.value(NUMERIC)
    text, number = literal(g, g.dtype(x))
    pattern = g.random.choice(sorted(BINARY))
    meaning = BINARY[pattern]
    if g.random.random() < 0.5:
        g.let(pattern.replace("{1}", text), [x], lambda x: meaning(x, number), g.type(x))
    else:
        g.let(pattern.replace("{0}", text).replace("{1}", "{0}"), [x],
              lambda x: meaning(number, x), g.type(x))


def grow_comparison(g):
    x = g.value(ANY)
    sign = g.random.choice(sorted(COMPARISONS))
    meaning = comparison(COMPARISONS[sign])
    if g.dtype(x) != "bool" and g.random.random() < 0.4:
        text, number = literal(g, g.dtype(x))
        g.let(f"{{0}} {sign} {text}", [x], lambda x: meaning(x, number), ("bool", g.shape(x)))
        return
    y = g.partner(x)
    g.let(f"{{0}} {sign} {{1}}", [x, y], meaning, ("bool", g.broadcast(x, y)))


def grow_logic(g):
    x = g.value(["bool"])
    if g.random.random() < 0.3:
        g.let("not({0})", [x], logic(torch.logical_not), g.type(x))
        return
    y = g.partner(x)
    name = g.random.choice(sorted(LOGIC))
    g.let(f"{name}({{0}}, {{1}})", [x, y], logic(LOGIC[name]), ("bool", g.broadcast(x, y)))


def grow_where(g):
    condition = g.value(["bool"])
    x = g.partner(condition, g.any_dtype())
    y = g.partner(x)
    shape = g.broadcast(condition, x, y)
    if shape is not None:
        g.let("where({0}, {1}, {2})", [condition, x, y], where, (g.dtype(x), shape))


def grow_clamp(g):
    x = g.value(NUMERIC)
    if g.random.random() < 0.5:
        low, high = literal(g, g.dtype(x)), literal(g, g.dtype(x))
        g.let(f"clamp({{0}}, {low[0]}, {high[0]})", [x], lambda x: clamp(x, low[1], high[1]),
              g.type(x))
        return
    low, high = g.partner(x), g.partner(x)
    shape = g.broadcast(x, low, high)
    if shape is not None:
        g.let("clamp({0}, {1}, {2})", [x, low, high], clamp, (g.dtype(x), shape))


def grow_cast(g):
    x = g.value(ANY)
    to = g.random.choice(ANY)
    text = g.random.choice([f"cast({{0}}, {to})", f"{{0}} as {to}"])
    g.let(text, [x], cast(to), (to, g.shape(x)))


def grow_divide(g):
    """`/` and `%`; of integers mostly by what is not zero."""
    x = g.value(NUMERIC)
    y = g.partner(x)
    sign, meaning = g.random.choice([("/", div), ("%", rem)])
    if g.dtype(x) in INTS and g.random.random() < 0.9:
        y = positive(g, y)
    g.let(f"{{0}} {sign} {{1}}", [x, y], meaning, (g.dtype(x), g.broadcast(x, y)))


def positive(g, y):
    """`y`, or 5 where it is less than 1."""
    five = Value(g.dtype(y), torch.tensor(5))
    one = Value(g.dtype(y), torch.tensor(1))
    return g.let("where({0} < 1, 5, {0})", [y], lambda y: where(
        comparison(torch.lt)(y, one), five, y), g.type(y))


def grow_pow(g):
    x = g.value(NUMERIC)
    y = g.partner(x)
    if g.dtype(x) in INTS and g.random.random() < 0.9:
        y = positive(g, y)
    g.let("pow({0}, {1})", [x, y], power, (g.dtype(x), g.broadcast(x, y)),
          inexact=g.dtype(x) in FLOATS)


def grow_atan2(g):
    y = g.value(FLOATS)
    x = g.partner(y)
    g.let("atan2({0}, {1})", [y, x], atan2, (g.dtype(x), g.broadcast(x, y)), inexact=True)


def grow_isnan(g):
    x = g.value(FLOATS)
    g.let("isnan({0})", [x], lambda x: unknown("bool", x.tensor.isnan(), x.error == math.inf),
          ("bool", g.shape(x)))


GROWTH = [(grow_unary, 3), (grow_function, 3), (grow_binary, 8), (grow_chain, 2),
          (grow_literal, 3), (grow_comparison, 2), (grow_logic, 1), (grow_where, 3),
          (grow_clamp, 1), (grow_cast, 3), (grow_divide, 2), (grow_pow, 1), (grow_atan2, 0.5),
          (grow_isnan, 0.5)]
