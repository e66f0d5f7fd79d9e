# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every program that the documentation shows, and every example, is right."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MINDC = Path(os.environ.get("MIND_BUILD_DIR", ROOT / "build")) / "bin" / "mindc"

FENCE = re.compile(r"^```mind\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documented_programs():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield pytest.param(match.group(1), id=f"{page.name}:{line}")


def run(*arguments, **keywords):
    return subprocess.run([MINDC, *arguments], text=True, capture_output=True,
                          **keywords)


@pytest.mark.parametrize("program", list(documented_programs()))
def test_documented_program_compiles(program):
    # What a page imports is an example.
    done = run("check", "-", input=program, cwd=ROOT / "examples")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.mind")),
                         ids=lambda path: path.name)
def test_example_runs(path):
    # What is missing is listed, by name; give each parameter something.
    names = re.findall(r"(\w+): Tensor", path.read_text().partition("fn main(")[2]
                       .partition("{")[0].partition("->")[0])
    inputs = [f"--input={name}=arange" for name in names]
    done = run("run", path, *inputs)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_documentation_has_examples():
    assert len(list(documented_programs())) >= 8
