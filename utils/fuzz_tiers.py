#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs random programs on both tiers, against LibTorch and one another.

    utils/fuzz_tiers.py --seconds 600               as many programs as that takes
    utils/fuzz_tiers.py --seed 4711                 one program: its source, and why it fails
    utils/fuzz_tiers.py --tiers 0 --build build-asan    one tier, under the sanitizers

A program that fails is made smaller while it still does, and printed with its seed. The
programs run in a process of their own; if that crashes, its seed is reported, and another
process goes on behind it. Exits 1 if something failed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def report(program, tiers, reason, shrink, with_inputs):
    print(f"== seed {program.seed}: {reason}", flush=True)
    for symbolic in (False, True):
        small = shrink(program, tiers, symbolic)
        if small:
            print(f"{small[2]}\n{small[0].source(symbolic)}", flush=True)
            if with_inputs:
                for name, value in small[1].items():
                    print(name, value)
            return
    print(program.source(bool(program.names)), flush=True)


def work(options):
    """Runs programs until it is time; the log has the next seed, and how many failed. The
    exit status is 0 if it gets to the end."""
    sys.path[:0] = [str(ROOT / "test/Execution"), str(ROOT / "python"),
                    str(options.build / "python")]
    import torch

    from random_programs import Program, failure, shrink

    torch.set_num_threads(1)
    tiers = tuple(map(int, options.tiers))
    seed, failed, end = options.start, 0, time.monotonic() + options.seconds
    while True:
        options.log.write_text(f"{seed} {failed}\n")
        program = Program(seed)
        if options.seed is not None:
            print(program.source(bool(program.names)), flush=True)
        reason = failure(program, tiers=tiers, others=[Program(seed, 1)])
        if reason:
            failed += 1
            report(program, tiers, reason, shrink, options.seed is not None)
        seed += 1
        if options.seed is not None or time.monotonic() >= end or failed >= options.most:
            options.log.write_text(f"{seed} {failed}\n")
            return 0


def environment(build):
    """That of a Python that loads the extension; see run_tests.py."""
    sys.path.insert(0, str(ROOT / "utils"))
    from run_tests import preloading

    result = dict(os.environ, MIND_BUILD_DIR=str(build))
    result.setdefault("ASAN_OPTIONS", "allow_user_poisoning=0:allocator_may_return_null=1")
    return preloading(result, build)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", type=Path, help="build folder")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on")
    parser.add_argument("--start", type=int, help="first seed; the clock's unless stated")
    parser.add_argument("--seed", type=int, help="run this program only")
    parser.add_argument("--tiers", default="01", choices=["0", "1", "01"], help="which to run")
    parser.add_argument("--most", type=int, default=10, help="stop after so many failures")
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.build = (ROOT / options.build).resolve()
    if options.log:
        return work(options)
    start = options.seed if options.seed is not None else options.start
    start = time.time_ns() // 1000 % 10**9 if start is None else start
    first, failed, begin = start, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "seed"
        while True:
            left = options.seconds - (time.monotonic() - begin)
            command = [sys.executable, __file__, "--build", options.build, "--log", log,
                       "--seconds", str(max(left, 0)), "--start", str(start),
                       "--tiers", options.tiers, "--most", str(options.most - failed)]
            if options.seed is not None:
                command += ["--seed", str(options.seed)]
            status = subprocess.run(list(map(str, command)),
                                    env=environment(options.build)).returncode
            start, found = map(int, log.read_text().split())
            failed += found
            if status == 0:
                break
            print(f"== seed {start}: the process died with status {status}", flush=True)
            start, failed = start + 1, failed + 1
            if options.seed is not None or failed >= options.most:
                break
    print(f"{start - first} programs from seed {first}, {failed} failed, "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
