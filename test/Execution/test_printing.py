# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How floats are printed, over their bits, beside NumPy: digits, rounding, columns. (bf16,
which NumPy does not have, beside the rule itself.) Both tiers print by the same code."""

from fractions import Fraction

import numpy as np
import pytest
import torch

import mind

pytestmark = pytest.mark.tiers(1)

BITS = {"f16": "uint16", "f32": "uint32", "f64": "uint64"}
NUMPY = {"f16": np.float16, "f32": np.float32, "f64": np.float64}


def printer(dtype, *shape):
    """A program that prints one by one the tensors of `shape` that its input consists of."""
    extents = ",".join(["N", *map(str, shape)])
    return mind.compile(f"fn main(x: Tensor<{dtype},[{extents}]>) {{"
                        "  for i in 0..N { println(x[i]); } }")


def check(capsys, dtype, rows):
    """`rows` are printed one by one, as NumPy prints them."""
    printer(dtype, *rows.shape[1:])(rows)
    assert capsys.readouterr().out == "".join(f"{str(row)}\n" for row in rows)


def numbers(dtype, count):
    """Bits at random, powers of two with their neighbours, short decimals, ties."""
    generator = np.random.default_rng(11)
    info, limits = np.finfo(NUMPY[dtype]), np.iinfo(BITS[dtype])
    yield generator.integers(limits.min, limits.max, count, BITS[dtype], True).view(NUMPY[dtype])
    low = info.minexp - info.nmant
    powers = np.ldexp(NUMPY[dtype](1), np.arange(low, info.maxexp)).astype(NUMPY[dtype])
    yield from (powers, np.nextafter(powers, NUMPY[dtype](0)),
                -np.nextafter(powers, NUMPY[dtype](np.inf)))
    digits = 10 ** generator.integers(1, 9, count)
    with np.errstate(over="ignore"):
        yield (generator.integers(1, digits) * 10.0 ** generator.integers(-9, 9, count)).astype(
            NUMPY[dtype])
        yield (generator.integers(-4096, 4096, count) / 2.0 ** generator.integers(0, 15, count)
               ).astype(NUMPY[dtype])


@pytest.mark.parametrize("dtype", BITS)
def test_scalars(capsys, dtype):
    for values in numbers(dtype, 2000):
        check(capsys, dtype, values)


def test_all_f16(capsys):
    check(capsys, "f16", np.arange(2**16, dtype=np.uint16).view(np.float16))


@pytest.mark.parametrize("dtype", BITS)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_rows(capsys, dtype, size):
    """Elements share their notation and digits."""
    generator = np.random.default_rng(size)
    for values in numbers(dtype, 2000):
        generator.shuffle(values)
        check(capsys, dtype, values[:len(values) // size * size].reshape(-1, size))
    values = generator.standard_normal((2000, size))
    for wide in [values, values * 10.0 ** generator.integers(-4, 5, (2000, 1)),
                 values * 2.0 ** generator.integers(-12, 3, (2000, size))]:
        check(capsys, dtype, wide.astype(NUMPY[dtype]))


def neighbours(bits):
    """Between what and what a number is read as the positive bf16 `bits`, and whether the
    ends are, too."""
    value, below, above = (Fraction(float(np.uint32(b << 16).view(np.float32)))
                           for b in (bits, bits - 1, min(bits + 1, 0x7F7F)))
    if bits == 0x7F7F:
        above = value + (value - below)
    return (below + value) / 2, value, (value + above) / 2, bits % 2 == 0


def shortest(bits):
    """The fewest digits that are read as `bits`, the nearest of them, ties to even; in
    front of the point all."""
    low, value, high, closed = neighbours(bits)
    if 256 <= value < 1000:
        return value
    exponent = len(str(int(value))) - 1 if value >= 1 else -len(str(int(1 / value)))
    if Fraction(10) ** (exponent + 1) <= value:
        exponent += 1
    for digits in range(10):
        unit = Fraction(10) ** (exponent - digits)
        down = value // unit
        fine = [n for n in (down, down + 1) if low < n * unit < high
                or closed and n * unit in (low, high)]
        if fine:
            return min(fine, key=lambda n: (abs(n * unit - value), n % 2)) * unit


def test_all_bf16(capsys):
    bits = torch.arange(1, 0x7F80, dtype=torch.int16)
    printer("bf16")(bits.view(torch.bfloat16))
    printed = capsys.readouterr().out.split()
    assert [Fraction(text) for text in printed] == [shortest(b) for b in bits.tolist()]
