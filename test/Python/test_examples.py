# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every program that the documentation shows, and every example, is right.

A program that a page shows (```mind) compiles. If a ```text block follows, that is
what a terminal shows: the output of the command in its first line,

    $ mindc run NAME.mind --input x=arange

or, without one, of `mindc run`. So a program that is wrong is followed by its error.
What programs import are the examples.
"""

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MINDC = Path(os.environ.get("MIND_BUILD_DIR", ROOT / "build")) / "bin" / "mindc"

BLOCK = r"((?:(?!```).*\n)*)```$"
FENCE = re.compile(rf"^```mind\n{BLOCK}(?:\n\n^```text\n{BLOCK})?", re.MULTILINE)


def documented_programs():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield pytest.param(*match.groups(), id=f"{page.name}:{line}")


def run(*arguments, **keywords):
    return subprocess.run([MINDC, *arguments], text=True, capture_output=True,
                          timeout=120, **keywords)


@pytest.mark.parametrize("program,shown", list(documented_programs()))
def test_documented_program(program, shown, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    command = ["check", "program.mind"]
    if shown is not None:
        first, newline, rest = shown.partition("\n")
        given = first.startswith("$ mindc ")
        command = shlex.split(first)[2:] if given else ["run", "program.mind"]
        shown = rest if given else shown
    name = next(word for word in command if word.endswith(".mind"))
    (tmp_path / name).write_text(program, encoding="utf-8")
    done = run(*command, cwd=tmp_path)
    if shown is None:
        assert done.returncode == 0, done.stderr
    else:
        assert done.stdout + done.stderr == shown


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


def operation_examples():
    for operation in json.loads(run("ops", "--json").stdout):
        if operation["example"]:
            yield pytest.param(operation["example"], id=operation["name"])


@pytest.mark.parametrize("program", list(operation_examples()))
def test_operation_example(program, tmp_path):
    """The comment lines at its end are what it prints."""
    lines = program.splitlines()
    shown = list(itertools.takewhile(lambda line: line.startswith("//"), reversed(lines)))
    (tmp_path / "program.mind").write_text(program, encoding="utf-8")
    done = run("run", "program.mind", cwd=tmp_path)
    expected = "".join(re.sub("^// ?", "", line) + "\n" for line in reversed(shown))
    assert done.stdout + done.stderr == expected


def test_documentation_has_examples():
    assert len(list(documented_programs())) >= 25
    assert sum(bool(p.values[1]) for p in documented_programs()) >= 15
