# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json

import numpy as np
import pytest
from conftest import ROOT

from mind.bench import programs

CLASSICS = ["scalar_math", "small_matmul", "medium_matmul", "large_matmul", "simple_mlp", "conv2d"]


def write_program(folder, **fields):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.mind").write_text("fn main(x: Tensor<f32,[2,3]>) -> Tensor<f32,[2,3]> { x }\n")
    (folder / "model.py").write_text("")
    (folder / "program.json").write_text(json.dumps(fields))
    return folder


def test_the_classics_come_first_and_in_order():
    assert [p.name for p in programs.load_all(ROOT / "bench" / "programs")][:6] == CLASSICS


def test_values_are_the_same_every_time_and_differ_by_program(scalar_math):
    once, again = scalar_math.values(), scalar_math.values()
    assert np.array_equal(once["x"], again["x"])
    assert once["x"].dtype == np.float32 and once["x"].shape == (1, 10)


def test_values_in_a_range_and_weights_by_their_fan_in(tmp_path):
    parameters = [
        {"name": "x", "shape": [1000], "torch": "input"},
        {"name": "var", "shape": [1000], "torch": "norm.running_var", "range": [0.5, 1.5]},
        {"name": "w", "shape": [100, 20, 5], "torch": "w"},
        {"name": "b", "shape": [1000], "torch": "b"},
    ]
    program = programs.load(write_program(tmp_path / "p", parameters=parameters, reduction_length=2500))
    values = program.values()
    assert 0.5 <= values["var"].min() and values["var"].max() < 1.5 and values["var"].dtype == np.float32
    assert np.allclose([values[name].std() for name in "xwb"], [1.0, 0.1, 0.02], rtol=0.1)


def test_published_scripts_have_a_yardstick():
    yardsticks = {p.name: p.yardstick for p in programs.load_all(ROOT / "bench" / "programs") if p.yardstick}
    products = dict.fromkeys(["scalar_math", "small_matmul", "medium_matmul", "large_matmul"], "matmul")
    assert yardsticks == {f"script_{name}": kind for name, kind in (products | {"simple_mlp": "mlp"}).items()}


def test_large_programs_are_measured_only_when_named(tmp_path):
    write_program(tmp_path / "small")
    write_program(tmp_path / "large", default=False)
    assert [p.name for p in programs.select(tmp_path, [])] == ["small"]
    assert [p.name for p in programs.select(tmp_path, ["large"])] == ["large"]
    assert {p.name for p in programs.load_all(tmp_path)} == {"small", "large"}


def test_layouts_of_a_variant(tmp_path):
    folder = write_program(
        tmp_path / "p",
        parameters=[{"name": "x", "shape": [2, 3], "torch": "input"}],
        variants=[{"name": "", "source": "program.mind", "permute": {"x": [1, 0]}}],
    )
    program = programs.load(folder)
    (x,) = program.mind_inputs(program.variants[0], program.values())
    assert x.shape == (3, 2) and x.flags.c_contiguous
    assert np.array_equal(x.T, program.values()["x"])


def test_convolution_is_nhwc_with_an_hwcf_filter():
    conv = programs.load(ROOT / "bench" / "programs" / "conv2d")
    shapes = [x.shape for x in conv.mind_inputs(conv.variants[0], conv.values())]
    assert shapes == [(1, 56, 56, 64), (3, 3, 64, 64), (64,)]


@pytest.mark.parametrize("path", sorted((ROOT / "bench" / "programs").glob("*/program.json")), ids=lambda p: p.parent.name)
def test_models_load_with_their_values(path):
    torch = pytest.importorskip("torch")
    program = programs.load(path.parent)
    if program.front_end_only:
        assert not program.parameters
        return
    values = program.values()
    model, inputs = programs.load_model(program, values, torch)
    state = {p["torch"]: p["name"] for p in program.parameters if p["torch"] != "input"}
    counters = {name for name in model.state_dict() if name.endswith("num_batches_tracked")}
    assert set(model.state_dict()) - counters == set(state)
    for name, parameter in state.items():
        assert np.array_equal(model.state_dict()[name].numpy(), values[parameter])
    assert len(inputs) == len(program.parameters) - len(state)


def test_selection_by_name_and_path(tmp_path):
    root = ROOT / "bench" / "programs"
    mine = write_program(tmp_path / "mine", parameters=[])
    names = [p.name for p in programs.select(root, ["conv2d", str(mine), str(mine / "program.mind")])]
    assert names == ["conv2d", "mine", "mine"]


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda f: (f / "program.json").unlink(), "cannot read program.json"),
        (lambda f: (f / "program.json").write_text("{"), "is not JSON"),
        (lambda f: (f / "program.mind").unlink(), "names program.mind, which does not exist"),
        (lambda f: (f / "model.py").unlink(), "has no model.py"),
        (lambda f: write_program(f, parameters=[{"name": "x"}]), "lacks shape, torch"),
        (lambda f: write_program(f, parameters=[{"name": "x", "shape": [1], "torch": "input", "dtype": "c64"}]), "unknown dtype c64"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_program_says_why(tmp_path, spoil, message):
    folder = write_program(tmp_path / "p", parameters=[])
    spoil(folder)
    with pytest.raises(programs.ProgramError, match=message):
        programs.load(folder)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(programs.ProgramError, match="no program 'convolution'.*conv2d"):
        programs.select(ROOT / "bench" / "programs", ["convolution"])
