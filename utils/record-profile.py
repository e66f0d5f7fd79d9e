#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes cmake/compilation.profdata: how often the code of a compilation is executed,
which release builds are optimised by. It builds the compiler with counters, in
build-profile/, and runs bench/TrainingRuns.cpp (10 minutes on 2 cores the first time):

    python3 utils/record-profile.py

A function that has changed since is compiled as if nothing were known of it, so the
file is worth recording anew now and then, not at every change. With `--changed` only
such functions are added, and those that are new; what else is recorded stays, and with
it the code that it makes.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build-profile"
OUTPUT = ROOT / "cmake/compilation.profdata"


def cache_entry(name):
    for line in (BUILD / "CMakeCache.txt").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return line.split("=", 1)[1]
    sys.exit(f"{BUILD}: {name} is not known")


def functions(profdata, file):
    """{(name, hash of its control flow)} of the functions in `file`."""
    text = subprocess.run([profdata, "show", "--all-functions", file], check=True,
                          capture_output=True, text=True).stdout
    return set(re.findall(r"^  (\S.*):\n    Hash: (\w+)", text, re.MULTILINE))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--changed", action="store_true",
                        help="keep what is recorded, and add functions that are not")
    arguments = parser.parse_args()
    subprocess.run(["cmake", "--preset", "profile", "--log-level=WARNING"], check=True,
                   cwd=ROOT)
    subprocess.run(["cmake", "--build", "--preset", "profile"], check=True, cwd=ROOT)
    profdata = Path(cache_entry("CMAKE_CXX_COMPILER")).with_name("llvm-profdata")
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.profraw"
        subprocess.run([BUILD / "bench/TrainingRuns"], check=True,
                       env={**os.environ, "LLVM_PROFILE_FILE": str(counts)})
        recorded = Path(folder) / "recorded.profdata"
        # What was never executed is left out, rather than called rare.
        subprocess.run([profdata, "merge", "--sparse", "-o", recorded, counts], check=True)
        if arguments.changed:
            changed = {name for name, _ in
                       functions(profdata, recorded) - functions(profdata, OUTPUT)}
            print(f"{len(changed)} functions have changed")
            if not changed:
                return
            added = Path(folder) / "added.profdata"
            names = "|".join(map(re.escape, sorted(changed)))
            subprocess.run([profdata, "merge", "--sparse", f"--function=^({names})$",
                            "-o", added, recorded], check=True)
            subprocess.run([profdata, "merge", "--sparse", "-o", recorded, OUTPUT, added],
                           check=True)
        shutil.move(recorded, OUTPUT)
    print(f"{OUTPUT.stat().st_size} bytes in {OUTPUT}")


main()
