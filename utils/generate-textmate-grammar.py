#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the TextMate grammar of MIND, with which VS Code and others colour it:

    utils/generate-textmate-grammar.py OPERATIONS.md > mind.tmLanguage.json

Words come from the compiler's own tables: keywords from Tokens.def, dtypes from
DType.def, operations from the page that `mindc ops --markdown` writes. `make
docs` keeps the committed grammar up to date.
"""

import json
import re
import sys
from pathlib import Path

INCLUDE = Path(__file__).resolve().parent.parent / "include" / "Mind"

# What keywords are to a reader; all others steer control.
KINDS = {
    "storage.type.mind": ["fn", "let", "const", "type", "struct", "trait"],
    "storage.modifier.mind": ["diff", "export"],
    "keyword.operator.word.mind": ["as"],
    "constant.language.boolean.mind": ["true", "false"],
    "support.type.mind": ["Tensor"],
}
NAME = r"[^\W\d]\w*"


def keywords():
    text = (INCLUDE / "Syntax" / "Tokens.def").read_text(encoding="utf-8")
    return re.findall(r'^MIND_(?:KEYWORD|RESERVED)\(\w+, "(\w+)"\)', text, re.MULTILINE)


def dtypes():
    text = (INCLUDE / "Basic" / "DType.def").read_text(encoding="utf-8")
    return re.findall(r"^MIND_DTYPE\(\w+, (\w+),", text, re.MULTILINE)


def operations(page):
    names = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
    for also in re.findall(r"^Also written ([^.]*)\.", page, re.MULTILINE):
        names.update(re.findall(r"`(\w+)`", also))
    return sorted(names)


def words(scope, alternatives, before=r"\b", after=r"\b"):
    return {"name": scope, "match": f"{before}(?:{'|'.join(alternatives)}){after}"}


def keyword_patterns():
    kinds = {word: scope for scope, group in KINDS.items() for word in group}
    groups = {}
    for word in keywords():
        groups.setdefault(kinds.get(word, "keyword.control.mind"), []).append(word)
    return [words(scope, group) for scope, group in groups.items()]


def grammar(page):
    comment = {
        "name": "comment.block.mind", "begin": r"/\*", "end": r"\*/",
        "patterns": [{"include": "#block-comment"}],
    }
    escape = r'\\(?:[nrt0\\"]|u\{[0-9A-Fa-f]{1,6}\})'
    string = {
        "name": "string.quoted.double.mind", "begin": '"', "end": r'"|$',
        "patterns": [{"name": "constant.character.escape.mind", "match": escape},
                     {"name": "invalid.illegal.escape.mind", "match": r"\\."}],
    }
    definition = {
        "match": rf"\b(fn|const|type)\s+({NAME})",
        "captures": {"1": {"name": "storage.type.mind"},
                     "2": {"name": "entity.name.mind"}},
    }
    # After a point stands the place of an element of a tuple.
    numbers = [
        {"name": "constant.numeric.float.mind",
         "match": r"(?<![\w.])\d[\d_]*(?:\.\d[\d_]*(?:[eE][+-]?\d[\d_]*)?|[eE][+-]?\d[\d_]*)\b"},
        {"name": "constant.numeric.integer.mind",
         "match": r"\b(?:0b[01_]+|0o[0-7_]+|0x[0-9A-Fa-f_]+|\d[\d_]*)\b"},
    ]
    types = words("support.type.mind", [*dtypes(), "unit"])
    operation = words("support.function.mind", operations(page), after=r"(?=\s*\()")
    call = {"name": "entity.name.function.mind", "match": rf"\b{NAME}(?=\s*\()"}
    argument = {"name": "variable.parameter.mind", "match": rf"\b{NAME}(?==(?!=))"}
    operators = {"name": "keyword.operator.mind",
                 "match": r"->|\.\.|[-+*/=!<>]=|&&|\|\||[-+*/%@<>=!]"}
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "MIND",
        "scopeName": "source.mind",
        "fileTypes": ["mind"],
        "patterns": [
            {"name": "comment.line.double-slash.mind", "match": "//.*$"},
            {"include": "#block-comment"},
            string, definition, *numbers, types, *keyword_patterns(), operation, call, argument,
            operators,
        ],
        "repository": {"block-comment": comment},
    }


def main():
    page = Path(sys.argv[1]).read_text(encoding="utf-8")
    print(json.dumps(grammar(page), indent=2))


if __name__ == "__main__":
    main()
