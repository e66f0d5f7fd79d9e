#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Feeds the fuzz targets of test/Fuzz with programs of the tree and what becomes
of them.

    utils/fuzz.py --build build-fuzz --seconds 60    libFuzzer, so long a target
    utils/fuzz.py --build build --mutations 2000     the same inputs every time

Corpora live in BUILD/test/Fuzz/corpus-TARGET and grow from run to run under
libFuzzer. What crashes a target is left beside them. Exits 1 if something did.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The targets, and of what kind their inputs are.
TARGETS = {"fuzz-syntax": "mind", "fuzz-program": "mind", "fuzz-dialect": "mlir"}
# No input of use is longer; long ones only make a target slow.
LONGEST = 8192


def sources(kind):
    """The tests, examples and documents that are committed, as inputs."""
    listing = subprocess.run(["git", "ls-files", f"*.{kind}", "*.md", "*.test"], cwd=ROOT,
                             check=True, capture_output=True, text=True).stdout
    for path in listing.split():
        text = (ROOT / path).read_text(encoding="utf-8", errors="surrogateescape")
        if path.endswith(".md"):
            yield from re.findall(rf"^```{kind}\b[^\n]*\n(.*?)^```", text, re.M | re.S)
        elif path.endswith(".test"):
            yield from re.findall(rf"^#--- [^\n]*\.{kind}\n(.*?)(?=^#---|\Z)", text, re.M | re.S)
        else:
            # Comments that check another tool's output would only dilute it.
            text = re.sub(r"^\s*// *(?:RUN|CHECK|[A-Z0-9-]+:).*\n", "", text, flags=re.M)
            yield from re.split(r"^// -----.*$", text, flags=re.M)


def seed(kind, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources(kind):
        data = source.strip("\n").encode("utf-8", "surrogateescape") + b"\n"
        if 1 < len(data) <= LONGEST:
            (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def dictionary(path):
    """The words and signs of the language, for libFuzzer to put into inputs."""
    tokens = (ROOT / "include/Mind/Syntax/Tokens.def").read_text(encoding="utf-8")
    dtypes = (ROOT / "include/Mind/Basic/DType.def").read_text(encoding="utf-8")
    page = (ROOT / "docs/reference/operations.md").read_text(encoding="utf-8")
    words = {*re.findall(r'^MIND_(?!TOKEN)\w+\(\w+, "(.*?)"\)', tokens, re.M),
             *re.findall(r"^MIND_DTYPE\(\w+, (\w+),", dtypes, re.M),
             *re.findall(r"^### (\w+)$", page, re.M), *re.findall(r"\b(\w+)=", page)}
    path.write_text("".join(f'"{word}"\n' for word in sorted(words)))


def run(target, options, folder, environment):
    """Runs one target; false if something crashed it."""
    program = options.build / "test" / "Fuzz" / target
    if options.seconds is None:
        with tempfile.TemporaryDirectory() as corpus:
            seed(TARGETS[target], Path(corpus))
            command = [program, corpus, str(options.mutations)]
            return subprocess.run(command, cwd=folder, env=environment).returncode == 0
    corpus = folder / f"corpus-{target}"
    seed(TARGETS[target], corpus)
    dictionary(folder / "dictionary")
    command = [program, f"-max_total_time={options.seconds}", f"-max_len={LONGEST}",
               f"-dict={folder / 'dictionary'}", f"-artifact_prefix={folder}/{target}-",
               "-timeout=20", "-rss_limit_mb=4096", "-verbosity=0", "-print_final_stats=1",
               corpus]
    return subprocess.run(command, cwd=folder, env=environment).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", type=Path, help="build folder")
    parser.add_argument("--seconds", type=int, help="how long libFuzzer runs each target")
    parser.add_argument("--mutations", type=int, default=2000,
                        help="without --seconds: how many inputs are made from the corpus")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options = parser.parse_args()
    options.build = (ROOT / options.build).resolve()
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"there is no target {', '.join(sorted(unknown))}")

    folder = options.build / "test" / "Fuzz"
    environment = dict(os.environ)
    # LLVM's archives are not instrumented: see run_tests.py.
    environment.setdefault("ASAN_OPTIONS",
                           "allow_user_poisoning=0:detect_container_overflow=0")
    failed = []
    for target in options.targets or TARGETS:
        print(f"== {target}", flush=True)
        if not run(target, options, folder, environment):
            failed.append(target)
    if failed:
        print(f"failed: {', '.join(failed)}; the inputs are in {folder}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
