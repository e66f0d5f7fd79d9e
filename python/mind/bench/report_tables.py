# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report's tables, before they become console text, Markdown or HTML."""

import dataclasses

from mind.bench import results as results_module
from mind.bench import statistics

TITLE = "MIND vs PyTorch 2 compilation benchmark"

TIERS = {0: "tier 0", 1: "tier 1"}

TIERS_CAPTION = "Tier 0 runs precompiled kernels in the order of a plan, tier 1 code that is generated for the program. "

HEAD_CAPTION = (
    "First: from source (MIND) or module (torch.compile) to the first correct result, less the median of a warm "
    "call, on both sides with the same inputs in a process that has compiled another small program and in the warm "
    "column was computing just before; caches empty. "
    "Steady: a warm call from Python that allocates its result. "
)


@dataclasses.dataclass
class Table:
    title: str
    caption: str
    header: list
    rows: list


def seconds(value):
    """Three significant digits with the unit that fits."""
    if value is None:
        return "-"
    for limit, scale, unit in ((1e-6, 1e9, "ns"), (1e-3, 1e6, "us"), (1.0, 1e3, "ms")):
        if value < limit:
            return f"{value * scale:.3g} {unit}" if value * scale < 999.5 else f"{value * scale:.0f} {unit}"
    return f"{value:.3g} s"


def times(value):
    """A ratio: two digits after the point below 10, thousands grouped."""
    if value is None:
        return "-"
    return f"{value:,.0f}x" if value >= 100 else f"{value:.1f}x" if value >= 10 else f"{value:.2f}x"


def cell_text(row):
    """A row's time, FAIL, or why there is none."""
    if row is None:
        return "-"
    if row["correct"] is False:
        return "FAIL"
    if row["median_s"] is None:
        return "n/a"
    return seconds(row["median_s"])


def system_name(row):
    """A row's system, with MIND's tier where there is one."""
    return row["system"] if row["tier"] is None else f"{row['system']} {TIERS[row['tier']]}"


def spread(row):
    """The 10th to the 90th percentile, and the number of samples."""
    if row is None or row["median_s"] is None:
        return ""
    return f"{seconds(row['p10_s'])} to {seconds(row['p90_s'])} ({row['n']})"


def ratio_text(entry, interval=True):
    if entry is None:
        return "-"
    text = times(entry["ratio"])
    if interval and entry["ci95"]:
        text += f" [{times(entry['ci95'][0])}, {times(entry['ci95'][1])}]"
    return text


def inverse(entry):
    """An entry of `ratios` the other way round: how many times longer MIND takes."""
    interval = entry and entry["ci95"] and [1 / bound for bound in reversed(entry["ci95"])]
    return entry and {**entry, "ratio": 1 / entry["ratio"], "ci95": interval}


def model_programs(results):
    """Programs that have a row at `plan` or beyond, as scripts have in sweeps alone."""
    deep = {r["program"] for r in results["rows"] if r["depth"] in ("plan", "object", "first-run", "steady", "process")}
    return [p for p in results["programs"] if p["name"] in deep]


def devices_of(results):
    """Devices that PyTorch was measured on, the CPU first; it alone if PyTorch was not."""
    return sorted({r["device"] for r in results["rows"] if results_module.is_torch(r)}) or ["cpu"]


def beside(device):
    """What a table's title says of the device of PyTorch's rows."""
    return "" if device == "cpu" else f"; PyTorch on {device.upper()}, MIND on the CPU"


def threads_of(results):
    """Thread counts of the steady rows, the smallest first."""
    return sorted({r["threads"] for r in results["rows"] if r["depth"] == "steady"}) or [1]


def steady_text(results, row, tier, place):
    """A steady time of MIND from Python, or if that was not measured from C++,
    which then stands beside no ratio."""
    if row is None and (row := results_module.find(results, system="mind", tier=tier, caller="c++", **place)):
        return f"{cell_text(row)} (C++)"
    return cell_text(row)


@dataclasses.dataclass(frozen=True)
class Faster:
    """A cell with an entry of `ratios`, or None."""

    entry: dict | None
    interval: bool = False


class Lines:
    """The rows of a table, from cells and ratios."""

    def __init__(self):
        self.rows = []
        self.factors = {}

    def add(self, *cells):
        row = []
        for i, cell in enumerate(cells):
            if isinstance(cell, Faster):
                factors = self.factors.setdefault(i, [])
                factors += [cell.entry["ratio"]] if cell.entry else []
                cell = ratio_text(cell.entry, cell.interval)
            row.append(cell)
        self.rows.append(row)

    def finished(self):
        """All rows, and if there are several what their ratios come to."""
        if len(self.rows) < 2 or not any(self.factors.values()):
            return self.rows
        closing = []
        for name, figure in (("geometric mean", statistics.geometric_mean), ("worst", min)):
            row = [name] + [""] * (len(self.rows[0]) - 1)
            for i, values in self.factors.items():
                row[i] = times(figure(values)) if values else "-"
            closing.append(row)
        return self.rows + closing


def head_table(results, column="warm", device="cpu", tiers=(0, 1)):
    """First call beside first call, and in the same line what a call costs then.
    `device` is PyTorch's. Ratios are those of the first of `tiers`."""
    find, ratio = results_module.find, results_module.ratio_between
    lines = Lines()
    for program in model_programs(results):
        place = dict(program=program["name"], verify=False, variant="")
        first = dict(place, depth="first-run", column=column)
        warm = dict(place, depth="steady", threads=threads_of(results)[0])
        mind = [find(results, system="mind", tier=tier, **first) for tier in tiers]
        calls = [find(results, system="mind", tier=tier, caller="python", **warm) for tier in tiers]
        inductor, aot = (find(results, system=s, device=device, **first) for s in ("inductor", "aot_eager"))
        inductor_calls, eager_calls = (
            find(results, system=s, caller="python", device=device, **warm) for s in ("inductor", "eager")
        )
        lines.add(
            program["name"],
            *map(cell_text, mind),
            cell_text(inductor),
            Faster(ratio(results, mind[0], inductor), interval=True),
            *(steady_text(results, row, tier, warm) for row, tier in zip(calls, tiers)),
            cell_text(inductor_calls),
            Faster(ratio(results, calls[0], inductor_calls)),
            cell_text(eager_calls),
            Faster(ratio(results, calls[0], eager_calls)),
            cell_text(aot),
            Faster(ratio(results, mind[0], aot)),
        )
    header = ["program", *(f"{TIERS[t]} first" for t in tiers), "Inductor first", "faster"]
    header += [*(f"{TIERS[t]} steady" for t in tiers), "Inductor steady", "faster"]
    header += ["eager steady", "faster", "aot_eager first", "faster"]
    threads = threads_of(results)[0]
    title = f"First and steady calls, {column} column, {threads} thread{'s' * (threads > 1)}"
    if tiers == (1,):
        title += ", generated code alone"
        return Table(title + beside(device), "The same ratios for tier 1.", header, lines.finished())
    caption = HEAD_CAPTION + TIERS_CAPTION + "Times more than 1x favour MIND's tier 0."
    if column != "warm":
        caption = "The same in a fresh process with empty caches."
    return Table(title + beside(device), caption, header, lines.finished())


def plan_table(results):
    """Up to a callable on tier 0, and what of that the plan itself takes."""
    find, ratio = results_module.find, results_module.ratio_between
    lines = Lines()
    device = devices_of(results)[0]
    for program in model_programs(results):
        place = dict(program=program["name"], variant="", column="warm", verify=False)
        mind, plan, code = (find(results, system="mind", depth=d, **place) for d in ("mind", "plan", "object"))
        aot = find(results, system="aot_eager", depth="plan", device=device, **place)
        operations, alone = (plan[name] if plan else None for name in ("operations", "phase_s"))
        lines.add(
            program["name"],
            cell_text(mind),
            cell_text(plan),
            seconds(alone),
            str(operations or "-"),
            seconds(alone / operations if alone and operations else None),
            cell_text(code),
            cell_text(aot),
            Faster(ratio(results, plan, aot)),
        )
    return Table(
        "From source to a callable, warm column",
        "MIND up to the mind dialect; to a plan of precompiled kernels (depth `plan`), with the phase `plan` alone, and "
        "for each operation that it binds; and to machine code (depth `object`). Beside the plan: aot_eager (Dynamo and "
        "AOTAutograd, kernels of ATen) up to its first execution.",
        ["program", "mind", "plan", "phase alone", "operations", "for each", "object", "aot_eager", "faster"],
        lines.finished(),
    )


def tiers_table(results):
    """What a call costs on either tier."""
    find, ratio = results_module.find, results_module.ratio_between
    lines = Lines()
    for program in model_programs(results):
        place = dict(program=program["name"], variant="", depth="steady", threads=threads_of(results)[0])
        cells = []
        for caller, other in (("python", "eager"), ("c++", "libtorch")):
            plan, code = (find(results, system="mind", tier=t, caller=caller, **place) for t in TIERS)
            torch = find(results, system=other, caller=caller, device="cpu", **place)
            cells += [cell_text(plan), cell_text(code), Faster(ratio(results, plan, code))]
            cells += [cell_text(torch), Faster(ratio(results, plan, torch))]
        lines.add(program["name"], *cells)
    header = ["program", "tier 0", "tier 1", "tier 0 faster", "eager", "tier 0 faster"]
    header += ["tier 0, C++", "tier 1, C++", "tier 0 faster", "LibTorch, C++", "tier 0 faster"]
    return Table("Steady calls of either tier", "Warm calls from Python and from C++.", header, lines.finished())


def front_end_table(results):
    """Front end alone beside MLIR's yardstick and Dynamo's capture alone; none
    generates code."""
    find, ratio = results_module.find, results_module.ratio_between
    rows = []
    device = devices_of(results)[0]
    for program in results["programs"]:
        place = dict(program=program["name"], variant="", column="warm", system="mind", tier=None)
        parse, check, mind = (find(results, depth=d, verify=False, **place) for d in ("parse", "check", "mind"))
        verified = find(results, depth="mind", verify=True, **place)
        place = dict(program=program["name"], depth="mind", column="warm")
        yardstick = find(results, system="mlir", **place)
        capture = find(results, system="dynamo", device=device, **place)
        if mind or capture:
            row = [program["name"], *map(cell_text, (parse, check, mind, verified, yardstick))]
            row += [ratio_text(inverse(ratio(results, m, yardstick))) for m in (mind, verified)]
            rows.append(row + [cell_text(capture), ratio_text(ratio(results, mind, capture))])
    return Table(
        "Front end only, warm column",
        "MIND from source to the module in the mind dialect and its destruction, beside a yardstick: the same module "
        "built by hand with MLIR's builders, and mlir::verify; less than 1x of it favours MIND. Beside both, Dynamo's "
        "capture alone. No side generates code here, so this is no measure of compilation. Scripts have no run-time "
        "inputs and no PyTorch row.",
        ["program", "parse", "check", "mind", "mind, verified", "yardstick", "mind / yardstick", "verified / yardstick",
         "Dynamo capture", "faster"],
        rows,
    )


def sorted_rows(results, program):
    """Every row of one program, by depth, column, threads and system."""
    order = {depth: i for i, depth in enumerate(results["environment"].get("depths", []))}
    columns = {c: i for i, c in enumerate(results_module.COLUMNS)}
    systems = {s: i for i, s in enumerate(results_module.SYSTEMS)}

    def place(r):
        first = order.get(r["depth"], len(order)), columns[r["column"]], r["threads"], r["device"], r["caller"]
        return *first, systems[r["system"]], r["variant"], r["tier"] or 0, r["verify"], r["memory_format"]

    return sorted((r for r in results["rows"] if r["program"] == program["name"]), key=place)


def depth_table(results, program):
    """Every measured row of one program."""
    rows = []
    for row in sorted_rows(results, program):
        marks = [row["variant"], "verified" if row["verify"] else "", row["memory_format"], row["caller"], row["device"]]
        system = " ".join([system_name(row), *(f"[{m}]" for m in marks if m not in ("", "contiguous", "cpu"))])
        entries = {}
        for entry in results["ratios"]:
            mind = results["rows"][entry["mind"]]
            if results["rows"][entry["other"]] is row and mind["variant"] == row["variant"] and not mind["verify"]:
                entries.setdefault(1 if mind["tier"] == 1 else 0, entry)
        threads = str(row["threads"])
        cells = [row["depth"], row["column"], threads, system, cell_text(row), spread(row)]
        rows.append(cells + [ratio_text(entries[tier]) if tier in entries else "" for tier in TIERS])
    return Table(
        f"{program['name']}: {program['description']}",
        "",
        ["depth", "column", "threads", "system", "median", "p10 to p90 (n)", "MIND faster", "its tier 1 faster"],
        rows,
    )


def notes_of(results):
    """Sentences that belong under the tables: failures first."""
    notes = []
    for row in results["rows"]:
        if row["note"] and (row["correct"] is False or row["median_s"] is None):
            verb = "FAIL" if row["correct"] is False else "not measured"
            device = "" if row["device"] == "cpu" else f" {row['device']}"
            place = f"{row['program']} {system_name(row)} {row['depth']} {row['column']}{device}"
            notes.append(f"{verb}: {place}: {row['note']}")
    notes = list(dict.fromkeys(notes))
    if len(notes) > 20:
        notes = notes[:20] + [f"... and {len(notes) - 20} more; all are in mind_results.json"]
    if results["samples_left_out"]:
        notes.append(
            f"{results['samples_left_out']} samples of slow cells were left out to keep within the time "
            "budget (--budget); each row states its number of samples."
        )
    if results["interrupted"]:
        notes.append("The run was interrupted: what had been measured by then is reported.")
    return notes + results["notes"]


def environment_lines(results):
    """(name, value) pairs for the head of a report."""
    e = results["environment"]
    mind, torch = e.get("mind") or {}, e.get("torch") or {}
    hardware = f"{e['cpu']}, {e['cores']} cores, {e['memory_bytes'] / 2**30:.0f} GiB"
    if e["cpu_features"]:
        hardware += f" ({' '.join(e['cpu_features'])})"
    software = []
    if mind:
        software.append(f"MIND {mind['version']} (LLVM {mind['llvm']})")
    if torch:
        software.append(f"PyTorch {torch['torch']}")
        software.append(f"Triton {torch['triton']}" if torch["triton"] else "no Triton")
    software += [f"Python {e['python']}", f"NumPy {e['numpy']}", e["gxx"] or "no g++"]
    device = torch.get("cuda_device") or "no CUDA device"
    if torch.get("cuda_device"):
        device += f", CUDA {torch['cuda_version']}, driver {torch.get('cuda_driver') or 'unknown'}"
    lines = [
        ("Hardware", hardware),
        ("CUDA", device),
        ("System", f"{e['os']}; load {format_load(e)}"),
        ("Software", ", ".join(software)),
    ]
    for roof in e["roof"]:
        lines.append(
            (
                f"Roof, {roof['threads']} thread{'s' * (roof['threads'] > 1)}",
                f"{roof['fma_flops'] / 1e9:.0f} GFLOP/s f32 FMA, {roof['bandwidth_bytes'] / 1e9:.1f} GB/s memory, measured",
            )
        )
    if torch:
        lines.append(("PyTorch settings", f"{torch['settings']}; {torch['compile_workers']} compile workers"))
    lines.append(("Results", checks_text(results["checks"])))
    if e["variables"]:
        lines.append(("Variables", " ".join(f"{k}={v}" for k, v in e["variables"].items())))
    lines.append(("Command", results["command"]))
    return lines


def checks_text(checks):
    """How many results were compared with LibTorch, and how that went."""
    judged = [c for c in checks if c["correct"] is not None]
    wrong = [c for c in judged if not c["correct"]]
    if not judged:
        return "none checked"
    verdict = f"{len(wrong)} of them WRONG" if wrong else "all within tolerance"
    return f"{len(judged)} compared with LibTorch in double precision, {verdict}"


def format_load(environment):
    loads = [environment.get("load_before"), environment.get("load_after")]
    return " before, ".join(f"{load[0]:.2f}" for load in loads if load) + (" after" if loads[1] else "")


def rate_and_share(results, program, row):
    """What `row` does in a second, and its share of what the machine can do:
    arithmetic where that bounds the program, else memory traffic if no cache
    holds it."""
    if row is None or row["median_s"] is None or not (program["flops"] or program["bytes"]):
        return ["-", "-"]
    if program["flops"]:
        share = share_of_roof(results, program, row)
        return [f"{program['flops'] / row['median_s'] / 1e9:.3g} GFLOP/s", "-" if share is None else f"{share:.0%}"]
    rate, limits = program["bytes"] / row["median_s"], limits_of(results, row)
    is_bound = limits and program["size_class"] == "memory"
    return [f"{rate / 1e9:.3g} GB/s", f"{rate / limits['bandwidth_bytes']:.0%}" if is_bound else "-"]


def limits_of(results, row):
    """What the machine could do at most with the threads of `row`, or None."""
    return next((r for r in results["environment"]["roof"] if r["threads"] == row["threads"]), None)


def share_of_roof(results, program, row):
    """The program's multiplications and additions alone, as they were timed among
    the samples of the other rows, by `row`; else by the machine's highest rate. None
    if neither was measured."""
    place = dict(program=program["name"], threads=row["threads"])
    if roof := results_module.find(results, system="roof", **place):
        return statistics.ratio_of_medians(roof["samples_s"], row["samples_s"])
    limits = limits_of(results, row)
    return limits and program["flops"] / row["median_s"] / limits["fma_flops"]


def roof_table(results):
    """Steady rates of programs whose arithmetic is known, beside the roof."""
    rows = []
    for program in results["programs"]:
        if program["flops"]:
            place = dict(program=program["name"], depth="steady", threads=threads_of(results)[0])
            cells = [program["name"]]
            roof = results_module.find(results, system="roof", **place)
            cells += ["-" if roof is None else f"{program['flops'] / roof['median_s'] / 1e9:.3g} GFLOP/s"]
            for system, tier in (("mind", 0), ("mind", 1), ("eager", None), ("inductor", None)):
                row = results_module.find(
                    results, system=system, tier=tier, caller="python", device="cpu", variant="", **place
                )
                cells += rate_and_share(results, program, row)
            rows.append(cells)
    return Table(
        "Steady calls beside the roof",
        "Multiplications and additions in a second, from Python with the first number of threads. The roof is a loop "
        "that does as many in registers, timed among the samples of the others; medians of both.",
        ["program", "roof", "tier 0", "of roof", "tier 1", "of roof", "eager", "of roof", "Inductor", "of roof"],
        rows,
    )


def program_tables(results):
    """Every measured row, a table for each program; a sweep's tables have them all."""
    return [] if results["sweep"] else [depth_table(results, program) for program in results["programs"]]


def all_tables(results):
    """The tables of the summary, in order; those without a measured row are left out."""
    devices = devices_of(results)
    if results["sweep"]:
        from mind.bench import report_sweeps  # Which is made of what this module has.

        return report_sweeps.tables(results, devices)
    measured = {(r["depth"], r["column"]) for r in results["rows"]}
    columns = [column for column in ("warm", "cold") if ("first-run", column) in measured]
    tables = [head_table(results, column, device) for device in devices for column in columns]
    tables += [head_table(results, "warm", device, (1,)) for device in devices if "warm" in columns]
    tables += [plan_table(results)] if ("plan", "warm") in measured else []
    tables += [tiers_table(results)] if ("steady", "steady") in measured else []
    tables += [roof_table(results)] if ("steady", "steady") in measured and roof_table(results).rows else []
    tables += [process_table(results, device) for device in devices if ("process", "cold") in measured]
    tables += [front_end_table(results)] if ("mind", "warm") in measured else []
    return tables


def process_table(results, device="cpu"):
    """A new process, from the file to the printed result. `device` is PyTorch's."""
    find, ratio = results_module.find, results_module.ratio_between
    lines = Lines()
    for program in model_programs(results):
        place = dict(program=program["name"], depth="process", variant="")
        cells, mind = [], [find(results, system="mind", tier=tier, **place) for tier in TIERS]
        for row in mind:
            peak = row and row["peak_bytes"]
            cells += [cell_text(row), f"{peak / 2**20:.0f} MiB" if peak else "-"]
        for system in ("eager", "inductor", "aotinductor"):
            other = find(results, system=system, device=device, **place)
            cells += [cell_text(other), Faster(ratio(results, mind[0], other))]
        lines.add(program["name"], *cells)
    header = ["program", "mindc --tier 0", "peak memory", "mindc --tier 1", "peak memory"]
    header += ["Python eager", "faster", "torch.compile", "faster", "AOTInductor package", "faster"]
    return Table(
        f"A new process, from file to printed result{beside(device)}",
        "`mindc run` on either tier beside a new Python process: eager, with torch.compile, and loading a package that "
        "AOTInductor compiled beforehand; caches empty. Ratios are those of tier 0.",
        header,
        lines.finished(),
    )
