# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lists of cases, and how they are measured and reported."""

import dataclasses
import json

import numpy as np
import pytest
from conftest import ROOT

from mind.bench import cells, cli, environment, programs, protocol, report_tables, results, sweeps

SHAPES = ROOT / "bench" / "shapes"


def test_growth_goes_up_to_1000_layers_of_either_kind(tmp_path):
    cases = sweeps.load(sweeps.find(SHAPES, "growth"), tmp_path / "sweep")
    of = {kind: [case.layers for case in cases if case.size_class == kind] for kind in ("equal", "distinct")}
    assert of["equal"] == of["distinct"] == [1, 3, 10, 30, 100, 300, 1000]


@pytest.mark.parametrize("name, count", [("matmul", 40), ("elementwise", 64)])
def test_the_lists_have_their_cases_in_every_size_class(tmp_path, name, count):
    cases = sweeps.load(sweeps.find(SHAPES, name), tmp_path / "sweep")
    assert len(cases) == count
    assert {case.size_class for case in cases} == {"overhead", "cache", "memory"}


def test_a_product_is_a_program(tmp_path):
    (tmp_path / "mine.txt").write_text("# M N K\n3 4 5\n")
    (case,) = sweeps.load(sweeps.find(SHAPES, str(tmp_path / "mine.txt")), tmp_path / "sweep")
    assert (case.name, case.flops, case.bytes, case.reduction_length) == ("3x4x5", 120, 4 * (15 + 20 + 12), 5)
    assert [variant.kernels for variant in case.variants] == [True, False]
    assert case.variants[0].source.read_text() == (
        "fn main(x: Tensor<f32,[3,5]>, w: Tensor<f32,[5,4]>) -> Tensor<f32,[3,4]> {\n  x @ w\n}\n"
    )


def test_attention_is_a_program(tmp_path):
    (tmp_path / "mine.txt").write_text("attention 2 3 5 4 causal\nattention 1 7 7 4\n")
    causal, other = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    assert (causal.name, causal.flops) == ("2x3x5x4-causal", 4 * 2 * (1 + 2 + 3) * 4)
    assert (other.name, other.flops) == ("1x7x7x4", 4 * 49 * 4)
    assert causal.variants[0].source.read_text() == (
        "fn main(q: Tensor<f32,[1,2,3,4]>, k: Tensor<f32,[1,2,5,4]>, v: Tensor<f32,[1,2,5,4]>)"
        " -> Tensor<f32,[1,2,3,4]> {\n  attention(q, k, v, causal=true)\n}\n"
    )


def test_an_mlp_is_a_program_without_a_model(tmp_path):
    (tmp_path / "mine.txt").write_text("equal 1\ndistinct 2\n")
    equal, distinct = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    assert (equal.name, equal.layers, equal.front_end_only) == ("equal-1", 1, True)
    assert distinct.variants[0].source.read_text() == (
        "fn main(x: Tensor<f32,[8,16]>, w0: Tensor<f32,[16,17]>, b0: Tensor<f32,[17]>, "
        "w1: Tensor<f32,[17,18]>, b1: Tensor<f32,[18]>) -> Tensor<f32,[8,18]> {\n"
        "  let x = relu(x @ w0 + b0);\n  let x = relu(x @ w1 + b1);\n  x\n}\n"
    )


def test_growth_is_told_for_a_layer(fake_worker, tmp_path, capfd):
    (tmp_path / "mine.txt").write_text("equal 1\nequal 4\ndistinct 4\n")
    arguments = ["--sweep", str(tmp_path / "mine.txt"), "--mind-worker", fake_worker.script, "--out", str(tmp_path)]
    assert cli.main([*arguments, "--samples", "2", "--no-torch"]) == 0
    outcome = json.loads((tmp_path / "mind_results.json").read_text())
    assert results.check_schema(outcome) == []
    assert {(row["depth"], row["column"]) for row in outcome["rows"]} == {("plan", "warm"), ("object", "warm")}
    for table in report_tables.all_tables(outcome):
        assert table.header == ["layers", "equal layers", "a layer", "distinct layers", "a layer"]
        assert table.rows == [["1", "1 ms", "1 ms", "-", "-"], ["4", "1 ms", "250 us", "1 ms", "250 us"]]


def test_an_expression_has_its_dtypes_scalars_and_sums(tmp_path):
    torch = pytest.importorskip("torch")
    expression = {
        "name": "total",
        "mind": "sum(n) as f32 * s",
        "torch": "n.sum().to(s.dtype) * s",
        "dtypes": {"n": "i32"},
        "cases": [{"n": [2, 9], "s": [], "result": [], "sum": 18}],
    }
    (tmp_path / "mine.json").write_text(json.dumps([expression]))
    (case,) = sweeps.load(tmp_path / "mine.json", tmp_path / "sweep")
    assert (case.name, case.flops, case.bytes, case.reduction_length) == ("total-2x9", 0, 4 * 20, 18)
    assert "(n: Tensor<i32,[2,9]>, s: f32) -> f32 {" in case.variants[0].source.read_text()
    values = case.values()
    n, s = case.mind_inputs(case.variants[0], values)
    assert n.dtype == np.int32 and s.shape == ()
    model, inputs = programs.load_model(case, values, torch)
    assert np.isclose(model(*inputs).item(), n.sum() * s)


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("mine.json", "{", "is no list of cases"),
        ("mine.json", '[{"name": "x"}]', "is no list of cases: KeyError: 'cases'"),
        ("mine.txt", "1 2\n", "is no list of cases: ValueError"),
        ("mine.txt", "1 2 3\n1 2 3\n", "two cases are called 1x2x3"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(programs.ProgramError, match=message):
        sweeps.load(tmp_path / name, tmp_path / "sweep")


def test_an_unknown_list_names_the_known_ones(fake_worker, tmp_path, capfd):
    base = ["--mind-worker", fake_worker.script, "--out", str(tmp_path)]
    assert cli.main(["--sweep", "products", *base]) == 2
    assert "no sweep 'products': neither one of attention, elementwise, front-end, growth, matmul" in capfd.readouterr().err
    assert cli.main(["conv2d", "--sweep", "matmul", *base]) == 2
    assert "name neither programs nor depths" in capfd.readouterr().err


def test_programs_are_measured_one_by_one_and_forgotten(tmp_path):
    (tmp_path / "mine.txt").write_text("1 2 3\n4 5 6\n")
    events = []

    class Task(cells.Task):
        def run(self, lab):
            events.append(self.cells[0].system)
            return {self.cells[0]: (1.0, 1)}, None

    class Lab:
        done = {}

        def forget(self):
            events.append("forget")

    tasks = [
        Task(program, [cells.Cell(program.name, system, "steady", "steady", 1)], 3, 0.1)
        for program in sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
        for system in ("mind", "eager")
    ]
    protocol.run(tasks, Lab(), one_by_one=True)
    assert events[0] == events[7] == "forget" and len(events) == 14
    for first in (1, 8):
        assert sorted(events[first : first + 6]) == ["eager"] * 3 + ["mind"] * 3
        assert events[first : first + 6] != sorted(events[first : first + 6])


def test_the_report_has_means_worst_cases_and_shares_of_the_roof(tmp_path):
    (tmp_path / "mine.txt").write_text("10 10 10\n20 20 20\n")
    cases = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    measured = protocol.Measured()
    for case, factor in zip(cases, (2.0, 0.5)):
        systems = (("mind", 0, 2e-6), ("mind", 1, 1e-6), ("eager", None, factor * 1e-6), ("inductor", None, 8e-6))
        for system, tier, seconds in systems:
            cell = cells.Cell(case.name, system, "steady", "steady", 1, caller="python", tier=tier)
            measured.samples[cell] = [seconds]
            measured.calls[cell] = [1]
    about = environment.collect(roof=[{"threads": 1, "fma_flops": 20e9, "bandwidth_bytes": 1e9}])
    outcome = results.results_of(measured, cases, about, "mind-bench", [], "mine")
    summary, details = report_tables.all_tables(outcome)
    assert summary.title == "Sweep mine, 1 thread"
    case, worst = "10x10x10", "20x20x20"
    assert summary.rows == [
        ["overhead-bound", "tier 0", "2", "0.50x", f"0.25x {worst}", "4.00x", f"4.00x {case}", "0.50x", f"0.25x {worst}", "0.50x", f"0.50x {case}"],
        ["overhead-bound", "tier 1", "2", "1.00x", f"0.50x {worst}", "8.00x", f"8.00x {case}", "1.00x", f"0.50x {worst}", "-", "-"],
    ]  # fmt: skip
    assert details.rows[0] == [
        "10x10x10", "2 us", "1 us", "0.50x", "2 us", "1.00x", "2.00x", "8 us", "4.00x", "8.00x",
        "1 GFLOP/s", "5%", "2 GFLOP/s", "10%",
    ]  # fmt: skip
    assert report_tables.program_tables(outcome) == []


def test_a_case_has_both_tiers_and_its_generated_code_one(tmp_path):
    (tmp_path / "mine.txt").write_text("3 4 5\n")
    (case,) = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    tasks = cells.sweep_tasks(case, cells.Choice(depths=(), torch=False))
    assert [(t.cells[0].system, t.cells[0].variant, t.cells[0].tier, t.samples) for t in tasks] == [
        ("mind", "", 0, 10),
        ("mind", "", 1, 10),
        ("mind", "generated", 1, 1),
        ("roof", "", None, 10),
    ]


def test_a_module_of_functions_has_so_many_operations(tmp_path):
    (tmp_path / "mine.txt").write_text("operations 20\n")
    (case,) = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    assert (case.name, case.operations, case.front_end_only) == ("operations-20", 20, True)
    source = case.variants[0].source.read_text()
    assert source.count("fn layer") == 2 and case.source_bytes == len(source)
    (tmp_path / "mine.txt").write_text("operations 15\n")
    with pytest.raises(programs.ProgramError, match="not a multiple of 10"):
        sweeps.load(tmp_path / "mine.txt", tmp_path / "other")


def test_the_front_end_is_measured_up_to_the_mind_dialect(tmp_path):
    (tmp_path / "mine.txt").write_text("operations 10\n")
    (case,) = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")

    def samples(program):
        return [(t.cells[0].depth, t.samples) for t in cells.sweep_tasks(program, cells.Choice(depths=()))]

    assert samples(case) == [("parse", 10), ("check", 10), ("mind", 10)]
    assert samples(dataclasses.replace(case, operations=1_000_000)) == [("parse", 3), ("check", 3), ("mind", 3)]
    sizes = [int(line.split()[1]) for line in (SHAPES / "front-end.txt").read_text().splitlines() if line[0] != "#"]
    assert sizes == [10**i for i in range(1, 7)]
