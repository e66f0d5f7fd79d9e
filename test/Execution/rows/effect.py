# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a call does besides its results; test_effects.py has more of it."""

import math

import torch

from elements import tensor
from operations import call, of, row, wrong

SHAPES = [(), (1,), (17,), (31, 1), (3, 5, 7), (1031,), (2, 1, 3, 2, 5, 3)]


def printed(*values):
    """As NumPy prints them. It has no bf16; halves are the same in f16."""
    return " ".join(str((x.half() if x.dtype == torch.bfloat16 else x).numpy()) for x in values)


def line(*values):
    return printed(*values) + "\n"


def halves(operands):
    return [[tensor(dtype, shape, [i / 2 for i in range(-3, 12)] + [math.inf, math.nan]
                    if dtype[0] == "f" or dtype == "bf16" else list(range(12)))
             for dtype, shape in operands]]


def true(operands):
    return [[torch.ones(shape, dtype=torch.bool) for _, shape in operands]]


ROWS = [
    row("print", *(call("print(a)", shape) for shape in SHAPES),
        call("print(a, b)", (3, 5), of("i64", (), [7])),
        reference=printed, fills=halves),
    row("println", *(call("println(a)", shape) for shape in SHAPES),
        call("println(a, b)", of("bool", (2,)), ()),
        wrong("E2001", "println((a, a))", (3,)),
        wrong("E2007", "println(a, end=a)", (3,)),
        reference=line, fills=halves),
    row("assert", call("assert(a)", ()), call('assert(a, "message")', ()),
        wrong("E3002", "assert(a)", (3,)),
        wrong("E2001", "assert(a, 1)", ()),
        reference=lambda x: (), fills=true),
]
