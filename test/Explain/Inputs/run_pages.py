# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the programs of the pages that `mindc explain` prints.

usage: run_pages.py FOLDER SCRATCH

Every page of FOLDER shows wrong programs (```mind wrong), each of which must be
answered by the page's code and nothing else, and mended ones (```mind right),
which must be answered by nothing. Programs of E6xxx are run, others checked. A page without a wrong program says why:
"no program is shown", or "cannot show such a program".
"""
import json
import re
import subprocess
import sys
from pathlib import Path

FENCE = re.compile(r"^```mind (wrong|right)\n(.*?)^```$", re.M | re.S)
EXCUSE = re.compile(r"no\s+program\s+is\s+shown|cannot\s+show\s+such\s+a\s+program")


def codes_of(program, command, scratch):
    path = Path(scratch)
    path.write_text(program)
    done = subprocess.run(["mindc", command, "--diagnostics=json", str(path)],
                          capture_output=True, text=True, timeout=60)
    codes = {json.loads(line)["code"] for line in done.stderr.splitlines()}
    if done.returncode != (1 if codes else 0):
        codes.add(f"exit {done.returncode}")
    return codes


def problems(page, scratch):
    text = page.read_text()
    programs = FENCE.findall(text)
    kinds = [kind for kind, _ in programs]
    if "wrong" not in kinds and not EXCUSE.search(text):
        yield "shows no wrong program"
    if "wrong" in kinds and "right" not in kinds:
        yield "mends nothing"
    # Errors at run time are met by running.
    command = "run" if page.stem.startswith("E6") else "check"
    for kind, program in programs:
        wanted = {page.stem} if kind == "wrong" else set()
        codes = codes_of(program, command, scratch)
        if codes != wanted:
            yield (f"a {kind} program is answered by "
                   f"{', '.join(sorted(codes)) or 'nothing'}:\n{program}")


def main(folder, scratch):
    pages = sorted(Path(folder).glob("E*.md"))
    found = [f"{page.name}: {problem}" for page in pages
             for problem in problems(page, scratch)]
    print("\n".join(found) or f"{len(pages)} pages hold")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
