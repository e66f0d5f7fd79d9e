# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Windows of images."""

import math

import torch

from operations import bits_any_zero, call, dtype_of, in_f64, row, wrong
from rows.contraction import pads, pair
from rows.reduction import finite
from tolerance import sums

# x, window, strides, padding
WINDOWS = [((1, 8, 8, 4), [2, 2], None, None), ((2, 9, 7, 3), [3, 2], [2, 1], None),
           ((1, 9, 9, 17), 3, 2, "Same"), ((1, 5, 7, 1), [3, 3], 1, "Same"),
           ((2, 6, 5, 3), [2, 3], [3, 2], [[1, 0], [2, 1]]), ((1, 1, 1, 5), 1, None, None),
           ((1, 7, 33, 2), [7, 1], 1, None)]


def windows(x, window, strides, padding, fill):
    """The elements of each window, NHWC and the window's own axes."""
    size, strides = pair(window), pair(strides or window)
    shape = torch.empty(size)
    padded = torch.nn.functional.pad(x.permute(0, 3, 1, 2),
                                     pads(x, shape, strides, padding or "Valid", [1, 1]),
                                     value=fill)
    taken = padded.unfold(2, size[0], strides[0]).unfold(3, size[1], strides[1])
    return taken.permute(0, 2, 3, 1, 4, 5).flatten(4)


def max_pool(x, window, strides=None, padding=None):
    least = -math.inf if x.dtype.is_floating_point else torch.iinfo(x.dtype).min
    return windows(x, window, strides, padding, least).amax(-1)


def avg_pool(x, window, strides=None, padding=None):
    inside = windows(torch.ones_like(x), window, strides, padding, 0.0)
    return windows(x, window, strides, padding, 0.0).sum(-1) / inside.sum(-1)


def judge_average(function, terms):
    def judge(actual, expected, inputs, **arguments):
        magnitude = function(inputs[0].double().abs(), **arguments)
        return sums(terms(inputs[0], **arguments), magnitude, dtype_of(actual))(actual, expected)
    return judge


def pooling(name, reference, judge, **keywords):
    calls = []
    for x, window, strides, padding in WINDOWS:
        arguments = {"window": window}
        expression = f"{name}(a, {{window}}"
        if strides is not None:
            arguments["strides"] = strides
            expression += ", strides={strides}"
        if padding is not None:
            arguments["padding"] = padding
            expression += ", padding={padding}"
        calls.append(call(expression + ")", x, **arguments))
    return row(name, *calls,
               wrong("E3002", f"{name}(a, 2)", (8, 8, 3)),
               wrong("E4010", f"{name}(a, 0)", (1, 8, 8, 3)),
               wrong("E4010", f"{name}(a, 2, strides=[1, 0])", (1, 8, 8, 3)),
               wrong("E4010", f"{name}(a, 2, padding=[[2, 0], [0, 0]])", (1, 8, 8, 3)),
               wrong("E3006", f"{name}(a, 3)", (1, 2, 8, 3)),
               reference=reference, judge=judge, **keywords)


def global_average(x):
    return x.mean((1, 2))


ROWS = [
    pooling("max_pool2d", max_pool, bits_any_zero),
    pooling("avg_pool2d", in_f64(avg_pool),
            judge_average(avg_pool, lambda x, window, **_: math.prod(pair(window))),
            fills=finite),
    row("global_avg_pool2d",
        *(call("global_avg_pool2d(a)", shape) for shape in [(1, 1, 1, 1), (2, 7, 5, 17),
                                                            (1, 33, 31, 3)]),
        wrong("E3002", "global_avg_pool2d(a)", (8, 8, 3)),
        reference=in_f64(global_average),
        judge=judge_average(global_average, lambda x: x.shape[1] * x.shape[2]), fills=finite),
]
