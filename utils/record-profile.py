#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes cmake/compilation.profdata: how often the code of a compilation is executed,
which release builds are optimised by. It builds the compiler with counters, in
build-profile/, and runs bench/TrainingRuns.cpp (10 minutes on 2 cores the first time):

    python3 utils/record-profile.py

A function that has changed since is compiled as if nothing were known of it, so the
file is worth recording anew now and then, not at every change.
"""
import os
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


def main():
    subprocess.run(["cmake", "--preset", "profile", "--log-level=WARNING"], check=True,
                   cwd=ROOT)
    subprocess.run(["cmake", "--build", "--preset", "profile"], check=True, cwd=ROOT)
    merge = Path(cache_entry("CMAKE_CXX_COMPILER")).with_name("llvm-profdata")
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.profraw"
        subprocess.run([BUILD / "bench/TrainingRuns"], check=True,
                       env={**os.environ, "LLVM_PROFILE_FILE": str(counts)})
        # What was never executed is left out, rather than called rare.
        subprocess.run([merge, "merge", "--sparse", "-o", OUTPUT, counts], check=True)
    print(f"{OUTPUT.stat().st_size} bytes in {OUTPUT}")


main()
