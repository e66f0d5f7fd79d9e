# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every elementwise operation of the compiler's table on values that NumPy
judges: all pairs of 8-bit numbers, all 16-bit floats, all pairs of what is
awkward in the wider dtypes. And a program whose operands are literals, which the
compiler evaluates, gives the same bits as one whose operands are inputs."""

import numpy as np
import pytest

import mind
from numpy_reference import (DIGITS, FLOATS, NUMPY, REFERENCES, SMALLEST, converted, edges,
                             expected, near, rounded, same, sweep)
from table import OPERATIONS
from tolerance import EPS, ULPS, ULPS_16

ELEMENTWISE = {name for name, operation in OPERATIONS.items()
               if operation["family"] == "elementwise"}
PAIRS = [(name, dtype) for name in REFERENCES if name != "cast" and name in OPERATIONS
         for dtype in OPERATIONS[name]["dtypes"]]
CASTS = [(x, y) for x in NUMPY for y in NUMPY]


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="ignore"):
        yield


def test_every_elementwise_operation_is_judged():
    assert set(REFERENCES) == ELEMENTWISE


# ----------------------------------------------------------------- programs

def carrier(dtype):
    """The dtype of inputs and results; NumPy has no bf16."""
    return "f32" if dtype == "bf16" else dtype


def tensor_type(dtype, shape):
    return f"Tensor<{dtype},[{', '.join(map(str, shape))}]>" if shape else dtype


def compiled(expression, dtypes, arrays):
    """`expression` of a, b, c, whose dtypes are given."""
    names = "abc"[:len(arrays)]
    parameters = ", ".join(f"{name}: {tensor_type(carrier(dtype), x.shape)}"
                           for name, dtype, x in zip(names, dtypes, arrays))
    lets = "".join(f"  let {name} = {name} as bf16;\n"
                   for name, dtype in zip(names, dtypes) if dtype == "bf16")
    return mind.compile(f"fn main({parameters}) {{\n{lets}  {expression}\n}}\n")


def back(expression, dtype):
    return f"{expression} as f32" if dtype == "bf16" else expression


def operand_dtypes(name, dtype):
    return ["bool", dtype, dtype] if name == "where" else [dtype] * REFERENCES[name].operands


def operands(name, dtype):
    """Arrays that broadcast, so that every value meets every other."""
    count = REFERENCES[name].operands
    if count == 1:
        return [sweep(dtype)]
    values = [edges(kind) for kind in operand_dtypes(name, dtype)]
    if count == 3:
        values = [x[:: max(1, len(x) // 40)] for x in values]
    if dtype not in FLOATS and name in ("div", "rem"):
        values[1] = values[1][values[1] != 0]
    if dtype not in FLOATS and name == "pow":
        values[1] = values[1][values[1] >= 0]
    return [x.reshape([-1 if i == axis else 1 for i in range(count)])
            for axis, x in enumerate(values)]


def call(name):
    return f"{name}({', '.join('abc'[:REFERENCES[name].operands])})"


def describe(good, actual, wanted, inputs):
    """Where the results first differ, and for which operands."""
    index = tuple(np.argwhere(~good)[0])
    at = [np.broadcast_to(x, good.shape)[index] for x in inputs]
    return (f"{np.count_nonzero(~good)} of {good.size} elements differ, first at "
            f"{', '.join(map(repr, at))}: {actual[index]!r}, expected {wanted[index]!r}")


def ulps(name, dtype):
    return ULPS_16 if dtype in ("f16", "bf16") else ULPS[name]


def slack(name, dtype, x):
    """Absolute errors that tolerance.py grants the activations."""
    size = np.abs(np.where(np.isfinite(x), x, 0).astype(np.longdouble))
    if name == "gelu":
        return ULPS[name] * EPS[dtype] * size + 2.0**SMALLEST[dtype]
    if name in ("sigmoid", "silu"):
        smallest_normal = 2.0**(SMALLEST[dtype] + DIGITS[dtype] - 1)
        return smallest_normal * (size if name == "silu" else 1)
    return 0.0


# -------------------------------------------------------------------- tests

@pytest.mark.parametrize("name,dtype", PAIRS)
def test_operation(name, dtype):
    reference = REFERENCES[name]
    result = reference.result or dtype
    inputs = operands(name, dtype)
    function = compiled(back(call(name), result), operand_dtypes(name, dtype), inputs)
    actual, wanted = function(*inputs), expected(name, dtype, inputs)
    assert actual.dtype == NUMPY[result]
    if reference.judge == "function" and dtype in FLOATS:
        good = near(actual, wanted, ulps(name, dtype), dtype, slack(name, dtype, inputs[0]))
    else:
        good = same(actual, wanted, reference.judge == "any zero")
    assert good.shape == wanted.shape and good.all(), describe(good, actual, wanted, inputs)


@pytest.mark.parametrize("source,dtype", CASTS)
def test_cast(source, dtype):
    values = sweep(source)
    if source in FLOATS and dtype in FLOATS:
        # Ties and their neighbours, on the way to the narrower dtype.
        ties = edges(dtype).astype(np.float64)
        half = ties * (1 + 2.0**-DIGITS[dtype])
        values = np.concatenate([values, rounded(np.concatenate(
            [half, np.nextafter(half, np.inf), np.nextafter(half, -np.inf)]), source)])
    function = compiled(back(f"cast(a, {dtype})", dtype), [source], [values])
    actual, wanted = function(values), converted(values, source, dtype)
    good = same(actual, wanted)
    assert good.all(), describe(good, actual, wanted, [values])


@pytest.mark.parametrize("dtype", ["i8", "u8", "i32", "i64"])
@pytest.mark.parametrize("symbol", ["/", "%"])
def test_integer_division_by_zero_is_an_error(symbol, dtype):
    function = mind.compile(f"fn main(a: {dtype}, b: {dtype}) {{ a {symbol} b }}")
    for dividend in edges(dtype):
        with pytest.raises(mind.RunError) as caught:
            function(dividend, NUMPY[dtype](0))
        assert caught.value.code == "E6005"


# ---------------------------------------------------------------- constants

def literal(value, dtype):
    """`value` as an expression of literals."""
    if dtype == "bool":
        return str(bool(value)).lower()
    if dtype not in FLOATS:
        return str(value)
    if np.isnan(value):
        return "0.0 / 0.0"
    if np.isinf(value):
        return "1.0 / 0.0" if value > 0 else "-1.0 / 0.0"
    text = np.format_float_scientific(np.float64(value), unique=True, trim="0")
    return text.replace("e+", "e")


def listed(x, dtype):
    return "[" + ", ".join(literal(value, dtype) for value in x) + "]"


def constant_operands(name, dtype):
    """Some hundred pairs of awkward values, and few enough that they are folded."""
    kinds = operand_dtypes(name, dtype) if name != "cast" else [dtype]
    arrays = []
    for position, kind in enumerate(kinds):
        values = edges(kind)
        if position and dtype not in FLOATS and name in ("div", "rem"):
            values = values[values != 0]
        if position and dtype not in FLOATS and name == "pow":
            values = values[values >= 0]
        order = np.random.default_rng(position).integers(0, len(values), 300)
        arrays.append(values[order])
    return kinds, arrays


@pytest.mark.parametrize("name,dtype", [*PAIRS, *(("cast", dtype) for dtype in NUMPY)])
def test_constants_are_what_inputs_are(name, dtype):
    kinds, arrays = constant_operands(name, dtype)
    names = "abc"[:len(arrays)]
    if name == "cast":
        expression = "(" + ", ".join(back(f"cast(a, {to})", to) for to in NUMPY) + ")"
    else:
        expression = back(call(name), REFERENCES[name].result or dtype)
    lets = "".join(f"let {x}: {tensor_type(kind, values.shape)} = {listed(values, kind)};\n"
                   for x, kind, values in zip(names, kinds, arrays))
    folded = mind.compile(lets + expression)()
    computed = compiled(expression, kinds, arrays)(*arrays)
    if name != "cast":
        folded, computed = [folded], [computed]
    for constant, computed_one in zip(folded, computed):
        good = same(constant, computed_one)
        assert good.all(), describe(good, constant, computed_one, arrays)
