# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every operation on awkward shapes and values and compares the results
with LibTorch's: operations.py says what is run, tolerance.py what may differ."""

import os
import re
import subprocess

import pytest
import torch

import mind
from operations import ROWS

# The operations that the compiler knows, from its own table.
MINDC = os.path.join(os.environ.get("MIND_BUILD_DIR", "build"), "bin", "mindc")


def operations():
    listing = subprocess.run([MINDC, "ops"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^  (\w+)\(", listing, re.MULTILINE)


def failure(case):
    """The first of the case's inputs whose result is wrong, as text, or None."""
    function = mind.compile(case.source())
    for inputs in case.inputs():
        kept = [x.clone() for x in inputs]
        actual = function(*inputs)
        for x, before in zip(inputs, kept):
            assert torch.equal(x.view(torch.uint8) if x.dim() else x.reshape(1).view(torch.uint8),
                               before.view(torch.uint8) if before.dim()
                               else before.reshape(1).view(torch.uint8)), "an input was written"
        expected = case.reference(*inputs)
        if actual.shape != expected.shape:
            return f"shape {tuple(actual.shape)}, expected {tuple(expected.shape)}"
        reason = case.compare(actual, expected, inputs)
        if reason:
            return reason
    return None


def test_every_operation_has_a_row():
    assert sorted(ROWS) == sorted(set(operations()))


@pytest.mark.parametrize("name", ROWS)
def test_operation(name):
    failures = []
    for case in ROWS[name](name):
        reason = failure(case)
        if reason:
            failures.append(f"{case.source().strip()}\n    {reason}")
    assert not failures, f"{len(failures)} functions are wrong:\n" + "\n".join(failures[:20])
