# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements against their axis."""

import torch

from operations import call, dtype_of, in_f64, row, wrong
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


ROWS = [
    row("softmax", *(call("softmax(a, axis={axis})", shape, axis=axis) for shape, axis in ALONG),
        call("softmax(a)", (3, 5)),
        wrong("E3004", "softmax(a, axis=2)", (3, 4)),
        reference=in_f64(lambda x, axis=-1: torch.softmax(x, dim=axis)), judge=judge_softmax,
        fills=finite),
]
