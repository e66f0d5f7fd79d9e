# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements that change their places: views of views, joins, triangles."""

import math

import torch

from elements import ANY, DTYPES, FLOATS, NUMERIC
from random_programs.value import Value


def moved(function):
    return lambda x: x.mapped(function)


def joined(function):
    """`function` of the tensors, and of their bounds."""
    def meaning(*values):
        bound = None
        if any(value.bound is not None for value in values):
            bound = function([value.error for value in values])
        return Value(values[0].dtype, function([value.tensor for value in values]), bound)
    return meaning


def written(shape):
    return f"[{', '.join(map(str, shape))}]"


def grow_transpose(g):
    x = g.value(ANY, min_rank=2)
    axes = list(range(len(g.shape(x))))
    g.random.shuffle(axes)
    if g.random.random() < 0.2:
        axes = axes[::-1] if axes == sorted(axes) else sorted(axes, reverse=True)
        text = "transpose({0})"
    else:
        text = f"transpose({{0}}, {axes})"
    g.let(text, [x], moved(lambda t: t.permute(axes)),
          (g.dtype(x), tuple(g.shape(x)[axis] for axis in axes)))


def grow_reshape(g):
    x = g.value(ANY)
    shape = list(g.shape(x))
    kind = g.random.choice(["flat", "ones", "merge", "divide", "shuffle"])
    if kind == "flat":
        new = [math.prod(shape)]
    elif kind == "ones":
        new = list(shape)
        new.insert(g.random.randint(0, len(new)), 1)
    elif kind == "merge" and len(shape) > 1:
        at = g.random.randrange(len(shape) - 1)
        new = [*shape[:at], shape[at] * shape[at + 1], *shape[at + 2:]]
    elif kind == "divide" and shape:
        at = g.random.randrange(len(shape))
        factors = [n for n in (2, 3, 4, 5) if shape[at] % n == 0 and shape[at] > n]
        if not factors or not g.plain(shape[at]):
            return
        n = g.random.choice(factors)
        new = [*shape[:at], *g.random.choice([(n, shape[at] // n), (shape[at] // n, n)]),
               *shape[at + 1:]]
    else:
        new = list(shape)
        g.random.shuffle(new)
    if len(new) > 6:
        return
    text = list(map(str, new))
    if text and g.random.random() < 0.4 or any(not g.plain(e) for e in shape) and text:
        unclear = [i for i, e in enumerate(new) if e not in shape]
        at = unclear[0] if unclear else g.random.randrange(len(new))
        if all(new[i] for i in range(len(new))):
            text[at] = "-1"
    whole = list(map(int, new))
    if kind == "flat" and g.random.random() < 0.5:
        g.let("flatten({0})", [x], moved(lambda t: t.reshape(whole)), (g.dtype(x), tuple(new)))
        return
    g.let(f"reshape({{0}}, [{', '.join(text)}])", [x], moved(lambda t: t.reshape(whole)),
          (g.dtype(x), tuple(new)))


def grow_expand_dims(g):
    x = g.value(ANY, max_rank=5)
    axis = g.random.randint(0, len(g.shape(x)))
    shape = list(g.shape(x))
    shape.insert(axis, 1)
    g.let(f"expand_dims({{0}}, {axis})", [x], moved(lambda t: t.unsqueeze(axis)),
          (g.dtype(x), tuple(shape)))


def grow_squeeze(g):
    x = g.value(ANY)
    ones = [axis for axis, extent in enumerate(g.shape(x)) if extent == 1]
    if not ones:
        return
    axes = ones if g.random.random() < 0.5 else [g.random.choice(ones)]
    shape = tuple(e for d, e in enumerate(g.shape(x)) if d not in axes)
    text = "squeeze({0})" if axes == ones else f"squeeze({{0}}, axes={axes})"
    g.let(text, [x], moved(lambda t: t.reshape(tuple(map(int, shape)))), (g.dtype(x), shape))


def grow_broadcast_to(g):
    x = g.value(ANY)
    shape = [g.extent() if e == 1 and g.random.random() < 0.7 else e for e in g.shape(x)]
    shape = [*(g.extent() for _ in range(g.random.choice([0, 0, 1, 1, 2]))), *shape]
    if math.prod(shape) > g.limit or len(shape) > 6:
        return
    g.let(f"broadcast_to({{0}}, {written(shape)})", [x],
          moved(lambda t: t.broadcast_to(tuple(map(int, shape)))), (g.dtype(x), tuple(shape)))


def grow_concat(g):
    x = g.value(ANY, min_rank=1)
    dtype, shape = g.type(x)
    axis = g.random.randrange(len(shape))
    operands = [x]
    for _ in range(g.random.randint(0, 3)):
        fits = g.find([dtype], lambda s: len(s) == len(shape) and all(
            a == b for d, (a, b) in enumerate(zip(s, shape)) if d != axis))
        new = (*shape[:axis], g.extent(plain=True), *shape[axis + 1:])
        operands.append(fits if fits and g.random.random() < 0.7 else g.want(dtype, new))
    g.random.shuffle(operands)
    extent = sum(g.shape(y)[axis] for y in operands)
    if math.prod(shape) // shape[axis] * extent > g.limit:
        return
    text = ", ".join(f"{{{i}}}" for i in range(len(operands)))
    g.let(f"concat([{text}], axis={axis})", operands, joined(lambda ts: torch.cat(ts, axis)),
          (dtype, (*shape[:axis], extent, *shape[axis + 1:])))


def grow_stack(g):
    x = g.value(ANY, max_rank=4)
    dtype, shape = g.type(x)
    axis = g.random.randint(0, len(shape))
    operands = [x, *(g.want(dtype, shape) for _ in range(g.random.randint(0, 3)))]
    if math.prod(shape) * len(operands) > g.limit:
        return
    text = ", ".join(f"{{{i}}}" for i in range(len(operands)))
    g.let(f"stack([{text}], axis={axis})", operands, joined(lambda ts: torch.stack(ts, axis)),
          (dtype, (*shape[:axis], len(operands), *shape[axis:])))


def grow_split(g):
    x = g.value(ANY, min_rank=1)
    dtype, shape = g.type(x)
    choices = [(axis, n) for axis, extent in enumerate(shape) if g.plain(extent)
               for n in (2, 3, 4) if extent % n == 0]
    if not choices:
        return
    axis, parts = g.random.choice(choices)
    size = shape[axis] // parts
    part = (*shape[:axis], size, *shape[axis + 1:])

    def meaning(x):
        return tuple(x.mapped(lambda t: t.narrow(axis, i * size, size)) for i in range(parts))
    g.lets(f"split({{0}}, {parts}, axis={axis})", [x], meaning, [(dtype, part)] * parts)


def grow_slice(g):
    x = g.value(ANY, min_rank=1)
    shape = g.shape(x)
    texts, places, new = [], [], []
    for extent in shape:
        start, step = g.random.randrange(extent), g.random.choice([1, 1, 2, 3])
        stop = g.random.randint(start + 1, extent)
        if g.random.random() < 0.3 or not g.plain(extent):
            texts.append(":")
            places.append(slice(None))
            new.append(extent)
            continue
        low = start - extent if g.random.random() < 0.2 else start
        high = stop - extent if g.random.random() < 0.2 and stop < extent else stop
        texts.append(f"{low}:{high}" + (f":{step}" if step > 1 else ""))
        places.append(slice(start, stop, step))
        new.append(-(-(stop - start) // step))
    places = tuple(places)
    g.let("{0}[" + ", ".join(texts) + "]", [x], moved(lambda t: t[places]),
          (g.dtype(x), tuple(new)))


def grow_flip(g):
    x = g.value(ANY, min_rank=1)
    rank = len(g.shape(x))
    axes = g.random.sample(range(rank), g.random.randint(1, rank))
    g.let(f"flip({{0}}, {axes})", [x], moved(lambda t: t.flip(axes)), g.type(x))


def grow_pad(g):
    x = g.value(ANY, min_rank=1)
    dtype, shape = g.type(x)
    padding = [[g.random.choice([0, 0, 1, 3]), g.random.choice([0, 0, 1, 2])] for _ in shape]
    new = tuple(e if lo + hi == 0 else e + lo + hi for e, (lo, hi) in zip(shape, padding))
    if math.prod(new) > g.limit:
        return
    around = [n for pair in reversed(padding) for n in pair]
    value = g.random.choice([0, 0, 1, 5]) if dtype in NUMERIC else 0
    extra = f", value={float(value) if dtype in FLOATS else value}" if value else ""

    def meaning(x):
        bound = None if x.bound is None else torch.nn.functional.pad(x.bound, around)
        inside = torch.nn.functional.pad(torch.ones(x.shape), around) > 0
        base = torch.nn.functional.pad(x.wide, around)
        fill = torch.tensor(value).to(DTYPES[dtype])
        tensor = torch.where(inside, base.to(DTYPES[dtype]), fill)
        return Value(dtype, tensor, bound)
    g.let(f"pad({{0}}, {padding}{extra})", [x], meaning, (dtype, new))


def grow_triangle(g):
    x = g.value(ANY, min_rank=2)
    name, native = g.random.choice([("tril", torch.tril), ("triu", torch.triu)])
    k = g.random.choice([0, 0, 1, -1, 2, -3])
    g.let(f"{name}({{0}}, k={k})", [x], moved(lambda t: native(t, k)), g.type(x))


GROWTH = [(grow_transpose, 4), (grow_reshape, 4), (grow_expand_dims, 1), (grow_squeeze, 1),
          (grow_broadcast_to, 2), (grow_concat, 2), (grow_stack, 1), (grow_split, 1.5),
          (grow_slice, 3), (grow_flip, 1.5), (grow_pad, 1.5), (grow_triangle, 1)]
