# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements by their position."""

import torch

from elements import DTYPES
from operations import bits, call, dtype_of, of, ordinary, row, wrong
from tolerance import sums

# What operands of indices hold: the ends, repetitions, any order.
IDS = [4, 0, 2, 2, 1, 3, 0]


def ids(shape, dtype="i64", values=IDS):
    return of(dtype, shape, values)


def selected(x, *at, axes, i=None, j=None, repeat=1):
    """The positions are those of the operands, each for `repeat` axes, then i and j."""
    positions = [int(p) for p in at for _ in range(repeat)] + [p for p in (i, j) if p is not None]
    place = [slice(None)] * x.dim()
    for axis, position in zip(axes, positions):
        place[axis] = position
    return x[tuple(place)]


def taken(x, indices, axis=0):
    flat = x.index_select(axis, indices.reshape(-1).to(torch.int64))
    axis %= x.dim()
    return flat.reshape((*x.shape[:axis], *indices.shape, *x.shape[axis + 1:]))


def added(x, indices, updates, axis=0):
    """LibTorch's index_add in f64 or i64, wrapped to the dtype."""
    axis %= x.dim()
    wide = x.double() if x.is_floating_point() else x.to(torch.int64)
    flat = updates.to(wide.dtype).reshape(*x.shape[:axis], -1, *x.shape[axis + 1:])
    result = wide.index_add(axis, indices.reshape(-1).to(torch.int64), flat)
    return result if x.is_floating_point() else result.to(x.dtype)


def judge_added(actual, expected, inputs, axis=0):
    if not actual.dtype.is_floating_point:
        return bits(actual, expected, inputs)
    x, indices, updates = inputs
    magnitude = added(x.double().abs(), indices, updates.double().abs(), axis)
    return sums(indices.numel() + 1, magnitude, dtype_of(actual))(actual, expected)


# x, indices, axis
GATHERS = [((5,), (1,), 0), ((5,), (), 0), ((5, 17), (3,), 0), ((17, 5), (7, 2), 1),
           ((3, 5, 33), (4,), -2), ((2, 3, 5), (2, 2), -1), ((2, 1, 5, 2, 1, 3), (3,), 2)]


def updated(x, indices, axis):
    axis %= len(x)
    return (*x[:axis], *indices, *x[axis + 1:])


ROWS = [
    row("index",
        call("index(a, b)", (5, 17), ids(()), axes=[0]),
        call("index(a, b, c)", (5, 17), ids((), values=[2]), ids((), values=[-17]), axes=[0, 1]),
        call("index(a, {i}, {j})", (5, 17), i=-1, j=16, axes=[0, 1]),
        call("index(a, b, axes={axes})", (3, 5), ids((), values=[-1]), axes=[-1]),
        call("index(a, b, {i}, axes={axes})", (3, 7, 5), ids((), "i32"), i=1, axes=[2, 0]),
        call("index(a, b, c, b, c, b, c)", (5, 1, 5, 2, 5, 3), ids(()), ids((), values=[0]),
             axes=[0, 2, 4, 1, 3, 5], repeat=3),
        wrong("E6001", "index(a, 5)", (5, 17)),
        wrong("E6001", "index(a, 0, -18)", (5, 17)),
        wrong("E4006", "index(a, 0, 0)", (5,)),
        wrong("E4006", "index(a)", (5,)),
        wrong("E4011", "index(a, b)", (5,), of("f32", ())),
        wrong("E3002", "index(a, b)", (5,), of("i64", (2,))),
        wrong("E3004", "index(a, 0, axes=[1])", (5,)),
        wrong("E3005", "index(a, 0, 0, axes=[1, -1])", (5, 5)),
        reference=selected),
    row("gather",
        *(call("gather(a, b, axis={axis})", x, ids(indices), axis=axis)
          for x, indices, axis in GATHERS),
        call("gather(a, b)", (5, 3), ids((2, 2), "i32")),
        call("gather(a, [4, 0, 2])", (5, 3)),
        wrong("E6001", "gather(a, [0, 5])", (5, 3)),
        wrong("E6001", "gather(a, [-1])", (5, 3)),
        wrong("E4011", "gather(a, b)", (5, 3), of("f32", (2,))),
        wrong("E3004", "gather(a, [0], axis=2)", (5, 3)),
        wrong("E3004", "gather(a, [0])", ()),
        reference=lambda x, indices=torch.tensor([4, 0, 2]), axis=0: taken(x, indices, axis)),
    row("embedding",
        call("embedding(a, b)", (5, 17), ids((2, 3))),
        call("embedding(a, b)", (5, 1), ids((), "i32")),
        call("embedding(a, b)", (5, 67), ids((3, 1, 2))),
        wrong("E3002", "embedding(a, b)", (5,), ids((2,))),
        wrong("E6001", "embedding(a, [7])", (5, 3)),
        wrong("E4011", "embedding(a, a)", (5, 3)),
        reference=taken),
    row("scatter_add",
        *(call("scatter_add(a, b, c, axis={axis})", x, ids(indices), updated(x, indices, axis),
               axis=axis) for x, indices, axis in GATHERS),
        call("scatter_add(a, b, c)", (5, 3), ids((7,), "i32"), (7, 3)),
        wrong("E6001", "scatter_add(a, [5], b)", (5, 3), (1, 3)),
        wrong("E3003", "scatter_add(a, [0], b)", (5, 3), (2, 3)),
        wrong("E3002", "scatter_add(a, [0], b)", (5, 3), (3,)),
        wrong("E2004", "scatter_add(a, [0], b)", (5,), of("f64", (1,))),
        wrong("E4011", "scatter_add(a, b, a)", (5,), of("f32", (5,))),
        reference=added, judge=judge_added, fills=ordinary),
    row("one_hot",
        call("one_hot(a, 9)", (17,)),
        *(call("one_hot(a, {n}, {to})", shape, n=n, to=to)
          for shape, n in [((), 9), ((3, 5), 17), ((2, 1, 3, 2, 5), 9)]
          for to in ("bool", "u8", "i64", "f16", "bf16", "f64")),
        wrong("E6001", "one_hot([9], 9)"),
        wrong("E6001", "one_hot([-1], 9)"),
        wrong("E2001", "one_hot(a, 0)", (3,)),
        reference=lambda x, n=9, to="f32": torch.nn.functional.one_hot(
            x.to(torch.int64), n).to(DTYPES[to]),
        result=lambda dtype, to="f32", **_: to,
        fills=lambda operands: [[torch.arange(x.numel()).remainder(9).reshape(x.shape).to(x.dtype)
                                 for x in fill] for fill in ordinary(operands)]),
]
