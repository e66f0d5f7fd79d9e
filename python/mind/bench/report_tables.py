# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report's tables, before they become console text, Markdown or HTML."""

import dataclasses

from mind.bench import results as results_module
from mind.bench import statistics

TITLE = "MIND vs PyTorch 2 compilation benchmark"

HEAD_CAPTION = (
    "First call: from source (MIND) or module (torch.compile) to a correct first result, less the "
    "median of a warm call, in a process that has compiled another small program; caches empty. "
    "Steady: a warm call from Python that allocates its result. Times more than 1x favour MIND."
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


def model_programs(results):
    """Programs that have a row at `first-run` or beyond."""
    deep = {r["program"] for r in results["rows"] if r["depth"] in ("first-run", "steady", "process")}
    return [p for p in results["programs"] if p["name"] in deep]


def devices_of(results):
    """Devices that PyTorch was measured on, the CPU first; it alone if PyTorch was not."""
    return sorted({r["device"] for r in results["rows"] if r["system"] != "mind"}) or ["cpu"]


def beside(device):
    """What a table's title says of the device of PyTorch's rows."""
    return "" if device == "cpu" else f"; PyTorch on {device.upper()}, MIND on the CPU"


def threads_of(results):
    """Thread counts of the steady rows, the smallest first."""
    return sorted({r["threads"] for r in results["rows"] if r["depth"] == "steady"}) or [1]


def steady_text(results, row, place):
    """A steady time of MIND from Python, or if that was not measured from C++,
    which then stands beside no ratio."""
    if row is None and (row := results_module.find(results, system="mind", caller="c++", **place)):
        return f"{cell_text(row)} (C++)"
    return cell_text(row)


def head_table(results, column="warm", device="cpu"):
    """First call beside first call, and in the same line what a call costs then.
    `device` is PyTorch's."""
    find, ratio = results_module.find, results_module.ratio_between
    threads = threads_of(results)[0]
    rows, factors = [], {"inductor": [], "aot_eager": [], "steady": [], "eager": []}

    def note(key, entry):
        if entry:
            factors[key].append(entry["ratio"])
        return entry

    for program in model_programs(results):
        place = dict(program=program["name"], verify=False, variant="")
        first = dict(place, depth="first-run", column=column)
        warm = dict(place, depth="steady", threads=threads)
        mind = find(results, system="mind", **first)
        inductor, aot = (find(results, system=s, device=device, **first) for s in ("inductor", "aot_eager"))
        mind_steady = find(results, system="mind", caller="python", **warm)
        inductor_steady, eager_steady = (
            find(results, system=s, caller="python", device=device, **warm) for s in ("inductor", "eager")
        )
        rows.append(
            [
                program["name"],
                cell_text(mind),
                cell_text(inductor),
                ratio_text(note("inductor", ratio(results, mind, inductor))),
                steady_text(results, mind_steady, warm),
                cell_text(inductor_steady),
                ratio_text(note("steady", ratio(results, mind_steady, inductor_steady)), False),
                cell_text(eager_steady),
                ratio_text(note("eager", ratio(results, mind_steady, eager_steady)), False),
                cell_text(aot),
                ratio_text(note("aot_eager", ratio(results, mind, aot)), False),
            ]
        )
    means = {key: times(statistics.geometric_mean(values)) for key, values in factors.items()}
    if len(rows) > 1:
        rows.append(
            ["geometric mean", "", "", means["inductor"], "", "", means["steady"], "", means["eager"], "", means["aot_eager"]]
        )
    header = ["program", "MIND first", "Inductor first", "faster", "MIND steady", "Inductor steady", "faster"]
    header += ["eager steady", "faster", "aot_eager first", "faster"]
    title = f"First call and steady calls, {column} column, {threads} thread{'s' * (threads > 1)}{beside(device)}"
    return Table(title, HEAD_CAPTION if column == "warm" else "The same in a fresh process with empty caches.", header, rows)


def front_end_table(results):
    """Front end alone beside Dynamo's capture alone; neither generates code."""
    rows = []
    device = devices_of(results)[0]
    for program in results["programs"]:
        place = dict(program=program["name"], variant="", column="warm", system="mind")
        parse, check, mind = (
            results_module.find(results, depth=d, verify=False, **place) for d in ("parse", "check", "mind")
        )
        verified = results_module.find(results, depth="mind", verify=True, **place)
        capture = results_module.find(
            results, program=program["name"], depth="mind", column="warm", system="dynamo", device=device
        )
        if mind or capture:
            ratio = results_module.ratio_between(results, mind, capture)
            rows.append(
                [program["name"], *map(cell_text, (parse, check, mind, verified, capture)), ratio_text(ratio)]
            )
    return Table(
        "Front end only, warm column",
        "MIND from source up to the mind dialect, beside Dynamo's capture alone. Neither side generates "
        "code here, so this is no measure of compilation. Scripts have no run-time inputs and no PyTorch row.",
        ["program", "parse", "check", "mind", "mind, verified", "Dynamo capture", "faster"],
        rows,
    )


def sorted_rows(results, program):
    """Every row of one program, by depth, column, threads and system."""
    order = {depth: i for i, depth in enumerate(results["environment"].get("depths", []))}
    columns = {c: i for i, c in enumerate(results_module.COLUMNS)}
    systems = {s: i for i, s in enumerate(results_module.SYSTEMS)}

    def place(r):
        first = order.get(r["depth"], len(order)), columns[r["column"]], r["threads"], r["device"], r["caller"]
        return *first, systems[r["system"]], r["variant"], r["verify"], r["memory_format"]

    return sorted((r for r in results["rows"] if r["program"] == program["name"]), key=place)


def depth_table(results, program):
    """Every measured row of one program."""
    rows = []
    for row in sorted_rows(results, program):
        marks = [row["variant"], "verified" if row["verify"] else "", row["memory_format"], row["caller"], row["device"]]
        system = " ".join([row["system"], *(f"[{m}]" for m in marks if m not in ("", "contiguous", "cpu"))])
        entries = [e for e in results["ratios"] if results["rows"][e["other"]] is row]
        entry = next((e for e in entries if results["rows"][e["mind"]]["variant"] == ""), None)
        threads = str(row["threads"])
        rows.append(
            [row["depth"], row["column"], threads, system, cell_text(row), spread(row), ratio_text(entry) if entry else ""]
        )
    return Table(
        f"{program['name']}: {program['description']}",
        "",
        ["depth", "column", "threads", "system", "median", "p10 to p90 (n)", "MIND faster"],
        rows,
    )


def notes_of(results):
    """Sentences that belong under the tables: failures first."""
    notes = []
    for row in results["rows"]:
        if row["note"] and (row["correct"] is False or row["median_s"] is None):
            verb = "FAIL" if row["correct"] is False else "not measured"
            device = "" if row["device"] == "cpu" else f" {row['device']}"
            notes.append(f"{verb}: {row['program']} {row['system']} {row['depth']} {row['column']}{device}: {row['note']}")
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
    roof = next((r for r in results["environment"]["roof"] if row and r["threads"] == row["threads"]), None)
    if row is None or row["median_s"] is None or not (program["flops"] or program["bytes"]):
        return ["-", "-"]
    if program["flops"]:
        rate, most, unit = program["flops"] / row["median_s"], roof and roof["fma_flops"], "GFLOP/s"
    else:
        rate, most, unit = program["bytes"] / row["median_s"], roof and roof["bandwidth_bytes"], "GB/s"
    is_bound = most and (program["flops"] or program["size_class"] == "memory")
    return [f"{rate / 1e9:.3g} {unit}", f"{rate / most:.0%}" if is_bound else "-"]


def roof_table(results):
    """Steady rates of programs whose arithmetic is known, beside the roof."""
    rows = []
    for program in results["programs"]:
        if program["flops"]:
            place = dict(program=program["name"], depth="steady", threads=threads_of(results)[0], variant="")
            cells = [program["name"]]
            for system, caller in (("mind", "c++"), ("mind", "python"), ("eager", "python"), ("inductor", "python")):
                row = results_module.find(results, system=system, caller=caller, device="cpu", **place)
                cells += rate_and_share(results, program, row)
            rows.append(cells)
    return Table(
        "Steady calls beside the roof",
        "Multiplications and additions in a second, and their share of the FMA roof that was measured in the same "
        "run (above), with the first number of threads.",
        ["program", "MIND, C++", "of roof", "MIND", "of roof", "eager", "of roof", "Inductor", "of roof"],
        rows,
    )


def sweep_rows(results, program, device):
    """The row of each system that a case is measured on, PyTorch's on `device`."""
    place = dict(program=program["name"], variant="")
    others = (results_module.find(results, system=s, device=device, **place) for s in ("eager", "inductor"))
    return [results_module.find(results, system="mind", **place), *others]


def sweep_tables(results, device="cpu"):
    """A summary by size class, then every case. `device` is PyTorch's."""
    classes = list(dict.fromkeys(p["size_class"] for p in results["programs"]))
    classes.sort(key=list(SIZE_CLASSES).index)
    summary, details = [], []
    for size_class in classes:
        factors = {"eager": {}, "inductor": {}, "better": {}}
        cases = []
        for program in (p for p in results["programs"] if p["size_class"] == size_class):
            mind, eager, inductor = sweep_rows(results, program, device)
            entries = [results_module.ratio_between(results, mind, other) for other in (eager, inductor)]
            for name, entry in zip(("eager", "inductor"), entries):
                if entry:
                    factors[name][program["name"]] = entry["ratio"]
            if any(entries):
                factors["better"][program["name"]] = min(entry["ratio"] for entry in entries if entry)
            cells = [program["name"], cell_text(mind), cell_text(eager), ratio_text(entries[0])]
            cells += [cell_text(inductor), ratio_text(entries[1])]
            cases.append([*cells, *rate_and_share(results, program, mind)])
        row = [SIZE_CLASSES[size_class], str(len(cases))]
        for ratios in factors.values():
            worst = min(ratios, key=ratios.get, default=None)
            row += [times(statistics.geometric_mean(list(ratios.values())))]
            row += [f"{times(ratios[worst])} {worst}" if worst else "-"]
        summary.append(row)
        header = ["case", "MIND", "eager", "faster", "Inductor", "faster", "MIND's rate", "of roof"]
        details.append(Table(f"Cases: {SIZE_CLASSES[size_class]}{beside(device)}", "", header, cases))
    threads = threads_of(results)[0]
    return [
        Table(
            f"Sweep {results['sweep']}, {threads} thread{'s' * (threads > 1)}{beside(device)}",
            "Warm calls from Python that allocate their result. How many times longer the other takes: geometric mean, "
            "and the worst case for MIND. Size classes go by the bytes of operands and result. A share of the roof is "
            "one of the limits above, which were measured in the same run.",
            ["size class", "cases", "eager", "worst", "Inductor", "worst", "the better", "worst"],
            summary,
        ),
        *details,
    ]


def growth_table(results):
    """Compile time by the number of layers."""
    kinds = list(dict.fromkeys(p["size_class"] for p in results["programs"]))
    rows = []
    for layers in sorted({p["layers"] for p in results["programs"]}):
        cells = [str(layers)]
        for kind in kinds:
            row = results_module.find(results, program=f"{kind}-{layers}", system="mind")
            per_layer = row["median_s"] / layers if row and row["median_s"] is not None else None
            cells += [cell_text(row), seconds(per_layer)]
        rows.append(cells)
    return Table(
        f"Sweep {results['sweep']}: from source to machine code",
        "An MLP of so many layers, each relu(x @ w + b) on 8 rows, all of one shape or no two of one; warm column.",
        ["layers", *(text for kind in kinds for text in (f"{kind} layers", "a layer"))],
        rows,
    )


SIZE_CLASSES = {"overhead": "overhead-bound", "cache": "in cache", "memory": "in memory"}


def program_tables(results):
    """Every measured row, a table for each program; a sweep's tables have them all."""
    return [] if results["sweep"] else [depth_table(results, program) for program in results["programs"]]


def all_tables(results):
    """The tables of the summary, in order; those without a measured row are left out."""
    devices = devices_of(results)
    if results["sweep"]:
        if any(p["layers"] for p in results["programs"]):
            return [growth_table(results)]
        return [table for device in devices for table in sweep_tables(results, device)]
    measured = {(r["depth"], r["column"]) for r in results["rows"]}
    columns = [column for column in ("warm", "cold") if ("first-run", column) in measured]
    tables = [head_table(results, column, device) for device in devices for column in columns]
    tables += [roof_table(results)] if ("steady", "steady") in measured and roof_table(results).rows else []
    tables += [process_table(results, device) for device in devices if ("process", "cold") in measured]
    tables += [front_end_table(results)] if ("mind", "warm") in measured else []
    return tables


def process_table(results, device="cpu"):
    """A new process, from the file to the printed result. `device` is PyTorch's."""
    rows = []
    for program in model_programs(results):
        place = dict(program=program["name"], depth="process", variant="")
        mind = results_module.find(results, system="mind", **place)
        peak = mind and mind["peak_bytes"]
        row = [program["name"], cell_text(mind), f"{peak / 2**20:.0f} MiB" if peak else "-"]
        for system in ("eager", "inductor", "aotinductor"):
            other = results_module.find(results, system=system, device=device, **place)
            row += [cell_text(other), ratio_text(results_module.ratio_between(results, mind, other))]
        rows.append(row)
    return Table(
        f"A new process, from file to printed result{beside(device)}",
        "`mindc run` beside a new Python process: eager, with torch.compile, and loading a package that "
        "AOTInductor compiled beforehand; caches empty.",
        ["program", "mindc run", "peak memory", "Python eager", "faster", "torch.compile", "faster", "AOTInductor package", "faster"],
        rows,
    )
