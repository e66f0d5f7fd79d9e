#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every test: lit, the GoogleTest programs, pytest.

All three report as JUnit XML, which is summed into the last line printed:

    N passed, M failed[, K skipped]

Exits 1 when a test failed, a runner broke, or nothing ran.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Outcome:
    passed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)  # (name, what was printed)


def read_report(path, suite, outcome):
    """Adds the test cases of one JUnit report to the outcome."""
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{suite}: {case.get('classname', '')}.{case.get('name')}"
        problem = case.find("failure")
        if problem is None:
            problem = case.find("error")
        if problem is not None:
            text = problem.text or problem.get("message") or ""
            outcome.failures.append((name, text))
        elif case.find("skipped") is not None or case.get("result") == "skipped":
            outcome.skipped += 1
        else:
            outcome.passed += 1


def run_suite(suite, command, report, outcome, environment):
    """Runs one runner; one that dies without a report is a failure itself."""
    print(f"== {suite}", flush=True)
    report.unlink(missing_ok=True)
    before = len(outcome.failures)
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True,
                          errors="replace", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    try:
        read_report(report, suite, outcome)
    except (OSError, ElementTree.ParseError):
        outcome.failures.append((f"{suite}: gave no report", done.stdout))
        return
    # 5 is pytest's way of saying that it found no tests.
    if done.returncode not in (0, 5) and len(outcome.failures) == before:
        outcome.failures.append(
            (f"{suite}: exit status {done.returncode}", done.stdout))


def preloading(environment, build):
    """The environment for a Python that loads the extension: if that is
    instrumented, the sanitizer's runtime must be there first, and with it the
    C++ library whose functions the runtime intercepts. What Python itself does
    not give back at its end is no leak of ours."""
    cache = (build / "CMakeCache.txt").read_text()
    found = re.search(r"^MIND_SANITIZER_RUNTIME:\w+=(.+)$", cache, re.MULTILINE)
    if not found:
        return environment
    return environment | {
        "LD_PRELOAD": f"{found[1]}:libstdc++.so.6",
        "ASAN_OPTIONS": environment["ASAN_OPTIONS"] + ":detect_leaks=0"}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", type=Path, help="build folder")
    parser.add_argument("--only", choices=["lit", "unit", "python"], action="append",
                        help="run this kind of test only (may be repeated)")
    parser.add_argument("--filter", default="",
                        help="run the tests whose name matches (lit: a regular "
                             "expression; GoogleTest: a pattern; pytest: -k)")
    options = parser.parse_args()
    build = (ROOT / options.build).resolve()
    kinds = options.only or ["lit", "unit", "python"]

    environment = dict(os.environ)
    # LLVM's archives are not instrumented: they disagree with our code about
    # which bytes of an arena are poisoned. A tensor too large for the machine is
    # an error of the program (E6004), not of ours.
    environment.setdefault(
        "ASAN_OPTIONS", "allow_user_poisoning=0:allocator_may_return_null=1")
    environment["MIND_BUILD_DIR"] = str(build)

    outcome = Outcome()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        if "lit" in kinds:
            command = [Path(sys.executable).parent / "lit", "-q", "--xunit-xml-output", report]
            if options.filter:
                command += ["--filter", options.filter]
            run_suite("lit", command + [build / "test"], report, outcome, environment)
        if "unit" in kinds:
            for program in sorted((build / "test" / "Unit").glob("*Tests")):
                command = [program, f"--gtest_output=xml:{report}"]
                if options.filter:
                    command += [f"--gtest_filter=*{options.filter}*"]
                run_suite(program.name, command, report, outcome, environment)
        if "python" in kinds:
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                       f"--junitxml={report}", "test/Python", "test/Execution"]
            if options.filter:
                command += ["-k", options.filter]
            run_suite("pytest", command, report, outcome,
                      preloading(environment, build))

    for name, text in outcome.failures:
        print(f"\nFAIL {name}\n{text.rstrip()}")
    if not outcome.passed and not outcome.failures:
        print("no test ran", file=sys.stderr)
    skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
    print(f"{outcome.passed} passed, {len(outcome.failures)} failed{skipped}")
    return 0 if outcome.passed and not outcome.failures else 1


if __name__ == "__main__":
    sys.exit(main())
