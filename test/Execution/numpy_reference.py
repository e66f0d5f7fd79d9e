# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What NumPy says of the elementwise operations: an oracle beside LibTorch, for
values that tests/Execution/elements.py cannot all hold.

NumPy has no bf16: an array of it is one of f32 whose values bf16 has, and
`rounded` makes one of wider values."""

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np

NUMPY = {"bool": np.bool_, "i8": np.int8, "u8": np.uint8, "i32": np.int32, "i64": np.int64,
         "f16": np.float16, "bf16": np.float32, "f32": np.float32, "f64": np.float64}
FLOATS = ("f16", "bf16", "f32", "f64")
# Digits of the significand, and the exponent of the smallest number.
DIGITS = {"f16": 11, "bf16": 8, "f32": 24, "f64": 53}
SMALLEST = {"f16": -24, "bf16": -133, "f32": -149, "f64": -1074}


# --------------------------------------------------------------------- values

def rounded(x, dtype):
    """`x` in a float dtype: to nearest, half to even, to 16 bits by way of f32."""
    if dtype in ("f16", "bf16"):
        x = x.astype(np.float32)
    return bf16_of_f32(x) if dtype == "bf16" else x.astype(NUMPY[dtype])


def bf16_of_f32(x):
    bits = x.view(np.uint32).astype(np.uint64)
    nearest = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16).astype(np.uint32)
    return np.where(np.isnan(x), x, nearest.view(np.float32))


def integers(dtype):
    """Every number of 8 bits; of others those at which something changes."""
    info = np.iinfo(NUMPY[dtype])
    if info.bits == 8:
        return np.arange(info.min, info.max + 1).astype(NUMPY[dtype])
    near = [0, 1, 2, 3, 5, 7, 10, 46341, 127, 128, 255, 256, 32767, 65536, 2**24 + 1,
            2**(info.bits // 2) - 1, 2**(info.bits - 2), info.max - 1, info.max]
    if info.bits == 64:
        near += [2**31 - 1, 2**31, 2**32, 2**53 + 1, 3037000500]
    return np.array(sorted({v for x in near for v in (x, -x, -x - 1)}), NUMPY[dtype])


def edges(dtype):
    """The values of a dtype at which an operation may change its mind; all of
    them for bool and 8 bits."""
    if dtype == "bool":
        return np.array([False, True])
    if dtype not in FLOATS:
        return integers(dtype)
    digits, smallest = DIGITS[dtype], SMALLEST[dtype]
    largest = (2.0 - 2.0**(1 - digits)) * 2.0**(-smallest - digits + 1)
    normal = 2.0**(smallest + digits - 1)
    eps = 2.0**(1 - digits)
    halves = [n / 2 for n in range(0, 12)]
    points = [eps, 1 - eps / 2, 1 + eps, 1 / eps, 1 / eps + 1, 0.5 / eps + 0.5, 0.5 - eps / 4,
              math.pi, math.pi / 2, 1 / 3, 10.0, 88.5, 127.5, 128.0, 255.5, 256.0,
              2.0**31, 2.0**32, 2.0**63, 2.0**64,
              2.0**smallest, 3 * 2.0**smallest, normal - 2.0**smallest, normal,
              math.sqrt(normal), math.sqrt(largest), largest / 2, largest, math.inf]
    with np.errstate(over="ignore"):
        positive = np.unique(rounded(np.array(halves + points), dtype))
    return np.concatenate([positive, -positive, np.array([np.nan], positive.dtype)])


def sweep(dtype):
    """What a function of one operand is tried on: all values of up to 16 bits; of
    others, some of each exponent."""
    if dtype == "f16":
        return np.arange(2**16, dtype=np.uint16).view(np.float16)
    if dtype == "bf16":
        return (np.arange(2**16, dtype=np.uint32) << 16).view(np.float32)
    if dtype not in FLOATS:
        return edges(dtype)
    bits = 32 if dtype == "f32" else 64
    kind = np.dtype(f"uint{bits}").type
    exponents = np.arange(2**(bits - DIGITS[dtype] + 1), dtype=kind) << kind(DIGITS[dtype] - 1)
    fractions = np.random.default_rng(7).integers(0, 2**(DIGITS[dtype] - 1), 8, dtype=kind)
    patterns = (exponents[:, None] | fractions).reshape(-1)
    return np.concatenate([edges(dtype), patterns.view(NUMPY[dtype])])


# ----------------------------------------------------------------- operations

@dataclass(frozen=True)
class Reference:
    """What an operation means. `function` takes arrays, floats in `wide`
    precision, and its result is rounded to the operation's dtype."""
    function: Callable
    operands: int
    # One of: "exact", bit for bit; "any zero", but for the sign of a zero;
    # "function", as tolerance.py says of the operation.
    judge: str = "exact"
    # bool, if not the operands' dtype.
    result: str = None


def native(function, operands, judge="exact", result=None):
    return Reference(function, operands, judge, result)


def function(of, operands=1):
    return Reference(of, operands, "function")


def wrapping_pow(x, y):
    """Repeated multiplication modulo 2^bits; NumPy's own goes by C's rules."""
    bits = np.iinfo(x.dtype).bits
    x, y = np.broadcast_arrays(x, y)
    values = [pow(int(a), int(b), 2**bits) for a, b in zip(x.flat, y.flat)]
    return np.array(values, np.uint64).astype(f"uint{bits}").view(x.dtype).reshape(x.shape)


def power(x, y):
    if not is_float(x):
        return wrapping_pow(x, y)
    # C's powl errs at infinity.
    finite = np.isfinite(x) & np.isfinite(y)
    return np.where(finite, np.power(x, y), np.power(x.astype(np.float64), y.astype(np.float64)))


def is_float(x):
    return np.issubdtype(x.dtype, np.floating)


def divide(x, y):
    """Toward zero; MIN / -1 wraps."""
    if is_float(x):
        return x / y
    quotient = (x - np.fmod(x, y)) // np.where(y == -1, 1, y).astype(y.dtype)
    return np.where(y == -1, -x, quotient) if x.dtype != np.uint8 else x // y


def remainder(x, y):
    return np.fmod(x, y)


def sign(x):
    return np.sign(x)


def relu(x):
    return np.where(np.isnan(x), x, np.maximum(x, 0)) if is_float(x) else np.maximum(x, 0)


def per_element(scalar):
    """A function of C's library, which NumPy lacks."""
    def apply(x):
        return np.array([scalar(float(v)) for v in x.flat], np.float64).reshape(x.shape)
    return apply


def sigmoid(x):
    return np.where(x < 0, np.exp(x) / (1 + np.exp(np.minimum(x, 0))), 1 / (1 + np.exp(-x)))


def silu(x):
    return x * sigmoid(x)


def gelu(x):
    return x * per_element(lambda v: math.erfc(-v / math.sqrt(2)) / 2)(x)


def clamp(x, low, high):
    return np.minimum(np.maximum(x, low), high)


REFERENCES = {
    "neg": native(np.negative, 1),
    "abs": native(np.abs, 1),
    "sign": native(sign, 1, "any zero"),
    "not": native(np.logical_not, 1),
    "exp": function(np.exp),
    "expm1": function(np.expm1),
    "log": function(np.log),
    "log2": function(np.log2),
    "log10": function(np.log10),
    "log1p": function(np.log1p),
    "sqrt": native(np.sqrt, 1),
    "rsqrt": native(lambda x: 1 / np.sqrt(x), 1),
    "reciprocal": native(lambda x: 1 / x, 1),
    "sin": function(np.sin),
    "cos": function(np.cos),
    "tan": function(np.tan),
    "asin": function(np.arcsin),
    "acos": function(np.arccos),
    "atan": function(np.arctan),
    "sinh": function(np.sinh),
    "cosh": function(np.cosh),
    "tanh": function(np.tanh),
    "erf": function(per_element(math.erf)),
    "sigmoid": function(sigmoid),
    "silu": function(silu),
    "relu": native(relu, 1, "any zero"),
    "gelu": function(gelu),
    "floor": native(np.floor, 1),
    "ceil": native(np.ceil, 1),
    "round": native(np.rint, 1),
    "isnan": native(np.isnan, 1, result="bool"),
    "add": native(np.add, 2),
    "sub": native(np.subtract, 2),
    "mul": native(np.multiply, 2),
    "div": native(divide, 2),
    "rem": native(remainder, 2),
    "pow": function(power, 2),
    "minimum": native(np.minimum, 2, "any zero"),
    "maximum": native(np.maximum, 2, "any zero"),
    "atan2": function(np.arctan2, 2),
    "eq": native(np.equal, 2, result="bool"),
    "ne": native(np.not_equal, 2, result="bool"),
    "lt": native(np.less, 2, result="bool"),
    "le": native(np.less_equal, 2, result="bool"),
    "gt": native(np.greater, 2, result="bool"),
    "ge": native(np.greater_equal, 2, result="bool"),
    "and": native(np.logical_and, 2),
    "or": native(np.logical_or, 2),
    "xor": native(np.logical_xor, 2),
    "where": native(np.where, 3),
    "clamp": native(clamp, 3, "any zero"),
    "cast": None,               # to every dtype: `converted`
}


def converted(x, source, dtype):
    """`x` as another dtype."""
    if dtype == "bool":
        return x != 0
    if dtype in FLOATS:
        return rounded(x, dtype)
    if source not in FLOATS:
        return x.astype(np.int64).astype(NUMPY[dtype])
    info = np.iinfo(NUMPY[dtype])
    whole = np.trunc(np.where(np.isnan(x), 0, x).astype(np.longdouble))
    return np.clip(whole, np.longdouble(info.min), np.longdouble(info.max)).astype(NUMPY[dtype])


def expected(name, dtype, inputs):
    """What the operation gives for arrays of one dtype: exact, or a function's
    value before it is rounded."""
    reference = REFERENCES[name]
    if dtype not in FLOATS or reference.result == "bool":
        return reference.function(*inputs)
    if reference.judge == "function":
        wide = np.longdouble if dtype == "f64" else np.float64
        return reference.function(*(x.astype(wide) for x in inputs))
    compute = np.float64 if dtype == "f64" else np.float32
    wide = [x if x.dtype == np.bool_ else x.astype(compute) for x in inputs]
    return rounded(reference.function(*wide), dtype)


# ------------------------------------------------------------------- judgement

def same(actual, wanted, any_zero=False):
    """Where `actual` is `wanted` bit for bit, the payload of NaN apart."""
    equal = actual == wanted
    if is_float(wanted):
        if not any_zero:
            equal &= np.signbit(actual) == np.signbit(wanted)
        equal |= np.isnan(actual) & np.isnan(wanted)
    return equal


def near(actual, wanted, ulps, dtype, slack=0.0):
    """Where `actual` is within `ulps` units in the last place of `wanted`, which
    is not rounded yet, or nearer than `slack`."""
    limit = rounded(wanted, dtype)
    finite = np.isfinite(wanted) & np.isfinite(limit)
    exact = np.where(finite, wanted, 0).astype(np.longdouble)
    _, exponent = np.frexp(exact)
    unit = np.ldexp(np.longdouble(1), np.maximum(exponent - DIGITS[dtype], SMALLEST[dtype]))
    with np.errstate(invalid="ignore"):
        close = np.abs(actual.astype(np.longdouble) - exact) <= np.maximum(ulps * unit, slack)
    return np.where(finite, close, same(actual, limit))
