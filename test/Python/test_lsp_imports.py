# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mind-lsp-server on programs of several files."""

import pytest

from lsp import Client
from test_lsp_server import part, place

MODEL = """\
import layers;
import deep.norm;

fn main(x: layers.Row) -> Tensor<f32,[layers.N]> {
  let y = layers.dense(x, scale=norm.HALF);
  norm.unit(y)
}
"""

LAYERS = """\
const N: i64 = 3;
type Row = Tensor<f32,[N]>;
fn dense(x: Row, scale: f32) -> Row { relu(x) * scale }
"""

NORM = """\
const HALF: f32 = 0.5;
fn unit(x: Tensor<f32,[3]>) { x / sum(x) }
"""


@pytest.fixture
def client():
    with Client() as client:
        client.initialize()
        yield client


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "an odd folder" / "deep").mkdir(parents=True)
    (tmp_path / "an odd folder" / "layers.mind").write_text(LAYERS)
    (tmp_path / "an odd folder" / "deep" / "norm.mind").write_text(NORM)
    return tmp_path / "an odd folder"


@pytest.fixture
def uris(folder):
    uris = {name: (folder / name).as_uri() for name in ["model.mind", "layers.mind",
                                                        "deep/norm.mind"]}
    assert "%20" in uris["model.mind"]
    return uris


@pytest.fixture
def model(client, uris):
    assert client.open(MODEL, uri=uris["model.mind"])["diagnostics"] == []
    return client


@pytest.mark.parametrize("use, file, text, declared", [
    (r"layers\.(dense)", "layers.mind", LAYERS, "dense"),
    (r"norm\.(unit)", "deep/norm.mind", NORM, "unit"),
    (r"norm\.(HALF)", "deep/norm.mind", NORM, "HALF"),
    (r"layers\.(Row)", "layers.mind", LAYERS, "Row"),
    (r"layers\.(N)", "layers.mind", LAYERS, "N"),
])
def test_definition_in_another_file(model, uris, use, file, text, declared):
    found = model.at("definition", *place(MODEL, use), uri=uris["model.mind"])
    assert found["uri"] == uris[file]
    assert part(text, found["range"]) == declared


@pytest.mark.parametrize("use, file", [
    (r"x: (layers)", "layers.mind"), (r"import (layers)", "layers.mind"),
    (r"import deep\.(norm)", "deep/norm.mind"), (r"  (norm)\.unit", "deep/norm.mind"),
])
def test_definition_of_a_module(model, uris, use, file):
    found = model.at("definition", *place(MODEL, use), uri=uris["model.mind"])
    assert found == {"uri": uris[file], "range": {"start": {"line": 0, "character": 0},
                                                  "end": {"line": 0, "character": 0}}}


def test_hover(model, uris):
    def hover(pattern):
        found = model.at("hover", *place(MODEL, pattern), uri=uris["model.mind"])
        return found["contents"]["value"]
    assert "fn dense(x: Row, scale: f32) -> Row" in hover(r"layers\.(dense)")
    assert "fn unit(x: Tensor<f32,[3]>) -> Tensor<f32, [3]>" in hover(r"norm\.(unit)")
    assert "HALF: f32" in hover(r"norm\.(HALF)")
    assert "type Row = Tensor<f32,[N]>" in hover(r"layers\.(Row)")
    assert "import deep.norm" in hover(r"deep\.(norm)")


def test_completion_and_signature(client, uris):
    text = MODEL.replace("  norm.unit(y)\n", "  norm.\n")
    client.open(text, uri=uris["model.mind"])
    line, character = place(text, r"norm(\.)\n")
    items = client.at("completion", line, character + 1, uri=uris["model.mind"])["items"]
    assert [item["label"] for item in items] == ["HALF", "unit"]
    items = client.at("completion", line, 1, uri=uris["model.mind"])["items"]
    assert {"layers", "norm"} <= {item["label"] for item in items}
    line, character = place(text, r"dense(\()")
    [signature] = client.at("signatureHelp", line, character + 1,
                            uri=uris["model.mind"])["signatures"]
    assert signature["label"].startswith("fn dense(x: Row, scale: f32)")


def test_open_texts_are_before_files(model, uris):
    """What is typed in one file shows at once in those that import it."""
    changed = LAYERS.replace("scale", "size")
    assert model.open(changed, uri=uris["layers.mind"])["diagnostics"] == []
    told = model.diagnostics()
    assert told["uri"] == uris["model.mind"]
    [unknown] = told["diagnostics"]
    assert unknown["code"] == "E2007"
    assert part(MODEL, unknown["range"]) == "scale"

    model.change({"text": LAYERS}, uri=uris["layers.mind"])
    told = model.diagnostics()
    assert (told["uri"], told["diagnostics"]) == (uris["model.mind"], [])


def test_closing_goes_back_to_the_file(model, uris):
    model.open("", uri=uris["layers.mind"])
    assert model.diagnostics()["diagnostics"]
    model.notify("textDocument/didClose", textDocument={"uri": uris["layers.mind"]})
    told = {}
    for _ in range(2):
        message = model.diagnostics()
        told[message["uri"]] = message["diagnostics"]
    assert told == {uris["layers.mind"]: [], uris["model.mind"]: []}


def test_errors_in_files_that_are_not_open(client, folder, uris):
    wrong = LAYERS.replace("relu", "rleu")
    (folder / "layers.mind").write_text(wrong)
    assert client.open(MODEL, uri=uris["model.mind"])["diagnostics"] == []
    told = client.diagnostics()
    assert told["uri"] == uris["layers.mind"]
    [undefined] = told["diagnostics"]
    assert part(wrong, undefined["range"]) == "rleu"
    # Without the import, the file is nobody's business.
    assert client.change({"text": "let x = 1;"}, uri=uris["model.mind"])["diagnostics"] == []
    told = client.diagnostics()
    assert (told["uri"], told["diagnostics"]) == (uris["layers.mind"], [])


def test_related_places_name_their_file(client, uris):
    text = MODEL.replace("dense(x,", "dense(1.0,")
    [error] = client.open(text, uri=uris["model.mind"])["diagnostics"]
    assert error["code"] == "E3002"
    [related] = error["relatedInformation"]
    assert related["location"]["uri"] == uris["layers.mind"]
    assert part(LAYERS, related["location"]["range"]) == "Row"


def test_missing_and_cyclic(client, folder, uris):
    (folder / "layers.mind").write_text("import model;\n" + LAYERS)
    text = MODEL.replace("deep.norm", "deep.nrom")
    missing, *_ = client.open(text, uri=uris["model.mind"])["diagnostics"]
    assert missing["code"] == "E2010"
    assert part(text, missing["range"]) == "deep.nrom"
    assert "did you mean `deep.norm`?" in missing["message"]
    told = client.diagnostics()
    assert told["uri"] == uris["layers.mind"]
    [cycle] = told["diagnostics"]
    assert cycle["code"] == "E2010"
    assert cycle["relatedInformation"][0]["location"]["uri"] == uris["model.mind"]
