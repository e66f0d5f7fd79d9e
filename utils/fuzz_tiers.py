#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs random programs on both tiers, against LibTorch and one another.

    utils/fuzz_tiers.py --seconds 600               as many programs as that takes
    utils/fuzz_tiers.py --seed 4711                 one program, and why it fails
    utils/fuzz_tiers.py --seed 4711 --print         its source

A program that fails is made smaller while it still does, and printed with its seed.
What crashes the process is in --log's last line: a seed is written there before its
program runs. Exits 1 if something failed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", type=Path, help="build folder")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on")
    parser.add_argument("--start", type=int, default=None, help="first seed (the clock's)")
    parser.add_argument("--seed", type=int, help="run this program only")
    parser.add_argument("--tiers", default="01", choices=["0", "1", "01"], help="which to run")
    parser.add_argument("--print", action="store_true", help="print the programs")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at a failure")
    parser.add_argument("--log", type=Path, help="where seeds are written")
    options = parser.parse_args()
    build = (ROOT / options.build).resolve()
    os.environ["MIND_BUILD_DIR"] = str(build)
    sys.path[:0] = [str(ROOT / "test/Execution"), str(ROOT / "python"), str(build / "python")]
    import torch

    from random_programs import Program, failure, shrink

    torch.set_num_threads(1)
    tiers = tuple(map(int, options.tiers))
    seed = options.seed if options.seed is not None else options.start
    seed = time.time_ns() // 1000 % 10**9 if seed is None else seed
    first, failed, start = seed, 0, time.monotonic()
    while True:
        if options.log:
            options.log.write_text(f"{seed}\n")
        program = Program(seed)
        if options.print:
            print(program.source(bool(program.names)), flush=True)
        reason = failure(program, tiers=tiers, others=[Program(seed, 1)])
        if reason:
            failed += 1
            print(f"== seed {seed}: {reason}", flush=True)
            for symbolic in (False, True):
                small = shrink(program, tiers, symbolic)
                if small:
                    print(f"{small[2]}\n{small[0].source(symbolic)}", flush=True)
                    if options.seed is not None:
                        for name, value in small[1].items():
                            print(name, value)
                    break
            else:
                print(program.source(bool(program.names)), flush=True)
        seed += 1
        done = time.monotonic() - start >= options.seconds
        if options.seed is not None or done or failed and not options.keep_going:
            break
    if options.seed is None:
        print(f"{seed - first} programs from seed {first}, {failed} failed, "
              f"{time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
