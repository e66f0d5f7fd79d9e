# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report as console text and as Markdown."""

import textwrap

from mind.bench import report_tables


def aligned(table):
    """A table in columns, the first to the left, the others to the right."""
    rows = [table.header, *table.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.header))]
    lines = []
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
        if number == 0:
            lines.append("-" * (sum(widths) + 2 * (len(widths) - 1)))
    return lines


def console(results, details=False):
    """The text printed at the end of a run."""
    lines = [f"=== {report_tables.TITLE} ==="]
    lines += [f"{name}: {value}" for name, value in report_tables.environment_lines(results)]
    tables = report_tables.all_tables(results)
    if details:
        tables += report_tables.program_tables(results)
    for table in tables:
        lines += ["", table.title]
        lines += textwrap.wrap(table.caption, 100)
        lines += aligned(table)
    notes = report_tables.notes_of(results)
    if notes:
        lines += ["", "Notes"]
        for note in notes:
            lines += textwrap.wrap(note, 100, initial_indent="- ", subsequent_indent="  ")
    return "\n".join(lines) + "\n"


def markdown_table(table):
    def line(cells):
        return "| " + " | ".join(c.replace("|", "\\|") or " " for c in cells) + " |"

    rule = "|---" + "|---:" * (len(table.header) - 1) + "|"
    return [line(table.header), rule, *map(line, table.rows)]


def markdown(results):
    """The same as a Markdown document, with every row."""
    lines = [f"# {report_tables.TITLE}", ""]
    lines += [f"- **{name}**: {value}" for name, value in report_tables.environment_lines(results)]
    tables = report_tables.all_tables(results)
    tables += report_tables.program_tables(results)
    for table in tables:
        if table.rows:
            lines += ["", f"## {table.title}", ""]
            lines += [table.caption, ""] if table.caption else []
            lines += markdown_table(table)
    notes = report_tables.notes_of(results)
    if notes:
        lines += ["", "## Notes", "", *(f"- {note}" for note in notes)]
    return "\n".join(lines) + "\n"


def published(results):
    """PyTorch's part in the manner of the published script: one block a program."""
    lines = []
    for program in report_tables.model_programs(results):
        lines += ["", f"{program['name']}: {program['description']}"]
        for row in report_tables.sorted_rows(results, program):
            if row["median_s"] is None:
                continue
            label = f"{row['system']} {row['depth']} ({row['column']})"
            if row["memory_format"] not in ("", "contiguous"):
                label += f" {row['memory_format']}"
            if row["device"] != "cpu":
                label += f" {row['device']}"
            if row["column"] == "steady":
                label += f" {row['threads']} thread{'s' * (row['threads'] > 1)}"
            figures = {k: row[f"{k}_s"] for k in ("mean", "std", "min")} | {"max": max(row["samples_s"])}
            text = "  ".join(f"{name} {report_tables.seconds(value):8}" for name, value in figures.items())
            lines.append(f"  {label:44} {text}  n {row['n']}")
    return "\n".join(lines) + "\n"
