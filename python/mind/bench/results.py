# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rows and ratios, as `mind_results.json` holds them (docs/benchmarking.md)."""

import json
import math
import os
import pathlib

from mind.bench import statistics

SCHEMA = 1
"""Grows whenever a field changes its meaning or goes."""


def rows_of(measured):
    """A row for each measured cell. Of PyTorch's memory formats the fastest
    counts, and the others are kept with `counts` false."""
    cells = dict.fromkeys([*measured.samples, *measured.errors])
    rows = [row_of(cell, measured) for cell in cells]
    best = {}
    for row in rows:
        if row["median_s"] is not None:
            key = tuple(row[name] for name in ONE_OF)
            if key not in best or row["median_s"] < best[key]["median_s"]:
                best[key] = row
    for row in rows:
        key = tuple(row[name] for name in ONE_OF)
        row["counts"] = key not in best or best[key] is row
    return rows


PLACE = ("program", "depth", "column", "device", "threads", "caller")
"""Rows that agree in these may be compared; MIND's, which are all of the CPU, with
those of every device."""

ONE_OF = (*PLACE, "system", "tier", "variant", "verify")
"""Of rows that agree in these, the fastest counts."""


def row_of(cell, measured):
    samples = measured.samples.get(cell, [])
    correct = measured.correct(cell)
    statistic = statistics.summarize(samples if correct is not False else [])
    calls = measured.calls.get(cell, [1])
    note = measured.errors.get(cell) or measured.checks.get(cell.judged_as, (None, ""))[1]
    return {
        "program": cell.program,
        "system": cell.system,
        "tier": cell.tier,
        "depth": cell.depth,
        "column": cell.column,
        "device": cell.device,
        "threads": cell.threads,
        "variant": cell.variant,
        "verify": cell.verify,
        "caller": cell.caller,
        "memory_format": cell.memory_format,
        "correct": correct,
        "note": note,
        "n": len(samples),
        "calls_per_sample": round(sum(calls) / len(calls)),
        "samples_s": samples,
        "peak_bytes": measured.peaks.get(cell),
        "phase_s": statistics.summarize(measured.phases.get(cell, []) if correct is not False else [])["median_s"],
        "operations": measured.operations.get(cell),
        **statistic,
    }


def ratios_of(rows):
    """MIND against each other system in the same place, on whatever device, its
    tier 0 against its tier 1, and with its verifier on against MLIR's yardstick: how
    many times longer the other takes. `mind` and `other` are indices of rows."""
    ratios = []
    for m, mind in enumerate(rows):
        if mind["system"] != "mind" or mind["median_s"] is None:
            continue
        for o, other in enumerate(rows):
            if other["median_s"] is None or not other["counts"]:
                continue
            if other["system"] == "mind" and not are_tiers_of_one(mind, other):
                continue
            if mind["verify"] and other["system"] != "mlir":
                continue
            if any(mind[name] != other[name] for name in PLACE if name != "device"):
                continue
            place = [other[name] for name in PLACE]
            seed = statistics.seed_of(*place, mind["tier"], mind["variant"], other["system"])
            ratios.append(
                {
                    "mind": m,
                    "other": o,
                    "ratio": statistics.ratio_of_medians(other["samples_s"], mind["samples_s"]),
                    "ci95": statistics.bootstrap_ratio(other["samples_s"], mind["samples_s"], seed),
                }
            )
    return ratios


def are_tiers_of_one(mind, other):
    """Whether two rows of MIND are the same source on tier 0 and on tier 1."""
    return (mind["tier"], other["tier"]) == (0, 1) and mind["variant"] == other["variant"]


def checks_of(measured):
    """One entry for each result that was computed, whatever its rows."""
    names = ("program", "system", "tier", "variant", "device", "correct", "message")
    return [dict(zip(names, (*key, *verdict))) for key, verdict in measured.checks.items()]


def results_of(measured, programs, environment, command, notes, sweep=None):
    """Everything a report needs; `sweep` names the list that the programs are of."""
    rows = rows_of(measured)
    return {
        "schema": SCHEMA,
        "command": command,
        "environment": environment,
        "interrupted": measured.interrupted,
        "samples_left_out": measured.left_out,
        "notes": notes,
        "sweep": sweep,
        "programs": [{name: getattr(p, name) for name in PROGRAM_FIELDS} for p in programs],
        "checks": checks_of(measured),
        "rows": rows,
        "ratios": ratios_of(rows),
    }


def torch_part(results):
    """PyTorch's rows alone, for `pytorch_results.json`."""
    rows = [row for row in results["rows"] if is_torch(row)]
    return {**results, "rows": rows, "ratios": []}


def is_torch(row):
    """Whether a row is of one of PyTorch's systems."""
    return row["system"] not in ("mind", "mlir", "roof")


def find(results, **fields):
    """The row that counts with these fields, or None."""
    for row in results["rows"]:
        if row["counts"] and all(row[name] == value for name, value in fields.items()):
            return row
    return None


def ratio_between(results, mind, other):
    """The entry of `ratios` between two rows, or None."""
    for entry in results["ratios"]:
        if results["rows"][entry["mind"]] is mind and results["rows"][entry["other"]] is other:
            return entry
    return None


def write_text(path, text):
    """Writes a file whole or not at all."""
    path = pathlib.Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path, results):
    write_text(path, json.dumps(results, indent=1, allow_nan=False) + "\n")


def check_schema(results):
    """Every way in which `results` is not what docs/benchmarking.md says."""
    problems = []

    def expect(condition, text):
        if not condition:
            problems.append(text)

    expect(results.get("schema") == SCHEMA, "schema is not the present one")
    for name, kind in (("command", str), ("environment", dict), ("checks", list), ("rows", list), ("ratios", list)):
        expect(isinstance(results.get(name), kind), f"{name} is not a {kind.__name__}")
    for i, row in enumerate(results.get("rows", [])):
        for name, kinds in ROW_FIELDS.items():
            expect(name in row and isinstance(row[name], kinds), f"rows[{i}].{name} is missing or of a wrong type")
        expect(row.get("system") in SYSTEMS, f"rows[{i}].system is unknown")
        expect(row.get("column") in COLUMNS, f"rows[{i}].column is unknown")
        samples = row.get("samples_s", [])
        expect(all(isinstance(s, float) and math.isfinite(s) and s >= 0 for s in samples), f"rows[{i}].samples_s")
        if row.get("correct") is False:
            expect(row.get("median_s") is None, f"rows[{i}] is wrong and has a time")
    count = len(results.get("rows", []))
    for i, ratio in enumerate(results.get("ratios", [])):
        expect(all(0 <= ratio.get(k, -1) < count for k in ("mind", "other")), f"ratios[{i}] names no rows")
    return problems


PROGRAM_FIELDS = ("name", "description", "size_class", "flops", "bytes", "layers", "operations", "source_bytes")
SYSTEMS = ("mind", "mlir", "roof", "eager", "inductor", "aot_eager", "dynamo", "aotinductor", "libtorch")
COLUMNS = ("cold", "warm", "cached", "steady")
OPTIONAL_FLOAT = (float, type(None))
ROW_FIELDS = {
    "program": str,
    "system": str,
    "tier": (int, type(None)),
    "depth": str,
    "column": str,
    "device": str,
    "threads": int,
    "variant": str,
    "verify": bool,
    "caller": str,
    "memory_format": str,
    "correct": (bool, type(None)),
    "note": str,
    "n": int,
    "calls_per_sample": int,
    "counts": bool,
    "samples_s": list,
    "peak_bytes": (int, type(None)),
    "phase_s": OPTIONAL_FLOAT,
    "operations": (int, type(None)),
    "median_s": OPTIONAL_FLOAT,
    "p10_s": OPTIONAL_FLOAT,
    "p90_s": OPTIONAL_FLOAT,
    "min_s": OPTIONAL_FLOAT,
    "mean_s": OPTIONAL_FLOAT,
    "std_s": OPTIONAL_FLOAT,
}
