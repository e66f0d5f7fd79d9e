# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The plots of the front end: what is drawn, and that it is where it belongs."""

import xml.etree.ElementTree as ElementTree

import pytest
from conftest import ROOT

from mind.bench import cells, environment, programs, protocol, report_html, report_plots, report_text, results, sweeps

DEPTHS = ("parse", "check", "mind")


def outcome_of(selected, times, sweep=None):
    """Results with the seconds of `times`, (program, depth or "verify" or "yardstick")."""
    measured = protocol.Measured()
    for (program, what), seconds in times.items():
        system, depth = "mlir" if what == "yardstick" else "mind", what if what in DEPTHS else "mind"
        measured.add(cells.Cell(program, system, depth, "warm", 1, verify=what not in DEPTHS), seconds, 1)
    return results.results_of(measured, selected, environment.collect(), "mind-bench", [], sweep)


@pytest.fixture
def front_end():
    """Two programs of one magnitude, the first with all there is, and a large one
    whose median at `check` lies below the one at `parse`."""
    names = ("script_simple_mlp", "conv2d", "resnet18")
    times = {}
    for name, each in zip(names, ((2e-6, 5e-6, 8e-6), (1e-6, 2e-6, 3e-6), (3e-4, 2e-4, 6e-4))):
        times |= {(name, depth): seconds for depth, seconds in zip(DEPTHS, each)}
    times |= {("script_simple_mlp", "verify"): 1e-5, ("script_simple_mlp", "yardstick"): 6e-6}
    return outcome_of([programs.load(ROOT / "bench" / "programs" / name) for name in names], times)


def attributes(elements, *names):
    return [tuple(float(element.get(name)) for name in names) for element in elements]


def test_bars_are_stacked_by_phase_in_proportion(front_end):
    svg = ElementTree.fromstring(report_plots.front_end(front_end))
    bars = [r for r in svg.iter("rect") if float(r.get("y")) > 30]
    phases = ["parse", "check", "mind"]
    assert [r.get("class") for r in bars] == [*phases, "verify", *phases, *phases]
    places = attributes(bars, "x", "width", "y", "height")
    full = report_plots.WIDTH - report_plots.LEFT - report_plots.RIGHT - 2
    mlp, conv, resnet = places[:4], places[4:7], places[7:]
    for row, shares in (
        (mlp, (0.2, 0.3, 0.3, 0.2)),
        (conv, (0.1, 0.1, 0.1)),
        (resnet, (0.5, 0.0, 0.5)),  # Of its own scale, and no phase takes less than nothing.
    ):
        assert [width for _, width, _, _ in row] == pytest.approx([share * full for share in shares], abs=0.1)
        for (x, width, y, _), (after, _, same, _) in zip(row, row[1:]):
            assert x + width == pytest.approx(after, abs=0.11) and y == same
    lines = [line for line in svg.iter("line") if line.get("class") == "yardstick" and float(line.get("y1")) > 30]
    ((x1, x2, y1, y2),) = attributes(lines, "x1", "x2", "y1", "y2")
    assert x1 == x2 == pytest.approx(report_plots.LEFT + 0.6 * full, abs=0.1)
    assert y1 < mlp[0][2] and y2 > mlp[0][2] + mlp[0][3]


def test_nothing_of_the_front_end_overlaps(front_end):
    svg = ElementTree.fromstring(report_plots.front_end(front_end))
    width, height = map(float, svg.get("viewBox").split()[2:])
    texts = [float(text.get("y")) for text in svg.iter("text")]
    rows = sorted({y for y, in attributes(svg.iter("rect"), "y")})
    assert all(after - before >= report_plots.BAR + 9 for before, after in zip(rows[1:], rows[2:]))
    assert max(texts) <= height and max(rows) + report_plots.BAR < height
    for x, extent in attributes(svg.iter("rect"), "x", "width"):
        assert 0 <= x and x + extent <= width
    assert "script_simple_mlp  8 us, verified 10 us, yardstick 6 us" in [text.text for text in svg.iter("text")]


def test_charts_are_drawn_where_there_is_something_to_show(front_end, measured, scalar_math):
    assert list(report_plots.charts(front_end)) == ["front-end.svg"]
    assert report_plots.front_end(front_end) in report_html.page(front_end)
    # No depth `parse`.
    outcome = results.results_of(measured, [scalar_math], environment.collect(), "mind-bench", [])
    assert list(report_plots.charts(outcome)) == ["first-run.svg"]


@pytest.mark.parametrize(
    "sizes, groups",
    [
        ({}, []),
        ({"a": 5.0, "b": 1.0, "c": 10.0}, [["a", "b", "c"]]),
        ({"a": 11.0, "b": 1.0, "c": 50.0, "d": 2.0}, [["b", "d"], ["a", "c"]]),
    ],
)
def test_programs_of_one_magnitude_share_a_scale(sizes, groups):
    assert report_plots.by_magnitude(sizes) == groups


@pytest.mark.parametrize("high, step", [(9e-6, 2e-6), (1.0, 0.2), (4.9, 1.0), (11.0, 5.0), (26.0, 10.0)])
def test_ticks_are_round(high, step):
    assert report_plots.round_step(high) == pytest.approx(step)


@pytest.fixture
def growth(tmp_path):
    """Time in proportion to operations, but for check, where it grows by their 1.5th
    power."""
    (tmp_path / "mine.txt").write_text("operations 1000\noperations 100000\noperations 10\noperations 10000\n")
    cases = sweeps.load(tmp_path / "mine.txt", tmp_path / "sweep")
    times = {}
    for case in cases:
        n = case.operations
        times |= {(case.name, "parse"): 1e-7 * n, (case.name, "check"): 1e-7 * n**1.5, (case.name, "mind"): 4e-7 * n}
    return outcome_of(cases, times, "mine")


def test_growth_is_a_curve_for_each_depth_beside_a_proportion(growth):
    assert list(report_plots.charts(growth)) == ["growth.svg"]
    svg = ElementTree.fromstring(report_plots.growth(growth))
    curves = {}
    for curve in svg.iter("polyline"):
        points = [tuple(map(float, point.split(","))) for point in curve.get("points").split()]
        assert points == sorted(points) and len(points) == 4
        curves[curve.get("class").split()[1]] = points
    assert list(curves) == ["parse", "check", "mind"]
    ((x1, x2, y1, y2),) = attributes([e for e in svg.iter("line") if e.get("class") == "slope" and float(e.get("y1")) > 30], "x1", "x2", "y1", "y2")
    for depth, factor in (("parse", 1), ("check", 1.5), ("mind", 1)):
        (left, low), (right, high) = curves[depth][0], curves[depth][-1]
        assert (high - low) / (right - left) == pytest.approx(factor * (y2 - y1) / (x2 - x1), rel=0.01)
    width, height = map(float, svg.get("viewBox").split()[2:])
    for x, y in [point for curve in curves.values() for point in curve] + [(x1, y1), (x2, y2)]:
        assert 0 <= x <= width and 0 <= y <= height


def test_growth_is_told_by_its_exponent(growth):
    markdown = report_text.markdown(growth)
    assert "| 100,000 | " in markdown and " | 10 ms | 3.16 s | 40 ms | 400 ns | " in markdown
    assert "| exponent from 1,000 on |   | 1.00 | 1.50 | 1.00 |" in markdown
