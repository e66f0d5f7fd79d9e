# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums of products: matrices, images, attention."""

import math

import torch

from elements import FLOATS, NUMERIC, is_float
from random_programs import elementwise
from random_programs.value import Value, accumulator_eps, approximate, finite_size, unknown
from rows.attention import scores
from rows.contraction import pads


def bilinear(function, terms):
    """`function(x, y)`, linear in both, of sums of so many terms."""
    def meaning(x, y):
        if not x.is_float:
            tensor = function(x.wide, y.wide)
            off = function((x.error > 0).long(), torch.ones_like(y.wide)) \
                + function(torch.ones_like(x.wide), (y.error > 0).long()) \
                if x.bound is not None or y.bound is not None else torch.zeros_like(tensor)
            return unknown(x.dtype, tensor, off > 0)
        magnitude = function(finite_size(x.wide), finite_size(y.wide))
        spread = torch.zeros_like(magnitude)
        if x.bound is not None or y.bound is not None:
            spread = (function(x.error, y.wide.abs()) + function(x.wide.abs(), y.error)
                      + function(x.error, y.error)).nan_to_num(math.inf, math.inf)
        return approximate(x.dtype, function(x.wide, y.wide), spread,
                           (terms + 2) * accumulator_eps(x.dtype) * (magnitude + spread),
                           magnitude + spread)
    return meaning


def product(x, y):
    """LibTorch's matmul, which integers get without a library of their own."""
    return torch.matmul(x, y)


def convolution(strides, padding, dilation, groups):
    """NHWC by HWCF, one position of the filter at a time, in whatever dtype."""
    def function(x, w):
        left, right, top, bottom = pads(x, w, strides, padding, dilation)
        padded = torch.nn.functional.pad(x, [0, 0, left, right, top, bottom])
        size = [(padded.shape[d + 1] - dilation[d] * (w.shape[d] - 1) - 1) // strides[d] + 1
                for d in (0, 1)]
        channels, filters = x.shape[3] // groups, w.shape[3] // groups
        parts = []
        for group in range(groups):
            total = 0
            for i in range(w.shape[0]):
                for j in range(w.shape[1]):
                    rows = slice(i * dilation[0], i * dilation[0] + (size[0] - 1) * strides[0] + 1,
                                 strides[0])
                    columns = slice(j * dilation[1],
                                    j * dilation[1] + (size[1] - 1) * strides[1] + 1, strides[1])
                    taken = padded[:, rows, columns, group * channels:(group + 1) * channels]
                    total = total + taken @ w[i, j, :, group * filters:(group + 1) * filters]
            parts.append(total)
        return torch.cat(parts, -1)
    return function


def padded_convolution(strides, padding, dilation, groups, terms):
    """Whether a padded 0 meets an infinite weight, which gives NaN, is not defined."""
    multiply = bilinear(convolution(strides, padding, dilation, groups), terms)

    def meaning(x, w):
        result = multiply(x, w)
        if not x.is_float or bool(w.wide.isfinite().all()):
            return result
        return result.unknown_where(result.tensor.isnan())
    return meaning


def attention(causal, scale):
    def meaning(q, k, v, mask=None):
        factor = scale or 1 / math.sqrt(q.shape[-1])
        hidden = None if mask is None else mask.wide
        seen = scores(q.wide, k.wide, hidden, causal, scale)
        weights = torch.softmax(seen, -1).nan_to_num(0.0)
        wide = weights @ v.wide
        sizes = q.wide.abs() @ k.wide.abs().transpose(-1, -2) * abs(factor)
        off = (q.error @ (k.wide.abs() + k.error).transpose(-1, -2)
               + q.wide.abs() @ k.error.transpose(-1, -2)) * abs(factor)
        if mask is not None:
            off = off + mask.error
            if mask.is_float:
                sizes = sizes + mask.wide.abs()
        # An error of the scores is a relative one of the weights.
        terms = (q.shape[-1] + 4) * (1 + 2 * sizes.amax()) + k.shape[-2] + 8
        largest = v.wide.abs().amax(-2, keepdim=True).expand_as(wide)
        spread = torch.expm1(4 * off.amax()) * 2 * largest + v.error.amax(-2, keepdim=True)
        result = approximate(q.dtype, wide, spread.nan_to_num(math.inf, math.inf),
                             terms * accumulator_eps(q.dtype) * largest,
                             # Queries may be scaled before they meet keys.
                             largest + 4 * sizes.amax() / min(1, abs(factor))
                             + 4 * q.wide.abs().amax() * max(1, abs(factor)))
        tame = all(bool(x.wide.isfinite().all()) for x in (q, k, v))
        tame = tame and (mask is None or bool(mask.wide.isfinite().all()))
        return result if tame else Value(q.dtype, wide, torch.full_like(wide, math.inf))
    return meaning


# ------------------------------------------------------------------- growth

def budget(g):
    """How many products a contraction may be of."""
    return 300000 if g.limit <= 20000 else 8000000


def last_first(g, dtypes, rank):
    """A value of this rank at least, mostly one that is there."""
    return g.value(dtypes, min_rank=rank)


def grow_matmul(g):
    x = last_first(g, NUMERIC, 2)
    dtype, shape = g.type(x)
    n = g.extent()
    batch = shape[:-2]
    other = g.random.choice([(), (), batch, tuple(g.random.choice([1, e]) for e in batch),
                             (g.random.choice([1, 2]), *[1] * len(batch))])
    if len(shape) + len(other) > 8:
        return
    full = torch.broadcast_shapes(batch, other)
    if math.prod(full) * shape[-2] * shape[-1] * n > budget(g):
        return
    wanted = (*other, shape[-1], n)
    swapped = g.random.random() < 0.3
    if swapped:
        y = g.want(dtype, (*other, n, shape[-1]))
        axes = [*range(len(other)), len(other) + 1, len(other)]
        y = g.let(f"transpose({{0}}, {axes})", [y], lambda y: y.mapped(lambda t: t.permute(axes)),
                  (dtype, wanted))
    else:
        y = g.want(dtype, wanted)
    g.let(g.random.choice(["{0} @ {1}", "matmul({0}, {1})"]), [x, y],
          bilinear(product, shape[-1]), (dtype, g.named_like((*full, shape[-2], n),
                                                             batch, other, shape, wanted)),
          inexact=is_float(dtype))
    follow(g, dtype)


def follow(g, dtype):
    if is_float(dtype) and g.random.random() < 0.75:
        elementwise.grow_chain(g)


def grow_dot(g):
    x = g.value(NUMERIC, min_rank=1, max_rank=2)
    dtype, shape = g.type(x)
    n = g.extent()
    wanted = g.random.choice([(shape[-1],), (shape[-1], n)])
    if math.prod(shape) * math.prod(wanted[1:]) > budget(g):
        return
    y = g.want(dtype, wanted)
    g.let("dot({0}, {1})", [x, y], bilinear(product, shape[-1]),
          (dtype, shape[:-1] + wanted[1:]), inexact=is_float(dtype))


def grow_linear(g):
    x = g.value(NUMERIC, min_rank=1)
    dtype, shape = g.type(x)
    n = g.extent()
    if math.prod(shape) * n > budget(g):
        return
    w, b = g.want(dtype, (n, shape[-1])), g.want(dtype, (n,))
    multiply = bilinear(lambda x, w: torch.matmul(x, w.t()), shape[-1])

    def meaning(x, w, b):
        if not x.is_float:
            return elementwise.add(multiply(x, w), b)
        # The sum is rounded once, with the bias in it.
        wide = [Value("f64", t.wide, t.bound) for t in (x, w, b)]
        exact = elementwise.add(multiply(wide[0], wide[1]), wide[2])
        magnitude = finite_size(x.wide) @ finite_size(w.wide).t() + finite_size(b.wide)
        return approximate(x.dtype, exact.tensor, spread_of(exact, magnitude, x.dtype),
                           (shape[-1] + 3) * accumulator_eps(x.dtype) * magnitude, magnitude)
    g.let("linear({0}, {1}, {2})", [x, w, b], meaning, (dtype, (*shape[:-1], n)),
          inexact=is_float(dtype))
    follow(g, dtype)


def spread_of(value, magnitude, dtype):
    """The error of a value that stands for one of `dtype`, less f64's own rounding."""
    if dtype == "f64":
        return value.error
    return torch.where(value.error > 1e-12 * magnitude + 1e-300, value.error, 0.0)


def image(g, dtypes):
    """A value of rank 4: one that is there, or a new one."""
    found = g.find(dtypes, lambda shape: len(shape) == 4 and math.prod(shape) <= 3000)
    if found and g.random.random() < 0.7:
        return found
    size = g.random.choice([(1, 1), (5, 7), (9, 9), (4, 6), (1, 17), (12, 12)])
    shape = (g.random.choice([1, 2, 3]), *size, g.random.choice([1, 2, 3, 4, 6, 8, 16, 17]))
    return g.want(g.random.choice([d for d in g.dtypes if d in dtypes] or ["f32"]), shape)


def some_padding(g, limit):
    """As text, and as rows.contraction has it."""
    kind = g.random.choice(["Valid", "Same", "pairs"])
    if kind != "pairs":
        return kind, kind
    padding = [[g.random.randint(0, limit[d]), g.random.randint(0, limit[d])] for d in (0, 1)]
    return str(padding), padding


def grow_conv2d(g):
    x = image(g, NUMERIC)
    dtype, shape = g.type(x)
    kernel = (g.random.choice([1, 1, 2, 3, 3, 5]), g.random.choice([1, 1, 2, 3, 3, 5]))
    groups = g.random.choice([1, 1, 1, *[n for n in (2, 3, shape[3]) if shape[3] % n == 0]])
    filters = int(groups) * g.random.choice([1, 2, 3, 8] if groups < 8 else [1, 2])
    strides = [g.random.choice([1, 1, 2, 3]), g.random.choice([1, 1, 2, 3])]
    dilation = [g.random.choice([1, 1, 1, 2, 3]), g.random.choice([1, 1, 1, 2, 3])]
    text, padding = some_padding(g, (3, 3))
    wanted = (*kernel, shape[3] // groups, filters)
    like = pads(torch.empty(shape), torch.empty(wanted), strides, padding, dilation)
    padded = (shape[1] + like[2] + like[3], shape[2] + like[0] + like[1])
    size = [(padded[d] - dilation[d] * (kernel[d] - 1) - 1) // strides[d] + 1 for d in (0, 1)]
    if min(size) < 1 or shape[0] * math.prod(size) * math.prod(wanted) > budget(g):
        return
    w = g.want(dtype, wanted)
    g.let(f"conv2d({{0}}, {{1}}, strides={strides}, padding={text}, dilation={dilation}, "
          f"groups={int(groups)})", [x, w],
          padded_convolution(strides, padding, dilation, int(groups), math.prod(wanted[:3])),
          (dtype, (shape[0], *size, filters)), inexact=is_float(dtype))
    if is_float(dtype) and g.random.random() < 0.3:
        from random_programs.normalization import grow_batch_norm
        grow_batch_norm(g, g.last)
    follow(g, dtype)


def grow_attention(g):
    dtype = g.random.choice([d for d in g.dtypes if d in FLOATS] or ["f32"])
    found = g.find([dtype], lambda shape: len(shape) >= 2 and math.prod(shape) <= 4000)
    q = found if found and g.random.random() < 0.5 else g.want(
        dtype, (*g.random.choice([(), (2,), (2, 3)]), g.extent(), g.random.choice([1, 4, 8, 17])))
    batch, (t, d) = g.shape(q)[:-2], g.shape(q)[-2:]
    s, e = g.random.choice([t, g.extent()]), g.random.choice([d, g.extent()])
    if math.prod(batch) * t * s * (d + e) > budget(g):
        return
    some_batch = g.random.choice([batch, batch, (), tuple(1 for _ in batch)])
    k, v = g.want(dtype, (*some_batch, s, d)), g.want(dtype, (*batch, s, e))
    causal = g.random.random() < 0.4
    scale = g.random.choice([None, None, 0.25, 1.0])
    operands = [q, k, v]
    kind = g.random.choice(["none", "none", "bool", "float"])
    text = ""
    if kind != "none":
        mask = g.random.choice([(t, s), (1, s), (*batch, t, s), (t, 1)])
        operands.append(g.want("bool" if kind == "bool" else dtype, mask))
        text = ", mask={3}"
    text += ", causal=true" if causal else ""
    text += f", scale={scale}" if scale else ""
    g.let(f"attention({{0}}, {{1}}, {{2}}{text})", operands, attention(causal, scale),
          (dtype, (*batch, t, e)), inexact=True)
    if len(batch) > 0 and g.random.random() < 0.5:
        rank = len(batch) + 2
        axes = [*range(rank - 3), rank - 2, rank - 3, rank - 1]
        shape = tuple(g.shape(g.last)[axis] for axis in axes)
        g.let(f"transpose({{0}}, {axes})", [g.last],
              lambda x: x.mapped(lambda t: t.permute(axes)), (dtype, shape))
    follow(g, dtype)


GROWTH = [(grow_matmul, 4), (grow_dot, 1), (grow_linear, 2), (grow_conv2d, 3),
          (grow_attention, 2)]
