# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the report says about the machine, the software, and the run."""

import os
import pathlib
import platform
import shlex
import shutil
import subprocess

import numpy as np

NOTED_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_CORETYPE", "KMP_AFFINITY", "CXX", "TORCH_LOGS")
LAUNCHER_OPTIONS = ("--mind-worker", "--programs-root")
"""What `mind-bench` tells the orchestrator, each with a value."""

NOTED_FLAGS = ("avx2", "fma", "avx512f", "avx512_bf16", "amx_tile")


def first_line(command):
    """The first line a command prints, or None if there is no such command."""
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout.splitlines() or [None])[0]


def cuda_driver():
    """The version of NVIDIA's driver, or None."""
    return first_line(["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"])


def cpu():
    """Model name and the noted vector extensions."""
    name, flags = platform.processor() or platform.machine(), []
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() == "flags":
                flags = [f for f in NOTED_FLAGS if f in value.split()]
                break
    except OSError:
        pass
    return name, flags


def operating_system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"] + f", kernel {platform.release()}"
    except OSError:
        return platform.platform()


def load_average():
    return list(os.getloadavg()) if hasattr(os, "getloadavg") else None


def available_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def collect(mind=None, torch=None, roof=None):
    """The report's `environment`. `mind` and `torch` are what the workers say of
    themselves, `roof` the measured limits, one entry a thread count."""
    name, flags = cpu()
    return {
        "cpu": name,
        "cpu_features": flags,
        "cores": available_cores(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "os": operating_system(),
        "load_before": load_average(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "gxx": first_line([os.environ.get("CXX", "g++"), "--version"]),
        "variables": {v: os.environ[v] for v in NOTED_VARIABLES if v in os.environ},
        "mind": mind,
        "torch": torch,
        "roof": roof or [],
    }


def command_line(arguments):
    """The command as a person typed it, without what the launcher has added."""
    words, words_in = [], iter(arguments)
    for word in words_in:
        if word in LAUNCHER_OPTIONS:
            next(words_in, None)
        else:
            words.append(word)
    return shlex.join(["mind-bench", *words])
