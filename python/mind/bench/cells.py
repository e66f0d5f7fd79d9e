# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What there is to measure: cells (rows of the report) and tasks (one sample of
one or more cells that come from the same run)."""

import dataclasses
import pathlib
import shutil

import numpy as np

from mind.bench import clock

# PyTorch's counterpart at each depth, (system, depth) by the worker's system.
TORCH_ROWS = {
    "eager": ("eager", ("steady", "process")),
    "dynamo": ("dynamo", ("mind",)),
    "aot": ("aot_eager", ("linalg",)),
    "aot_eager": ("aot_eager", ("plan", "first-run")),
    "inductor": ("inductor", ("object", "first-run", "steady", "process")),
    "aotinductor": ("aotinductor", ("process",)),
}

TORCH_DEPTHS = ("mind", "plan", "linalg", "object", "first-run", "steady", "process")
"""Depths at which PyTorch has a counterpart, in order."""

TIERS_AT = {"plan": (0,), "object": (1,), "first-run": (0, 1), "steady": (0, 1), "process": (0, 1)}
"""MIND's tiers that a depth is measured on; at other depths no tier is chosen."""

PLAN, CODE = 0, 1
"""The tiers: plans of precompiled kernels, and generated code."""

COMPILE_DEPTHS_OF_SCRIPTS = ("parse", "check", "mind")

MANY_OPERATIONS, SAMPLES_OF_MANY = 1_000_000, 3
"""From so many operations on, a sample takes seconds, and three do."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """The coordinates of one row."""

    program: str
    system: str
    depth: str
    column: str
    threads: int
    device: str = "cpu"
    variant: str = ""
    memory_format: str = ""
    caller: str = ""
    verify: bool = False
    tier: int | None = None
    """MIND's, where the depth reaches one."""

    @property
    def work_seconds(self):
        """How long its process computes before a sample."""
        return clock.WORK_SECONDS if self.column == "warm" else 0.0

    @property
    def judged_as(self):
        """Rows whose results stand and fall together. MIND's depths before any
        tier stand with generated code."""
        tier = CODE if self.system == "mind" and self.tier is None else self.tier
        return self.program, self.system, tier, self.variant, self.device


@dataclasses.dataclass(frozen=True)
class Output:
    """A result to be judged: what `cell.judged_as` computed, and where it is."""

    cell: Cell
    path: str
    result: tuple
    peak_bytes: int | None = None
    """The most memory that the process held, where that was asked."""


class Task:
    """One sample of `cells`; `run(lab)` gives {cell: (seconds, calls)}, Output.
    A third entry beside seconds and calls holds further fields of the cell's row."""

    kind = ""
    """Tasks of a kind and program share an estimate of their time."""

    def __init__(self, program, cells, samples, estimate):
        self.program = program
        self.cells = cells
        self.samples = samples
        self.estimate = estimate

    def prepare(self, lab):
        """Makes what samples need and none of them includes."""

    @property
    def label(self):
        cell = self.cells[-1]
        tier = "" if cell.tier is None else f"tier {cell.tier}"
        parts = [cell.program + (f"/{cell.variant}" if cell.variant else ""), cell.system, tier, cell.depth, cell.column]
        parts += [cell.device] if cell.device != "cpu" else []
        return " ".join(filter(None, parts))


class MindTask(Task):
    """A depth in the timed MIND process."""

    def __init__(self, program, variant, cell, samples):
        super().__init__(program, [cell], samples, 0.05 if cell.column == "cold" else 0.02)
        self.variant = variant

    def run(self, lab):
        (cell,) = self.cells
        output = lab.output_path(cell)
        answer = lab.workers.mind(
            cell.column,
            kind="measure",
            source=str(self.variant.source),
            inputs=lab.mind_inputs(self.program, self.variant),
            depth=cell.depth,
            threads=cell.threads,
            verify=cell.verify,
            kernels=self.variant.kernels,
            tier=CODE if cell.tier is None else cell.tier,
            work_seconds=cell.work_seconds,
            output=output,
        )
        judged = Output(cell, output, self.variant.result) if answer.get("output") else None
        more = {"phase_s": answer.get("phase_seconds"), "operations": answer.get("operations")}
        return {cell: (answer["seconds"], answer["calls"], more)}, judged


class YardstickTask(Task):
    """Tasks of MIND in turn, and then a module like the program's, built by hand and
    verified, in the timed MIND process: at one moment, since what is compared takes a
    few microseconds and the machine's clock may change by half from one second to the
    next."""

    def __init__(self, program, tasks, cell, samples):
        super().__init__(program, [task.cells[0] for task in tasks] + [cell], samples, 0.02 * (len(tasks) + 1))
        self.tasks = tasks

    def run(self, lab):
        cell = self.cells[-1]
        samples = {}
        for task in self.tasks:
            sample, _ = task.run(lab)
            samples |= sample
        answer = lab.workers.mind(cell.column, kind="measure", yardstick=self.program.yardstick, depth=cell.depth)
        return samples | {cell: (answer["seconds"], answer["calls"])}, None


class RoofTask(Task):
    """The program's multiplications and additions, and nothing else, in the timed
    MIND process: what its steady calls are held against."""

    def __init__(self, program, threads, samples):
        cell = Cell(program.name, "roof", "steady", "steady", threads, caller="c++")
        super().__init__(program, [cell], samples, 0.05)

    def run(self, lab):
        (cell,) = self.cells
        answer = lab.workers.mind(cell.column, kind="measure", roof=self.program.flops)
        return {cell: (answer["seconds"], answer["calls"])}, None


class MindPythonTask(Task):
    """Warm calls of MIND from Python."""

    def __init__(self, program, variant, cell, samples):
        super().__init__(program, [cell], samples, 0.05)
        self.variant = variant

    def run(self, lab):
        (cell,) = self.cells
        answer = lab.workers.mind_python(
            kind="measure",
            source=str(self.variant.source),
            inputs=lab.mind_inputs(self.program, self.variant),
            threads=cell.threads,
            kernels=self.variant.kernels,
            tier=cell.tier,
            output=lab.output_path(cell) if lab.first_sample_of(self) else None,
        )
        return {cell: (answer["seconds"], answer["calls"])}, Output(cell, answer["output"], self.variant.result)


class MindProcessTask(Task):
    """`mindc run --tier` of a file on .npy inputs, to the printed result."""

    def __init__(self, program, variant, cell, samples):
        super().__init__(program, [cell], samples, 0.1)
        self.variant = variant

    def run(self, lab):
        (cell,) = self.cells
        arguments = [str(self.variant.source), "--tier", str(cell.tier)]
        names = [p["name"] for p in self.program.parameters]
        for name, path in zip(names, lab.mind_inputs(self.program, self.variant)):
            arguments += ["--input", f"{name}=@{path}"]
        judged = None
        if lab.first_sample_of(self):  # Judged on a run of its own, not the timed one.
            output = lab.output_path(cell)
            peak = lab.workers.mindc_peak([*arguments, "--output", output])
            judged = Output(cell, output, self.variant.result, peak)
        return {cell: (lab.workers.mindc_run(arguments), 1)}, judged


class TorchTask(Task):
    """A PyTorch system; a cold sample gives `process` and the depths inside it."""

    def __init__(self, program, worker_system, cells, samples, estimate):
        super().__init__(program, cells, samples, estimate)
        self.worker_system = worker_system

    def job(self, lab):
        cell = self.cells[0]
        return dict(
            program=str(self.program.folder),
            values=str(lab.values_folder(self.program)),
            system=self.worker_system,
            measure="steady" if cell.column == "steady" else "first-run",
            memory_format=cell.memory_format,
            threads=cell.threads,
            device=cell.device,
            work_seconds=cell.work_seconds,
            output=lab.output_path(cell) if lab.first_sample_of(self) else None,
        )

    def prepare(self, lab):
        """Starts a lasting process, and has it compile for steady calls: a first
        sample that took all that would make the rest look too slow for the budget."""
        if self.cells[0].column != "cold" and lab.first_sample_of(self):
            lab.workers.torch(**self.job(lab), prepare=True)

    def run(self, lab):
        cell = self.cells[0]
        job = self.job(lab)
        answer = lab.workers.torch_once(job) if cell.column == "cold" else lab.workers.torch(**job)
        seconds = answer["seconds"]
        samples = {c: (seconds[c.depth], answer["calls"]) for c in self.cells if c.depth in seconds}
        return samples, Output(cell, answer["output"], None)


class PackageTask(TorchTask):
    """A new process that loads and runs what AOTInductor compiled before."""

    def job(self, lab):
        return super().job(lab) | {"package": str(lab.package_path(self.program, self.cells[0]))}

    def prepare(self, lab):
        job = self.job(lab)
        if not pathlib.Path(job["package"]).exists():
            lab.workers.torch_prepare("--package", job)


class LibtorchTask(TorchTask):
    """Warm calls of LibTorch from C++, beside MIND's."""

    def job(self, lab):
        stem = f"{self.program.name}-{self.cells[0].memory_format}"
        folder = lab.folder("scripts")
        files = {"module": f"{stem}.pt", "inputs": f"{stem}-inputs.pt", "output": f"{stem}.npy"}
        return super().job(lab) | {key: str(folder / name) for key, name in files.items()}

    def prepare(self, lab):
        job = self.job(lab)
        if not pathlib.Path(job["module"]).exists():
            lab.workers.torch_prepare("--script", job)

    def run(self, lab):
        (cell,) = self.cells
        job = self.job(lab)
        answer = lab.workers.libtorch(job)
        return {cell: (answer["seconds"], answer["calls"])}, Output(cell, job["output"], None)


class Lab:
    """What tasks share: workers, and the values on disk."""

    def __init__(self, workers):
        self.workers = workers
        self.done = {}

    def first_sample_of(self, task):
        return self.done.get(task, 0) == 0

    def forget(self):
        """Lets go of programs that are done with, here and in the workers."""
        self.workers.forget()
        for name in ("values", "mind-values"):
            shutil.rmtree(self.workers.folder / name, ignore_errors=True)

    def values_folder(self, program):
        """A folder of .npy files with the program's values in PyTorch's layout."""
        folder = self.workers.folder / "values" / program.name
        if not folder.exists():
            folder.mkdir(parents=True)
            for name, value in program.values().items():
                np.save(folder / f"{name}.npy", value)
        return folder

    def mind_inputs(self, program, variant):
        """Paths of .npy files in the order and layout of the MIND source."""
        folder = self.workers.folder / "mind-values" / program.name / (variant.name or "default")
        if not folder.exists():
            folder.mkdir(parents=True)
            for i, value in enumerate(program.mind_inputs(variant, program.values())):
                np.save(folder / f"{i}.npy", value)
        return [str(folder / f"{i}.npy") for i in range(len(program.parameters))]

    def folder(self, name):
        """A folder for files of one kind, which goes with the workers."""
        folder = self.workers.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def package_path(self, program, cell):
        return self.folder("packages") / f"{program.name}-{cell.memory_format}-{cell.device}.pt2"

    def output_path(self, cell):
        tier = "" if cell.tier is None else f"-{cell.tier}"
        return str(self.folder("outputs") / f"{cell.system}{tier}.npy")


@dataclasses.dataclass
class Choice:
    """What the command line chose to measure."""

    depths: tuple
    """Depth names, in order."""
    threads: tuple = (1,)
    device: str = "cpu"
    samples: int = 10
    cold_torch_samples: int = 3
    first_run_samples: int = 40
    """Of first runs in microseconds, on tier 0 in a warm process: they vary by more than
    others do, and take a fraction of a second each."""
    cold: bool = True
    torch: bool = True
    mind: bool = True
    mind_python: bool = True
    process: bool = True
    """Whether there is a `mindc` to run."""
    libtorch: bool = False
    """Whether there is a `libtorch-worker` to run."""


def tasks_of(program, choice):
    """Every task of a program under a choice."""
    tasks = list(mind_tasks(program, choice)) if choice.mind else []
    if choice.torch and not program.front_end_only:
        tasks += torch_tasks(program, choice)
    return tasks


def sweep_tasks(program, choice):
    """Steady calls from Python alone; a variant beside the main one is judged, and
    timed once. Of a program that has no model, what it takes to compile; of one of
    so many operations, what the front end takes."""
    if program.operations:
        samples = choice.samples if program.operations < MANY_OPERATIONS else min(choice.samples, SAMPLES_OF_MANY)
        for depth in COMPILE_DEPTHS_OF_SCRIPTS if choice.mind else ():
            cell = Cell(program.name, "mind", depth, "warm", choice.threads[0])
            yield MindTask(program, program.variants[0], cell, samples)
        return
    if program.front_end_only:
        for depth in ("plan", "object") if choice.mind else ():
            (tier,) = TIERS_AT[depth]
            cell = Cell(program.name, "mind", depth, "warm", choice.threads[0], tier=tier)
            yield MindTask(program, program.variants[0], cell, choice.samples)
        return
    base = dict(program=program.name, depth="steady", column="steady", threads=choice.threads[0], caller="python")
    if choice.mind and choice.mind_python:
        for variant in program.variants:
            for tier in tiers_of(variant, "steady"):
                cell = Cell(system="mind", variant=variant.name, tier=tier, **base)
                yield MindPythonTask(program, variant, cell, 1 if variant.name else choice.samples)
    yield from roof_tasks(program, choice)
    if choice.torch:
        for system in ("eager", "inductor"):
            cell = Cell(system=system, memory_format="contiguous", device=choice.device, **base)
            yield TorchTask(program, system, [cell], choice.samples, 0.1)


def tiers_of(variant, depth):
    """The tiers that a variant is measured on at a depth: (None,) before there is
    any, and without tier 0 if kernels are not to be called."""
    tiers = TIERS_AT.get(depth, (None,))
    return tiers if variant.kernels else tuple(tier for tier in tiers if tier == CODE)


def mind_tasks(program, choice):
    for variant in program.variants:
        for depth in choice.depths:
            if program.front_end_only and depth not in COMPILE_DEPTHS_OF_SCRIPTS:
                continue
            if not variant.kernels and depth not in ("first-run", "steady"):
                continue
            for tier in tiers_of(variant, depth):
                base = dict(program=program.name, system="mind", variant=variant.name, depth=depth, tier=tier)
                tasks = list(mind_depth_tasks(program, variant, choice, base))
                if program.yardstick and depth == "mind" and not variant.name:
                    tasks = beside_yardstick(program, tasks, choice)
                yield from tasks
    if "steady" in choice.depths:
        yield from roof_tasks(program, choice)


def beside_yardstick(program, tasks, choice):
    """`tasks` up to the module, the warm ones as one with the yardstick."""
    cell = Cell(program.name, "mlir", "mind", "warm", choice.threads[0], verify=True)
    warm = [task for task in tasks if task.cells[0].column == "warm"]
    return [task for task in tasks if task not in warm] + [YardstickTask(program, warm, cell, choice.samples)]


def roof_tasks(program, choice):
    """The roof of one thread, for programs whose arithmetic is known."""
    if choice.mind and program.flops and choice.threads[0] == 1:
        yield RoofTask(program, 1, choice.samples)


def mind_depth_tasks(program, variant, choice, base):
    """Every task of MIND at the depth and on the tier in `base`."""
    threads, depth = choice.threads[0], base["depth"]
    if depth == "steady":
        for count in choice.threads:
            cell = Cell(column="steady", threads=count, caller="c++", **base)
            yield MindTask(program, variant, cell, choice.samples)
            if choice.mind_python:
                cell = dataclasses.replace(cell, caller="python")
                yield MindPythonTask(program, variant, cell, choice.samples)
    elif depth == "process":
        if choice.cold and choice.process and not variant.name:
            cell = Cell(column="cold", threads=threads, **base)
            yield MindProcessTask(program, variant, cell, choice.samples)
    else:
        for column in ("cold", "warm") if choice.cold and not variant.name else ("warm",):
            cell = Cell(column=column, threads=threads, **base)
            in_microseconds = (depth, column, cell.tier) == ("first-run", "warm", 0)
            yield MindTask(program, variant, cell, choice.first_run_samples if in_microseconds else choice.samples)
        if depth == "mind":
            cell = dataclasses.replace(cell, verify=True)
            yield MindTask(program, variant, cell, choice.samples)


def torch_tasks(program, choice):
    threads = choice.threads[0]
    if choice.libtorch and "steady" in choice.depths:
        base = dict(program=program.name, system="libtorch", depth="steady", column="steady", caller="c++")
        for memory_format in program.memory_formats:
            for count in choice.threads:
                cell = Cell(threads=count, memory_format=memory_format, **base)
                yield LibtorchTask(program, "libtorch", [cell], choice.samples, 0.1)
    for worker_system, (system, depths) in TORCH_ROWS.items():
        wanted = [d for d in depths if d in choice.depths]
        in_formats = worker_system in ("eager", "inductor", "aotinductor")
        formats = program.memory_formats if in_formats else ("contiguous",)
        for memory_format in formats:
            base = dict(program=program.name, system=system, device=choice.device, memory_format=memory_format)
            first = [d for d in wanted if d not in ("steady", "process")]
            if choice.cold and (cold := [d for d in wanted if d != "steady"]):
                cells = [Cell(depth=d, column="cold", threads=threads, **base) for d in cold]
                estimate = {"inductor": 15, "eager": 3}.get(worker_system, 5)
                kind = PackageTask if worker_system == "aotinductor" else TorchTask
                yield kind(program, worker_system, cells, choice.cold_torch_samples, estimate)
            if first:
                cells = [Cell(depth=d, column="warm", threads=threads, **base) for d in first]
                estimate = 1 if worker_system == "inductor" else 0.2
                yield TorchTask(program, worker_system, cells, choice.samples, estimate)
            if "steady" in wanted:
                for count in choice.threads:
                    cell = Cell(depth="steady", column="steady", threads=count, caller="python", **base)
                    yield TorchTask(program, worker_system, [cell], choice.samples, 0.1)
