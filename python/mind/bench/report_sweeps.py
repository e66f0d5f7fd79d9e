# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tables of a sweep: what its cases come to by size class, and each of them."""

import numpy as np

from mind.bench import report_tables, statistics
from mind.bench import results as results_module
from mind.bench.report_tables import TIERS, Table, cell_text, ratio_text, seconds, times

SIZE_CLASSES = {"overhead": "overhead-bound", "cache": "in cache", "memory": "in memory"}

OTHERS = ("eager", "inductor")
"""PyTorch's systems that a case is measured on."""

RIVALS = (*OTHERS, "better", "tier 1")
"""What the summary compares a tier with: `better` is the better of `OTHERS`."""


def tables(results, devices):
    """The tables of `results`, which are of a sweep. `devices` are PyTorch's."""
    if any(program.get("operations") for program in results["programs"]):
        return [front_end_growth_table(results)]
    if any(program["layers"] for program in results["programs"]):
        return growth_tables(results)
    return [table for device in devices for table in sweep_tables(results, device)]


def find_mind(results, program, tier):
    return results_module.find(results, program=program["name"], system="mind", tier=tier, variant="")


def find_other(results, program, system, device):
    return results_module.find(results, program=program["name"], system=system, device=device, variant="")


def factors_of(results, programs, tier, device):
    """Rival -> case -> how many times longer it takes than `tier`."""
    factors = {rival: {} for rival in RIVALS}
    for program in programs:
        mind = find_mind(results, program, tier)
        others = {name: find_other(results, program, name, device) for name in OTHERS}
        others["tier 1"] = find_mind(results, program, 1) if tier == 0 else None
        for name, other in others.items():
            if entry := results_module.ratio_between(results, mind, other):
                factors[name][program["name"]] = entry["ratio"]
        better = [factors[name][program["name"]] for name in OTHERS if program["name"] in factors[name]]
        if better:
            factors["better"][program["name"]] = min(better)
    return factors


def summary_row(results, name, programs, tier, device):
    row = [name, TIERS[tier], str(len(programs))]
    for ratios in factors_of(results, programs, tier, device).values():
        worst = min(ratios, key=ratios.get, default=None)
        row += [times(statistics.geometric_mean(list(ratios.values())))]
        row += [f"{times(ratios[worst])} {worst}" if worst else "-"]
    return row


def case_row(results, program, device):
    """Times of every system, and how many times longer PyTorch's take."""
    plan, code = mind = [find_mind(results, program, tier) for tier in TIERS]
    row = [program["name"], *map(cell_text, mind), ratio_text(results_module.ratio_between(results, plan, code))]
    for name in OTHERS:
        other = find_other(results, program, name, device)
        row += [cell_text(other), *(ratio_text(results_module.ratio_between(results, m, other)) for m in mind)]
    rates = [report_tables.rate_and_share(results, program, m) for m in mind]
    return row + rates[0] + rates[1]


def sweep_tables(results, device="cpu"):
    """A summary by size class and tier, then every case. `device` is PyTorch's."""
    classes = list(dict.fromkeys(p["size_class"] for p in results["programs"]))
    classes.sort(key=list(SIZE_CLASSES).index)
    groups = [(SIZE_CLASSES[c], [p for p in results["programs"] if p["size_class"] == c]) for c in classes]
    everything = [("all", results["programs"])] if len(groups) > 1 else []
    summary = [summary_row(results, *group, tier, device) for group in groups + everything for tier in TIERS]
    header = ["case", "tier 0", "tier 1", "tier 0 faster"]
    header += [text for name in ("eager", "Inductor") for text in (name, "tier 0 faster", "tier 1 faster")]
    header += ["tier 0's rate", "of roof", "tier 1's rate", "of roof"]
    threads = report_tables.threads_of(results)[0]
    beside = report_tables.beside(device)
    cases = [(f"Cases: {name}{beside}", [case_row(results, p, device) for p in programs]) for name, programs in groups]
    return [
        Table(
            f"Sweep {results['sweep']}, {threads} thread{'s' * (threads > 1)}{beside}",
            "Warm calls from Python that allocate their result. How many times longer the other takes: geometric mean, "
            "and the worst case for MIND's tier 0 or 1. Size classes go by the bytes of operands and result. A share of "
            "the roof is that of a loop of as many multiply-adds, timed among the samples, or of the bandwidth above.",
            ["size class", "MIND", "cases", "eager", "worst", "Inductor", "worst", "the better", "worst", "tier 1", "worst"],
            summary,
        ),
        *(Table(title, "", header, rows) for title, rows in cases),
    ]


def growth_table(results, depth, title):
    """Compile time up to `depth` by the number of layers."""
    kinds = list(dict.fromkeys(p["size_class"] for p in results["programs"]))
    rows = []
    for layers in sorted({p["layers"] for p in results["programs"]}):
        cells = [str(layers)]
        for kind in kinds:
            row = results_module.find(results, program=f"{kind}-{layers}", system="mind", depth=depth)
            per_layer = row["median_s"] / layers if row and row["median_s"] is not None else None
            cells += [cell_text(row), seconds(per_layer)]
        rows.append(cells)
    return Table(
        f"Sweep {results['sweep']}: {title}",
        "An MLP of so many layers, each relu(x @ w + b) on 8 rows, all of one shape or no two of one; warm column.",
        ["layers", *(text for kind in kinds for text in (f"{kind} layers", "a layer"))],
        rows,
    )


def growth_tables(results):
    return [
        growth_table(results, "plan", "from source to a plan of kernels (tier 0)"),
        growth_table(results, "object", "from source to machine code (tier 1)"),
    ]


FEWEST_OPERATIONS = 1000
"""Where growth is fitted from: below, what every compilation costs counts."""


def exponent(points):
    """The e of `seconds = c * operations ** e` by least squares on logarithms, for
    (operations, seconds); None for less than two."""
    if len(points) < 2:
        return None
    x, y = (np.log(values) for values in zip(*points))
    return float(np.polyfit(x, y, 1)[0])


def front_end_growth_table(results):
    """Time of the front end by the number of operations."""
    depths = ("parse", "check", "mind")
    points = {depth: [] for depth in depths}
    rows = []
    for program in sorted(results["programs"], key=lambda p: p["operations"]):
        count, size = program["operations"], program["source_bytes"]
        found = [results_module.find(results, program=program["name"], system="mind", depth=d) for d in depths]
        for depth, row in zip(depths, found):
            if row and row["median_s"] is not None:
                points[depth].append((count, row["median_s"]))
        total = found[-1] and found[-1]["median_s"]
        step = exponent(points["mind"][-2:]) if total else None
        rows.append(
            [f"{count:,}", f"{size / 1e3:,.1f} kB", *map(cell_text, found), seconds(total / count if total else None)]
            + [f"{size / total / 1e6:.3g} MB/s" if total else "-", "-" if step is None else f"{step:.2f}"]
            + [str(found[-1]["n"] if found[-1] else "-")]
        )
    fits = [exponent([p for p in points[depth] if p[0] >= FEWEST_OPERATIONS]) for depth in depths]
    if all(fit is not None for fit in fits):
        fits = [f"{fit:.2f}" for fit in fits]
        rows.append([f"exponent from {FEWEST_OPERATIONS:,} on", "", *fits, "", "", "", ""])
    return Table(
        f"Sweep {results['sweep']}: the front end",
        "A module of functions of ten operations each, from source to each depth, warm column; for an operation, and the "
        "rate at which source is read, up to the mind dialect. Exponent: of operations, to which time is proportional, "
        "between a size and the one before; below all the one fitted. 1 is linear.",
        ["operations", "source", *depths, "an operation", "rate", "exponent", "samples"],
        rows,
    )
