# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mind-lsp-server over its protocol."""

import json
import re

import pytest

from lsp import URI, Client

MODEL = """\
const HIDDEN: i64 = 16;
type Hidden = Tensor<f32,[4,HIDDEN]>;

// One layer.
fn layer(x: Tensor<f32,[4,8]>, w: Tensor<f32,[8,HIDDEN]>) -> Hidden {
  let product = x @ w;
  relu(product)
}

fn main(x: Tensor<f32,[4,8]>, w: Tensor<f32,[8,HIDDEN]>) {
  let h = layer(x, w);
  h.softmax(axis=-1)
}
"""


@pytest.fixture
def client():
    with Client() as client:
        client.initialize()
        yield client


@pytest.fixture
def model(client):
    assert client.open(MODEL)["diagnostics"] == []
    return client


def place(text, pattern):
    """The line and character where the group in `pattern` begins, in UTF-16."""
    match = re.search(pattern, text)
    before = text[:match.start(1)]
    line = before.rsplit("\n", 1)[-1]
    return before.count("\n"), len(line.encode("utf-16-le")) // 2


def part(text, range_):
    """The text of a range of one line."""
    assert range_["start"]["line"] == range_["end"]["line"]
    line = text.split("\n")[range_["start"]["line"]].encode("utf-16-le")
    return line[range_["start"]["character"] * 2:range_["end"]["character"] * 2].decode("utf-16-le")


# The life of a server

def test_initialize_and_leave():
    with Client() as client:
        result = client.initialize()
        assert result["serverInfo"]["name"] == "mind-lsp-server"
        capabilities = result["capabilities"]
        assert capabilities["positionEncoding"] == "utf-16"
        assert capabilities["textDocumentSync"] == {"openClose": True, "change": 2}
        for provider in ["hover", "definition", "completion", "signatureHelp", "documentSymbol",
                         "documentFormatting"]:
            assert capabilities[f"{provider}Provider"]
        client.notify("initialized")
        assert client.leave() == 0


def test_exit_without_shutdown():
    with Client() as client:
        client.initialize()
        client.notify("exit")
        assert client.process.wait(60) == 1


def test_end_of_input():
    with Client() as client:
        client.initialize()
    assert client.process.returncode == 1


def test_before_and_after():
    with Client() as client:
        assert client.request("shutdown")["error"]["code"] == -32002
        client.initialize()
        assert client.request("initialize")["error"]["code"] == -32600
        client.ask("shutdown")
        assert client.request("textDocument/hover")["error"]["code"] == -32600
        client.notify("exit")
        assert client.process.wait(60) == 0


# Messages that are wrong

@pytest.mark.parametrize("text, code", [
    ("{", -32700), ("", -32700), ("\x00", -32700), ("[]", -32600), ("1", -32600), ("{}", -32600),
    ('{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}', -32600),
    ('{"jsonrpc": "2.0", "id": 1}', -32600),
    ('{"jsonrpc": "2.0", "id": 1, "method": 3}', -32600),
    ('{"jsonrpc": "2.0", "id": 1, "method": "no/such"}', -32601),
    ('{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover"}', -32602),
    ('{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": []}', -32602),
    ('{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params":'
     ' {"textDocument": {"uri": "file:///none"}}}', -32602),
    ('{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params":'
     ' {"textDocument": {"uri": "%s"}, "position": {"line": "x"}}}' % URI, -32602),
])
def test_wrong_messages(model, text, code):
    model.send_text(text)
    assert model.receive()["error"]["code"] == code
    assert model.leave() == 0


def test_ignored_messages(model):
    model.send_text('{"jsonrpc": "2.0", "method": "$/no/such"}')
    model.send_text('{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": 3}')
    model.send_text('{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}}')
    model.notify("textDocument/didChange", textDocument={"uri": "file:///none", "version": 1},
                 contentChanges=[])
    model.send_text('{"jsonrpc": "2.0", "id": 7, "result": null}')
    assert model.leave() == 0


def test_noise_before_a_header(model):
    model.send_bytes(b"noise\r\n\r\nContent-Length: x\r\n\r\n")
    model.send_bytes(b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n")
    assert model.leave() == 0


def test_endings_in_a_message():
    with Client() as client:
        client.send_bytes(b"Content-Length: 1000\r\n\r\n{")
    assert client.process.returncode == 1


# Diagnostics

def test_diagnostics_as_you_type(client):
    program = "fn f(x: Tensor<f32,[3,4]>, y: Tensor<f32,[3,5]>) {\n  x + y\n}\n"
    sent = client.open(program)
    assert (sent["uri"], sent["version"]) == (URI, 1)
    [diagnostic] = sent["diagnostics"]
    assert diagnostic["code"] == "E3001"
    assert diagnostic["severity"] == 1
    assert diagnostic["source"] == "mind"
    assert diagnostic["message"].startswith("cannot broadcast [3, 4] with [3, 5]")
    assert "\nhelp: " in diagnostic["message"]
    assert part(program, diagnostic["range"]) == "+"
    related = diagnostic["relatedInformation"]
    assert [(part(program, r["location"]["range"]), r["message"]) for r in related] == [
        ("x", "[3, 4]"), ("y", "[3, 5]")]

    start = {"line": 0, "character": program.index("5]")}
    end = {"line": 0, "character": program.index("5]") + 1}
    sent = client.change({"range": {"start": start, "end": end}, "text": "4"})
    assert (sent["version"], sent["diagnostics"]) == (2, [])
    sent = client.change({"text": "1 +"}, version=3)
    assert [d["code"] for d in sent["diagnostics"]] == ["E1102"]
    client.notify("textDocument/didClose", textDocument={"uri": URI})
    assert client.diagnostics()["diagnostics"] == []
    assert client.request("textDocument/hover", textDocument={"uri": URI},
                          position={"line": 0, "character": 0})["error"]["code"] == -32602


def test_changes_in_order(client):
    client.open("let a = 1;\r\nb\r\n")
    sent = client.change(
        {"range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 9}},
         "text": "a + c"},
        {"range": {"start": {"line": 1, "character": 4}, "end": {"line": 9, "character": 0}},
         "text": "a"})
    assert sent["diagnostics"] == []
    assert client.at("hover", 1, 4)["contents"]["value"] == "```mind\na: i64\n```\n"


def test_utf16(client):
    # An emoji is two code units, and four bytes; both accents are one, and two bytes.
    program = 'let é = 1; /* 🙂 */ let ü = é + z;\nü\n'
    [diagnostic] = client.open(program)["diagnostics"]
    assert part(program, diagnostic["range"]) == "z"
    line, character = place(program, "(é) [+]")
    found = client.at("hover", line, character)
    assert part(program, found["range"]) == "é"
    # In the middle of a character, behind a line, behind the text: still a place.
    for line, character in [(0, 15), (0, 1000), (1000, 1000)]:
        client.at("hover", line, character)


def test_junk_is_answered(client):
    for text in ["", "\ufeff", "(" * 10000, "fn f(", "let x: Tensor<f32,[", "\x00\x01", "/*"]:
        client.open(text)
        for method in ["hover", "definition", "completion", "signatureHelp"]:
            client.at(method, 0, len(text))
        for method in ["documentSymbol", "formatting"]:
            client.ask(f"textDocument/{method}", textDocument={"uri": URI})


# Hover

@pytest.mark.parametrize("pattern, value, range_", [
    (r"= (x) @", "x: Tensor<f32, [4, 8]>", "x"),
    (r"let (product)", "product: Tensor<f32, [4, 16]>", "product"),
    (r"relu\((product)", "product: Tensor<f32, [4, 16]>", "product"),
    (r"layer\((x):", "x: Tensor<f32, [4, 8]>", "x"),
    (r"(HIDDEN):", "const HIDDEN: i64 = 16", "HIDDEN"),
    (r"4,(HIDDEN)", "const HIDDEN: i64 = 16", "HIDDEN"),
    (r"type (Hidden)", "type Hidden = Tensor<f32,[4,HIDDEN]>", "Hidden"),
    (r"-> (Hidden)", "type Hidden = Tensor<f32,[4,HIDDEN]>", "Hidden"),
    (r"h = (layer)", "fn layer(x: Tensor<f32,[4,8]>, w: Tensor<f32,[8,HIDDEN]>) -> Hidden", "layer"),
    (r"fn (main)", "fn main(x: Tensor<f32,[4,8]>, w: Tensor<f32,[8,HIDDEN]>)"
                   " -> Tensor<f32, [4, 16]>", "main"),
])
def test_hover(model, pattern, value, range_):
    found = model.at("hover", *place(MODEL, pattern))
    assert found["contents"] == {"kind": "markdown", "value": f"```mind\n{value}\n```\n"}
    assert part(MODEL, found["range"]) == range_


@pytest.mark.parametrize("pattern, signature, range_", [
    (r"x (@) w", "matmul(x, y) -> Tensor<f32, [4, 16]>", "@"),
    (r"(relu)\(", "relu(x) -> Tensor<f32, [4, 16]>", "relu"),
    (r"h\.(softmax)", "softmax(x, axis=-1) -> Tensor<f32, [4, 16]>", "softmax"),
])
def test_hover_over_operations(model, pattern, signature, range_):
    found = model.at("hover", *place(MODEL, pattern))
    value = found["contents"]["value"]
    assert value.startswith(f"```mind\n{signature}\n```\n")
    assert "Takes " in value
    # The whole description, and the example with what it prints.
    assert "f32 and round once" in value or signature.startswith("relu")
    assert re.search(r"\n\n```mind\n(?!//)(?s:.*)\n// .*\n```\n$", value)
    assert part(MODEL, found["range"]) == range_


def test_hover_over_nothing(model):
    assert model.at("hover", *place(MODEL, "(// One)")) is None
    assert model.at("hover", 2, 0) is None


# Definitions

@pytest.mark.parametrize("use, declaration", [
    (r"= (x) @", r"layer\((x)"), (r"@ (w)", r", (w):"), (r"relu\((product)", r"let (product)"),
    (r"-> (Hidden)", r"type (Hidden)"), (r"8,(HIDDEN)", r"const (HIDDEN)"),
    (r"= (layer)", r"fn (layer)"), (r"(h)\.softmax", r"let (h)"), (r"let (h)", r"let (h)"),
])
def test_definition(model, use, declaration):
    found = model.at("definition", *place(MODEL, use))
    line, character = place(MODEL, declaration)
    assert found["uri"] == URI
    assert found["range"]["start"] == {"line": line, "character": character}


def test_definition_of_what_is_hidden(client):
    program = """\
fn x(x: Tensor<f32,[B]>) -> i64 {
  let y = x;
  let x = { let x = 1; x + 2 };
  for i in 0..x { let y = i; }
  x + B
}
fn g() { x(y) }
"""
    client.open(program)
    for use, declaration in [(r"y = (x);", r"\((x):"), (r"(x) \+ 2", r"\{ let (x)"),
                             (r"\.\.(x)", r"  let (x)"), (r"= (i);", r"for (i)"),
                             (r"(x) \+ B", r"  let (x)"), (r"\+ (B)", r"\[(B)"),
                             (r"\{ (x)\(", r"fn (x)")]:
        found = client.at("definition", *place(program, use))
        line, character = place(program, declaration)
        assert found["range"]["start"] == {"line": line, "character": character}, use
    assert client.at("definition", *place(program, r"x\((y)\)")) is None
    assert client.at("definition", *place(program, r"(->)")) is None


# Completion and signatures

def labels(client, text):
    """The items at the `|` in text."""
    before, after = text.split("|")
    client.open(before + after)
    found = client.at("completion", before.count("\n"), len(before.rsplit("\n", 1)[-1]))
    return {item["label"]: item for item in found["items"]}


def test_completion_of_names(client):
    items = labels(client, "const C = 1;\nfn f(x: Tensor<f32,[B]>) {\n  let y = x;\n  re|\n}\n"
                           "fn g(z: f32) { let late = z; }\n")
    assert items["relu"]["detail"] == "relu(x)"
    assert items["relu"]["documentation"]["value"]
    assert items["println"]["detail"] == "println(values...)"
    assert items["y"]["detail"] == "y: Tensor<f32, [B]>"
    assert items["g"]["detail"] == "fn g(z: f32) -> unit"
    assert items["B"]["detail"] == "B: i64"
    assert {"x", "C", "f", "let", "f32", "min", "minimum"} <= items.keys()
    assert not {"z", "late", "struct"} & items.keys()


def test_completion_of_members(client):
    assert labels(client, "fn f(x: f32) { x.so|")["softmax"]["kind"] == 2
    assert "zeros" not in labels(client, "fn f(x: f32) { x.|")
    assert "zeros" in labels(client, "fn f(x: f32) { tensor.|")


def test_completion_of_arguments(client):
    items = labels(client, "fn f(x: f32) { x.sum(a|")
    assert items["axes="]["detail"] == "axes=none"
    assert "keepdims=" in items
    assert "values=" not in labels(client, "println(v|")
    assert "w=" in labels(client, "fn f(w: f32) { 1 } fn g() { f(|")
    assert "axes=" not in labels(client, "fn f(x: f32) { x.sum(axes=|")


@pytest.mark.parametrize("text", ["// a|", "/* a|", '"a|"', "let a|", "fn a|", "let a = 12|"])
def test_no_completion(client, text):
    assert labels(client, text) == {}


def active(client, text):
    """The text of the active parameter at the `|` in text, and the signature."""
    before, after = text.split("|")
    client.open(before + after)
    help_ = client.at("signatureHelp", before.count("\n"), len(before.rsplit("\n", 1)[-1]))
    if help_ is None:
        return None
    signature = help_["signatures"][help_["activeSignature"]]
    begin, end = signature["parameters"][signature["activeParameter"]]["label"]
    return signature["label"], signature["label"][begin:end]


def test_signature_help(client):
    assert active(client, "softmax(|") == ("softmax(x, axis=-1)", "x")
    assert active(client, "softmax(f(1, 2), |") == ("softmax(x, axis=-1)", "axis=-1")
    assert active(client, "tensor.softmax(a, |)") == ("softmax(x, axis=-1)", "axis=-1")
    assert active(client, "a.softmax(|)") == ("softmax(x, axis=-1)", "axis=-1")
    assert active(client, "a.sum(keepdims=tr|")[1] == "keepdims=false"
    assert active(client, "sum(a, [0, |")[1] == "axes=none"
    assert active(client, "fn f(x: f32, y: i64) { x } f(1, |") == ("fn f(x: f32, y: i64) -> f32",
                                                                  "y: i64")
    assert active(client, "print(|") == ("print(values...)", "values...")
    assert active(client, "x.print(1, 2, |") == ("print(values...)", "values...")
    assert active(client, "no_such(|") is None
    assert active(client, "fn f(|") is None
    assert active(client, "sum(a); |") is None


# Symbols and formatting

def test_document_symbols(model):
    symbols = model.ask("textDocument/documentSymbol", textDocument={"uri": URI})
    assert [symbol["name"] for symbol in symbols] == ["HIDDEN", "Hidden", "layer", "main"]
    assert [part(MODEL, s["selectionRange"]) for s in symbols] == [s["name"] for s in symbols]
    model.open("let (a, b) = (1, 2);\na", uri="file:///script.mind")
    symbols = model.ask("textDocument/documentSymbol", textDocument={"uri": "file:///script.mind"})
    assert [(s["name"], s["detail"]) for s in symbols] == [("a", "a: i64"), ("b", "b: i64")]


def formatted(client, text):
    client.open(text)
    return client.ask("textDocument/formatting", textDocument={"uri": URI},
                      options={"tabSize": 8, "insertSpaces": True})


def test_formatting(client):
    [edit] = formatted(client, "let  x=1 ;\r\nx")
    assert edit["newText"] == "let x = 1;\nx\n"
    assert edit["range"] == {"start": {"line": 0, "character": 0},
                             "end": {"line": 1, "character": 1}}
    assert formatted(client, "let x = 1;\nx\n") == []
    assert formatted(client, "let x = ;") is None


def test_same_messages_as_the_compiler(client):
    """Every answer is JSON whatever is in the program's text."""
    program = 'let x = "\\u{1F642} \\q";\n'
    [diagnostic] = client.open(program)["diagnostics"]
    assert diagnostic["code"] == "E1004"
    assert json.dumps(diagnostic)
