# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arithmetic on literals is a literal: what the checker makes of random expressions,
beside what Python makes of them in 64 bits, and in narrower types."""

import os
import random
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MINDC = Path(os.environ.get("MIND_BUILD_DIR", ROOT / "build")) / "bin" / "mindc"

BITS = {"i64": 64, "i32": 32, "i8": 8}


def wrapped(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def applied(op, x, y):
    """`x op y` before it wraps; division is towards zero. None if it fails."""
    if op in "/%":
        if y == 0:
            return None
        quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        return quotient if op == "/" else x - y * quotient
    return {"+": x + y, "-": x - y, "*": x * y}[op]


def expression(generator, depth, bits):
    """Text and its value; none if that divides by zero."""
    if depth == 0 or generator.random() < 0.25:
        most = 2 ** (bits - 1) - 1
        value = generator.choice([0, 1, 2, 3, 7, 10, most // 2, most, generator.randrange(most)])
        return str(value), value
    if generator.random() < 0.15:
        text, value = expression(generator, depth - 1, bits)
        return f"-({text})", value if value is None else wrapped(-value, bits)
    op = generator.choice("+-*/%")
    (lhs, x), (rhs, y) = (expression(generator, depth - 1, bits) for _ in range(2))
    value = None if x is None or y is None else applied(op, x, y)
    return f"({lhs}) {op} ({rhs})", value if value is None else wrapped(value, bits)


@pytest.mark.parametrize("dtype", BITS)
def test_random_arithmetic_on_literals(dtype):
    generator = random.Random(7)
    made = (expression(generator, generator.randrange(1, 6), BITS[dtype]) for _ in range(1200))
    cases = [(text, value) for text, value in made if value is not None]
    assert len(cases) > 600
    result = "" if dtype == "i64" else f" -> {dtype}"  # What integers become by themselves.
    source = "".join(f"fn case_{i}(){result} {{ {text} }}\n" for i, (text, _) in enumerate(cases))
    done = subprocess.run([MINDC, "emit", "--stop-after=check", "-"], input=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    constants = re.findall(rf"fn case_\d+\(\) -> {dtype} *\n *%0 = constant (-?\d+) : {dtype}\n *return %0", done.stdout)
    assert [int(constant) for constant in constants] == [value for _, value in cases]
