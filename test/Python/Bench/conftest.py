# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of the benchmark share: its package, a program, a fake worker."""

import pathlib
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "python"))

from mind.bench import cells, programs, protocol, workers  # noqa: E402


@pytest.fixture
def scalar_math():
    return programs.load(ROOT / "bench" / "programs" / "scalar_math")


@pytest.fixture
def fake_worker(tmp_path, monkeypatch, scalar_math):
    """The command of a worker that answers with the right result of scalar_math;
    `fake_worker.result` may be overwritten by a wrong one."""
    path = tmp_path / "result.npy"
    np.save(path, scalar_math.values()["x"] + 4)
    monkeypatch.setenv("FAKE_RESULT", str(path))

    class Fake:
        script = str(pathlib.Path(__file__).with_name("fake_mind_worker.py"))
        command = [sys.executable, script]
        result = path

    return Fake


@pytest.fixture
def pool(fake_worker):
    with workers.Workers(fake_worker.command) as pool:
        yield pool


@pytest.fixture
def measured(scalar_math):
    """A run as it might have been, with a wrong row and an unmeasured one."""
    run = protocol.Measured()
    base = dict(program="scalar_math", threads=1)

    def add(system, depth, column, samples, **more):
        cell = cells.Cell(system=system, depth=depth, column=column, **base, **more)
        run.samples[cell] = samples
        run.calls[cell] = [1] * len(samples)
        run.checks[cell.judged_as] = (True, "")
        return cell

    spread = np.linspace(0.9, 1.1, 11)
    add("mind", "mind", "warm", list(spread * 1e-5))
    add("mind", "mind", "warm", list(spread * 2e-5), verify=True)
    del run.checks[add("mlir", "mind", "warm", list(spread * 1.6e-5), verify=True).judged_as]
    add("dynamo", "mind", "warm", list(spread * 5e-2))
    plan = add("mind", "plan", "warm", list(spread * 2e-5), tier=0)
    run.phases[plan], run.operations[plan] = list(spread * 4e-6), 8
    add("aot_eager", "plan", "warm", list(spread * 4e-2))
    add("mind", "first-run", "warm", list(spread * 5e-5), tier=0)
    add("mind", "first-run", "warm", list(spread * 2e-3), tier=1)
    add("inductor", "first-run", "warm", list(spread * 1.0), memory_format="contiguous")
    add("inductor", "first-run", "warm", list(spread * 0.5), memory_format="channels_last")
    add("mind", "steady", "steady", list(spread * 2e-6), caller="python", tier=0)
    add("mind", "steady", "steady", list(spread * 1e-6), caller="python", tier=1)
    add("inductor", "steady", "steady", list(spread * 5e-5), caller="python")
    wrong = add("eager", "steady", "steady", list(spread * 1e-5), caller="python")
    run.checks[wrong.judged_as] = (False, "1 of 10 values differ")
    missing = cells.Cell(system="aot_eager", depth="first-run", column="warm", **base)
    run.errors[missing] = "no such backend"
    return run


@pytest.fixture
def measured_on_cuda(measured):
    """The same run on a machine that has a GPU as well."""
    spread = np.linspace(0.9, 1.1, 11)
    for system, depth, column, seconds, more in (
        ("dynamo", "mind", "warm", 6e-2, {}),
        ("inductor", "first-run", "warm", 4.0, {}),
        ("inductor", "steady", "steady", 2e-5, {"caller": "python"}),
        ("eager", "steady", "steady", 1e-5, {"caller": "python"}),
    ):
        cell = cells.Cell("scalar_math", system, depth, column, 1, device="cuda", memory_format="contiguous", **more)
        measured.samples = {cell: list(spread * seconds)} | measured.samples  # Whatever comes first.
        measured.calls[cell] = [1] * 11
        measured.checks[cell.judged_as] = (True, "")
    return measured
