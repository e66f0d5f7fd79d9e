# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements against their axis, and windows of images."""

import math

import torch

from elements import FLOATS, NUMERIC, is_float
from random_programs import elementwise
from random_programs.contraction import image, some_padding, spread_of
from random_programs.value import (Value, accumulator_eps, approximate, finite_size,
                                   zero_of_either_sign)
from rows import normalization as rows
from rows.contraction import pads
from rows.pooling import windows
from tolerance import SMALLEST_NORMAL

# What partial results below the smallest number of full precision lose.
TINY = SMALLEST_NORMAL | {"f16": SMALLEST_NORMAL["f32"], "bf16": SMALLEST_NORMAL["f32"]}


def softmax(axis):
    def meaning(x):
        wide = torch.softmax(x.wide, axis)
        size = finite_size(x.wide).amax(axis, keepdim=True)
        span = torch.where(x.wide.isfinite(), size + finite_size(x.wide), 0.0)
        off = x.error.amax(axis, keepdim=True)
        spread = torch.where(off > 0, wide * torch.expm1(4 * off), 0.0)
        return approximate(x.dtype, wide, spread.nan_to_num(math.inf, math.inf), (wide + spread)
                           * (wide.shape[axis] + 16 + 4 * (span + off)) * accumulator_eps(x.dtype))
    return meaning


def log_softmax(axis):
    def meaning(x):
        wide = torch.log_softmax(x.wide, axis)
        span = 2 * finite_size(x.wide).amax(axis, keepdim=True) + math.log(x.shape[axis]) + 1
        spread = (2 * x.error.amax(axis, keepdim=True)).expand_as(wide)
        return approximate(x.dtype, wide, spread, (x.shape[axis] + 8) * accumulator_eps(x.dtype)
                           * span, span.expand_as(wide))
    return meaning


def layer_norm(axes, eps):
    def meaning(x, gamma, beta):
        wide = rows.layer_norm(x.wide, gamma.wide, beta.wide, axes, eps)
        count = math.prod(x.shape[axis] for axis in axes)
        dims = sorted(axes)
        view = [x.shape[d] if d in axes else 1 for d in range(len(x.shape))]
        mean = x.wide.mean(dims, keepdim=True)
        deviation = torch.sqrt(x.wide.var(dims, correction=0, keepdim=True) + eps)
        largest = finite_size(x.wide).amax(dims, keepdim=True)
        relative = 1 + largest / deviation
        scale = gamma.wide.abs().reshape(view)
        magnitude = (relative * relative * scale.amax() + beta.wide.abs().amax()).expand_as(wide)
        off = (x.error + x.error.mean(dims, keepdim=True)) / deviation
        most = off.amax(dims, keepdim=True)
        normal = ((x.wide - mean) / deviation).abs()
        spread = torch.where(most > 0, scale * (off + normal * most) / (1 - most), 0.0)
        spread = torch.where(most < 0.3, spread, math.inf)
        spread = spread + elementwise.times(gamma.error.reshape(view), normal + most)
        spread = spread + beta.error.reshape(view)
        return approximate(x.dtype, wide, spread.nan_to_num(math.inf, math.inf),
                           (count + 8) * accumulator_eps(x.dtype) * magnitude
                           + TINY[x.dtype] * (largest + scale),
                           magnitude + count * largest * largest)
    return meaning


def batch_norm(eps):
    def meaning(*values):
        x, mean, var, gamma, beta = (Value("f64", v.wide, v.bound) for v in values)
        dtype = values[0].dtype
        root = elementwise.EXACT_FLOAT_UNARY["sqrt"](
            Value("f64", var.tensor + eps, var.bound))
        scaled = elementwise.mul(elementwise.quotient(elementwise.sub(x, mean), root), gamma)
        exact = elementwise.add(scaled, beta)
        # A scale and a shift may be computed first.
        size = (finite_size(x.tensor) + finite_size(mean.tensor)) * (
            gamma.tensor / root.tensor).abs() + beta.tensor.abs()
        size_of_parts = size.nan_to_num(0.0, math.inf)
        far = finite_size(x.tensor) + finite_size(mean.tensor)
        partial = [far, far * gamma.tensor.abs(), far / root.tensor, var.tensor + eps,
                   gamma.tensor.abs() / root.tensor]
        for part in partial:
            size_of_parts = torch.maximum(size_of_parts, part.nan_to_num(0.0, math.inf))
        # Infinities times a scale that has become 0 are NaN.
        vanishes = x.tensor.isinf() & ((gamma.tensor / root.tensor).abs() < TINY[dtype])
        size_of_parts = torch.where(vanishes, math.inf, size_of_parts)
        return approximate(dtype, exact.tensor, spread_of(exact, size, dtype),
                           8 * accumulator_eps(dtype) * size
                           + TINY[dtype] * (far + gamma.tensor.abs()).nan_to_num(0.0, 0.0),
                           size_of_parts)
    return meaning


def max_pool(window, strides, padding):
    def meaning(x):
        least = -math.inf if x.is_float else torch.iinfo(x.tensor.dtype).min
        taken = windows(x.tensor, window, strides, padding, least)
        result = Value(x.dtype, taken.amax(-1),
                       windows(x.error, window, strides, padding, 0.0).amax(-1))
        if not x.is_float:
            return result
        zeros = taken == 0
        both = (zeros & torch.signbit(taken)).any(-1) & (zeros & ~torch.signbit(taken)).any(-1)
        return zero_of_either_sign(result, (result.tensor == 0) & both)
    return meaning


def mean_of(taken):
    """The mean of windows whose padding is not counted."""
    def of(x):
        return taken(x).sum(-1) / taken(torch.ones_like(x)).sum(-1)
    return of


def avg_pool(window, strides, padding):
    mean = mean_of(lambda x: windows(x, window, strides, padding, 0.0))
    return averaged(mean, math.prod(window))


def averaged(mean, terms):
    def meaning(x):
        magnitude = mean(finite_size(x.wide))
        return approximate(x.dtype, mean(x.wide), mean(x.error).nan_to_num(math.inf, math.inf),
                           (terms + 2) * accumulator_eps(x.dtype) * magnitude, magnitude * terms)
    return meaning


# ------------------------------------------------------------------- growth

def grow_softmax(g):
    x = g.value(FLOATS, min_rank=1)
    axis = g.random.choice([len(g.shape(x)) - 1, g.random.randrange(len(g.shape(x)))])
    name, make = g.random.choice([("softmax", softmax), ("softmax", softmax),
                                  ("log_softmax", log_softmax)])
    g.let(f"{name}({{0}}, axis={axis})", [x], make(axis), g.type(x), inexact=True)


def grow_layer_norm(g):
    x = g.value(FLOATS, min_rank=1)
    dtype, shape = g.type(x)
    rank = len(shape)
    axes = g.random.choice([[rank - 1], [rank - 1], g.random.sample(range(rank),
                                                                    g.random.randint(1, rank))])
    over = tuple(shape[axis] for axis in sorted(axes))
    gamma, beta = g.want(dtype, over), g.want(dtype, over)
    g.let(f"layer_norm({{0}}, {{1}}, {{2}}, axes={axes}, eps=0.001)", [x, gamma, beta],
          layer_norm(axes, 0.001), (dtype, shape), inexact=True)


def grow_batch_norm(g, x=None):
    x = x or g.value(FLOATS, min_rank=1)
    dtype, shape = g.type(x)
    mean, var, gamma, beta = (g.want(dtype, shape[-1:]) for _ in range(4))
    positive = g.let("abs({0})", [var], elementwise.UNARY["abs"], (dtype, shape[-1:]))
    g.let("batch_norm({0}, {1}, {2}, {3}, {4}, eps=0.5)", [x, mean, positive, gamma, beta],
          batch_norm(0.5), (dtype, shape), inexact=True)


def grow_pool(g):
    name = g.random.choice(["max_pool2d", "avg_pool2d"])
    x = image(g, NUMERIC if name == "max_pool2d" else FLOATS)
    dtype, shape = g.type(x)
    window = [g.random.choice([1, 2, 3]), g.random.choice([1, 2, 3, 5])]
    strides = g.random.choice([None, [g.random.choice([1, 2, 3]), g.random.choice([1, 2])]])
    text, padding = some_padding(g, [extent - 1 for extent in window])
    around = pads(torch.empty(shape), torch.empty(window), strides or window, padding, [1, 1])
    size = [(extent + low + high - window[d]) // (strides or window)[d] + 1 for d, (
        extent, low, high) in enumerate([(shape[1], *around[2:]), (shape[2], *around[:2])])]
    if min(size) < 1 or any(shape[d + 1] + sum(around[2 - 2 * d:4 - 2 * d]) < window[d]
                            for d in (0, 1)):
        return
    # A window may lie in padding alone, whose mean is 0 / 0.
    if name == "avg_pool2d" and padding not in ("Valid",) and padding != "Same" and any(
            high >= (strides or window)[d] for d, (_, high) in enumerate(padding)):
        return
    make = max_pool if name == "max_pool2d" else avg_pool
    extra = f", strides={strides}" if strides else ""
    g.let(f"{name}({{0}}, {window}{extra}, padding={text})", [x], make(window, strides, padding),
          (dtype, (shape[0], *size, shape[3])), inexact=is_float(dtype))


def grow_global_pool(g):
    x = image(g, FLOATS)
    dtype, shape = g.type(x)
    g.let("global_avg_pool2d({0})", [x], averaged(lambda t: t.mean((1, 2)), shape[1] * shape[2]),
          (dtype, (shape[0], shape[3])), inexact=is_float(dtype))


GROWTH = [(grow_softmax, 2), (grow_layer_norm, 1.5), (grow_batch_norm, 1), (grow_pool, 1.5),
          (grow_global_pool, 0.5)]
