# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Timing of warm calls, the same for every system called from Python."""

import statistics
import time

WARM_CALLS = 5
"""Calls before a steady sample, and behind the median that `first-run` loses."""

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


def steady_sample(call, wait=lambda: None):
    """One steady sample: the median over a burst of blocks of calls.

    Calls too short for the clock are timed in blocks of BLOCK_SECONDS. Returns
    seconds a call and the number of calls.
    """
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
