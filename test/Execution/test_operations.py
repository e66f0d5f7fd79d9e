# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every operation on every dtype that the compiler's table claims for it,
on awkward shapes and values, and compares the results with LibTorch's. rows/
says what is run, operations.py how, tolerance.py what may differ."""

import contextlib
import io
import subprocess

import pytest
import torch

import mind
from elements import DTYPES
from rows import ROWS
from table import MINDC, OPERATIONS

PAIRS = [(name, dtype) for name in ROWS for dtype in DTYPES]


def is_claimed(name, dtype):
    row, operation = ROWS[name], OPERATIONS[name]
    if row.dtypes:
        return dtype in row.dtypes
    return dtype in operation["dtypes"]


def some_dtype(name):
    return next(dtype for dtype in ("f32", "i32", "i64", "bool") if is_claimed(name, dtype))


def bytes_of(tensor):
    return tensor.contiguous().reshape(-1).view(torch.uint8)


def failure(row, call, dtype):
    """Why the call is wrong for some inputs, or None."""
    function = mind.compile(call.source(dtype))
    keywords = row.keywords(call, dtype)
    for inputs in row.inputs(call, dtype):
        kept = [x.clone() for x in inputs]
        with contextlib.redirect_stdout(io.StringIO()) as stream:
            results = function(*inputs)
        for x, before in zip(inputs, kept):
            if not torch.equal(bytes_of(x), bytes_of(before)):
                return "an input was written"
        expected = row.reference(*inputs, **keywords)
        if isinstance(expected, str):
            if (stream.getvalue(), results) != (expected, ()):
                return f"prints {stream.getvalue()!r}, expected {expected!r}"
            continue
        several = isinstance(expected, (tuple, list))
        results, expected = ((list(results), list(expected)) if several
                             else ([results], [expected]))
        if len(results) != len(expected):
            return f"{len(results)} results, expected {len(expected)}"
        for actual, wanted in zip(results, expected):
            if actual.shape != wanted.shape:
                return f"shape {tuple(actual.shape)}, expected {tuple(wanted.shape)}"
            dtype_wanted = DTYPES[row.result_dtype(dtype, keywords)]
            if actual.dtype != dtype_wanted:
                return f"{actual.dtype}, expected {dtype_wanted}"
            reason = row.judge(actual, wanted, inputs, **keywords)
            if reason:
                return reason
    return None


def codes(source):
    """What the checker says of a program, each code once."""
    try:
        mind.compile(source)
    except mind.CompileError as error:
        return {diagnostic.code for diagnostic in error.diagnostics}
    return set()


def test_every_operation_has_a_row():
    assert sorted(ROWS) == sorted(OPERATIONS)


@pytest.mark.parametrize("name,dtype", [p for p in PAIRS if is_claimed(*p)])
def test_operation(name, dtype):
    row = ROWS[name]
    failures = []
    for call in row.calls:
        reason = failure(row, call, dtype)
        if reason:
            failures.append(f"{call.source(dtype).strip()}\n    {reason}")
    assert not failures, f"{len(failures)} functions are wrong:\n" + "\n".join(failures[:20])


@pytest.mark.parametrize("name", ROWS)
def test_other_dtypes_are_refused(name):
    row = ROWS[name]
    call = row.calls[0]
    if not any(operand.dtype is None for operand in call.operands):
        return
    for dtype in DTYPES:
        if not is_claimed(name, dtype):
            # Of indices, E4011.
            assert codes(call.source(dtype)) in ({"E2005"}, {"E4011"}), call.source(dtype)


@pytest.mark.parametrize("name", ROWS)
def test_wrong_calls_are_refused(name):
    row = ROWS[name]
    dtype = some_dtype(name)
    for call in row.wrong:
        assert codes(call.source(dtype)) == {call.error}, call.source(dtype)


# ---------------------------------------------------------------------- forms

def split(arguments):
    """The arguments of a call, which are separated by commas outside brackets."""
    parts, depth = [""], 0
    for character in arguments:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def forms(operation, expression):
    """Other ways to write the call `expression`."""
    callee, rest = expression.split("(", 1)
    arguments = split(rest.rsplit(")", 1)[0])
    listed = ", ".join(arguments)
    yield f"tensor.{callee}({listed})"
    if arguments and arguments[0].isidentifier():
        yield f"{arguments[0]}.{callee}({', '.join(arguments[1:])})"
    for other in operation["names"]:
        yield f"{other}({listed})"
    names = [parameter["name"] for parameter in operation["parameters"]]
    positional = [argument for argument in arguments if "=" not in argument]
    if len(positional) <= len(names):
        yield f"{callee}({', '.join(f'{n}={a}' for n, a in zip(names, positional))}" + (
            "".join(f", {a}" for a in arguments[len(positional):])) + ")"
    if operation["symbol"] and len(arguments) == 2:
        yield f"{arguments[0]} {operation['symbol']} {arguments[1]}"


def module_of(source):
    done = subprocess.run([MINDC, "emit", "--stop-after=mind", "-"], input=source,
                          capture_output=True, text=True)
    return done.stdout or done.stderr


@pytest.mark.parametrize("name", ROWS)
def test_forms_mean_the_same(name):
    row, operation = ROWS[name], OPERATIONS[name]
    call = row.calls[0]
    dtype = some_dtype(name)
    source = call.source(dtype)
    expected = module_of(source)
    assert expected.startswith("module"), expected
    for form in forms(operation, call.text(dtype)):
        assert module_of(source.replace(call.text(dtype), form)) == expected, form
