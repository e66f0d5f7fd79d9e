#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes cmake/startup-order.txt: the functions that short runs of mindc execute,
in the order of their first call. The linker puts them side by side, so that a new
process has few pages of code to fault in, and one whose caches are cold few lines and
pages to look up. First come those that compilations of small programs to tier 0, and
calls of what they make, execute again and again (bench/TrainingRuns.cpp), between two
marks by which the compiler finds them (lib/Compiler/NearMemory.cpp). Needs valgrind and a
build by lld:

    python3 utils/record-startup-order.py build

Names that no longer exist do no harm; functions that are new are found
elsewhere. So the file is worth recording anew now and then, not at every change.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "cmake/startup-order.txt"
MARKS = ["mindCompilerBegins", "mindCompilerEnds"]
# Some names of templates are as long as all others together. By the tier.
LONGEST_NAME = [600, 300]


def runs():
    """Command lines of mindc, and the tier. What comes first is packed closest."""
    programs = [("bench/programs/scalar_math/program.mind", "x"),
                ("bench/programs/simple_mlp/program.mind", "x w1 b1 w2 b2"),
                ("examples/newton.mind", "x"),
                ("bench/programs/small_matmul/program.mind", "x w b"),
                ("examples/convolution.mind", "image filter bias"),
                ("examples/statistics.mind", "x"),
                ("examples/hello.mind", "")]

    def run(path, inputs, tier):
        return ["run", str(ROOT / path), f"--tier={tier}",
                *(f"--input={name}=random" for name in inputs.split())]

    yield 0, ["--version"]
    for path, inputs in programs:
        yield 0, ["check", str(ROOT / path)]
        yield 0, run(path, inputs, 0)
    yield 0, ["check", str(ROOT / "README.md")]  # errors
    for path, _ in programs:
        yield 0, ["emit", str(ROOT / path), "--stop-after=mind", "--verify"]
    for path, inputs in programs[:3]:
        yield 1, run(path, inputs, 1)


def small_programs():
    """The programs of the benchmark that are compiled in microseconds."""
    return [path.parent.name for path in sorted(ROOT.glob("bench/programs/*/program.mind"))
            if path.stat().st_size < 1000]


def link_with_names(build, target, program):
    """Links a program again, with the names of its functions."""
    subprocess.run(["ninja", "-C", build, target], check=True, stdout=subprocess.DEVNULL)
    commands = subprocess.run(["ninja", "-C", build, "-t", "commands", "-s", target],
                              check=True, capture_output=True, text=True).stdout
    # Up to what is done to the program afterwards.
    link = commands.removeprefix(": && ").split(" && ")[0]
    link = link.replace("--strip-all", "--strip-debug")
    link = link.replace(f"-o {target}", f"-o {program}")
    subprocess.run(link, shell=True, check=True, cwd=build)


def executed(program, arguments, folder, within=None):
    """The functions that a run executes, or that are executed within one of them, in
    order of their first call."""
    profile = folder / "profile"
    subprocess.run(["valgrind", "--tool=callgrind", "--demangle=no",
                    f"--callgrind-out-file={profile}",
                    *([f"--toggle-collect={within}"] if within else []),
                    program, *arguments],
                   check=within is not None,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name in re.findall(r"^c?fn=\(\d+\) (.+)$", profile.read_text(), re.MULTILINE):
        yield re.sub(r"'\d+$", "", name)


def variants(function):
    """The function, and what it is called where valgrind's processor ends: that has
    no AVX-512."""
    return [function, function.replace("6N_AVX2", "6N_AVX3"),
            function.replace("_avx2", "_evex")]


def is_common(function):
    """Whether programs need it whatever their shapes and the processor are, as they do
    not the kernels of an instruction set; `main` only calls."""
    return "6N_AVX" not in function and function != "main"


def main():
    build = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program, training = folder / "mindc", folder / "TrainingRuns"
        link_with_names(build, "bin/mindc", program)
        link_with_names(build, "bench/TrainingRuns", training)
        nm = subprocess.run(["nm", "--defined-only", program], check=True,
                            capture_output=True, text=True)
        ours = {line.split()[-1] for line in nm.stdout.splitlines()}

        def known(functions, longest):
            return {variant: None for function in functions
                    for variant in variants(function)
                    if variant in ours and len(variant) <= longest}

        again = executed(training, small_programs(), folder, within="runAgain")
        near = known(filter(is_common, again), LONGEST_NAME[0])
        order = {MARKS[0]: None} | near | {MARKS[1]: None}
        for tier, arguments in runs():
            order |= known(executed(program, arguments, folder), LONGEST_NAME[tier])
    OUTPUT.write_text("".join(f"{function}\n" for function in order))
    print(f"{len(order)} functions in {OUTPUT}, {len(near)} of them to be near")


main()
