# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mind-mlir-lsp-server: that MLIR's server knows our dialect."""

import pytest

from lsp import Client

URI = "file:///folder/module.mlir"
MODULE = """\
func.func @f(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = mind.relu %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
"""


@pytest.fixture
def client():
    with Client("mind-mlir-lsp-server") as client:
        client.initialize()
        yield client


def test_module(client):
    assert client.open(MODULE, uri=URI, language="mlir")["diagnostics"] == []
    assert "mind.relu" in client.at("hover", 1, 9, uri=URI)["contents"]["value"]
    [found] = client.at("definition", 2, 10, uri=URI)
    assert found["range"]["start"] == {"line": 1, "character": 2}
    assert client.leave() == 0


def test_verifier(client):
    wrong = MODULE.replace("-> tensor<2x3", "-> tensor<2x4").replace("%y : tensor<2x3", "%y : tensor<2x4")
    [diagnostic] = client.open(wrong, uri=URI, language="mlir")["diagnostics"]
    assert diagnostic["range"]["start"]["line"] == 1
    assert "but should be Tensor<f32, [2, 3]>" in diagnostic["message"]
    unknown = MODULE.replace("mind.relu", "mind.rule")
    diagnostic = client.open(unknown, uri=URI, language="mlir")["diagnostics"][0]
    assert "mind.rule" in diagnostic["message"]
