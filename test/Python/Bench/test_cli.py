# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command line of mind-bench over a fake worker, and its exit codes."""

import importlib.metadata
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from mind.bench import cells, cli, programs, results, workers

QUICK = ["--no-torch", "--threads", "1", "--samples", "2"]


@pytest.fixture
def bench(fake_worker, tmp_path, capfd):
    """Runs the command line; gives exit code, output, errors and results."""

    class Outcome:
        pass

    def run(*arguments):
        out = tmp_path / "out"
        outcome = Outcome()
        outcome.code = cli.main([*arguments, "--mind-worker", fake_worker.script, "--out", str(out)])
        outcome.output, outcome.errors = capfd.readouterr()
        path = out / "mind_results.json"
        outcome.results = json.loads(path.read_text()) if path.exists() else None
        outcome.files = sorted(p.name for p in out.iterdir()) if out.exists() else []
        return outcome

    return run


def test_a_run_writes_every_report(bench):
    outcome = bench("scalar_math", *QUICK)
    assert outcome.code == 0
    assert outcome.files == [
        "first-run.svg", "front-end.svg", "mind_results.json", "pytorch_results.json", "report.html", "results.md"
    ]  # fmt: skip
    assert results.check_schema(outcome.results) == []
    assert {row["depth"] for row in outcome.results["rows"]} == {
        "parse", "check", "mind", "plan", "linalg", "llvm", "object", "first-run", "steady"
    }  # fmt: skip
    generated = {row["depth"] for row in outcome.results["rows"] if row["variant"] == "generated"}
    assert generated == {"first-run", "steady"}
    tiers = {(row["depth"], row["tier"]) for row in outcome.results["rows"] if row["variant"] == ""}
    assert tiers >= {("plan", 0), ("object", 1), ("first-run", 0), ("first-run", 1), ("steady", 0), ("steady", 1)}
    (plan,) = {(row["phase_s"], row["operations"]) for row in outcome.results["rows"] if row["depth"] == "plan"}
    assert plan == (2e-4, 4)
    assert outcome.output.startswith("=== MIND vs PyTorch 2 compilation benchmark ===")
    assert re.search(r"scalar_math\S* mind ", outcome.errors)  # Progress goes to standard error.


def test_a_yardstick_is_measured_beside_depth_mind(bench):
    outcome = bench("script_small_matmul", "--depth", "mind", *QUICK)
    (row,) = [row for row in outcome.results["rows"] if row["system"] == "mlir"]
    assert (row["depth"], row["column"], row["verify"], row["n"]) == ("mind", "warm", True, 2)
    assert results.check_schema(outcome.results) == [] and " 1.00x " in outcome.output
    assert "mlir" not in {r["system"] for r in bench("script_small_matmul", "--depth", "check", *QUICK).results["rows"]}


def test_a_yardstick_is_timed_in_the_same_moment():
    class Workers:
        jobs = []

        def mind(self, column, **job):
            self.jobs.append((job.get("yardstick"), job.get("verify")))
            return {"seconds": 1e-6, "calls": 1}

    (program,) = programs.select(ROOT / "bench" / "programs", ["script_small_matmul"])
    tasks = list(cells.mind_tasks(program, cells.Choice(depths=("check", "mind"), cold=False)))
    (task,) = [t for t in tasks if isinstance(t, cells.YardstickTask)]
    assert [(c.system, c.depth, c.verify) for t in tasks for c in t.cells] == [
        ("mind", "check", False),
        ("mind", "mind", False),
        ("mind", "mind", True),
        ("mlir", "mind", True),
    ]
    lab = cells.Lab(Workers())
    lab.output_path = lab.mind_inputs = lambda *of: None
    samples, judged = task.run(lab)
    assert list(samples) == task.cells and judged is None
    assert Workers.jobs == [(None, False), (None, True), ("matmul", None)]


def test_the_roof_is_the_higher_of_two_and_outlives_the_worker():
    class Pool:
        answers = [{"fma_flops": 2.0, "bandwidth_bytes": 5.0}]

        def mind(self, column, **job):
            if not self.answers:
                raise workers.WorkerError("gone")
            return self.answers.pop()

    first = [{"threads": 1, "fma_flops": 3.0, "bandwidth_bytes": 4.0}]
    assert cli.higher_roof(Pool(), (1,), first) == [{"threads": 1, "fma_flops": 3.0, "bandwidth_bytes": 5.0}]
    assert cli.higher_roof(Pool(), (1,), first) == first


def test_a_wrong_result_exits_with_3(bench, fake_worker):
    pytest.importorskip("torch")
    np.save(fake_worker.result, np.zeros((1, 10), np.float32))
    outcome = bench("scalar_math", "--depth", "first-run", *QUICK)
    assert outcome.code == cli.EXIT_FAILED_CHECK == 3
    assert "FAIL" in outcome.output and "values differ" in outcome.output
    assert {row["median_s"] for row in outcome.results["rows"]} == {None}


def test_depths_and_columns_can_be_chosen(bench):
    rows = bench("scalar_math", "--depth", "mind,parse", "--no-cold", *QUICK).results["rows"]
    assert {(row["depth"], row["column"]) for row in rows} == {("parse", "warm"), ("mind", "warm")}


def test_front_end_only_programs_stop_at_mind(bench):
    rows = bench("script_reductions", *QUICK).results["rows"]
    assert {row["depth"] for row in rows} == {"parse", "check", "mind"}
    assert {row["correct"] for row in rows} == {None}


def test_list_names_depths_and_programs(bench):
    outcome = bench("--list")
    assert outcome.code == 0
    assert "first-run" in outcome.output and "conv2d" in outcome.output
    assert outcome.results is None


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["no_such_program"], "no program 'no_such_program'"),
        (["--depth", "deep"], "no depth 'deep'; there are parse, check"),
        (["--threads", "0"], "'0' is neither a positive number nor 'all'"),
    ],
)
def test_wrong_usage_is_one_sentence_and_2(bench, arguments, message):
    outcome = bench(*arguments)
    assert outcome.code == 2
    assert outcome.errors.startswith("mind-bench: error: ") and message in outcome.errors
    assert outcome.errors.count("\n") == 1


def test_unknown_options_exit_with_2(bench):
    with pytest.raises(SystemExit) as stop:
        bench("--no-such-option")
    assert stop.value.code == 2


def test_a_worker_that_does_not_start_is_one_sentence_and_2(bench, monkeypatch, fake_worker, tmp_path):
    broken = tmp_path / "mind-bench"
    broken.write_text("#!/bin/sh\necho cannot load >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(fake_worker, "script", str(broken))
    outcome = bench("scalar_math", *QUICK)
    assert outcome.code == 2
    assert outcome.errors == "mind-bench: error: mind-bench ended with code 1: cannot load\n"


def test_an_output_folder_that_cannot_be_made_is_2(fake_worker, tmp_path, capfd):
    (tmp_path / "file").write_text("")
    code = cli.main(["scalar_math", *QUICK, "--mind-worker", fake_worker.script, "--out", str(tmp_path / "file" / "x")])
    assert code == 2 and "Not a directory" in capfd.readouterr().err


def test_missing_or_old_pytorch_is_told_with_the_remedy(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.13.1+cpu")
    problem = cli.torch_problem()
    if problem and "not installed" in problem:
        pytest.skip("no PyTorch")
    assert "1.13.1+cpu is too old" in problem and "pip install -r python/requirements.txt" in problem
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda name: None)
    assert cli.torch_problem() == "PyTorch is not installed; run: pip install -r python/requirements.txt"


# Python ends by SIGINT, whatever its exit code is to be, once a KeyboardInterrupt has
# passed through a text that `exec` runs, as named tuples and data classes are made.
@pytest.mark.parametrize("signals", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_in_generated_code_is_130_too(tmp_path, signals):
    (tmp_path / "interrupted.py").write_text(
        "import signal, sys\n"
        "from mind.bench import cli\n"
        f"sys.exit(cli.guarded(lambda: exec('signal.raise_signal({int(signals)})')))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "python"), str(tmp_path)])}
    done = subprocess.run([sys.executable, "-m", "interrupted"], env=environment, capture_output=True, text=True,
                          preexec_fn=lambda: signal.signal(signals, signal.SIG_DFL))
    assert done.returncode == cli.EXIT_INTERRUPTED, done.stderr


@pytest.mark.parametrize("signals", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_writes_what_was_measured(fake_worker, tmp_path, signals):
    command = [sys.executable, "-m", "mind.bench", "scalar_math", "--no-torch", "--threads", "1"]
    command += ["--mind-worker", fake_worker.script, "--out", str(tmp_path / "out"), "--samples", "10000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "TMPDIR": str(tmp_path)}
    # Whoever runs the tests in the background may have made SIGINT one to ignore.
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                               preexec_fn=lambda: signal.signal(signals, signal.SIG_DFL))
    process.stderr.readline()  # The first sample has begun.
    process.send_signal(signals)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == cli.EXIT_INTERRUPTED
    assert "interrupted; what was measured is in" in errors
    written = json.loads((tmp_path / "out" / "mind_results.json").read_text())
    assert written["interrupted"] and results.check_schema(written) == []
    assert [p.name for p in pathlib.Path(tmp_path).iterdir() if p.name.startswith("mind-bench-")] == []
