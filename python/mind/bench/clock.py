# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Timing of warm calls, the same for every system called from Python."""

import statistics
import time

WARM_CALLS = 5
"""Calls before a steady sample, and behind the median that `first-run` loses."""

WAKE_SECONDS = 0.1
"""How long a device with a clock of its own is kept busy before a steady sample: one
that idled between samples, as it does while others are measured, runs slowly at first."""

WORK_SECONDS = 0.01
"""How long a process that is to be warm multiplies and adds before a first run, MIND's
and PyTorch's alike: a processor that has done without its widest vectors for some
milliseconds computes at half its speed for the next ones (measured on a Zen 3,
docs/tiers.md)."""

BURST_SECONDS = 0.01
BLOCK_SECONDS = 100e-6


def median_call(call, wait=lambda: None):
    """Median seconds of WARM_CALLS single calls; `wait` ends asynchronous work."""
    times = []
    for _ in range(WARM_CALLS):
        start = time.perf_counter()
        call()
        wait()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def wake(call, wait, seconds):
    """Calls for so many seconds."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        call()
        wait()


def steady_sample(call, wait=lambda: None, wake_seconds=0.0):
    """One steady sample: the median over a burst of blocks of calls.

    Calls too short for the clock are timed in blocks of BLOCK_SECONDS, and `wait`
    ends each block: as many calls as fit one are launched before any is waited
    for. Returns seconds a call and the number of calls.
    """
    wake(call, wait, wake_seconds)
    per_call = median_call(call, wait)
    block = max(1, round(BLOCK_SECONDS / max(per_call, 1e-9)))
    blocks = max(5, round(BURST_SECONDS / (block * max(per_call, 1e-9))))
    times = []
    for _ in range(blocks):
        start = time.perf_counter()
        for _ in range(block):
            call()
        wait()
        times.append((time.perf_counter() - start) / block)
    return statistics.median(times), block * blocks
