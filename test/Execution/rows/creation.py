# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors from nothing."""

import numpy
import torch

from elements import DTYPES
from operations import accurate, call, row, wrong

SHAPES = [[1], [17], [3, 17], [2, 1, 3, 1, 2, 5]]


def filled(name, function):
    return row(name, *(call(f"{name}({{shape}}, {{dtype}})", shape=shape) for shape in SHAPES),
               call(f"{name}(17, dtype={{dtype}})", shape=17),
               wrong("E3006", f"{name}([3, 0])"),
               reference=lambda _, shape, dtype: function(shape, dtype=DTYPES[dtype]))


def like(name, function):
    return row(name, *(call(f"{name}(a)", tuple(shape)) for shape in [[], *SHAPES]),
               reference=function)


def arange(_, start, stop, step):
    """NumPy counts in f64 and rounds once, as MIND does."""
    floats = any(isinstance(number, float) for number in (start, stop, step))
    return torch.from_numpy(numpy.arange(start, stop, step, dtype="f8" if floats else "i8").astype(
        "f4" if floats else "i8"))


def positions(_, shape, axis):
    view = [1] * len(shape)
    view[axis] = shape[axis]
    return torch.arange(shape[axis]).reshape(view).expand(shape)


ROWS = [
    filled("zeros", torch.zeros),
    filled("ones", torch.ones),
    like("zeros_like", torch.zeros_like),
    like("ones_like", torch.ones_like),
    row("full",
        *(call("full({shape}, a)", (), shape=shape) for shape in SHAPES),
        call("full({shape}, a, dtype={to})", (), shape=[3], to="f64"),
        wrong("E3002", "full([2], a)", (2,)),
        wrong("E3006", "full([0], a)", ()),
        reference=lambda a, shape, to=None: a.to(DTYPES[to] if to else a.dtype).expand(shape),
        result=lambda dtype, to=None, **_: to or dtype),
    row("eye",
        call("eye({n}, dtype={dtype})", n=5),
        call("eye({n}, {m}, dtype={dtype})", n=17, m=3),
        call("eye({n}, m={m}, dtype={dtype})", n=1, m=33),
        wrong("E2001", "eye(0)"),
        reference=lambda _, n, dtype, m=None: torch.eye(n, m or n).to(DTYPES[dtype])),
    row("arange",
        call("arange({start}, {stop}, {step})", start=0, stop=10, step=1),
        call("arange({start}, {stop}, {step})", start=10, stop=-7, step=-3),
        call("arange({start}, {stop}, step={step})", start=0, stop=1, step=0.1),
        call("arange({start}, {stop}, {step})", start=-1.5, stop=100, step=0.75),
        wrong("E3006", "arange(3, 3)"),
        wrong("E2001", "arange(0, 3, 0)"),
        wrong("E2003", "arange(a)", ()),
        dtypes=["i64"],
        reference=arange,
        result=lambda dtype, **n: "f32" if any(isinstance(x, float) for x in n.values()) else "i64"),
    row("linspace",
        call("linspace({start}, {stop}, {n})", start=0.0, stop=1.0, n=5),
        call("linspace({start}, {stop}, {n})", start=-3, stop=7.5, n=1031),
        call("linspace({start}, {stop}, n={n})", start=2.0, stop=1.0, n=1),
        wrong("E2001", "linspace(0, 1, 0)"),
        dtypes=["f32"],
        reference=lambda _, start, stop, n: torch.from_numpy(numpy.linspace(start, stop, n)),
        judge=accurate(1)),
    row("iota",
        call("iota({shape}, {axis})", shape=[17], axis=0),
        call("iota({shape}, axis={axis})", shape=[2, 3, 5], axis=-2),
        call("iota({shape}, {axis})", shape=[2, 1, 3, 1, 2, 5], axis=5),
        wrong("E3004", "iota([3], 1)"),
        dtypes=["i64"],
        reference=positions),
]
