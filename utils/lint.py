#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks what clang-format and clang-tidy do not: the conventions of our files.

Every source names its licence, every header has the guard that its path gives,
and no hand-written file has 800 lines. Prints one line for each breach; exits 1
when there is one.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {".h", ".cpp", ".td", ".def", ".py", ".sh"}
LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
MOST_LINES = 800


def guard_of(path):
    """The header guard of include/Mind/Room/File.h: MIND_ROOM_FILE_H."""
    parts = Path(path).parts
    if parts[0] == "include":
        parts = parts[1:]
    words = list(parts) if parts[0] == "Mind" else ["Mind", *parts]
    return re.sub(r"[^A-Z0-9]", "_", "_".join(words).upper())


def guard_lines(path):
    """How a header guards itself; Highway includes File-inl.h once for each
    instruction set."""
    guard = guard_of(path)
    return (f"#ifdef {guard}\n#undef {guard}\n" if path.endswith("-inl.h")
            else f"#ifndef {guard}\n")


def breaches(path, text):
    """What the file at this path, relative to the root, does against the rules."""
    found = []
    lines = text.count("\n")
    if lines >= MOST_LINES:
        found.append(f"{path}: has {lines} lines; split it, {MOST_LINES} is too many")
    if text.strip() and LICENCE not in text[:400]:
        found.append(f"{path}:1: does not say '{LICENCE}'")
    if path.endswith(".h") and guard_lines(path) not in text:
        found.append(f"{path}: has no header guard {guard_of(path)}")
    return found


def main():
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True,
                             capture_output=True, text=True)
    found = []
    for path in listing.stdout.splitlines():
        if Path(path).suffix in SOURCES and (ROOT / path).is_file():
            found += breaches(path, (ROOT / path).read_text(encoding="utf-8"))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
