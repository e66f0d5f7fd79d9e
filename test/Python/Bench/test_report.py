# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import copy
import dataclasses
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import ROOT

from mind.bench import cells, environment, report_html, report_plots, report_tables, report_text, results


@pytest.fixture
def outcome(measured, scalar_math):
    about = environment.collect(mind={"version": "1.2.3", "llvm": "22.1.0"})
    about["depths"] = ["mind", "plan", "first-run", "steady"]
    return results.results_of(measured, [scalar_math], about, "mind-bench", ["A note."])


def row(outcome, **fields):
    (found,) = [r for r in outcome["rows"] if all(r[k] == v for k, v in fields.items())]
    return found


def test_the_file_satisfies_its_schema(outcome, tmp_path):
    results.write_json(tmp_path / "mind_results.json", outcome)
    read = json.loads((tmp_path / "mind_results.json").read_text())
    assert results.check_schema(read) == []
    assert [p.name for p in tmp_path.iterdir()] == ["mind_results.json"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda o: o.pop("schema"),
        lambda o: o["rows"][0].pop("samples_s"),
        lambda o: o["rows"][0].update(system="tensorflow"),
        lambda o: o["rows"][0].update(samples_s=[-1.0]),
        lambda o: o["ratios"][0].update(mind=999),
        lambda o: o["rows"][0].update(correct=False),
    ],
)
def test_a_breach_of_the_schema_is_found(outcome, spoil):
    broken = copy.deepcopy(outcome)
    spoil(broken)
    assert results.check_schema(broken)


def test_the_schema_is_documented():
    text = (ROOT / "docs" / "benchmarking.md").read_text()
    for field in results.ROW_FIELDS:
        assert f"`{field}`" in text, field
    for system in results.SYSTEMS:
        assert f"`{system}`" in text, system


def test_known_arithmetic_is_shown_beside_the_roof(outcome):
    assert report_tables.roof_table(outcome).rows == []
    outcome["programs"][0]["flops"] = 1000
    outcome["environment"]["roof"] = [{"threads": 1, "fma_flops": 4e9, "bandwidth_bytes": 1e9}]
    (rates,) = report_tables.roof_table(outcome).rows
    assert rates == ["scalar_math", "-", "0.5 GFLOP/s", "12%", "1 GFLOP/s", "25%", "-", "-", "0.02 GFLOP/s", "0%"]


def test_the_roof_that_was_timed_among_the_samples_comes_first(measured, scalar_math):
    scalar_math = dataclasses.replace(scalar_math, flops=1000)
    (task,) = cells.roof_tasks(scalar_math, cells.Choice(depths=("steady",)))
    measured.samples[task.cells[0]] = [0.7e-6, 0.5e-6, 0.4e-6]
    about = environment.collect(roof=[{"threads": 1, "fma_flops": 4e9, "bandwidth_bytes": 1e9}])
    outcome = results.results_of(measured, [scalar_math], about, "mind-bench", [])
    (rates,) = report_tables.roof_table(outcome).rows
    assert rates[:6] == ["scalar_math", "2 GFLOP/s", "0.5 GFLOP/s", "25%", "1 GFLOP/s", "50%"]
    assert not any(results.is_torch(r) for r in outcome["rows"] if r["system"] == "roof")


def test_programs_of_unknown_arithmetic_and_several_threads_have_no_roof(scalar_math):
    known = dataclasses.replace(scalar_math, flops=1000)
    assert not list(cells.roof_tasks(scalar_math, cells.Choice(depths=("steady",))))
    assert not list(cells.roof_tasks(known, cells.Choice(depths=("steady",), threads=(2,))))
    assert [t for t in cells.mind_tasks(known, cells.Choice(depths=("steady",))) if isinstance(t, cells.RoofTask)]
    assert not [t for t in cells.mind_tasks(known, cells.Choice(depths=("mind",))) if isinstance(t, cells.RoofTask)]


@pytest.fixture
def cuda_outcome(measured_on_cuda, scalar_math):
    about = environment.collect(
        mind={"version": "1.2.3", "llvm": "22.1.0"},
        torch={"torch": "2.11.0", "triton": "3.6.0", "settings": "", "compile_workers": 16, "cuda_device": "NVIDIA H100",
               "cuda_version": "13.0", "cuda_driver": "580.1"},
    )  # fmt: skip
    about["depths"] = ["mind", "plan", "first-run", "steady"]
    return results.results_of(measured_on_cuda, [scalar_math], about, "mind-bench", [])


def test_each_device_has_a_head_table_of_its_own(cuda_outcome):
    cpu, cuda, *generated = (t for t in report_tables.all_tables(cuda_outcome) if t.title.startswith("First "))
    assert cuda.title == "First and steady calls, warm column, 1 thread; PyTorch on CUDA, MIND on the CPU"
    (on_cpu,), (on_cuda,) = cpu.rows, cuda.rows
    assert on_cpu[1:4] == ["50 us", "2 ms", "500 ms"] and on_cpu[5:10] == ["2 us", "1 us", "50 us", "25.0x", "FAIL"]
    assert on_cuda[1:4] == ["50 us", "2 ms", "4 s"] and on_cuda[7:11] == ["20 us", "10.0x", "10 us", "5.00x"]
    assert on_cuda[4].startswith("80,000x [")
    assert [t.rows[0][2] for t in generated] == ["500 ms", "4 s"]


def test_rows_of_a_device_say_so_wherever_they_stand_among_others(cuda_outcome):
    markdown = report_text.markdown(cuda_outcome)
    assert "NVIDIA H100, CUDA 13.0, driver 580.1" in markdown
    assert "| inductor [python] [cuda] | 20 us |" in markdown
    assert "first-run (warm) cuda " in report_text.published(cuda_outcome)
    assert "inductor, CUDA  4 s" in report_plots.overview(cuda_outcome)
    # The front end has no device, and Dynamo's capture is that of the CPU.
    (front_end,) = report_tables.front_end_table(cuda_outcome).rows
    assert front_end[8] == "50 ms"


def test_a_ratio_beside_another_device_is_the_same_program_at_the_same_depth(cuda_outcome):
    rows = cuda_outcome["rows"]
    pairs = [(rows[e["mind"]], rows[e["other"]]) for e in cuda_outcome["ratios"]]
    assert {other["device"] for _, other in pairs} == {"cpu", "cuda"}
    for mind, other in pairs:
        assert mind["device"] == "cpu"
        assert all(mind[key] == other[key] for key in results.PLACE if key != "device")
    assert results.check_schema(cuda_outcome) == []


def test_a_wrong_row_has_no_time_but_its_samples(outcome):
    eager = row(outcome, system="eager")
    assert eager["median_s"] is None and eager["n"] == 11
    assert report_tables.cell_text(eager) == "FAIL"


def test_the_better_memory_format_counts(outcome):
    assert row(outcome, system="inductor", memory_format="channels_last")["counts"]
    assert not row(outcome, system="inductor", memory_format="contiguous")["counts"]


def test_ratios_stand_between_rows_of_one_place(outcome):
    rows = outcome["rows"]
    pairs = {}
    for entry in outcome["ratios"]:
        mind, other = rows[entry["mind"]], rows[entry["other"]]
        if mind["verify"]:
            assert other["system"] == "mlir"
            continue
        pairs[mind["depth"], mind["tier"], other["system"], other["tier"]] = entry
    assert set(pairs) == {
        ("mind", None, "mlir", None),
        ("mind", None, "dynamo", None),
        ("plan", 0, "aot_eager", None),
        ("first-run", 0, "inductor", None),
        ("first-run", 1, "inductor", None),
        ("first-run", 0, "mind", 1),
        ("steady", 0, "inductor", None),
        ("steady", 1, "inductor", None),
        ("steady", 0, "mind", 1),
    }
    first = pairs["first-run", 1, "inductor", None]
    assert first["ratio"] == pytest.approx(250.0)
    assert first["ci95"][0] <= 250.0 <= first["ci95"][1]
    assert pairs["steady", 0, "mind", 1]["ratio"] == pytest.approx(0.5)


def test_the_head_line_shows_what_the_compile_time_buys(outcome):
    (line,) = report_tables.head_table(outcome).rows
    assert line[:4] == ["scalar_math", "50 us", "2 ms", "500 ms"]
    assert line[4].startswith("10,000x [")
    assert line[5:] == ["2 us", "1 us", "50 us", "25.0x", "FAIL", "-", "n/a", "-"]


def test_generated_code_has_a_head_line_of_its_own(outcome):
    (line,) = report_tables.head_table(outcome, tiers=(1,)).rows
    assert line[1:3] == ["2 ms", "500 ms"] and line[3].startswith("250x [")
    assert line[4:7] == ["1 us", "50 us", "50.0x"]


def test_a_plan_is_told_for_each_operation(outcome):
    (line,) = report_tables.plan_table(outcome).rows
    assert line == ["scalar_math", "10 us", "20 us", "4 us", "8", "500 ns", "-", "40 ms", "2,000x"]
    # And where nothing deeper was measured.
    outcome["rows"] = [r for r in outcome["rows"] if r["depth"] in ("mind", "plan")]
    assert report_tables.plan_table(outcome).rows == [line]


def test_the_front_end_stands_beside_its_yardstick(outcome):
    (line,) = report_tables.front_end_table(outcome).rows
    assert line[:6] == ["scalar_math", "-", "-", "10 us", "20 us", "16 us"]
    assert re.fullmatch(r"0\.62x \[0\.5\d+x, 0\.6\d+x\]", line[6]) and line[7].startswith("1.25x [")
    assert line[8] == "50 ms" and line[9].startswith("5,000x [")
    # Neither a system of PyTorch, nor judged.
    assert report_tables.devices_of(outcome) == ["cpu"]
    assert "mlir" not in {r["system"] for r in results.torch_part(outcome)["rows"]}
    assert row(outcome, system="mlir")["correct"] is None


def test_an_inverse_turns_its_interval_round():
    assert report_tables.inverse({"ratio": 2.0, "ci95": [1.0, 4.0]}) == {"ratio": 0.5, "ci95": [0.25, 1.0]}
    assert report_tables.inverse({"ratio": 2.0, "ci95": None})["ci95"] is None
    assert report_tables.inverse(None) is None


def test_tiers_stand_beside_each_other(outcome):
    (line,) = report_tables.tiers_table(outcome).rows
    assert line[:6] == ["scalar_math", "2 us", "1 us", "0.50x", "FAIL", "-"]


def test_several_lines_end_with_their_mean_and_the_worst():
    lines = report_tables.Lines()
    for name, factor in (("a", 2.0), ("b", 8.0), ("c", None)):
        entry = {"ratio": factor, "ci95": None} if factor else None
        lines.add(name, "1 s", report_tables.Faster(entry), report_tables.Faster(None))
    rows = lines.finished()
    assert rows[2:] == [["c", "1 s", "-", "-"], ["geometric mean", "", "4.00x", "-"], ["worst", "", "2.00x", "-"]]


def test_console_and_markdown_hold_the_same_tables(outcome):
    console, markdown = report_text.console(outcome), report_text.markdown(outcome)
    assert console.startswith("=== MIND vs PyTorch 2 compilation benchmark ===\nHardware: ")
    for text in (console, markdown):
        for part in ("MIND 1.2.3 (LLVM 22.1.0)", "no CUDA device", "FAIL: scalar_math eager", "A note."):
            assert part in text
    assert "| scalar_math | 50 us | 2 ms | 500 ms | 10,000x [" in markdown


def test_the_page_is_self_contained_and_its_plots_are_well_formed(outcome):
    page = report_html.page(outcome)
    assert not re.search(r"(?:src|href)=|https?:|@import|<script", page)
    assert "prefers-color-scheme: dark" in page and "width=device-width" in page
    overview, plot = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert "inductor  500 ms" in overview
    drawing = ElementTree.fromstring(plot)
    labels = " ".join(t.text for t in drawing.iter("text"))
    assert "first-run" in labels and "inductor  500 ms" in labels
    width = float(drawing.get("viewBox").split()[2])
    for bar in drawing.iter("rect"):
        assert 0 <= float(bar.get("x")) <= float(bar.get("x")) + float(bar.get("width")) <= width


def test_the_overview_stands_alone(outcome):
    drawing = ElementTree.fromstring(report_plots.standalone(report_plots.overview(outcome)))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    style = drawing[0].text
    for light, dark in report_plots.COLOURS.values():
        assert light in style and dark in style
    assert not re.search(r"\{\w+\}", style)


def test_a_longer_time_has_a_longer_bar_on_a_logarithmic_scale(outcome, scalar_math):
    page = report_plots.plot(outcome, {"name": "scalar_math"})
    widths = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)"', page)]
    # mind, dynamo | tier 0, aot_eager | tier 0, tier 1, inductor | tier 0, tier 1, inductor
    values = [1e-5, 5e-2, 2e-5, 4e-2, 5e-5, 2e-3, 0.5, 2e-6, 1e-6, 5e-5]
    assert [sorted(widths).index(w) for w in widths] == [sorted(values).index(v) for v in values]


def test_published_output_gives_mean_std_min_max(outcome):
    text = report_text.published(outcome)
    assert re.search(r"inductor first-run \(warm\) +mean 1 s +std 66\.3 ms +min 900 ms +max 1\.1 s", text)


@pytest.mark.parametrize(
    "value, text",
    [(None, "-"), (2.5e-9, "2.5 ns"), (1.234e-6, "1.23 us"), (0.0123, "12.3 ms"), (0.99999, "1000 ms"), (12.345, "12.3 s")],
)
def test_seconds(value, text):
    assert report_tables.seconds(value) == text


@pytest.mark.parametrize("value, text", [(None, "-"), (0.5, "0.50x"), (12.34, "12.3x"), (12345.6, "12,346x")])
def test_times(value, text):
    assert report_tables.times(value) == text


def test_the_command_is_shown_as_it_was_typed():
    arguments = ["--mind-worker", "/b/mind-bench", "--programs-root", "/p", "conv2d", "--samples", "3"]
    assert environment.command_line(arguments) == "mind-bench conv2d --samples 3"
