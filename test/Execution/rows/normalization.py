# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements against their axis."""

import math

import torch

from operations import call, dtype_of, in_f64, ordinary, row, wrong
from rows.reduction import finite
from tolerance import sums

ALONG = [((1,), 0), ((17,), 0), ((5, 1031), -1), ((3, 5, 7), 1), ((3, 5, 7), 0), ((31, 1), -1),
         ((2, 3, 4, 17), 3), ((2, 1, 3, 2, 5, 3), -2)]


def judge_softmax(actual, expected, inputs, axis=-1):
    """The largest of the errors of exp (whose argument is rounded), sum and
    quotient, relative to each element."""
    x = inputs[0].double()
    span = (x - x.nan_to_num(0.0, 0.0, 0.0).amax()).abs().nan_to_num(0.0, 0.0, 0.0)
    bound = sums(x.shape[axis] + 8, expected.abs() * (1 + span), dtype_of(actual))
    return bound(actual, expected)


def judge_log_softmax(actual, expected, inputs, axis=-1):
    """The rounding of the distances, which are up to `span`, and of the sum."""
    x = inputs[0].double().nan_to_num(0.0, 0.0, 0.0)
    span = 2 * x.abs().amax() + math.log(x.shape[axis] if x.dim() else 1) + 1
    return sums(x.shape[axis] + 8, torch.full_like(expected, span),
                dtype_of(actual))(actual, expected)


def rescaled(x, mean, var, gamma, beta, eps):
    return (x - mean) / torch.sqrt(var + eps) * gamma + beta


def layer_norm(x, gamma, beta, axes=(-1,), eps=1e-5):
    axes = [axes] if isinstance(axes, int) else list(axes)
    axes = sorted(axis % x.dim() for axis in axes)
    shape = [x.shape[d] if d in axes else 1 for d in range(x.dim())]
    return rescaled(x, x.mean(axes, keepdim=True), x.var(axes, correction=0, keepdim=True),
                    gamma.reshape(shape), beta.reshape(shape), eps)


def judge_layer_norm(actual, expected, inputs, axes=(-1,), eps=1e-5):
    """x less its mean loses what the two have in common: the error is that of a
    sum over the row, over its deviation, and the variance errs likewise."""
    x, gamma, beta = (t.double() for t in inputs)
    axes = [axes] if isinstance(axes, int) else list(axes)
    count = math.prod(x.shape[axis] for axis in axes)
    deviation = torch.sqrt(x.var(axes, correction=0, keepdim=True) + eps)
    relative = 1 + x.abs().amax(axes, keepdim=True) / deviation
    magnitude = (relative * relative * gamma.abs().amax() + beta.abs().amax()).expand_as(expected)
    return sums(count + 8, magnitude, dtype_of(actual))(actual, expected)


def batch_norm(x, mean, var, gamma, beta, eps=1e-5):
    return rescaled(x, mean, var, gamma, beta, eps)


def judge_batch_norm(actual, expected, inputs, eps=1e-5):
    x, mean, var, gamma, beta = (t.double() for t in inputs)
    magnitude = (x.abs() + mean.abs()) / torch.sqrt(var + eps) * gamma.abs() + beta.abs()
    return sums(6, magnitude, dtype_of(actual))(actual, expected)


def positive_variance(operands):
    for x, mean, var, gamma, beta in ordinary(operands):
        yield [x, mean, var.abs(), gamma, beta]


NORMED = [((1,), [0]), ((17,), [-1]), ((5, 1031), [-1]), ((3, 5, 7), [1, 2]), ((3, 5, 7), [0, 2]),
          ((2, 3, 4, 17), 1), ((2, 1, 3, 2, 5, 3), [-1, -2])]


def along(shape, axes):
    axes = [axes] if isinstance(axes, int) else axes
    return tuple(shape[axis] for axis in sorted(axis % len(shape) for axis in axes))


ROWS = [
    row("softmax", *(call("softmax(a, axis={axis})", shape, axis=axis) for shape, axis in ALONG),
        call("softmax(a)", (3, 5)),
        wrong("E3004", "softmax(a, axis=2)", (3, 4)),
        reference=in_f64(lambda x, axis=-1: torch.softmax(x, dim=axis)), judge=judge_softmax,
        fills=finite),
    row("log_softmax",
        *(call("log_softmax(a, axis={axis})", shape, axis=axis) for shape, axis in ALONG),
        call("log_softmax(a)", (3, 5)),
        wrong("E3004", "log_softmax(a, axis=2)", (3, 4)),
        reference=in_f64(lambda x, axis=-1: torch.log_softmax(x, dim=axis)),
        judge=judge_log_softmax, fills=ordinary),
    row("layer_norm",
        call("layer_norm(a, b, c)", (3, 5), (5,), (5,)),
        *(call("layer_norm(a, b, c, axes={axes}, eps={eps})", shape, along(shape, axes),
               along(shape, axes), axes=axes, eps=1e-3) for shape, axes in NORMED),
        wrong("E3002", "layer_norm(a, b, b)", (3, 5), (1, 5)),
        wrong("E3003", "layer_norm(a, b, b)", (3, 5), (3,)),
        wrong("E3004", "layer_norm(a, b, b, axes=[2])", (3, 5), (5,)),
        reference=in_f64(layer_norm), judge=judge_layer_norm, fills=ordinary),
    row("batch_norm",
        *(call("batch_norm(a, b, c, d, e)", (*shape, c), (c,), (c,), (c,), (c,))
          for shape, c in [((), 17), ((3,), 1), ((2, 5, 7), 33), ((1, 2, 1, 3, 2), 3)]),
        call("batch_norm(a, b, c, d, e, eps={eps})", (5, 3), (3,), (3,), (3,), (3,), eps=0.5),
        wrong("E3003", "batch_norm(a, b, b, b, b)", (3, 5), (3,)),
        wrong("E3002", "batch_norm(a, a, a, a, a)", ()),
        reference=in_f64(batch_norm), judge=judge_batch_norm, fills=positive_variance),
]
