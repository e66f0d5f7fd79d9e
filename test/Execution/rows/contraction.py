# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums of products."""

import torch

from operations import call, dtype_of, modulo, ordinary, row, wrong
from tolerance import exact, sums

MATMULS = [((1, 1), (1, 1)), ((8, 16), (16, 4)), ((17, 31), (31, 13)), ((1, 1031), (1031, 3)),
           ((67, 5), (5, 129)), ((3, 4, 5), (3, 5, 6)), ((3, 4, 5), (5, 6)),
           ((5, 1, 2, 3), (7, 3, 4)), ((2, 3), (4, 3, 17)), ((2, 1, 3, 1, 5, 2), (1, 3, 2, 2, 7))]
DOTS = [((17,), (17,)), ((1,), (1,)), ((1031,), (1031,)), ((5, 17), (17,)), ((17,), (17, 3)),
        ((5, 17), (17, 3))]
# x, w, strides, padding, dilation, groups
CONVOLUTIONS = [
    ((1, 9, 9, 4), (3, 3, 4, 8), [1, 1], "Valid", [1, 1], 1),
    ((2, 9, 7, 4), (3, 3, 4, 5), [2, 2], "Same", [1, 1], 1),
    ((1, 5, 5, 3), (1, 1, 3, 17), 1, "Valid", 1, 1),
    ((1, 11, 9, 3), (3, 2, 3, 33), [1, 2], [[1, 2], [0, 1]], [2, 1], 1),
    ((1, 9, 9, 4), (3, 3, 2, 6), [1, 2], [[1, 1], [1, 1]], [1, 1], 2),
    ((1, 9, 9, 4), (3, 3, 1, 4), 1, "Same", 2, 4),
]


def contraction(name, *calls, function, **keywords):
    """`function(*tensors, **arguments)` is linear in each tensor; its value on
    absolute values bounds the error. The terms of a sum are at most the elements
    of an operand."""
    def judge(actual, expected, inputs, **arguments):
        if not actual.dtype.is_floating_point:
            return exact(actual, expected)
        magnitude = function(*(x.double().abs() for x in inputs), **arguments)
        terms = max(inputs[1].numel() // inputs[1].shape[-1], 1) if name == "conv2d" \
            else inputs[0].shape[-1] + 1
        return sums(terms, magnitude, dtype_of(actual))(actual, expected)
    return row(name, *calls, reference=modulo(function), judge=judge, fills=ordinary, **keywords)


def pads(x, w, strides, padding, dilation):
    """What LibTorch's `pad` wants for NHWC `x`: left, right, top, bottom."""
    if padding == "Valid":
        return [0, 0, 0, 0]
    if padding != "Same":
        (top, bottom), (left, right) = padding
        return [left, right, top, bottom]
    result = []
    for axis in (1, 0):
        extent = x.shape[axis + 1]
        reach = dilation[axis] * (w.shape[axis] - 1) + 1
        total = max((-(-extent // strides[axis]) - 1) * strides[axis] + reach - extent, 0)
        result += [total // 2, total - total // 2]
    return result


def pair(value):
    return [value, value] if isinstance(value, int) else value


def conv2d(x, w, strides=1, padding="Valid", dilation=1, groups=1):
    """NHWC by HWCF, in terms of LibTorch's NCHW by FCHW. In f64, where the small
    integers of ordinary inputs are exact."""
    strides, dilation = pair(strides), pair(dilation)
    padded = torch.nn.functional.pad(x.double().permute(0, 3, 1, 2),
                                     pads(x, w, strides, padding, dilation))
    result = torch.nn.functional.conv2d(padded, w.double().permute(3, 2, 0, 1), stride=strides,
                                        dilation=dilation, groups=groups)
    return result.permute(0, 2, 3, 1).to(x.dtype)


ROWS = [
    contraction(
        "matmul", *(call("matmul(a, b)", x, y) for x, y in MATMULS),
        wrong("E3002", "matmul(a, b)", (3,), (3, 4)),
        wrong("E3003", "matmul(a, b)", (3, 4), (3, 4)),
        wrong("E3001", "matmul(a, b)", (2, 3, 4), (3, 4, 5)),
        function=torch.matmul),
    contraction(
        "dot", *(call("dot(a, b)", x, y) for x, y in DOTS),
        wrong("E3002", "dot(a, b)", (), (3,)),
        wrong("E3003", "dot(a, b)", (4,), (3,)),
        function=torch.matmul),
    contraction(
        "linear", *(call("linear(a, b, c)", x, (13, x[-1]), (13,))
                    for x in [(17,), (5, 17), (2, 3, 17), (67, 1), (2, 1, 3, 1, 2, 5)]),
        wrong("E3003", "linear(a, b, c)", (5, 17), (13, 16), (13,)),
        wrong("E3003", "linear(a, b, c)", (5, 17), (13, 17), (12,)),
        wrong("E3002", "linear(a, b, c)", (5, 17), (17,), (13,)),
        function=lambda x, w, b: torch.matmul(x, w.t()) + b),
    contraction(
        "conv2d",
        *(call("conv2d(a, b, strides={strides}, padding={padding}, dilation={dilation}, "
               "groups={groups})", x, w, strides=strides, padding=padding, dilation=dilation,
               groups=groups)
          for x, w, strides, padding, dilation, groups in CONVOLUTIONS),
        call("conv2d(a, b)", (1, 4, 5, 2), (2, 3, 2, 3)),
        wrong("E3002", "conv2d(a, b)", (8, 8, 3), (3, 3, 3, 2)),
        wrong("E4009", "conv2d(a, b)", (1, 8, 8, 3), (3, 3, 4, 2)),
        wrong("E4010", "conv2d(a, b, strides=0)", (1, 8, 8, 3), (3, 3, 3, 2)),
        wrong("E3006", "conv2d(a, b)", (1, 2, 8, 3), (3, 3, 3, 2)),
        function=conv2d),
]
