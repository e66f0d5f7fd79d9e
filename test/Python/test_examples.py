# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every program that the documentation shows, and every example, is right.

The example of an operation ends in comments, which are what `mindc run` prints.

A program that a page shows (```mind) compiles. If a ```text block follows, that is
what a terminal shows: the output of the command in its first line,

    $ mindc run NAME.mind --input x=arange

or, without one, of `mindc run`. So a program that is wrong is followed by its error.
What programs import are the examples.
"""

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


def test_examples_of_operations(tmp_path):
    operations = json.loads(run("ops", "--json").stdout)
    assert len(operations) >= 90
    files, wrong = [], {}
    for operation in operations:
        path = tmp_path / f"{operation['name']}.mind"
        path.write_text(operation["example"], encoding="utf-8")
        files.append(path.name)
        shown = re.search(r"(?:^//.*\n)*\Z", operation["example"], re.MULTILINE)[0]
        done = run("run", path.name, cwd=tmp_path)
        printed = "".join(f"// {line}".rstrip() + "\n" for line in done.stdout.splitlines())
        if not shown or printed != shown or done.stderr:
            wrong[operation["name"]] = printed + done.stderr
        # It shows its own operation, by one of its names.
        names = "|".join(operation["names"])
        symbol = re.escape(operation["symbol"] or "\0")
        assert re.search(rf"\b(?:{names})\(|{symbol}", operation["example"]), operation["name"]
    assert not wrong
    formatted = run("fmt", "--check", *files, cwd=tmp_path)
    assert formatted.returncode == 0, formatted.stderr + formatted.stdout


def test_documentation_has_examples():
    assert len(list(documented_programs())) >= 25
    assert sum(bool(p.values[1]) for p in documented_programs()) >= 15
