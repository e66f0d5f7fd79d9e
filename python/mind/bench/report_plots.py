# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report's plots, as SVG."""

import html
import math

from mind.bench import report_tables
from mind.bench import results as results_module

# Each colour on a light ground and on a dark one; the two hues are told apart by
# people with colour-blindness too.
COLOURS = {
    "ground": ("#fff", "#14171b"),
    "ink": ("#1b1f24", "#e4e8ec"),
    "faint": ("#6a737d", "#98a2ad"),
    "line": ("#d8dee4", "#323a43"),
    "mind": ("#0b62b8", "#62b0ff"),
    "torch": ("#c4510a", "#ff9a52"),
    "parse": ("#1b9e77", "#3fc79d"),
    "check": ("#8ec3f0", "#c4e1fb"),
    "verify": ("#b4bbc2", "#6a737d"),
}

PLOT_STYLE = """
svg { background: {ground}; }
svg text { fill: {ink}; font: 9px system-ui, sans-serif; }
svg .band { font-weight: bold; } svg .tick { fill: {faint}; font-size: 8px; }
svg .grid { stroke: {line}; stroke-width: .5; }
svg .mind { fill: {mind}; } svg .torch { fill: {torch}; }
svg .parse { fill: {parse}; } svg .check { fill: {check}; } svg .verify { fill: {verify}; }
svg .range { stroke: {ink}; stroke-width: .8; } svg .yardstick { stroke: {torch}; stroke-width: 1.6; }
svg .curve { fill: none; stroke-width: 1.2; } svg .slope { stroke: {faint}; stroke-dasharray: 3 2; }
svg .curve.parse { stroke: {parse}; } svg .curve.check { stroke: {check}; } svg .curve.mind { stroke: {mind}; }
"""

WIDTH, LEFT, RIGHT, BAR, GAP = 360, 8, 8, 7, 13


def drawing(height, name, marks):
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{html.escape(name)}">{"".join(marks)}</svg>'


def chart(bands, name):
    """Medians on a logarithmic scale, a titled band of bars for each (title,
    rows) of `bands`; empty if there is nothing to draw."""
    values = [row[key] for _, rows in bands for row in rows for key in ("p10_s", "p90_s")]
    values = [v for v in values if v > 0]
    if not values:
        return ""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)

    def x(value):
        share = (math.log10(max(value, 10.0**low)) - low) / (high - low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    marks, y = [], 14
    for title, rows in bands:
        marks.append(f'<text class="band" x="{LEFT}" y="{y + 8}">{html.escape(title)}</text>')
        y += GAP
        for row in rows:
            marks += bar(row, x, y)
            y += BAR + GAP
        y += 4
    height = y + 14
    grid = []
    for exponent in range(low, high + 1):
        at = x(10.0**exponent)
        anchor = "start" if exponent == low else "end" if exponent == high else "middle"
        grid.append(f'<line class="grid" x1="{at:.1f}" y1="12" x2="{at:.1f}" y2="{height - 12}"/>')
        for place in (9, height - 3):
            label = report_tables.seconds(10.0**exponent)
            grid.append(f'<text class="tick" text-anchor="{anchor}" x="{at:.1f}" y="{place}">{label}</text>')
    return drawing(height, name, grid + marks)


def plot(results, program):
    """The chart of one program, a band for each depth."""
    return chart(bands_of(results, program), f"Times of {program['name']} by depth, logarithmic scale")


def overview(results):
    """The chart of `first-run`, a band for each program."""
    bands = []
    for program in report_tables.model_programs(results):
        rows = [
            r for r in report_tables.sorted_rows(results, program)
            if r["depth"] == "first-run" and r["column"] == "warm" and r["counts"]
            and r["median_s"] is not None and not r["variant"]
        ]  # fmt: skip
        if rows:
            bands.append((program["name"], rows))
    return chart(bands, "From source to the first correct result, warm column, logarithmic scale")


def coloured(style):
    """`style` with {names} of colours filled in, for light and for dark."""

    def on(ground):
        text = style
        for name, colours in COLOURS.items():
            text = text.replace(f"{{{name}}}", colours[ground])
        return text

    return f"{on(0)}@media (prefers-color-scheme: dark) {{{on(1)}}}"


def standalone(svg):
    """A chart as a file of its own, with its colours in it."""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * WIDTH}" '
    style = f"<style>{coloured(PLOT_STYLE)}</style>"
    return svg.replace("<svg ", opening, 1).replace(">", f">{style}", 1) + "\n"


def bar(row, x, y):
    """A bar to the median, a line from the 10th to the 90th percentile, a label."""
    kind = "mind" if row["system"] == "mind" else "torch"
    marks = [row["variant"], "CUDA" if row["device"] == "cuda" else ""]
    system = ", ".join([report_tables.system_name(row), *filter(None, marks)])
    label = html.escape(f"{system}  {report_tables.seconds(row['median_s'])}")
    middle = y + GAP - 3 + BAR / 2
    return [
        f'<text x="{LEFT}" y="{y + 8}">{label}</text>',
        f'<rect class="{kind}" x="{LEFT}" y="{y + GAP - 3}" width="{x(row["median_s"]) - LEFT:.1f}" height="{BAR}" rx="1"/>',
        f'<line class="range" x1="{x(row["p10_s"]):.1f}" x2="{x(row["p90_s"]):.1f}" y1="{middle}" y2="{middle}"/>',
    ]


def bands_of(results, program):
    """(depth, rows) for the plot: the warm column, and where there is none, cold;
    steady calls with the first thread count, from Python where that was measured."""
    threads = report_tables.threads_of(results)[0]
    bands = []
    for depth in results["environment"].get("depths", []):
        rows = [
            r for r in results["rows"]
            if r["program"] == program["name"] and r["depth"] == depth and r["counts"] and not r["verify"]
            and r["median_s"] is not None and r["threads"] == threads
            and r["column"] == {"steady": "steady", "process": "cold"}.get(depth, "warm")
        ]  # fmt: skip
        if any(r["caller"] == "python" and r["system"] == "mind" for r in rows):
            rows = [r for r in rows if r["caller"] == "python"]
        rows.sort(key=lambda r: (r["system"] != "mind", r["variant"], r["tier"] or 0, r["device"], r["system"]))
        if rows:
            bands.append((depth, rows))
    return bands


def legend(names, y):
    """A sample of each class of `names`, with its name, in one line."""
    marks, x = [], LEFT
    for name in names:
        if name == "yardstick":
            marks.append(f'<line class="{name}" x1="{x + 4}" x2="{x + 4}" y1="{y - 8}" y2="{y + 2}"/>')
        elif name == "slope":
            marks.append(f'<line class="{name}" x1="{x}" x2="{x + 8}" y1="{y - 3}" y2="{y - 3}"/>')
        else:
            marks.append(f'<rect class="{name}" x="{x}" y="{y - BAR}" width="8" height="{BAR}"/>')
        text = {"slope": "proportional to operations"}.get(name, name)
        marks.append(f'<text x="{x + 11}" y="{y}">{text}</text>')
        x += 24 + 5 * len(text)
    return marks


PHASES = {"parse": ("parse", False), "check": ("check", False), "mind": ("mind", False), "verify": ("mind", True)}
"""What a bar of the front end is stacked from: depths, and whether the verifier ran."""


def front_end_rows(results, program):
    """Rows of MIND's front end by phase, and of the yardstick, that have a time."""
    place = dict(program=program["name"], column="warm", variant="")
    rows = {
        phase: results_module.find(results, system="mind", tier=None, depth=depth, verify=verify, **place)
        for phase, (depth, verify) in PHASES.items()
    }
    rows["yardstick"] = results_module.find(results, system="mlir", **place)
    return {name: row for name, row in rows.items() if row and row["median_s"] is not None}


def phase_spans(rows):
    """(phase, start, end) of each, in seconds: what it adds to the median of the one
    before, which is never less than nothing."""
    spans, start = [], 0.0
    for phase in PHASES:
        if phase in rows:
            end = max(start, rows[phase]["median_s"])
            spans.append((phase, start, end))
            start = end
    return spans


def by_magnitude(sizes):
    """The keys of `sizes` in lists, each in the order they have there, whose largest
    is at most ten times their smallest."""
    groups, least = {}, None
    for key in sorted(sizes, key=sizes.get):
        if least is None or sizes[key] > 10 * least:
            least = sizes[key]
        groups.setdefault(least, []).append(key)
    return [[key for key in sizes if key in group] for group in groups.values()]


def round_step(high):
    """The least of 1, 2 or 5 times a power of ten that goes into `high` five times at
    most."""
    power = 10.0 ** math.floor(math.log10(high / 5))
    return next(factor * power for factor in (1, 2, 5, 10) if high / (factor * power) <= 5)


def front_end(results):
    """The chart of the front end: a bar for each program, stacked by phase, with its
    yardstick as a line. Programs of one order of magnitude share a linear scale."""
    rows = {p["name"]: front_end_rows(results, p) for p in results["programs"] if not results["sweep"]}
    rows = {name: found for name, found in rows.items() if {"parse", "check", "mind"} <= found.keys()}
    if not rows:
        return ""
    shown = [name for name in (*PHASES, "yardstick") if any(name in found for found in rows.values())]
    marks = [f'<text class="band" x="{LEFT}" y="12">Front end by phase, warm column</text>', *legend(shown, 26)]
    y = 32
    for group in by_magnitude({name: max(row["median_s"] for row in found.values()) for name, found in rows.items()}):
        high = max(row["median_s"] for name in group for row in rows[name].values())
        scale = (WIDTH - LEFT - RIGHT - 2) / high
        bottom = y + len(group) * (BAR + GAP) + 4
        step = round_step(high)
        for i in range(int(high / step * (1 + 1e-9)) + 1):
            x = LEFT + i * step * scale
            anchor = "middle" if i else "start"
            anchor = "end" if x > WIDTH - 20 else anchor
            marks.append(f'<line class="grid" x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{bottom}"/>')
            label = report_tables.seconds(i * step) if i else "0"
            marks.append(f'<text class="tick" text-anchor="{anchor}" x="{x:.1f}" y="{bottom + 8}">{label}</text>')
        for name in group:
            marks += front_end_bar(name, rows[name], scale, y)
            y += BAR + GAP
        y = bottom + 16
    return drawing(y, "The front end by phase, linear scale, beside the yardstick", marks)


def front_end_bar(name, rows, scale, y):
    figures = [f"{name}  {report_tables.seconds(rows['mind']['median_s'])}"]
    figures += [f"verified {report_tables.seconds(rows['verify']['median_s'])}"] if "verify" in rows else []
    figures += [f"yardstick {report_tables.seconds(rows['yardstick']['median_s'])}"] if "yardstick" in rows else []
    marks, top = [f'<text x="{LEFT}" y="{y + 8}">{html.escape(", ".join(figures))}</text>'], y + GAP - 2
    for phase, start, end in phase_spans(rows):
        x, width = LEFT + start * scale, (end - start) * scale
        marks.append(f'<rect class="{phase}" x="{x:.1f}" y="{top}" width="{width:.1f}" height="{BAR}"/>')
    if "yardstick" in rows:
        x = LEFT + rows["yardstick"]["median_s"] * scale
        marks.append(f'<line class="yardstick" x1="{x:.1f}" x2="{x:.1f}" y1="{top - 1.5}" y2="{top + BAR + 1.5}"/>')
    return marks


def growth(results):
    """The chart of a sweep over operations: time up to each depth of the front end
    over their number, both logarithmic, and what is proportional to it."""
    curves = {}
    for program in sorted(results["programs"], key=lambda p: p.get("operations", 0)):
        found = front_end_rows(results, program) if program.get("operations") else {}
        for depth in ("parse", "check", "mind"):
            if depth in found:
                curves.setdefault(depth, []).append((program["operations"], found[depth]["median_s"]))
    if len(curves.get("mind", ())) < 2:
        return ""
    points = [point for curve in curves.values() for point in curve]
    limits = []
    for values in zip(*points):
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        limits.append((low, max(high, low + 1)))
    (left, right), (low, high) = limits
    first, last, top, bottom = LEFT + 32, WIDTH - RIGHT - 4, 34, 234

    def x(operations):
        return first + (math.log10(operations) - left) / (right - left) * (last - first)

    def y(seconds):
        return bottom - (math.log10(seconds) - low) / (high - low) * (bottom - top)

    marks = [f'<text class="band" x="{LEFT}" y="12">Source to each depth over operations, warm column</text>']
    marks += legend([*curves, "slope"], 26)
    for exponent in range(left, right + 1):
        at = x(10.0**exponent)
        marks.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{bottom}"/>')
        anchor = "end" if exponent == right else "middle"
        marks.append(f'<text class="tick" text-anchor="{anchor}" x="{at:.1f}" y="{bottom + 10}">{10**exponent:,}</text>')
    for exponent in range(low, high + 1):
        at = y(10.0**exponent)
        marks.append(f'<line class="grid" x1="{first}" x2="{last}" y1="{at:.1f}" y2="{at:.1f}"/>')
        label = report_tables.seconds(10.0**exponent)
        marks.append(f'<text class="tick" text-anchor="end" x="{first - 3}" y="{at + 3:.1f}">{label}</text>')
    # The line of slope one through the middle point of `mind`, within the frame.
    operations, seconds = curves["mind"][len(curves["mind"]) // 2]
    ends = [max(10.0**left, 10.0**low * operations / seconds), min(10.0**right, 10.0**high * operations / seconds)]
    (x1, y1), (x2, y2) = ((x(n), y(n * seconds / operations)) for n in ends)
    marks.append(f'<line class="slope" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>')
    for depth, curve in curves.items():
        path = " ".join(f"{x(n):.1f},{y(t):.1f}" for n, t in curve)
        marks.append(f'<polyline class="curve {depth}" points="{path}"/>')
        marks += [f'<circle class="{depth}" cx="{x(n):.1f}" cy="{y(t):.1f}" r="2"/>' for n, t in curve]
    return drawing(bottom + 16, "Time of the front end over operations, logarithmic scales", marks)


def charts(results):
    """The report's charts that have something to show, by the name of their file."""
    made = {"first-run.svg": overview(results), "front-end.svg": front_end(results), "growth.svg": growth(results)}
    return {name: svg for name, svg in made.items() if svg}
