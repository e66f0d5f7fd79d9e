# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs over the whole language, made from a seed, on both tiers: each against
LibTorch, and where operations are exact also against the other. utils/fuzz_tiers.py runs
more of them."""

import pytest
import torch

from elements import DTYPES
from random_programs import Program, failure
from random_programs.elementwise import EXACT_FLOAT_UNARY, FUNCTIONS, UNARY
from random_programs.value import Value

BATCHES, SIZE = 12, 20


@pytest.mark.tiers(1)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_programs_on_both_tiers(batch):
    for seed in range(batch * SIZE, batch * SIZE + SIZE):
        reason = failure(Program(seed), others=[Program(seed, 1)])
        assert reason is None, f"utils/fuzz_tiers.py --seed {seed}: {reason}"


@pytest.mark.tiers(1)
def test_a_program_follows_from_its_seed():
    sources = [Program(seed).source(True) for seed in range(20)]
    assert sources == [Program(seed).source(True) for seed in range(20)]
    assert len(set(sources)) == 20


@pytest.mark.tiers(1)
def test_that_differences_are_seen():
    expected = Value("f32", torch.tensor([1.0, 2.0]), torch.tensor([0.0, 0.5]))
    assert expected.difference(torch.tensor([1.0, 2.25])) is None
    assert "first at (1,)" in expected.difference(torch.tensor([1.0, 3.0]))
    assert "first at (0,)" in expected.difference(torch.tensor([1.0 + 2**-23, 2.0]))
    assert "is torch.float64" in expected.difference(torch.ones(2, dtype=torch.float64))
    exact = Value("f32", torch.tensor([0.0]))
    assert exact.difference(torch.tensor([-0.0])) is not None
    unknown = Value("f32", torch.tensor([0.0]), torch.tensor([float("inf")]))
    assert unknown.difference(torch.tensor([float("nan")])) is None


@pytest.mark.tiers(1)
@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32"])
@pytest.mark.parametrize("name", [*FUNCTIONS, *UNARY, *EXACT_FLOAT_UNARY])
def test_bounds_hold_wherever_the_operand_is(name, dtype):
    """Also where the result is much larger than that of the operand as it is."""
    meaning = {**FUNCTIONS, **UNARY, **EXACT_FLOAT_UNARY}[name]
    x = torch.linspace(-3, 3, 97).to(DTYPES[dtype])
    for size in [-1.0, -0.25, -2.0**-10, 2.0**-10, 0.25, 1.0]:
        end = x + size
        bounded = meaning(Value(dtype, x, (end.double() - x.double()).abs()))
        assert bounded.difference(meaning(Value(dtype, end)).tensor) is None
