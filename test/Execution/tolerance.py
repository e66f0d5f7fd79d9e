# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How far a result may be from the reference, and why.

- exact: integers, bool, and floats that IEEE 754 determines (+ - * / sqrt,
  comparisons, rounding, conversions): bit for bit. NaN equals NaN whatever its
  payload.
- ulps(n): functions that nobody rounds correctly; n is in ULPS. The reference is
  computed in f64 and compared in units in the last place of the result's dtype. f16 and
  bf16 are computed in f32 and rounded once, which may land on the other side
  of a tie: 1 ulp. Results below the smallest normal number may be 0, as those of
  1 / (1 + exp(-x)) are, where exp is beyond the largest number; times x, for silu.
  gelu, whose 1 + erf cancels for negative x, errs by a few ulps of x.
- sums: adding n terms in any order errs by at most n eps sum|terms| (Higham,
  Accuracy and Stability, 4.2), eps that of the accumulator: f32 for f16 and
  bf16, which then round once more.
"""

import torch

from elements import DTYPES

EPS = {"f16": 2.0**-10, "bf16": 2.0**-7, "f32": 2.0**-23, "f64": 2.0**-52}
# Units in the last place that a function's result may be off, as LibTorch's own
# may; of a 16-bit type, what computing in f32 and rounding once makes of them.
ULPS = {"exp": 2, "log": 2} | dict.fromkeys(
    ["expm1", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
     "cosh", "tanh", "erf", "sigmoid", "silu", "gelu", "pow", "atan2"], 4)
ULPS_16 = 1
SMALLEST_NORMAL = {dtype: torch.finfo(DTYPES[dtype]).smallest_normal for dtype in EPS}
ACCUMULATOR_EPS = {"f16": EPS["f32"], "bf16": EPS["f32"], "f32": EPS["f32"],
                   "f64": EPS["f64"]}


def describe(bad, actual, expected):
    index = tuple(bad.nonzero()[0].tolist())
    return (f"{int(bad.sum())} of {bad.numel()} elements differ, first at {index}: "
            f"{actual[index].item()!r}, expected {expected[index].item()!r}")


def exact(actual, expected, any_zero=False):
    """Why `actual` is not `expected` bit for bit, or None."""
    same = actual == expected
    if actual.dtype.is_floating_point:
        if not any_zero:
            same &= torch.signbit(actual) == torch.signbit(expected)
        same |= actual.isnan() & expected.isnan()
    return None if bool(same.all()) else describe(~same, actual, expected)


def within(actual, expected, bound):
    """Why `actual` is farther from `expected` than `bound`, or None. Both are
    compared in f64; infinities and NaN must be where they are expected."""
    actual64, expected64 = actual.double(), expected.double()
    same = (actual64 - expected64).abs() <= bound
    same |= actual64 == expected64
    same |= actual64.isnan() & expected64.isnan()
    return None if bool(same.all()) else describe(~same, actual, expected)


def ulps(count, dtype):
    """A comparison that allows `count` units in the last place of `dtype`
    (1 for the 16-bit types)."""
    count = ULPS_16 if dtype in ("f16", "bf16") else count

    def compare(actual, expected):
        # An expectation beyond the largest number is infinity in `dtype`.
        rounded = expected.to(DTYPES[dtype])
        bound = count * EPS[dtype] * expected.double().abs() + SMALLEST_NORMAL[dtype]
        return within(actual, rounded, bound.nan_to_num(0.0, 0.0, 0.0))
    return compare


def sums(terms, magnitude, dtype):
    """A comparison for sums of `terms` terms whose absolute values add up to
    `magnitude`."""
    def compare(actual, expected):
        rounding = EPS[dtype] if dtype in ("f16", "bf16") else 0.0
        bound = (terms + 2) * ACCUMULATOR_EPS[dtype] * magnitude.double()
        bound = bound + rounding * expected.double().abs() + SMALLEST_NORMAL[dtype]
        return within(actual, expected.to(DTYPES[dtype]), bound.nan_to_num(0.0, 0.0, 0.0))
    return compare
