# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report as one self-contained page: tables, and plots as inline SVG."""

import html

from mind.bench import report_plots, report_tables

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
    parts += report_plots.charts(results).values()
    for content in report_tables.all_tables(results):
        parts.append(f"<h2>{html.escape(content.title)}</h2>")
        parts.append(f'<p class="caption">{html.escape(content.caption)}</p>')
        parts.append(table(content))
    for program in [] if results["sweep"] else report_tables.model_programs(results):
        content = report_tables.depth_table(results, program)
        parts.append(f"<h2>{html.escape(content.title)}</h2>")
        parts.append(report_plots.plot(results, program))
        parts.append(f"<details><summary>Every row of {html.escape(program['name'])}</summary>{table(content)}</details>")
    notes = report_tables.notes_of(results)
    if notes:
        parts.append("<h2>Notes</h2><ul>" + "".join(f"<li>{html.escape(n)}</li>" for n in notes) + "</ul>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{report_tables.TITLE}</title><style>{report_plots.coloured(PAGE_STYLE + report_plots.PLOT_STYLE)}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
