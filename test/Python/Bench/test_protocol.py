# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import io
import pathlib
import tempfile
import time

import numpy as np
import pytest
from conftest import ROOT

from mind.bench import cells, cli, clock, programs, protocol, results, workers


class CountedTask(cells.Task):
    """A task that needs no process."""

    def __init__(self, name, samples, estimate=0.0, seconds=1.0, interrupt_at=None):
        super().__init__(None, [cells.Cell(name, "mind", "mind", "warm", 1)], samples, estimate)
        self.seconds = seconds
        self.interrupt_at = interrupt_at
        self.runs = 0

    def run(self, lab):
        self.runs += 1
        if self.runs == self.interrupt_at:
            raise protocol.Interrupted
        return {self.cells[0]: (self.seconds, 1)}, None


def order(tasks, seed):
    return [task.cells[0].program for task in protocol.interleave(tasks, seed)]


def test_interleaving_is_random_but_fixed_by_its_seed():
    tasks = [CountedTask(name, 10) for name in "abcd"]
    assert order(tasks, 1) == order(tasks, 1)
    assert order(tasks, 1) != order(tasks, 2)
    assert sorted(order(tasks, 1)) == sorted("abcd" * 10)


def test_every_tenth_of_a_run_holds_one_sample_of_each_task():
    tasks = [CountedTask(name, 10) for name in "abcd"]
    places = order(tasks, 3)
    assert all(sorted(places[i : i + 4]) == list("abcd") for i in range(0, 40, 4))


def test_few_samples_are_spread_over_the_run():
    places = order([CountedTask("slow", 3), CountedTask("fast", 60)], 0)
    thirds = [places[i : i + 21] for i in range(0, 63, 21)]
    assert all(abs(third.count("slow") - 1) <= 1 for third in thirds)
    assert places.count("slow") == 3


class RecordingWorkers:
    """Takes jobs, and does nothing."""

    def __init__(self, folder):
        self.folder = folder
        self.jobs = []

    def mind(self, column, **job):
        self.jobs.append(job)
        return {"seconds": 1.0, "calls": 1}

    def torch(self, **job):
        return self.torch_once(job)

    def torch_once(self, job):
        self.jobs.append(job)
        return {"seconds": {"first-run": 1.0}, "calls": 1, "output": None}


@pytest.mark.parametrize("column, seconds", [("warm", clock.WORK_SECONDS), ("cold", 0.0)])
def test_both_sides_have_computed_for_as_long_before_a_first_run(column, seconds, tmp_path):
    lab = cells.Lab(RecordingWorkers(tmp_path))
    program = programs.load(ROOT / "bench" / "programs" / "small_matmul")
    mind = cells.Cell(program.name, "mind", "first-run", column, 1, tier=0)
    torch = cells.Cell(program.name, "inductor", "first-run", column, 1)
    cells.MindTask(program, program.variants[0], mind, 1).run(lab)
    cells.TorchTask(program, "inductor", [torch], 1, 1).run(lab)
    assert [job["work_seconds"] for job in lab.workers.jobs] == [seconds, seconds]


def test_all_samples_are_kept():
    tasks = [CountedTask("a", 4), CountedTask("b", 2)]
    measured = protocol.run(tasks, cells.Lab(None))
    assert [len(measured.samples[t.cells[0]]) for t in tasks] == [4, 2]
    assert not measured.failed and not measured.interrupted


def test_a_short_budget_leaves_out_only_repeated_slow_samples():
    slow, fast = CountedTask("slow", 3, estimate=100), CountedTask("fast", 5)

    # A slow sample is believed to take long, without the test taking long.
    class Estimates(protocol.Estimates):
        def add(self, task, seconds):
            super().add(task, 100 if task is slow else 0)

    original, protocol.Estimates = protocol.Estimates, Estimates
    try:
        measured = protocol.run([slow, fast], cells.Lab(None), budget_seconds=10)
    finally:
        protocol.Estimates = original
    assert (slow.runs, fast.runs) == (1, 5)
    assert measured.left_out == 2


def test_an_interrupt_keeps_what_was_measured():
    tasks = [CountedTask("a", 10, interrupt_at=6)]
    measured = protocol.run(tasks, cells.Lab(None))
    assert measured.interrupted
    assert len(measured.samples[tasks[0].cells[0]]) == 5


def test_a_worker_that_fails_ends_its_cell_and_no_other():
    class Failing(CountedTask):
        def run(self, lab):
            super().run(lab)
            raise workers.WorkerError("no such operation")

    failing, good = Failing("a", 5), CountedTask("b", 5)
    measured = protocol.run([failing, good], cells.Lab(None))
    assert failing.runs == 1 and good.runs == 5
    assert measured.errors[failing.cells[0]] == "no such operation"
    assert measured.failed  # MIND must be able to compile the programs.


def test_what_is_prepared_is_no_part_of_a_sample():
    events = []

    class Prepared(CountedTask):
        def prepare(self, lab):
            events.append("prepare")

        def run(self, lab):
            events.append("run")
            return super().run(lab)

    protocol.run([Prepared("a", 2)], cells.Lab(None))
    assert events == ["prepare", "run"] * 2


def test_a_package_is_made_once_for_each_layout(scalar_math):
    made = []

    class Pool:
        folder = None

        def torch_prepare(self, mode, job):
            assert mode == "--package"
            made.append(job["package"])
            pathlib.Path(job["package"]).touch()

    choice = cells.Choice(depths=("process",), samples=2, mind=False)
    tasks = [t for t in cells.tasks_of(scalar_math, choice) if isinstance(t, cells.PackageTask)]
    assert [t.cells[0].memory_format for t in tasks] == list(scalar_math.memory_formats)
    with tempfile.TemporaryDirectory() as folder:
        Pool.folder = pathlib.Path(folder)
        lab = cells.Lab(Pool())
        for task in tasks * 2:
            task.prepare(lab)
    assert len(made) == len(set(made)) == len(tasks)


def mind_cells(program, pool, depth="first-run"):
    choice = cells.Choice(
        depths=(depth,), samples=2, first_run_samples=2, torch=False, mind_python=False, process=False
    )
    return protocol.run(cells.tasks_of(program, choice), cells.Lab(pool))


def test_a_right_result_passes_the_gate(scalar_math, pool):
    pytest.importorskip("torch")
    measured = mind_cells(scalar_math, pool)
    rows = results.rows_of(measured)
    assert {row["correct"] for row in rows} == {True}
    assert {(row["tier"], row["column"]): row["n"] for row in rows if not row["variant"]} == {
        (tier, column): 2 for tier in (0, 1) for column in ("cold", "warm")
    }


def test_a_wrong_result_fails_the_gate(scalar_math, pool, fake_worker):
    pytest.importorskip("torch")
    right = np.load(fake_worker.result)
    with_nan = right.copy()
    with_nan[0, 3] = np.nan
    for wrong in (right + np.float32(1e-2), with_nan, right.reshape(10)):
        np.save(fake_worker.result, wrong)
        measured = mind_cells(scalar_math, pool)
        assert measured.failed
        for row in results.rows_of(measured):
            assert row["correct"] is False and row["median_s"] is None and row["note"]


def test_tiers_are_judged_apart(scalar_math):
    measured = protocol.Measured()
    choice = cells.Choice(depths=("mind", "plan", "object", "first-run"), torch=False)
    rows = [cell for task in cells.tasks_of(scalar_math, choice) for cell in task.cells if not cell.variant]
    for cell in rows:
        measured.add(cell, 1.0, 1)
    (wrong,) = {cell.judged_as for cell in rows if cell.tier == 0}
    measured.checks = {cell.judged_as: (cell.judged_as != wrong, "") for cell in rows}
    assert {(row["depth"], row["correct"]) for row in results.rows_of(measured) if row["tier"] == 0} == {
        ("plan", False),
        ("first-run", False),
    }
    assert {row["correct"] for row in results.rows_of(measured) if row["tier"] != 0} == {True}


def test_an_answer_with_an_error_reaches_the_report(scalar_math, pool, monkeypatch):
    monkeypatch.setenv("FAKE_ERROR", "error[E1190]: `conv2d` is not supported yet")
    measured = mind_cells(scalar_math, pool)
    assert measured.failed
    assert "E1190" in results.rows_of(measured)[0]["note"]


def test_a_worker_that_dies_is_an_error_with_its_last_words():
    child = workers.LineWorker(["/bin/sh", "-c", "echo out of luck >&2; exit 9"])
    try:
        with pytest.raises(workers.WorkerError, match="code 9: out of luck"):
            child.request(kind="describe")
    finally:
        child.close()


def test_closing_a_worker_ends_what_it_started(tmp_path):
    # The grandchild would write the file if it outlived its parent.
    script = f"(sleep 2; touch {tmp_path}/survived) & echo '{{}}'; cat"
    child = workers.LineWorker(["/bin/sh", "-c", script])
    child.request()
    child.close()
    time.sleep(2.2)
    assert not (tmp_path / "survived").exists()


def test_progress_names_the_cell_and_the_time_left():
    stream = io.StringIO()
    progress = protocol.Progress(stream)
    progress.show(0, 7, "conv2d inductor first-run cold", 250.0)
    assert stream.getvalue() == "[1/7] conv2d inductor first-run cold, about 4 min left\n"


def test_caches_of_a_torch_process_lie_in_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1")
    environment = workers.cache_environment(tmp_path, threads=1)
    for name in ("TMPDIR", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "CUDA_CACHE_PATH"):
        assert environment[name].startswith(str(tmp_path))
    assert "TORCHINDUCTOR_FORCE_DISABLE_CACHES" not in environment
    assert environment["OMP_NUM_THREADS"] == "1"


def test_each_device_has_a_torch_process_of_its_own(tmp_path, monkeypatch):
    started = []

    class Worker:
        def __init__(self, command, environment=None):
            started.append(environment["TORCHINDUCTOR_CACHE_DIR"])

        def request(self, **job):
            return job

        def close(self):
            pass

    monkeypatch.setattr(workers, "PythonWorker", Worker)
    with workers.Workers() as pool:
        for device in ("cpu", "cuda", "cpu", "cuda"):
            assert pool.torch(measure="steady", device=device, threads=1)["device"] == device
    assert len(started) == len(set(started)) == 2


@pytest.mark.parametrize("devices", [("cpu",), ("cuda",), ("cpu", "cuda")])
def test_mind_is_measured_once_whatever_the_devices(scalar_math, devices):
    arguments = cli.parser().parse_args(["--samples", "3"])
    depths = ("first-run", "steady")
    made = cli.choices(arguments, depths, (1, 2), devices, {}, None, {}, None, None, 10)
    tasks = [task for choice in made for task in cells.tasks_of(scalar_math, choice)]
    found = [cell for task in tasks for cell in task.cells]
    assert len(found) == len(set(found))
    assert {cell.device for cell in found if cell.system == "mind"} == {"cpu"}
    assert {cell.device for cell in found if cell.system != "mind"} == set(devices)
    # Threads are the CPU's: on CUDA there is one row.
    assert {cell.threads for cell in found if cell.device == "cuda"} <= {1}


@pytest.mark.parametrize(
    "given, warm, first_runs, cold_torch", [([], 10, 40, 3), (["--samples", "3"], 3, 3, 3)]
)
def test_first_runs_in_microseconds_have_more_samples(scalar_math, given, warm, first_runs, cold_torch):
    (choice,) = cli.choices(cli.parser().parse_args(given), ("plan", "first-run"), (1,), ("cpu",), {}, None, {}, None, None, 10)
    numbers = {cell: task.samples for task in cells.tasks_of(scalar_math, choice) for cell in task.cells}
    for cell, number in numbers.items():
        if cell.system != "mind" and cell.column == "cold":
            assert number == cold_torch
        elif (cell.depth, cell.column, cell.tier) == ("first-run", "warm", 0):
            assert number == first_runs
        else:
            assert number == warm
    assert {first_runs, warm, cold_torch} == set(numbers.values())


def test_a_device_is_woken_and_each_block_of_calls_is_waited_for():
    events = []

    def sample(wake_seconds):
        events.clear()
        return clock.steady_sample(lambda: events.append("call"), lambda: events.append("wait"), wake_seconds)

    seconds, calls = sample(0.0)
    assert seconds > 0
    assert events[: 2 * clock.WARM_CALLS] == ["call", "wait"] * clock.WARM_CALLS
    assert events.count("call") == clock.WARM_CALLS + calls and events[-1] == "wait"
    _, calls = sample(0.01)
    assert events.count("call") > clock.WARM_CALLS + calls


def test_what_precedes_a_first_sample_is_in_no_estimate(scalar_math):
    jobs = []

    class Pool:
        def torch(self, **job):
            jobs.append((job["measure"], job.get("prepare", False)))
            return {"seconds": {"steady": 1.0, "first-run": 1.0}, "calls": 1, "output": None}

    with tempfile.TemporaryDirectory() as folder:
        Pool.folder = pathlib.Path(folder)
        cell = cells.Cell("scalar_math", "eager", "steady", "steady", 1, memory_format="contiguous")
        protocol.run([cells.TorchTask(scalar_math, "eager", [cell], 2, 0.1)], cells.Lab(Pool()), oracle=False)
    assert jobs == [("steady", True), ("steady", False), ("steady", False)]
