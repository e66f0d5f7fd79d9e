#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes into README.md what a run of the benchmark came to:

    utils/update_readme.py bench/results/2026-11-26-intel-2-cores

The folder holds a run of the default programs; what lies beside it as FOLDER-NAME,
of larger programs or of a sweep, is told as well. Text between the comments
`<!-- benchmark: ... -->` and `<!-- end -->` is replaced; with --check nothing is
written, and the exit code is 1 if README.md would change.
"""

import argparse
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))

from mind.bench import report_readme  # noqa: E402

ORDER = ("large", "matmul", "elementwise", "attention", "growth", "front-end")
"""Runs beside the main one, in the order of the text."""


def load(folder):
    return json.loads((folder / "mind_results.json").read_text(encoding="utf-8"))


def replaced(text, name, content):
    """`text` with `content` between the comments of `name`."""
    pattern = re.compile(rf"(<!-- benchmark: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"there must be one comment <!-- benchmark: {name} -->, and <!-- end --> after it")
    return pattern.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def updated(text, folder, root):
    """README.md's `text` with what the run in `folder` came to."""
    results = load(folder)
    beside = [folder.with_name(f"{folder.name}-{name}") for name in ORDER]
    others = [(load(path), path.relative_to(root).as_posix()) for path in beside if path.is_dir()]
    place = folder.relative_to(root).as_posix()
    claim = "\n".join(report_readme.wrapped(report_readme.claim(results)))
    return replaced(replaced(text, "claim", claim), "results", report_readme.section(results, place, others))


def main():
    parser = argparse.ArgumentParser(description="Writes into README.md what a run of the benchmark came to.")
    parser.add_argument("folder", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if README.md would change")
    options = parser.parse_args()
    readme = ROOT / "README.md"
    old = readme.read_text(encoding="utf-8")
    new = updated(old, options.folder.resolve(), ROOT)
    if options.check:
        return int(new != old)
    readme.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
