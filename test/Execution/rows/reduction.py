# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Many elements in, one out."""

import math

import torch

from elements import is_float, near_one, ordinary_fills
from operations import bits_any_zero, call, dtype_of, ordinary, row, widened, wrong
from tolerance import exact, sums

# Axes as programs write them: omitted, one, several, negative, all.
REDUCED = [((), None), ((1,), 0), ((17,), [0]), ((1031,), -1), ((31, 17), [0]), ((31, 17), 1),
           ((17, 31), None), ((3, 5, 7), [-2]), ((3, 5, 7), [0, 2]), ((3, 5, 7), [2, 0, 1]),
           ((2, 3, 17, 5), [1, -2]), ((2, 1, 3, 2, 5, 3), [0, 2, -1])]


def reduction(name, reference, judge=None, **keywords):
    """`reference(x, axes, keepdims)`, the axes normalised."""
    calls = []
    for shape, axes in REDUCED:
        for keepdims in (False, True):
            arguments = {} if axes is None else {"axes": axes}
            expression = f"{name}(a, " + ("axes={axes}, " if arguments else "")
            calls.append(call(expression + "keepdims={keepdims})", shape, **arguments,
                              keepdims=keepdims))
    return row(name, *calls, call(f"{name}(a)", (3, 5)),
               call(f"{name}(a, axis={{axes}})", (3, 5), axes=[1]),
               wrong("E3004", f"{name}(a, axes=2)", (3, 4)),
               wrong("E3004", f"{name}(a, axes=[0, -3])", (3, 4)),
               wrong("E3005", f"{name}(a, axes=[0, -2])", (3, 4)),
               wrong("E2001", f"{name}(a, keepdims=1)", (3, 4)),
               reference=reference, judge=judge, **keywords)


def normalised(x, axes):
    axes = range(x.dim()) if axes is None else [axes] if isinstance(axes, int) else axes
    return tuple(axis % x.dim() for axis in axes)


def terms(x, axes):
    return math.prod(x.shape[axis] for axis in normalised(x, axes))


def over(function):
    """`function` of LibTorch, of the axes that MIND means."""
    def reference(x, axes=None, keepdims=False):
        if not x.dim():
            return function(x.reshape(1), dim=(0,), keepdim=False)
        return function(x, dim=normalised(x, axes), keepdim=keepdims)
    return reference


def of_wide(function):
    """`function` in f64 or i64."""
    return lambda x, **arguments: over(function)(
        x.double() if x.is_floating_point() else x.to(torch.int64), **arguments)


def product(x, dim, keepdim):
    for axis in sorted(dim, reverse=True):
        x = torch.prod(x, dim=axis, keepdim=keepdim)
    return x


def anywhere(function):
    """`function(x, dim, keepdim)` of one axis at a time, which LibTorch's `any`
    and `all` want."""
    def several(x, dim, keepdim):
        for axis in sorted(dim, reverse=True):
            x = function(x, axis, keepdim)
        return x
    return several


def judge_sum(function):
    """By the bound of a sum, whose terms' magnitude is `function` of them."""
    def judge(actual, expected, inputs, axes=None, keepdims=False):
        if not actual.dtype.is_floating_point:
            return exact(actual, expected)
        magnitude = over(function)(inputs[0].double().abs(), axes, keepdims)
        return sums(terms(inputs[0], axes), magnitude, dtype_of(actual))(actual, expected)
    return judge


def judge_product(actual, expected, inputs, axes=None, keepdims=False):
    if not actual.dtype.is_floating_point:
        return exact(actual, expected)
    return sums(terms(inputs[0], axes), expected.abs(), dtype_of(actual))(actual, expected)


def finite(operands):
    """Sums of the largest numbers depend on their order; a lone infinity or NaN
    does not."""
    yield from ordinary(operands)
    (dtype, shape), = operands
    if is_float(dtype):
        for special in (math.inf, -math.inf, math.nan):
            (x,), = ordinary_fills(operands, seed=1)
            x.reshape(-1)[x.numel() // 2] = special
            yield [x]


def factors(operands):
    yield from ordinary_fills(operands, make=near_one)


def variance(x, dim, keepdim):
    return torch.var(x, dim=dim, correction=0, keepdim=keepdim)


def judge_variance(actual, expected, inputs, axes=None, keepdims=False):
    """A sum of squares of distances, each from a mean that errs as a sum does."""
    magnitude = over(torch.mean)(inputs[0].double().square(), axes, keepdims)
    return sums(2 * terms(inputs[0], axes) + 4, magnitude, dtype_of(actual))(actual, expected)


def position(function):
    """`function` of LibTorch, which like MIND finds the first; of NaN, too."""
    def reference(x, axis=None, keepdims=False):
        found = function(x.reshape(-1) if axis is None else x, dim=0 if axis is None else axis)
        if not keepdims:
            return found
        return found.reshape([1] * x.dim()) if axis is None else found.unsqueeze(axis)
    return reference


def first_best(function, x, dim):
    """The first of equals, and of NaN; LibTorch promises neither."""
    rank = x.double() if x.is_floating_point() else x.to(torch.int64)
    best = function(rank, dim=dim, keepdim=True)
    hits = rank.isnan() if x.is_floating_point() else torch.zeros_like(rank, dtype=torch.bool)
    hits = torch.where(hits.any(dim=dim, keepdim=True), hits, rank == best)
    count = x.shape[dim]
    order = torch.arange(count, 0, -1).reshape([-1] + [1] * (x.dim() - 1 - dim % x.dim()))
    return (hits * order).argmax(dim=dim) if count > 1 else torch.zeros_like(
        best.squeeze(dim), dtype=torch.int64)


def position_row(name, function):
    return row(
        name,
        *(call(f"{name}(a, axis={{axis}}, keepdims={{keepdims}})", shape, axis=axis,
               keepdims=keepdims)
          for shape, axis in [((1,), 0), ((17,), 0), ((1031,), -1), ((31, 17), 0), ((17, 31), 1),
                              ((3, 5, 7), 1), ((2, 1, 3, 2, 5, 3), -2)]
          for keepdims in (False, True)),
        *(call(f"{name}(a, keepdims={{keepdims}})", shape, keepdims=keepdims)
          for shape in [(17,), (3, 5, 7), (2, 1, 3, 2, 5, 3)] for keepdims in (False, True)),
        call(f"{name}(a)", ()),
        wrong("E3004", f"{name}(a, axis=2)", (3, 4)),
        wrong("E2001", f"{name}(a, axis=[0])", (3, 4)),
        reference=position(lambda x, dim: first_best(function, x.reshape(1) if not x.dim() else x,
                                                     dim)),
        result="i64")


ROWS = [
    reduction("sum", of_wide(torch.sum), judge_sum(torch.sum), result=widened, fills=finite),
    reduction("prod", of_wide(product), judge_product, result=widened, fills=factors),
    reduction("mean", of_wide(torch.mean), judge_sum(torch.mean), fills=finite),
    reduction("var", of_wide(variance), judge_variance, fills=finite),
    reduction("max", over(torch.amax), bits_any_zero),
    reduction("min", over(torch.amin), bits_any_zero),
    position_row("argmax", torch.amax),
    position_row("argmin", torch.amin),
    reduction("any", over(anywhere(torch.any))),
    reduction("all", over(anywhere(torch.all))),
]
