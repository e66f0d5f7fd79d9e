# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A tensor as LibTorch has it, and how far each element of ours may be from it.

Bounds are computed along with the values, operation by operation: what the operands'
errors can do to the result (the *spread*), and what the operation errs by itself, as
tolerance.py states it. So a program may be as long as it likes, and meets every value.
An element whose bound is infinite may be anything: it depends on what may be off, like
the comparison of two numbers that are nearly the same."""

import math

import torch

from elements import DTYPES, FLOATS
from tolerance import ACCUMULATOR_EPS, EPS, SMALLEST_NORMAL, exact

SMALL = ("f16", "bf16")


class Failure(Exception):
    """A program fails when it runs, with this code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Uncertain(Exception):
    """Whether a program fails, or what it does next, depends on what may be off."""


class Value:
    """`bound` has the shape of `tensor`, in f64, or is None: bit for bit."""

    def __init__(self, dtype, tensor, bound=None):
        self.dtype = dtype
        self.tensor = tensor.to(DTYPES[dtype])
        if bound is not None:
            bound = bound.nan_to_num(math.inf, math.inf).broadcast_to(tensor.shape)
            if not bool(bound.any()):
                bound = None
        self.bound = bound

    @property
    def shape(self):
        return tuple(self.tensor.shape)

    @property
    def is_float(self):
        return self.dtype in FLOATS

    @property
    def wide(self):
        """In f64, or i64, or bool."""
        if self.is_float:
            return self.tensor.double()
        return self.tensor if self.dtype == "bool" else self.tensor.to(torch.int64)

    @property
    def error(self):
        """The bound as a tensor."""
        if self.bound is None:
            return torch.zeros(self.tensor.shape, dtype=torch.float64)
        return self.bound

    def unknown_where(self, where):
        return Value(self.dtype, self.tensor, torch.where(where, math.inf, self.error))

    def mapped(self, function):
        """Moved: `function` of the elements and of their bounds."""
        bound = None if self.bound is None else function(self.bound)
        return Value(self.dtype, function(self.tensor), bound)

    def scalar(self):
        """The one element, which must be certain."""
        if self.bound is not None:
            raise Uncertain
        return self.tensor.item()

    def difference(self, actual):
        """Why `actual` is none of what this may be, or None."""
        if tuple(actual.shape) != self.shape or actual.dtype != self.tensor.dtype:
            return f"is {actual.dtype} of {list(actual.shape)}, not {list(self.shape)}"
        if self.bound is None:
            return exact(actual, self.tensor)
        certain = self.bound == 0
        fine = exact_elements(actual, self.tensor) & certain
        near = (actual.double() - self.tensor.double()).abs() <= self.bound
        near |= (actual.double() == self.tensor.double()) | (actual.isnan() & self.tensor.isnan())
        fine |= ~certain & near | (self.bound == math.inf)
        if bool(fine.all()):
            return None
        bad = tuple((~fine).nonzero()[0].tolist())
        return (f"{int((~fine).sum())} of {fine.numel()} elements differ, first at {bad}: "
                f"{actual[bad].item()!r}, expected {self.tensor[bad].item()!r}, "
                f"give or take {self.bound[bad].item():.3g}")


def exact_elements(actual, expected):
    same = actual == expected
    if actual.dtype.is_floating_point:
        same &= torch.signbit(actual) == torch.signbit(expected)
        same |= actual.isnan() & expected.isnan()
    return same


def unknown(dtype, tensor, where):
    """Exact, but for what is unknown `where`."""
    return Value(dtype, tensor, torch.where(where, math.inf, 0.0).double())


def any_error(*values):
    """Where an operand may be off, broadcast."""
    return sum(value.error for value in values) > 0


def times(error, factor):
    """`error * factor`, and 0 where there is no error, whatever the factor; never 0 where
    there is one, since a zero's sign may be off."""
    return torch.where(error > 0, (error * factor).clamp(min=1e-300), 0.0)


def determined(dtype, tensor, spread):
    """Of an operation that is correctly rounded (and so is LibTorch's `tensor`), whose
    operands' errors make a difference of at most `spread`."""
    spread = spread.nan_to_num(math.inf, math.inf)
    if not bool((spread > 0).any()):
        return Value(dtype, tensor)
    off = spread > 0
    size = tensor.double().abs()
    # What is rounded may be as large as the spread allows.
    bound = spread + EPS[dtype] * (size + spread) + SMALLEST_NORMAL[dtype]
    bound = torch.where(size + bound < largest(dtype), bound, math.inf)
    return Value(dtype, tensor, torch.where(off, bound, 0.0))


def approximate(dtype, wide, spread, own, magnitude=None):
    """Of an operation whose result, `wide` in f64, errs by `own` beside `spread`: by as much
    as it may wherever the spread takes it. If partial results are as large as `magnitude`,
    they may overflow."""
    finite = wide.isfinite()
    spread = spread.nan_to_num(math.inf, math.inf)
    own = torch.where(finite, own, 0.0) + SMALLEST_NORMAL[dtype]
    if dtype in SMALL:
        own = own + EPS[dtype] * (wide.abs().nan_to_num(0.0, 0.0, 0.0) + spread)
    bound = spread + own
    size = wide.abs()
    near_largest = finite & (size + bound >= largest(dtype)) & (size - bound <= largest(dtype))
    # An infinity or NaN of exact operands is one of ours, too.
    bound = torch.where(finite, bound, torch.where(spread > 0, math.inf, 0.0))
    bound = torch.where(near_largest, math.inf, bound)
    if magnitude is not None:
        bound = torch.where(magnitude < largest(dtype) / 2, bound, math.inf)
    return Value(dtype, wide, bound)


def largest(dtype):
    return torch.finfo(DTYPES[dtype]).max


def accumulator_eps(dtype):
    return ACCUMULATOR_EPS[dtype]


def finite_size(x):
    """Absolute values, 0 for what is not finite."""
    return x.abs().nan_to_num(0.0, 0.0, 0.0)


def zero_of_either_sign(value, where):
    """Where a result is a zero whose sign is not defined."""
    if not bool(where.any()):
        return value
    return Value(value.dtype, value.tensor, torch.where(
        where, value.error.clamp(min=SMALLEST_NORMAL[value.dtype]), value.error))
