# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times one PyTorch cell; runs only as a child process with its own caches.

Four ways to run it:

  python -m mind.bench.torch_worker             warm and steady: a job a line
  python -m mind.bench.torch_worker --once JOB  cold: one job, from the start of
                                                the process to the printed result
  python -m mind.bench.torch_worker --package JOB
                                                compiles ahead of time what a job
                                                of system "aotinductor" loads
  python -m mind.bench.torch_worker --script JOB
                                                writes what libtorch-worker runs

A job: ``program`` (folder), ``values`` (folder of .npy files), ``system``,
``measure`` ("first-run" or "steady"), ``memory_format``, ``threads``,
``device``, ``output`` (an .npy path to write the result to, or null),
``work_seconds`` (how long the process has computed before a first call), for
"aotinductor" also ``package`` (the path of its package). The
answer: ``seconds`` (depth -> seconds), ``calls`` and ``output``; nothing if
``prepare`` asks only for what precedes a first sample.

Library imports (torch, Dynamo, Inductor) are outside every window but that of
`process`, which the parent times.
"""

import gc
import json
import pathlib
import sys
import time

import numpy as np
import torch

from mind.bench import clock, environment, programs


class Compilers:
    """What `torch.compile` is given for each system, with Inductor's own time."""

    def __init__(self):
        import torch._dynamo
        import torch._inductor.compile_fx as compile_fx
        import torch._inductor.decomposition as decomposition
        from functorch.compile import make_boxed_func
        from torch._dynamo.backends.common import aot_autograd

        self.inside_inductor = 0.0
        self.first_execution = None
        """Seconds of the first execution of what `aot_eager` compiled."""

        def timed_inner(*args, **kwargs):
            start = time.perf_counter()
            compiled = compile_fx.compile_fx_inner(*args, **kwargs)
            self.inside_inductor += time.perf_counter() - start
            return compiled

        def inductor(graph, inputs):
            return compile_fx.compile_fx(graph, inputs, inner_compile=timed_inner)

        def aot_eager(graph, inputs):
            compiled = torch._dynamo.lookup_backend("aot_eager")(graph, inputs)

            def timed(*args):
                if self.first_execution is not None:
                    return compiled(*args)
                start = time.perf_counter()
                result = compiled(*args)
                self.first_execution = time.perf_counter() - start
                return result

            return timed

        def unchanged(graph, inputs):
            return make_boxed_func(graph.forward)

        self.backends = {
            "dynamo": lambda graph, inputs: graph.forward,
            "aot": aot_autograd(
                fw_compiler=unchanged,
                inference_compiler=unchanged,
                decompositions=decomposition.select_decomp_table(),
            ),
            "aot_eager": aot_eager,
            "inductor": inductor,
        }

    def compile(self, model, system):
        """`model` wrapped by `torch.compile`, or itself for eager."""
        if system == "eager":
            return model
        self.inside_inductor, self.first_execution = 0.0, None
        return torch.compile(model, backend=self.backends[system], fullgraph=True, dynamic=False)


# The depth a first call measures, by system; `process` is the parent's.
FIRST_CALL_DEPTH = {
    "eager": "first-run",
    "dynamo": "mind",
    "aot": "linalg",
    "aot_eager": "first-run",
    "inductor": "first-run",
    "aotinductor": "first-run",
}


def load_values(folder):
    return {path.stem: np.load(path) for path in pathlib.Path(folder).glob("*.npy")}


def prepare(job):
    """The module and its inputs on the job's device, in its memory format."""
    program = programs.load(job["program"])
    model, inputs = programs.load_model(program, load_values(job["values"]), torch)
    if job["memory_format"] == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        inputs = [x.to(memory_format=torch.channels_last) if x.dim() == 4 else x for x in inputs]
    device = job.get("device", "cpu")
    return model.to(device), [x.to(device) for x in inputs]


def waiter(device):
    """What ends the work that a call leaves running on the device."""
    return torch.cuda.synchronize if device == "cuda" else lambda: None


def compute_in_f32():
    """Turns off TF32, in which PyTorch convolves on CUDA unless told otherwise:
    10 bits of mantissa are not f32, and fail the tolerance of f32."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def open_device(device):
    """Makes the CUDA context and library handles before any window opens."""
    if device == "cuda":
        x = torch.ones(1, 8, 8, 8, device=device)
        torch.nn.functional.conv2d(x @ x, x[:, :, :3, :3])
        torch.cuda.synchronize()


class Packages:
    """What stands for the compilers where the program was compiled before."""

    def __init__(self, path):
        self.path = path

    def compile(self, model, system):
        import torch._inductor as inductor

        return inductor.aoti_load_package(self.path)


def make_package(job):
    """Compiles the job's program ahead of time, in its layout and for its device."""
    import torch._inductor as inductor

    model, inputs = prepare(job)
    torch.set_num_threads(job["threads"])
    with torch.no_grad():
        exported = torch.export.export(model, tuple(inputs))
        inductor.aoti_compile_and_package(exported, package_path=job["package"])


def make_script(job):
    """Writes the job's program as TorchScript to job["module"], and its inputs
    to job["inputs"], for LibTorch in C++."""
    model, inputs = prepare(job)
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(model, tuple(inputs)), job["module"])
    torch.save(list(inputs), job["inputs"])


def work(seconds):
    """Multiplies matrices on the CPU for so long, as MIND's process does."""
    if seconds:
        matrix = torch.zeros(64, 64)
        clock.wake(lambda: matrix @ matrix, lambda: None, seconds)


def first_call(compilers, job, on_result=None):
    """Compiles and calls once, then warm calls; the answer to the parent.

    `on_result` gets the result before the warm calls.
    """
    system, device = job["system"], job.get("device", "cpu")
    wait = waiter(device)
    model, inputs = prepare(job)
    gc.collect()
    wait()  # Copies to the device belong to no window.
    work(job["work_seconds"])
    with torch.inference_mode():
        start = time.perf_counter()
        compiled = compilers.compile(model, system) if compilers else model
        result = compiled(*inputs)
        wait()
        total = time.perf_counter() - start
        if on_result:
            on_result(result)
        warm = clock.median_call(lambda: compiled(*inputs), wait)
    seconds = {FIRST_CALL_DEPTH[system]: max(total - warm, 0.0)}
    if system == "inductor":
        seconds["object"] = compilers.inside_inductor
    if system == "aot_eager":
        seconds["plan"] = max(total - compilers.first_execution, 0.0)
    return {"seconds": seconds, "calls": 1, "output": save(job, result)}


def save(job, result):
    path = job.get("output")
    if path:
        np.save(path, result.detach().cpu().contiguous().numpy())
    return path


def unrelated_program(compilers, device):
    """What a warm process has compiled before: touches every lazy part once."""
    x = torch.linspace(0, 1, 24, device=device).reshape(4, 6)
    with torch.inference_mode():
        for system in compilers.backends:
            compilers.compile(lambda y: torch.sin(y) * 3 - y.sum(1, keepdim=True), system)(x)


class Worker:
    """Answers warm and steady jobs in one process."""

    def __init__(self):
        self.compilers = None
        self.steady_calls = {}

    def handle(self, job):
        if job["measure"] == "describe":
            return describe()
        torch.set_num_threads(job["threads"])
        if not self.compilers:
            self.compilers = Compilers()
            open_device(job.get("device", "cpu"))
            if job["measure"] == "first-run":
                unrelated_program(self.compilers, job.get("device", "cpu"))
        if job["measure"] == "steady":
            return self.steady(job)
        if job.get("prepare"):
            return {}
        torch.compiler.reset()
        with fresh_cache():
            return first_call(self.compilers, job)

    def steady(self, job):
        key = (job["program"], job["system"], job["memory_format"], job["threads"], job["device"])
        if key not in self.steady_calls:
            model, inputs = prepare(job)
            self.steady_calls[key] = self.compilers.compile(model, job["system"]), inputs
        compiled, inputs = self.steady_calls[key]
        with torch.inference_mode():
            result = compiled(*inputs)
            if job.get("prepare"):
                return {}
            wake_seconds = clock.WAKE_SECONDS if job["device"] == "cuda" else 0.0
            seconds, calls = clock.steady_sample(lambda: compiled(*inputs), waiter(job["device"]), wake_seconds)
        return {"seconds": {"steady": seconds}, "calls": calls, "output": save(job, result)}

    def forget(self):
        self.steady_calls.clear()
        torch.compiler.reset()


def fresh_cache():
    """An empty Inductor cache, in memory and on disk, for one sample."""
    import torch._inductor.utils as utils

    name = "fresh_cache" if hasattr(utils, "fresh_cache") else "fresh_inductor_cache"
    return getattr(utils, name)()


def describe():
    """Versions and settings of PyTorch, for the report."""
    import torch._inductor.config as config

    try:
        import triton

        triton_version = triton.__version__
    except ImportError:
        triton_version = None
    cuda = torch.cuda.is_available()
    return {
        "torch": torch.__version__,
        "triton": triton_version,
        "cuda": cuda,
        "cuda_device": torch.cuda.get_device_name() if cuda else None,
        "cuda_version": torch.version.cuda,
        "cuda_driver": environment.cuda_driver() if cuda else None,
        "threads": torch.get_num_threads(),
        "compile_workers": config.compile_threads,
        "cxx": config.cpp.cxx[-1] if isinstance(config.cpp.cxx, tuple) else config.cpp.cxx,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "settings": "fullgraph=True, dynamic=False, eval(), inference_mode(), default mode, freezing off, TF32 off",
    }


def once(job):
    """A cold sample. Prints the result, then a line RESULT for the parent's
    clock, and after the warm calls the answer."""

    def print_result(result):
        print(result)
        print("RESULT", flush=True)

    torch.set_num_threads(job["threads"])
    open_device(job.get("device", "cpu"))
    if job["system"] == "eager":
        compilers = None
    elif job["system"] == "aotinductor":
        compilers = Packages(job["package"])
    else:
        compilers = Compilers()
    print(json.dumps(first_call(compilers, job, print_result)), flush=True)


MODES = {"--once": once, "--package": make_package, "--script": make_script}


def main():
    compute_in_f32()
    if len(sys.argv) == 3:
        MODES[sys.argv[1]](json.loads(sys.argv[2]))
        return
    from mind.bench import jsonlines

    jsonlines.serve(Worker())


if __name__ == "__main__":
    main()
