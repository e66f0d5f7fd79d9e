# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Many elements to one, and what is computed along an axis."""

import math

import torch

from elements import ANY, FLOATS, NUMERIC, is_float
from random_programs.elementwise import cast
from random_programs.value import (Value, accumulator_eps, approximate, finite_size, unknown,
                                   zero_of_either_sign)
from rows.reduction import first_best


def total(x, axes, keepdims):
    """Of sums in LibTorch, where no axes mean all."""
    return x.sum(axes, keepdim=keepdims) if axes else x


def summed(axes, keepdims, mean=False):
    def meaning(x):
        if not x.is_float:
            return unknown("i64", total(x.tensor.to(torch.int64), axes, keepdims),
                           total(x.error, axes, keepdims) > 0)
        count = math.prod(x.shape[axis] for axis in axes) if mean else 1
        magnitude = total(finite_size(x.wide) + x.error, axes, keepdims)
        terms = math.prod(x.shape[axis] for axis in axes)
        return approximate(x.dtype, total(x.wide, axes, keepdims) / count,
                           total(x.error, axes, keepdims) / count,
                           (terms + 2) * accumulator_eps(x.dtype) * magnitude / count, magnitude)
    return meaning


def multiplied(axes, keepdims):
    def over(x):
        for axis in sorted(axes, reverse=True):
            x = x.prod(axis, keepdim=keepdims)
        return x

    def meaning(x):
        if not x.is_float:
            return unknown("i64", over(x.tensor.to(torch.int64)),
                           total(x.error, axes, keepdims) > 0)
        wide, size = over(x.wide), x.wide.abs()
        terms = math.prod(x.shape[axis] for axis in axes)
        relative = total(x.error / size.clamp(min=1e-300), axes, keepdims)
        spread = torch.where(relative > 0, wide.abs() * torch.expm1(relative), 0.0)
        # However they are multiplied, partial products are between these.
        high, low = over(size.clamp(min=1.0)), over(size.clamp(max=1.0))
        strange = (low < torch.finfo(x.tensor.dtype).smallest_normal) | ~high.isfinite()
        strange |= total((~x.wide.isfinite()).double(), axes, keepdims) > 0
        result = approximate(x.dtype, wide, spread, (terms + 2) * accumulator_eps(x.dtype)
                             * wide.abs(), high)
        return Value(x.dtype, result.tensor, torch.where(strange, math.inf, result.error))
    return meaning


def variance(axes, keepdims):
    def meaning(x):
        terms = math.prod(x.shape[axis] for axis in axes)
        if not axes:
            wide, magnitude, spread = x.wide * 0, x.wide.square(), torch.where(
                x.error > 0, math.inf, 0.0)
        else:
            wide = x.wide.var(axes, correction=0, keepdim=keepdims)
            magnitude = finite_size(x.wide).square().mean(axes, keepdim=keepdims)
            error = x.error + x.error.mean(axes, keepdim=True)
            distance = (x.wide - x.wide.mean(axes, keepdim=True)).abs()
            spread = torch.where(error > 0, 2 * distance * error + error * error, 0.0).mean(
                axes, keepdim=keepdims)
        return approximate(x.dtype, wide, spread, (2 * terms + 4) * accumulator_eps(x.dtype)
                           * magnitude, magnitude * terms)
    return meaning


def extreme(native, axes, keepdims):
    def meaning(x):
        if not axes:
            return x
        result = Value(x.dtype, native(x.tensor, axes, keepdims),
                       torch.amax(x.error, axes, keepdims))
        if not x.is_float:
            return result
        signs = torch.signbit(x.tensor)
        zeros = x.tensor == 0
        both = (zeros & signs).any().logical_and((zeros & ~signs).any())
        return zero_of_either_sign(result, (result.tensor == 0) & both)
    return meaning


def truth(native, axes, keepdims):
    def meaning(x):
        result = x.tensor
        for axis in sorted(axes, reverse=True):
            result = native(result, axis, keepdims)
        return unknown("bool", result, total(x.error, axes, keepdims) > 0)
    return meaning


def position(native, axis, keepdims):
    def meaning(x):
        flat = axis is None or not x.shape
        tensor, error = (t.reshape(-1) if flat else t for t in (x.tensor, x.error))
        dim = 0 if flat else axis
        found = first_best(native, tensor, dim)
        off = torch.amax(error, dim) > 0
        if keepdims:
            found, off = (t.reshape([1] * len(x.shape)) if flat else t.unsqueeze(dim)
                          for t in (found, off))
        return unknown("i64", found, off)
    return meaning


# ------------------------------------------------------------------- growth

def kept(shape, axes, keepdims):
    return tuple(1 if d in axes else extent for d, extent in enumerate(shape)
                 if keepdims or d not in axes)


def some_axes(g, rank):
    """Axes as a program has them, and normalised."""
    if not rank or g.random.random() < 0.15:
        return "", tuple(range(rank))
    axes = g.random.sample(range(rank), g.random.choice([1, 1, 1, g.random.randint(1, rank)]))
    written = [axis - rank if g.random.random() < 0.3 else axis for axis in axes]
    text = str(written[0]) if len(axes) == 1 and g.random.random() < 0.5 else str(written)
    return f", axes={text}", tuple(axes)


def grow_reduction(g):
    kind = g.random.choice(["sum", "sum", "mean", "max", "min", "prod", "var", "any", "all"])
    dtypes = (ANY if kind in ("sum", "prod") else FLOATS if kind in ("mean", "var")
              else NUMERIC if kind in ("max", "min") else ["bool"])
    x = g.value(dtypes)
    dtype, shape = g.type(x)
    text, axes = some_axes(g, len(shape))
    keepdims = g.random.random() < 0.5
    make = {"sum": summed, "mean": lambda a, k: summed(a, k, True), "prod": multiplied,
            "var": variance, "max": lambda a, k: extreme(torch.amax, a, k),
            "min": lambda a, k: extreme(torch.amin, a, k),
            "any": lambda a, k: truth(torch.any, a, k),
            "all": lambda a, k: truth(torch.all, a, k)}[kind]
    widened = kind in ("sum", "prod") and not is_float(dtype)
    keep = ", keepdims=true" if keepdims else ""
    if kind in ("max", "min") and not text and not keep:
        keep = ", keepdims=false"
    # Also the largest is inexact: of zeros, each tier takes its own.
    g.let(f"{kind}({{0}}{text}{keep})", [x], make(axes, keepdims),
          ("i64" if widened else dtype, kept(shape, axes, keepdims)), inexact=is_float(dtype))


def grow_position(g):
    x = g.value(NUMERIC)
    shape = g.shape(x)
    axis = g.random.choice([None, *range(len(shape))])
    keepdims = g.random.random() < 0.3
    name, native = g.random.choice([("argmax", torch.amax), ("argmin", torch.amin)])
    axes = range(len(shape)) if axis is None else [axis]
    text = "" if axis is None else f", axis={axis}"
    g.let(f"{name}({{0}}{text}{', keepdims=true' if keepdims else ''})", [x],
          position(native, axis, keepdims), ("i64", kept(shape, axes, keepdims)))


def grow_centred(g):
    """What softmax and the norms do, by hand: a value beside what is reduced of it."""
    x = g.value(FLOATS, min_rank=1)
    dtype, shape = g.type(x)
    axis = g.random.randrange(len(shape))
    from random_programs import elementwise
    mean = g.let(f"mean({{0}}, axes={axis}, keepdims=true)", [x], summed((axis,), True, True),
                 (dtype, kept(shape, (axis,), True)), inexact=True)
    off = g.let("{0} - {1}", [x, mean], elementwise.sub, (dtype, shape))
    square = g.let("{0} * {0}", [off], lambda x: elementwise.mul(x, x), (dtype, shape))
    g.let(f"sum({{0}}, axes=[{axis}])", [square], summed((axis,), False),
          (dtype, kept(shape, (axis,), False)), inexact=True)


def grow_total_of_cast(g):
    x = g.value(ANY)
    to = g.random.choice(ANY)
    y = g.let(f"cast({{0}}, {to})", [x], cast(to), (to, g.shape(x)))
    text, axes = some_axes(g, len(g.shape(y)))
    g.let(f"sum({{0}}{text})", [y], summed(axes, False),
          (to if is_float(to) else "i64", kept(g.shape(y), axes, False)), inexact=is_float(to))


GROWTH = [(grow_reduction, 6), (grow_position, 1.5), (grow_centred, 0.7),
          (grow_total_of_cast, 1)]
