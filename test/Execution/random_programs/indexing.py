# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements by positions that only a call knows, and tensors from nothing."""

import math

import torch

from elements import ANY, DTYPES, FLOATS, NUMERIC
from random_programs.elementwise import fail_unless
from random_programs.movement import written
from random_programs.value import (Failure, Value, accumulator_eps, approximate, finite_size,
                                   unknown)
from rows import indexing as rows


def in_bounds(ids, count):
    fail_unless(ids, (ids.wide >= 0) & (ids.wide < count), "E6001")


def gather(axis):
    def meaning(x, ids):
        in_bounds(ids, x.shape[axis])
        return x.mapped(lambda t: rows.taken(t, ids.tensor, axis))
    return meaning


def scatter_add(axis):
    def meaning(x, ids, updates):
        in_bounds(ids, x.shape[axis])
        tensor = rows.added(x.tensor, ids.tensor, updates.tensor, axis)
        if not x.is_float:
            return unknown(x.dtype, tensor, rows.added(x.error, ids.tensor, updates.error,
                                                       axis) > 0)
        magnitude = rows.added(finite_size(x.wide), ids.tensor, finite_size(updates.wide), axis)
        error = rows.added(x.error, ids.tensor, updates.error, axis)
        return approximate(x.dtype, tensor, error, (ids.tensor.numel() + 2)
                           * accumulator_eps(x.dtype) * magnitude, magnitude)
    return meaning


def one_hot(count, to):
    def meaning(ids):
        in_bounds(ids, count)
        return Value(to, torch.nn.functional.one_hot(ids.wide, count))
    return meaning


def index(axes):
    def meaning(x, *at):
        place = [slice(None)] * len(x.shape)
        for axis, position in zip(axes, at):
            i = position.scalar()
            if not -x.shape[axis] <= i < x.shape[axis]:
                raise Failure("E6001")
            place[axis] = i
        return x.mapped(lambda t: t[tuple(place)])
    return meaning


# ------------------------------------------------------------------- growth

def positions(g, count, shape):
    """Ids below `count`: a parameter of such, or what is computed to be one."""
    if g.random.random() < 0.3:
        found = g.find(["i64", "i32"], lambda s: len(s) <= 3 and math.prod(s) <= 100)
        if found and g.plain(count):
            from random_programs import elementwise
            limit = Value(g.dtype(found), torch.tensor(int(count)))

            def meaning(x):
                return elementwise.rem(elementwise.UNARY["abs"](x), limit)
            return g.let(f"abs({{0}}) % {int(count)}", [found], meaning, g.type(found))
    return g.parameter(g.random.choice(["i64", "i32"]), shape, below=count)


def some_ids(g):
    return g.random.choice([(), (1,), (3,), (7,), (2, 3), (17,)])


def grow_gather(g):
    x = g.value(ANY, min_rank=1)
    dtype, shape = g.type(x)
    axis = g.random.randrange(len(shape))
    ids = positions(g, shape[axis], some_ids(g))
    new = (*shape[:axis], *g.shape(ids), *shape[axis + 1:])
    if math.prod(new) > g.limit or len(new) > 6:
        return
    if len(shape) == 2 and axis == 0 and g.random.random() < 0.5:
        g.let("embedding({0}, {1})", [x, ids], gather(0), (dtype, new))
    else:
        g.let(f"gather({{0}}, {{1}}, axis={axis})", [x, ids], gather(axis), (dtype, new))


def grow_scatter_add(g):
    x = g.value(NUMERIC, min_rank=1)
    dtype, shape = g.type(x)
    axis = g.random.randrange(len(shape))
    ids = positions(g, shape[axis], some_ids(g))
    new = (*shape[:axis], *g.shape(ids), *shape[axis + 1:])
    if math.prod(new) > g.limit or len(new) > 6:
        return
    updates = g.want(dtype, new)
    g.let(f"scatter_add({{0}}, {{1}}, {{2}}, axis={axis})", [x, ids, updates],
          scatter_add(axis), (dtype, shape), inexact=dtype in FLOATS)


def grow_one_hot(g):
    count = g.random.choice([3, 9, 17])
    ids = positions(g, count, some_ids(g))
    to = g.random.choice(ANY)
    if math.prod(g.shape(ids)) * count > g.limit or len(g.shape(ids)) > 5:
        return
    g.let(f"one_hot({{0}}, {count}, {to})", [ids], one_hot(count, to),
          (to, (*g.shape(ids), count)))


def grow_index(g):
    x = g.value(ANY, min_rank=1)
    dtype, shape = g.type(x)
    count = g.random.randint(1, min(2, len(shape)))
    axes = sorted(g.random.sample(range(len(shape)), count))
    found = g.find(["i64", "i32"], lambda s: s == ()) if g.random.random() < 0.2 else None
    at = [found or g.parameter(g.random.choice(["i64", "i32"]), (),
                               below=min(shape[axis] for axis in axes)) for _ in axes]
    names = ", ".join(f"{{{i + 1}}}" for i in range(count))
    new = tuple(e for d, e in enumerate(shape) if d not in axes)
    if axes == list(range(count)) and g.random.random() < 0.6:
        g.let(f"{{0}}[{names}]", [x, *at], index(axes), (dtype, new))
    else:
        g.let(f"index({{0}}, {names}, axes={axes})", [x, *at], index(axes), (dtype, new))


def grow_creation(g):
    """Constants, which the compiler may fold."""
    dtype = g.any_dtype()
    shape = g.shape_of(g.random.choice([1, 2, 2, 3]))
    kind = g.random.choice(["zeros", "ones", "full", "iota", "eye", "arange", "like"])
    if kind in ("zeros", "ones"):
        make = torch.zeros if kind == "zeros" else torch.ones
        g.let(f"{kind}({written(shape)}, {dtype})", [],
              lambda: Value(dtype, make(tuple(map(int, shape)))), (dtype, shape))
    elif kind == "full":
        x = g.want(dtype, ())
        g.let(f"full({written(shape)}, {{0}})", [x],
              lambda x: x.mapped(lambda t: t.expand(tuple(map(int, shape)))), (dtype, shape))
    elif kind == "iota":
        axis = g.random.randrange(len(shape))
        view = [1] * len(shape)
        view[axis] = int(shape[axis])
        g.let(f"iota({written(shape)}, {axis})", [], lambda: Value("i64", torch.arange(
            view[axis]).reshape(view).expand(tuple(map(int, shape)))), ("i64", shape))
    elif kind == "eye":
        n, m = g.extent(plain=True), g.extent(plain=True)
        g.let(f"eye({n}, {m}, dtype={dtype})", [], lambda: Value(dtype, torch.eye(n, m)),
              (dtype, (n, m)))
    elif kind == "arange":
        n = g.extent(plain=True)
        g.let(f"arange({n})", [], lambda: Value("i64", torch.arange(n)), ("i64", (n,)))
    else:
        x = g.value(ANY)
        name, make = g.random.choice([("zeros_like", torch.zeros_like),
                                      ("ones_like", torch.ones_like)])
        g.let(f"{name}({{0}})", [x], lambda x: Value(x.dtype, make(x.tensor)), g.type(x))


def grow_list(g):
    """A literal of computed elements."""
    dtype = g.any_dtype()
    elements = [g.want(dtype, ()) for _ in range(g.random.choice([1, 2, 3]))]
    text = ", ".join(f"{{{i}}}" for i in range(len(elements)))

    def meaning(*values):
        return Value(dtype, torch.stack([v.tensor for v in values]),
                     torch.stack([v.error for v in values]))
    g.let(f"[{text}]", elements, meaning, (dtype, (len(elements),)))


GROWTH = [(grow_gather, 2), (grow_scatter_add, 1.5), (grow_one_hot, 1), (grow_index, 2),
          (grow_creation, 2), (grow_list, 0.7)]
assert set(DTYPES) == set(ANY)
