# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The order of the samples, the gate, the budget, and what an interrupt leaves."""

import dataclasses
import itertools
import random
import sys
import time

from mind.bench import workers

EXPENSIVE_SECONDS = 1.0
"""Samples of a task that takes longer may be left out when time runs short."""


def interleave(tasks, seed):
    """Every sample of every task, in an order random but fixed by `seed`.

    Sample i of n lies at random in the i-th of n equal parts of the run, so
    that a slow drift of the machine meets all systems alike.
    """
    chance = random.Random(seed)
    places = [
        ((i + chance.random()) / task.samples, number, task)
        for number, task in enumerate(tasks)
        for i in range(task.samples)
    ]
    return [task for _, _, task in sorted(places, key=lambda place: place[:2])]


@dataclasses.dataclass
class Measured:
    """What a run has measured."""

    samples: dict = dataclasses.field(default_factory=dict)
    """Cell -> seconds of each sample, in order."""
    calls: dict = dataclasses.field(default_factory=dict)
    """Cell -> calls behind each sample."""
    checks: dict = dataclasses.field(default_factory=dict)
    """Cell.judged_as -> (correct or None, message)."""
    peaks: dict = dataclasses.field(default_factory=dict)
    """Cell -> the most bytes that its process held."""
    phases: dict = dataclasses.field(default_factory=dict)
    """Cell -> seconds of its last phase alone, of each sample."""
    operations: dict = dataclasses.field(default_factory=dict)
    """Cell -> operations that its last phase works on."""
    errors: dict = dataclasses.field(default_factory=dict)
    """Cell -> why it could not be measured."""
    left_out: int = 0
    """Samples left out because the time budget was used up."""
    interrupted: bool = False

    def add(self, cell, seconds, calls, more=None):
        """Keeps one sample; `more` may have fields `phase_s` and `operations`."""
        self.samples.setdefault(cell, []).append(seconds)
        self.calls.setdefault(cell, []).append(calls)
        if more and more["phase_s"] is not None:
            self.phases.setdefault(cell, []).append(more["phase_s"])
        if more and more["operations"] is not None:
            self.operations[cell] = more["operations"]

    def correct(self, cell):
        """True, False, or None where nothing was judged."""
        if cell in self.errors and cell.system == "mind":
            return False
        return self.checks.get(cell.judged_as, (None, ""))[0]

    @property
    def failed(self):
        """Whether any row failed its check."""
        cells = {*self.samples, *self.errors}
        return any(self.correct(cell) is False for cell in cells)


class Interrupted(BaseException):
    """A signal asks for the end. Not a KeyboardInterrupt: once one of these has passed
    through a text that `exec` runs, Python ends by SIGINT, whoever caught it."""


class Progress:
    """Which cell is being measured and how long is left, on standard error."""

    EVERY_SECONDS = 15

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.last = None

    def show(self, done, total, label, seconds_left):
        now = time.monotonic()
        if not self.live and self.last is not None and now - self.last < self.EVERY_SECONDS:
            return
        self.last = now
        left = f"{seconds_left / 60:.0f} min" if seconds_left > 90 else f"{seconds_left:.0f} s"
        text = f"[{done + 1}/{total}] {label}, about {left} left"
        self.stream.write(f"\r\x1b[2K{text}" if self.live else text + "\n")
        self.stream.flush()

    def close(self):
        if self.live:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()


class Estimates:
    """Seconds a sample of each task takes: the task's guess, then the mean of its runs."""

    def __init__(self):
        self.runs = {}

    def of(self, task):
        runs = self.runs.get(task)
        return sum(runs) / len(runs) if runs else task.estimate

    def add(self, task, seconds):
        self.runs.setdefault(task, []).append(seconds)


def judge(lab, task, output, measured):
    """Asks the oracle about one result; without PyTorch there is no verdict."""
    key = output.cell.judged_as
    if measured.checks.get(key, (True, ""))[0] is False:
        return
    try:
        verdict = lab.workers.oracle(
            program=str(task.program.folder),
            values=str(lab.values_folder(task.program)),
            output=output.path,
            result=output.result,
        )
        measured.checks[key] = verdict["correct"], verdict["message"]
    except workers.WorkerError as error:
        measured.checks.setdefault(key, (None, f"not checked: {error}"))


def run(tasks, lab, seed=0, budget_seconds=None, progress=None, oracle=True, one_by_one=False):
    """Runs every sample of `tasks`; an interrupt leaves what has been measured.

    With `one_by_one` samples are interleaved within a program only, and each
    program is forgotten before the next, for programs of much data.
    """
    measured = Measured()
    groups = [list(group) for _, group in itertools.groupby(tasks, lambda task: one_by_one and task.program.name)]
    schedule = [task for group in groups for task in interleave(group, seed)]
    program = None
    remaining = {task: task.samples for task in tasks}
    estimates = Estimates()
    start = time.monotonic()
    try:
        for done, task in enumerate(schedule):
            if any(cell in measured.errors for cell in task.cells):
                continue
            left = sum(n * estimates.of(t) for t, n in remaining.items())
            remaining[task] -= 1
            elapsed = time.monotonic() - start
            short = budget_seconds is not None and elapsed + left > budget_seconds
            if short and estimates.of(task) > EXPENSIVE_SECONDS and lab.done.get(task):
                measured.left_out += 1
                continue
            if progress:
                if short:  # What is slow will be left out from now on.
                    left = sum(n * estimates.of(t) for t, n in remaining.items() if estimates.of(t) <= EXPENSIVE_SECONDS)
                    left = max(left, budget_seconds - elapsed)
                progress.show(done, len(schedule), task.label, left)
            try:
                if one_by_one and program is not task.program:
                    lab.forget()
                    program = task.program
                task.prepare(lab)
                began = time.monotonic()
                samples, output = task.run(lab)
            except workers.WorkerError as error:
                for cell in task.cells:
                    measured.errors[cell] = str(error)
                remaining[task] = 0
                continue
            estimates.add(task, time.monotonic() - began)
            for cell, (seconds, calls, *more) in samples.items():
                measured.add(cell, float(seconds), calls, *more)
            if output and output.peak_bytes:
                measured.peaks[output.cell] = output.peak_bytes
            if output and oracle and lab.first_sample_of(task):
                judge(lab, task, output, measured)
            lab.done[task] = lab.done.get(task, 0) + 1
    except Interrupted:
        measured.interrupted = True
    finally:
        if progress:
            progress.close()
    return measured
