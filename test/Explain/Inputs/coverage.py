# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds the kinds of diagnostics that no test produces.

usage: coverage.py SOURCE

A kind counts as tested where a file under test/ holds `CODE` and its message
on one line (as in `error[E2002]: name `x` is not defined`), or a unit test
speaks of the kind by name.
"""
import re
import sys
from pathlib import Path

KIND = re.compile(r'^MIND_DIAG\((\w+),\s*"(E\d{4})",\s*"(.*)"\)$', re.M)
SUFFIXES = {".mind", ".mlir", ".test", ".cpp", ".py"}


def message_pattern(code, message):
    """A pattern for the message as it is printed, or as FileCheck wants it."""
    parts = re.split(r"\{\d\}", message)
    return re.compile(code + r"\]?: " +
                      ".+?".join(re.escape(part) for part in parts))


def main(source):
    source = Path(source)
    table = (source / "include/Mind/Basic/Diagnostics.def").read_text()
    kinds = KIND.findall(table)
    assert len(kinds) == table.count("\nMIND_DIAG("), "cannot read the table"
    tests = "\n".join(path.read_text(errors="replace")
                      for path in sorted((source / "test").rglob("*"))
                      if path.suffix in SUFFIXES)
    untested = [f"{code} {name}" for name, code, message in kinds
                if not re.search(rf"\b{name}\b", tests)
                and not message_pattern(code, message).search(tests)]
    print("\n".join(untested) or f"{len(kinds)} kinds are tested")
    return bool(untested)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
