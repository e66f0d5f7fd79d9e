# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mindc fmt` on every program of the tree: it changes white space and commas
before closing brackets only, keeps comments in their order, is idempotent, and
leaves the compiled module as it was, also where the programs' tokens stand on
other lines, with comments between them."""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MINDC = Path(os.environ["MIND_BUILD_DIR"]) / "bin" / "mindc"

TOKEN = re.compile(r"""
    (?P<comment> //[^\n]* | /\*)
  | (?P<string>  "(?:[^"\\\n]|\\.)*")
  | (?P<number>  0[box]\w+ | \d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)? )
  | (?P<word>    \w+)
  | (?P<sign>    \.\.\.|\.\.|->|[-+*/=!<>]=|&&|\|\||\S)
""", re.VERBOSE)


def lex(text):
    """The tokens of `text`, and its comments without the white space at their ends."""
    tokens, comments = [], []
    at = 0
    while match := TOKEN.search(text, at):
        at = match.end()
        if match.lastgroup != "comment":
            # The place of an element of a tuple is no float: t.0.1
            if tokens and tokens[-1] == "." and "." in match.group():
                at = match.start() + match.group().index(".")
            tokens.append(text[match.start():at])
            continue
        if match.group() == "/*":
            depth = 1
            while depth:
                mark = re.compile(r"/\*|\*/").search(text, at)
                depth += 1 if mark.group() == "/*" else -1
                at = mark.end()
        comments.append(text[match.start():at].rstrip().replace("\r", ""))
    return tokens, comments


def without_last_commas(tokens):
    """What formatting keeps of tokens: it may add or drop commas at lists' ends. (And the
    first half of `>=` may close a type.)"""
    tokens = [part for token in tokens for part in ([">", "="] if token == ">=" else [token])]
    return [token for token, following in zip(tokens, [*tokens[1:], ""])
            if not (token == "," and following in [")", "]"])]


def programs():
    """Every program in the tree, by a name for messages."""
    for path in sorted(ROOT.glob("**/*.mind")):
        if not any(part.startswith(("build", ".")) for part in path.relative_to(ROOT).parts):
            yield str(path.relative_to(ROOT)), path.read_bytes()
    for path in sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]):
        blocks = re.findall(r"^```mind\b[^\n]*\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)
        for i, block in enumerate(blocks):
            yield f"{path.relative_to(ROOT)}:{i}", block.encode()


def write(folder, texts):
    folder.mkdir()
    paths = []
    for i, text in enumerate(texts):
        paths.append(folder / f"{i}.mind")
        paths[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    return paths


def fmt(*arguments):
    return subprocess.run([MINDC, "fmt", *arguments], capture_output=True, text=True)


def check_formatting(folder, sources):
    """Formats sources without errors and checks what formatting promises of each."""
    paths = write(folder, sources)
    done = fmt(*paths)
    assert done.returncode == 0, done.stderr
    again = fmt("--check", *paths)
    assert again.returncode == 0, f"not idempotent: {again.stdout}"
    for path, source in zip(paths, sources):
        before, after = lex(source), lex(path.read_text())
        assert without_last_commas(before[0]) == without_last_commas(after[0]), path
        assert before[1] == after[1], path
    return [path.read_text() for path in paths]


def module(source):
    """What source compiles to up to the mind dialect, without locations; None if it does not."""
    done = subprocess.run([MINDC, "emit", "-", "--stop-after=mind"], input=source,
                          capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


@pytest.fixture(scope="module")
def readable(tmp_path_factory):
    """Those programs whose syntax is right."""
    folder = tmp_path_factory.mktemp("readable")
    names, texts = zip(*programs())
    paths = write(folder / "programs", texts)
    refused = [path for path in paths if fmt("--check", path).stderr]
    for path, text in zip(paths, texts):
        assert path.read_bytes() == text
    found = [text.decode("utf-8-sig") for path, text in zip(paths, texts) if path not in refused]
    assert len(found) > 100
    return found


def test_every_program(readable, tmp_path):
    formatted = check_formatting(tmp_path / "programs", readable)
    compiled = 0
    for before, after in zip(readable, formatted):
        wanted = module(before)
        assert module(after) == wanted, after
        compiled += wanted is not None
    assert compiled > 50


COMMENTS = ["/* a */", "/* b\n   c */", "// d\n", "\n// e\n", "\n/* f */\n", "/* g */ /* h */\n",
            "\n\n/* i */", "/**/", "// j\r\n", "/* /* k */ */"]
SPACES = [" ", "\n", "\n\n\n", "\t", "\r\n", "  "]


def shuffled(source, chance):
    """The tokens of source with other white space, and comments, between them."""
    tokens, _ = lex(source)
    text = ""
    for token in tokens:
        while chance.random() < 0.08:
            text += " " + chance.choice(COMMENTS)
        text += chance.choice(SPACES) + token
    return text + "\n"


@pytest.mark.parametrize("seed", range(6))
def test_comments_anywhere(readable, tmp_path, seed):
    chance = random.Random(seed)
    small = [source for source in readable if len(source) < 5000]
    check_formatting(tmp_path / "programs", [shuffled(source, chance) for source in small])


def test_random_programs(tmp_path):
    sys.path.append(str(ROOT / "test" / "Execution"))
    from test_random_programs import Program
    sources = [Program(seed).source() for seed in range(40)]
    for before, after in zip(sources, check_formatting(tmp_path / "programs", sources)):
        assert module(after) == module(before) is not None


def test_examples_are_formatted():
    done = fmt("--check", *sorted(ROOT.glob("examples/**/*.mind")))
    assert done.returncode == 0, done.stdout + done.stderr
