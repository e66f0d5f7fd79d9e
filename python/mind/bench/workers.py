# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The child processes: one is started for each kind of timed work.

Every child leads a process group of its own, so that an interrupt typed at the
terminal reaches the orchestrator alone, which then ends each child with all
that the child has started (compilers, compile workers).
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time


class WorkerError(Exception):
    """A worker that answered with an error, or not at all."""


class Child:
    """A process with pipes, ended together with its group."""

    def __init__(self, command, environment=None):
        self.name = pathlib.Path(command[0]).name
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            encoding="utf-8",
            env=environment,
            start_new_session=True,
        )

    def failure(self):
        """What a dead process left on standard error, in one line."""
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        code = self.process.poll()
        return f"{self.name} ended with code {code}" + (f": {lines[-1]}" if lines else "")

    def close(self):
        """Lets an idle process leave by itself, then ends the whole group."""
        try:
            self.process.stdin.close()
            self.process.wait(timeout=2)
        except (OSError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class LineWorker(Child):
    """A worker that answers one JSON object a line."""

    def request(self, **job):
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.process.wait()
            raise WorkerError(self.failure())
        answer = json.loads(line)
        if answer.get("error"):
            raise WorkerError(answer["error"])
        return answer


class PythonWorker(LineWorker):
    """A worker of this package, which can let go of the programs it knows."""

    def forget(self):
        self.request(forget=True)


def cache_environment(folder, threads=None):
    """The environment of a PyTorch process whose every cache is in `folder`."""
    folder = pathlib.Path(folder)
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ)
    environment.update(
        TMPDIR=str(folder / "tmp"),  # Inductor's precompiled header goes here.
        TORCHINDUCTOR_CACHE_DIR=str(folder / "inductor"),
        TRITON_CACHE_DIR=str(folder / "triton"),
        CUDA_CACHE_PATH=str(folder / "cuda"),
        TORCHINDUCTOR_FX_GRAPH_REMOTE_CACHE="0",
        TORCHINDUCTOR_AUTOTUNE_REMOTE_CACHE="0",
        PYTHONPATH=python_path(),
    )
    environment.pop("TORCHINDUCTOR_FORCE_DISABLE_CACHES", None)
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    return environment


def python_path():
    """PYTHONPATH for children: the folder this package was loaded from first."""
    here = str(pathlib.Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))


PEAK_MEMORY = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
"""Prints the most bytes that a command held. The system counts what its parent held
when it was forked, so this runs in a small process of its own."""


class Workers:
    """Starts children when first wanted, keeps the lasting ones, ends them all."""

    def __init__(self, mind_command=None, mindc=None, python=sys.executable, libtorch=None):
        self.mind_command = mind_command
        self.mindc = mindc
        self.libtorch_worker = libtorch
        self.python = python
        self.lasting = {}
        self.passing = []
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mind-bench-"))

    def close(self):
        for child in [*self.lasting.values(), *self.passing]:
            child.close()
        self.lasting.clear()
        self.passing.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _lasting(self, key, start):
        if key not in self.lasting:
            self.lasting[key] = start()
        return self.lasting[key]

    def _pass(self, child, use):
        """Runs `use(child)` and ends the child, whatever happens."""
        self.passing.append(child)
        try:
            return use(child)
        finally:
            self.passing.remove(child)
            child.close()

    def _module(self, name, folder, threads=None):
        command = [self.python, "-m", f"mind.bench.{name}"]
        return PythonWorker(command, cache_environment(self.folder / folder, threads))

    def forget(self):
        """Has the lasting workers let go of programs that are done with."""
        for child in self.lasting.values():
            if isinstance(child, PythonWorker):
                child.forget()

    def mind(self, column, **job):
        """One job in the timed MIND process: a fresh one for the cold column."""
        if column == "cold":
            return self._pass(LineWorker(self.mind_command), lambda w: w.request(column=column, **job))
        worker = self._lasting(("mind", column), lambda: LineWorker(self.mind_command))
        return worker.request(column=column, **job)

    def mind_python(self, **job):
        return self._lasting("mind-python", lambda: self._module("mind_worker", "mind-python")).request(**job)

    def oracle(self, **job):
        return self._lasting("oracle", lambda: self._module("oracle", "oracle")).request(**job)

    def torch(self, **job):
        """A warm or steady job; one process for each measure, device and thread
        count, so that each has warmed up what its own device needs."""
        key = ("torch", job["measure"], job.get("device", "cpu"), job.get("threads"))
        folder = "-".join(map(str, key))
        worker = self._lasting(key, lambda: self._module("torch_worker", folder, job.get("threads")))
        return worker.request(**job)

    def _torch_process(self, mode, job, use):
        """A PyTorch process of its own, with empty caches, for one job."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        environment = cache_environment(folder, job["threads"])
        command = [self.python, "-m", "mind.bench.torch_worker", mode, json.dumps(job)]
        try:
            return self._pass(Child(command, environment), use)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def torch_prepare(self, mode, job):
        """Has PyTorch write files that later samples use: "--package" what
        AOTInductor compiles, "--script" what libtorch-worker runs."""

        def use(child):
            child.process.stdout.read()
            if child.process.wait() != 0:
                raise WorkerError(child.failure())

        self._torch_process(mode, job, use)

    def libtorch(self, job):
        """One sample of LibTorch called from C++; a process for each program and
        thread count."""
        arguments = [job["module"], job["inputs"], job["output"], str(job["threads"])]
        command = [str(self.libtorch_worker), *arguments]
        environment = dict(os.environ, OMP_NUM_THREADS=str(job["threads"]))
        return self._lasting(("libtorch", *command), lambda: LineWorker(command, environment)).request()

    def torch_once(self, job):
        """A cold PyTorch process. Its answer, with the seconds from its start to
        the printed result added as the depth `process`."""

        def use(child):
            seconds, line = None, ""
            for line in child.process.stdout:
                if line == "RESULT\n":
                    seconds = time.perf_counter() - start
            if child.process.wait() != 0 or seconds is None:
                raise WorkerError(child.failure())
            answer = json.loads(line)
            answer["seconds"]["process"] = seconds
            return answer

        start = time.perf_counter()
        return self._torch_process("--once", job, use)

    def mindc_peak(self, arguments):
        """The most bytes that `mindc run ARGUMENTS` held in memory."""

        def use(child):
            printed = child.process.stdout.read()
            if child.process.wait() != 0:
                raise WorkerError(child.failure())
            return int(printed)

        return self._pass(Child([self.python, "-S", "-c", PEAK_MEMORY, str(self.mindc), "run", *arguments]), use)

    def mindc_run(self, arguments):
        """Seconds from the start of `mindc run ARGUMENTS` to its end."""

        def use(child):
            child.process.stdin.close()
            child.process.stdout.read()
            if child.process.wait() != 0:
                raise WorkerError(child.failure())
            return time.perf_counter() - start

        start = time.perf_counter()
        return self._pass(Child([str(self.mindc), "run", *arguments]), use)
