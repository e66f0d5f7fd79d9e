# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report as one self-contained page: tables, and plots as inline SVG."""

import html
import math

from mind.bench import report_tables

# Each colour on a light ground and on a dark one; the two hues are told apart by
# people with colour-blindness too.
COLOURS = {
    "ground": ("#fff", "#14171b"),
    "ink": ("#1b1f24", "#e4e8ec"),
    "faint": ("#6a737d", "#98a2ad"),
    "line": ("#d8dee4", "#323a43"),
    "mind": ("#0b62b8", "#62b0ff"),
    "torch": ("#c4510a", "#ff9a52"),
}

PLOT_STYLE = """
svg { background: {ground}; }
svg text { fill: {ink}; font: 9px system-ui, sans-serif; }
svg .band { font-weight: bold; } svg .tick { fill: {faint}; font-size: 8px; }
svg .grid { stroke: {line}; stroke-width: .5; }
svg .mind { fill: {mind}; } svg .torch { fill: {torch}; }
svg .range { stroke: {ink}; stroke-width: .8; }
"""

PAGE_STYLE = """
* { box-sizing: border-box; }
body { background: {ground}; color: {ink}; margin: 0 auto; padding: 1rem;
       max-width: 64rem; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p.caption, dl { color: {faint}; font-size: .9rem; }
dt { float: left; clear: left; margin-right: .5em; color: {ink}; }
dt::after { content: ":"; } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; white-space: nowrap;
         border-bottom: 1px solid {line}; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0;
                                 background: {ground}; }
td.fail { color: {torch}; font-weight: bold; }
svg { width: 100%; max-width: 44rem; height: auto; }
"""

WIDTH, LEFT, RIGHT, BAR, GAP = 360, 8, 8, 7, 13


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
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{html.escape(name)}">'
        + "".join(grid + marks)
        + "</svg>"
    )


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


def table(content):
    def cells(row, tag):
        return "".join(
            f"<{tag}{' class=fail' if cell == 'FAIL' else ''}>{html.escape(cell)}</{tag}>" for cell in row
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in content.rows)
    return f'<div class="scroll"><table><thead><tr>{cells(content.header, "th")}</tr></thead><tbody>{body}</tbody></table></div>'


def page(results):
    """The whole document."""
    parts = [f"<h1>{report_tables.TITLE}</h1>", "<dl>"]
    for name, value in report_tables.environment_lines(results):
        parts.append(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>")
    parts.append("</dl>")
    parts.append(overview(results))
    for content in report_tables.all_tables(results):
        parts.append(f"<h2>{html.escape(content.title)}</h2>")
        parts.append(f'<p class="caption">{html.escape(content.caption)}</p>')
        parts.append(table(content))
    for program in [] if results["sweep"] else report_tables.model_programs(results):
        content = report_tables.depth_table(results, program)
        parts.append(f"<h2>{html.escape(content.title)}</h2>")
        parts.append(plot(results, program))
        parts.append(f"<details><summary>Every row of {html.escape(program['name'])}</summary>{table(content)}</details>")
    notes = report_tables.notes_of(results)
    if notes:
        parts.append("<h2>Notes</h2><ul>" + "".join(f"<li>{html.escape(n)}</li>" for n in notes) + "</ul>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{report_tables.TITLE}</title><style>{coloured(PAGE_STYLE + PLOT_STYLE)}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
