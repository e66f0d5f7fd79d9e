# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The TextMate grammar: what it colours how, and that it agrees with the lexer
about comments, strings and numbers in every program of the tree. (That its words
are the compiler's is what test/Docs/reference.test sees to.)"""

import json
import re
from pathlib import Path

import pytest

from test_format import lex, programs

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "editors" / "vscode"
GRAMMAR = json.loads((FOLDER / "syntaxes" / "mind.tmLanguage.json").read_text())


def expand(patterns):
    for pattern in patterns:
        if "include" in pattern:
            yield GRAMMAR["repository"][pattern["include"].lstrip("#")]
        else:
            yield pattern


def tokenize(text):
    """Spans (begin, end, scope) as an editor finds them: line by line, at each
    place the earliest match, the first pattern's of several."""
    spans = []
    stack = []      # of (pattern, begin)
    offset = 0
    for line in text.splitlines(keepends=True):
        at = 0
        body = line.rstrip("\r\n")
        while True:
            inner = stack[-1][0] if stack else GRAMMAR
            choices = [(re.compile(inner["end"]).search(body, at), None)] if stack else []
            choices += [(re.compile(pattern.get("match") or pattern["begin"]).search(body, at),
                         pattern) for pattern in expand(inner["patterns"])]
            choices = [choice for choice in choices if choice[0]]
            if not choices:
                break
            match, pattern = min(choices, key=lambda choice: choice[0].start())
            if pattern is None:
                pattern, begin = stack.pop()
                spans.append((begin, offset + match.end(), pattern["name"]))
            elif "begin" in pattern:
                stack.append((pattern, offset + match.start()))
            elif "captures" in pattern:
                spans += [(offset + match.start(int(group)), offset + match.end(int(group)),
                           capture["name"]) for group, capture in pattern["captures"].items()]
            else:
                spans.append((offset + match.start(), offset + match.end(), pattern["name"]))
            if match.end() == at and match.start() == at and pattern is not None:
                break
            at = match.end()
        offset += len(line)
    return spans


def scopes(text):
    return [(text[begin:end], scope.removesuffix(".mind")) for begin, end, scope in tokenize(text)]


@pytest.mark.parametrize("text, expected", [
    ("fn f(x: f32)", [("fn", "storage.type"), ("f", "entity.name"), ("f32", "support.type")]),
    ("let x = true;", [("let", "storage.type"), ("=", "keyword.operator"),
                       ("true", "constant.language.boolean")]),
    ("relu(g(x)) @ relu", [("relu", "support.function"), ("g", "entity.name.function"),
                           ("@", "keyword.operator")]),
    ("x.sum(axes=[0])", [("sum", "support.function"), ("axes", "variable.parameter"),
                         ("=", "keyword.operator"), ("0", "constant.numeric.integer")]),
    ("x as Tensor<i64,[N]>", [("as", "keyword.operator.word"), ("Tensor", "support.type"),
                              ("<", "keyword.operator"), ("i64", "support.type"),
                              (">", "keyword.operator")]),
    ("if 0..2", [("if", "keyword.control"), ("0", "constant.numeric.integer"),
                 ("..", "keyword.operator"), ("2", "constant.numeric.integer")]),
    ("1.5e-3 0xFf t.0.1", [("1.5e-3", "constant.numeric.float"),
                           ("0xFf", "constant.numeric.integer"),
                           ("0", "constant.numeric.integer"), ("1", "constant.numeric.integer")]),
    ("letter iffy f32x", []),
    ('"a\\n\\q"', [("\\n", "constant.character.escape"), ("\\q", "invalid.illegal.escape"),
                   ('"a\\n\\q"', "string.quoted.double")]),
    ("// let /*\nlet", [("// let /*", "comment.line.double-slash"), ("let", "storage.type")]),
    ("/* /* \n */ let */ let", [("/* \n */", "comment.block"),
                                ("/* /* \n */ let */", "comment.block"), ("let", "storage.type")]),
])
def test_scopes(text, expected):
    assert scopes(text) == expected


def test_agrees_with_the_lexer():
    for name, data in programs():
        if "errors" in name or name.startswith("docs/diagnostics"):
            continue
        text = data.decode("utf-8-sig")
        tokens, comments = lex(text)
        found = scopes(text)
        outer = []
        for begin, end, scope in sorted(tokenize(text), key=lambda span: (span[0], -span[1])):
            if scope.startswith("comment") and not (outer and begin < outer[-1][1]):
                outer.append((begin, end))
        assert [text[begin:end].rstrip() for begin, end in outer] == comments, name
        strings = [part for part, scope in found if scope == "string.quoted.double"]
        assert strings == [token for token in tokens if token[0] == '"'], name
        numbers = [part for part, scope in found if scope.startswith("constant.numeric")]
        assert numbers == [token for token in tokens if token[0].isdigit()], name


def test_the_extension_is_whole():
    manifest = json.loads((FOLDER / "package.json").read_text())
    contributes = manifest["contributes"]
    [grammar] = contributes["grammars"]
    assert (FOLDER / grammar["path"]).is_file()
    assert grammar["scopeName"] == GRAMMAR["scopeName"]
    assert (FOLDER / manifest["main"]).is_file()
    configuration = contributes["languages"][0]["configuration"]
    settings = json.loads((FOLDER / configuration).read_text())
    assert settings["comments"] == {"lineComment": "//", "blockComment": ["/*", "*/"]}
