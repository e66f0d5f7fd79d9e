# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What README.md says of a run, as utils/update_readme.py writes it."""

import importlib.util

import numpy as np
import pytest
from conftest import ROOT

from mind.bench import cells, environment, programs, protocol, report_readme, results, sweeps

SECONDS = {
    ("mind", 0): {"plan": 1e-5, "first-run": 5e-5, "steady": 2e-6, "process": 5e-3},
    ("mind", 1): {"object": 1e-3, "first-run": 1.5e-3, "steady": 1e-6, "process": 2e-2},
    ("mind", None): {"mind": 6e-6},
    ("dynamo", None): {"mind": 5e-2},
    ("aot_eager", None): {"plan": 4e-2, "first-run": 4.2e-2},
    ("inductor", None): {"first-run": 0.5, "steady": 5e-5, "process": 8.0},
    ("eager", None): {"steady": 3e-6, "process": 1.0},
}
COLUMNS = {"steady": "steady", "process": "cold"}


def run_of(selected, depths, sweep=None):
    """Results of programs that each take a tenth longer than the one before."""
    measured = protocol.Measured()
    for i, program in enumerate(selected):
        for (system, tier), times in SECONDS.items():
            for depth in depths & times.keys():
                caller = "python" if depth == "steady" else ""
                cell = cells.Cell(program.name, system, depth, COLUMNS.get(depth, "warm"), 1, caller=caller, tier=tier)
                measured.add(cell, times[depth] * 1.1**i, 1)
                measured.checks[cell.judged_as] = (True, "")
                if depth == "process" and system == "mind":
                    measured.peaks[cell] = 30_000_000
    about = environment.collect(mind={"version": "1.2.3", "llvm": "22.1.0"}, torch={"torch": "2.13.0+cpu"})
    return results.results_of(measured, selected, about, "mind-bench", [], sweep)


def load(*names):
    return [programs.load(ROOT / "bench" / "programs" / name) for name in names]


@pytest.fixture
def main_run():
    return run_of(load("scalar_math", "conv2d"), {"mind", "plan", "object", "first-run", "steady", "process"})


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("update_readme", ROOT / "utils" / "update_readme.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_claim_says_what_is_compared_and_what_it_costs(main_run):
    claim = report_readme.claim(main_run)
    for part in (
        "each of the 2 programs of its benchmark takes 50 to 55 us with precompiled kernels (tier 0)",
        "`torch.compile` takes 500 to 550 ms (Inductor) or 42 to 46 ms (`aot_eager`,",
        "1.50 to 1.50x as fast as eager PyTorch's",
        "25.0 to 25.0x as fast as Inductor's",
        "With generated code (tier 1) the first result takes 1.5 to 1.7 ms",
    ):
        assert part in claim, part


def test_the_section_has_the_head_table_and_what_lies_beside(main_run, tmp_path):
    (tmp_path / "mine.txt").write_text("1 2 3\n4 5 6\n")
    products = run_of(sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep"), {"steady"}, "matmul")
    large = run_of(load("transformer_block"), {"first-run", "steady"})
    section = report_readme.section(main_run, "r/x", [(large, "r/x-large"), (products, "r/x-matmul")])
    assert section.startswith("![") and "(r/x/first-run.svg)" in section
    assert "| scalar_math | 50 us | 1.5 ms | 500 ms | 10,000x |" in section
    text = " ".join(section.split())
    for part in (
        "A warm call on tier 0 runs 0.50x as fast as on tier 1 (the worst 0.50x)",
        "(depth `plan`) takes 10 to 11 us",
        "as a new process and at most 30 MB; Python with eager PyTorch 1 to 1.1 s (200x)",
        "[`transformer_block`](r/x-large/results.md)) need 50 us to a first correct result on tier 0",
        "2 [products of matrices](r/x-matmul/results.md) run 1.50x as fast as eager on tier 0 (the worst 1.50x)",
    ):
        assert part in text, part


def test_the_front_end_has_its_yardstick_and_its_growth(main_run, tmp_path):
    assert report_readme.yardstick_sentence(main_run, "r/x") == ""
    measured = protocol.Measured()
    (script,) = load("script_simple_mlp")
    for system, verify, seconds in (("mind", False, 6e-6), ("mind", True, 9e-6), ("mlir", True, 8e-6)):
        measured.add(cells.Cell(script.name, system, "mind", "warm", 1, verify=verify), seconds, 1)
    (tmp_path / "mine.txt").write_text("operations 100\noperations 1000\noperations 10000\n")
    functions = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    grown = protocol.Measured()
    for case, seconds in zip(functions, (5e-5, 2.1e-4, 2e-3)):
        grown.add(cells.Cell(case.name, "mind", "mind", "warm", 1), seconds, 1)
    about = environment.collect()
    beside = results.results_of(measured, [script], about, "mind-bench", [])
    sentence = report_readme.yardstick_sentence(beside, "r/x")
    assert "take 0.75 to 0.75x as long" in sentence and "verified too 1.12 to 1.12x ([by phase](r/x/front-end.svg))" in sentence
    sweep = results.results_of(grown, functions, about, "mind-bench", [], "front-end")
    text = " ".join(report_readme.section(main_run, "r/x", [(sweep, "r/x-front-end")]).split())
    assert "From 1,000 to 10,000 operations the front end takes 200 to 210 ns for each ([a sweep](r/x-front-end/results.md)" in text
    assert "Sweeps over lists" not in text


def test_wrong_results_and_missing_rows_are_no_claim(main_run):
    with pytest.raises(ValueError, match="not every program has a time"):
        report_readme.claim(run_of(load("conv2d"), {"steady"}))
    main_run["checks"][0]["correct"] = False
    with pytest.raises(ValueError, match="wrong results"):
        report_readme.section(main_run, "r/x", [])


def test_the_script_replaces_what_lies_between_its_comments(main_run, script, tmp_path):
    folder = tmp_path / "bench" / "x"
    folder.mkdir(parents=True)
    results.write_json(folder / "mind_results.json", main_run)
    old = (ROOT / "README.md").read_text(encoding="utf-8")
    new = script.updated(old, folder, tmp_path)
    assert "takes 50 to 55 us with" in " ".join(new.split()) and "bench/x/first-run.svg" in new
    assert script.updated(new, folder, tmp_path) == new
    assert new.startswith("# MIND\n") and new.endswith(old[-200:])
    with pytest.raises(ValueError, match="there must be one comment"):
        script.updated("# MIND\n", folder, tmp_path)


def test_spans_name_a_unit_once():
    assert report_readme.span([1.44e-3, 2.21e-3]) == "1.4 to 2.2 ms"
    assert report_readme.span([9e-4, 2.21e-3]) == "900 us to 2.2 ms"
    assert report_readme.span(np.array([1e-3, 1.01e-3])) == "1 ms"
