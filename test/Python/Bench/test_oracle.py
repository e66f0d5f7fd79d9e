# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json

import numpy as np
import pytest

from mind.bench import oracle

K = 100


def judge(value, reference, magnitude=1.0):
    value = np.array(value, dtype=np.float32)
    reference = np.array(reference, dtype=np.float64)
    return oracle.compare(value, reference, np.full(reference.shape, magnitude), K)


def test_relative_tolerance_grows_with_the_root_of_the_reduction():
    assert judge([1000.0 * (1 + 0.9e-3)], [1000.0])[0]
    assert not judge([1000.0 * (1 + 1.2e-3)], [1000.0])[0]


def test_absolute_tolerance_comes_from_the_operands():
    # A sum of terms of size 1e4 that cancel: 10 * 2^-24 * 1e4 is 6e-3.
    assert judge([5e-3], [0.0], magnitude=1e4)[0]
    assert not judge([5e-3], [0.0], magnitude=1.0)[0]


def test_nan_and_infinity_must_meet_their_like():
    assert judge([np.nan, np.inf, -np.inf], [np.nan, np.inf, -np.inf])[0]
    assert not judge([0.0], [np.nan])[0]
    assert not judge([np.nan], [0.0])[0]
    assert not judge([np.inf], [-np.inf])[0]
    assert not judge([np.inf], [1.0])[0]


def test_an_overflowing_magnitude_falls_back_to_the_reference():
    assert judge([2.0], [2.0], magnitude=np.inf)[0]
    assert not judge([2.1], [2.0], magnitude=np.inf)[0]


def test_shapes_must_agree():
    correct, _, message = judge([1.0, 2.0], [1.0])
    assert not correct and message == "shape is [2], expected [1]"


def test_the_message_names_the_first_wrong_value():
    correct, worst, message = judge([1.0, 3.0, 4.0], [1.0, 2.0, 3.0])
    assert not correct and worst > 1
    assert message == "2 of 3 values differ, the first at [1]: 3, expected 2"


def test_integers_are_exact():
    ints = np.array([1, 2], dtype=np.int64)
    assert oracle.compare(ints, ints.astype(np.float64), ints.astype(np.float64), 1)[0]
    assert not oracle.compare(ints + 1, ints.astype(np.float64), ints.astype(np.float64), 1)[0]


def test_a_deep_program_is_judged_by_its_largest_value(tmp_path):
    pytest.importorskip("torch")
    (tmp_path / "program.mind").write_text("fn main(x: Tensor<f32,[2]>) -> Tensor<f32,[2]> { x * 3 }")
    (tmp_path / "model.py").write_text(
        "import torch\n\n\nclass Model(torch.nn.Module):\n    def forward(self, x):\n        return x - x.abs() * 1e9\n"
    )
    np.save(tmp_path / "x.npy", np.array([-1.0, 0.0], dtype=np.float32))
    fields = {"parameters": [{"name": "x", "shape": [2], "torch": "input"}]}
    magnitudes = []
    for magnitude in ("operands", "result"):
        (tmp_path / "program.json").write_text(json.dumps(fields | {"magnitude": magnitude}))
        magnitudes.append(oracle.Oracle().reference(str(tmp_path), tmp_path)[2].tolist())
    assert magnitudes == [[1 - 1e9, 0.0], [1 + 1e9, 1 + 1e9]]
