# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Queries, keys and values."""

import math

import torch

from operations import call, dtype_of, of, ordinary, row, wrong
from tolerance import sums

# q, k, v
SHAPES = [((1, 1), (1, 1), (1, 1)), ((5, 4), (7, 4), (7, 3)), ((17, 8), (17, 8), (17, 8)),
          ((2, 3, 5, 4), (2, 3, 5, 4), (2, 3, 5, 4)), ((3, 1, 5, 7), (2, 9, 7), (1, 2, 9, 33)),
          ((1, 131, 16), (1, 131, 16), (1, 131, 16)), ((2, 67, 20), (2, 1, 301, 20), (301, 41)),
          ((2, 1, 1, 3, 3, 2), (3, 2), (3, 5))]


def scores(q, k, mask, causal, scale):
    result = q @ k.transpose(-1, -2) * (scale or 1 / math.sqrt(q.shape[-1]))
    if mask is not None:
        result = result.masked_fill(~mask, -math.inf) if mask.dtype == torch.bool \
            else result + mask
    if causal:
        seen = torch.ones(result.shape[-2:], dtype=torch.bool).tril()
        result = result.masked_fill(~seen, -math.inf)
    return result


def attention(q, k, v, mask=None, causal=False, scale=None):
    q, k, v = q.double(), k.double(), v.double()
    if mask is not None and mask.is_floating_point():
        mask = mask.double()
    weights = torch.softmax(scores(q, k, mask, causal, scale), -1).nan_to_num(0.0)
    return weights @ v


def judge(actual, expected, inputs, **arguments):
    """Scores err as sums do; an error of theirs is a relative one of the
    weights."""
    q, k, v = (x.double() for x in inputs[:3])
    scale = arguments.get("scale") or 1 / math.sqrt(q.shape[-1])
    largest = (q.abs() @ k.abs().transpose(-1, -2)).amax() * abs(scale)
    magnitude = v.abs().amax(-2, keepdim=True).expand_as(expected)
    terms = (q.shape[-1] + 4) * (1 + 2 * largest.item()) + k.shape[-2] + 8
    return sums(terms, magnitude, dtype_of(actual))(actual, expected)


def masks(operands):
    """Masks that hide a whole row, too."""
    for fill in ordinary(operands):
        for x in fill:
            if x.dtype == torch.bool:
                x[..., 0, :] = False
        yield fill


ROWS = [
    row("attention",
        *(call("attention(a, b, c)", *shapes) for shapes in SHAPES),
        *(call("attention(a, b, c, causal={causal})", *shapes, causal=True) for shapes in SHAPES),
        *(call("attention(a, b, c, d)", *shapes, of("bool", (shapes[0][-2], shapes[1][-2])))
          for shapes in SHAPES),
        call("attention(a, b, c, mask=d, causal={causal}, scale={scale})", (2, 5, 4), (2, 7, 4),
             (2, 7, 3), (2, 1, 7), causal=True, scale=0.25),
        call("attention(a, b, c, mask=d)", (5, 4), (7, 4), (7, 3), of("bool", (5, 7))),
        wrong("E3002", "attention(a, a, a)", (4,)),
        wrong("E3003", "attention(a, b, b)", (3, 4), (3, 5)),
        wrong("E3003", "attention(a, a, b)", (3, 4), (5, 4)),
        wrong("E3001", "attention(a, b, b)", (2, 3, 4), (3, 3, 4)),
        wrong("E3001", "attention(a, a, a, b)", (3, 4), (3, 4)),
        wrong("E3002", "attention(a, a, a, b)", (3, 4), (1, 3, 3)),
        wrong("E2005", "attention(a, a, a, b)", (3, 4), of("i64", (3, 3))),
        reference=attention, judge=judge, fills=masks),
]
