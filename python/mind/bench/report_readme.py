# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What README.md says of the benchmark, from committed results: the claim of its
first lines, and the section on results. utils/update_readme.py puts both in place."""

import textwrap

from mind.bench import report_sweeps, report_tables, report_text, statistics
from mind.bench import results as results_module
from mind.bench.report_tables import seconds, times

SWEEPS = {
    "matmul": "[products of matrices]({folder}/results.md)",
    "elementwise": "[elementwise chains, softmaxes, norms and reductions]({folder}/results.md)",
    "attention": "[attentions]({folder}/results.md)",
}
"""Sweeps with their names in a sentence after the number of cases."""


def rounded(value):
    """A time with two significant digits, as prose has it."""
    return seconds(float(f"{value:.1e}"))


def span(values):
    """From the shortest to the longest of `values`, with one unit if it is the same."""
    low, high = rounded(min(values)), rounded(max(values))
    if low == high:
        return low
    return f"{low.removesuffix(high[high.index(' ') :])} to {high}"


def span_of_ratios(values):
    return f"{times(min(values)).removesuffix('x')} to {times(max(values))}"


def medians(results, **place):
    """Medians of the rows that count with these fields, of main sources, in the
    order of programs; every program must have one."""
    place = dict(variant="", verify=False, device="cpu") | place
    rows = [results_module.find(results, program=p["name"], **place) for p in report_tables.model_programs(results)]
    if not rows or any(row is None or row["median_s"] is None for row in rows):
        raise ValueError(f"not every program has a time at {place}")
    return [row["median_s"] for row in rows]


def ratios(results, tier, other, **place):
    """How many times longer `other` takes than MIND's `tier`, by program."""
    mind = medians(results, system="mind", tier=tier, **place)
    rival = medians(results, **other, **place)
    return [b / a for a, b in zip(mind, rival)]


def steady(results):
    """The place of the steady rows that stand in the head line."""
    return dict(depth="steady", column="steady", threads=report_tables.threads_of(results)[0], caller="python")


def claim(results):
    """What is compared, and what comes out, in one sentence, and one about tier 1."""
    first = dict(depth="first-run", column="warm")
    count = len(report_tables.model_programs(results))
    plan, code = (medians(results, system="mind", tier=tier, **first) for tier in (0, 1))
    inductor, aot = (medians(results, system=s, **first) for s in ("inductor", "aot_eager"))
    eager = ratios(results, 0, {"system": "eager"}, **steady(results))
    against = ratios(results, 0, {"system": "inductor"}, **steady(results))
    return (
        f"From source to a first correct result, each of the {count} programs of its benchmark takes {span(plan)} with "
        f"precompiled kernels (tier 0), where `torch.compile` takes {span(inductor)} (Inductor) or {span(aot)} "
        "(`aot_eager`, which generates no code either): medians less that of a warm call, on one core, on the same inputs, "
        "in a warm process with empty caches, every result checked; and a warm call then runs "
        f"{span_of_ratios(eager)} as fast as eager PyTorch's and {span_of_ratios(against)} as fast as Inductor's. "
        f"With generated code (tier 1) the first result takes {span(code)}."
    )


def machine(results):
    e, torch = results["environment"], results["environment"]["torch"]
    features = "AVX-512" if "avx512f" in e["cpu_features"] else "AVX2"
    return f"{e['cores']} cores of an {e['cpu']} ({features}), one thread, PyTorch {torch['torch'].split('+')[0]}"


def plan_sentence(results):
    warm = dict(column="warm")
    plan = medians(results, system="mind", tier=0, depth="plan", **warm)
    front = medians(results, system="mind", tier=None, depth="mind", **warm)
    capture = medians(results, system="dynamo", depth="mind", **warm)
    aot = ratios(results, 0, {"system": "aot_eager"}, depth="plan", **warm)
    return (
        f"Source to a callable on tier 0 (depth `plan`) takes {span(plan)}, `aot_eager` up to its first execution "
        f"{times(statistics.geometric_mean(aot))} as long in the geometric mean. Up to the `mind` dialect, where no code "
        f"is generated on either side, MIND needs {span(front)} and Dynamo's capture {span(capture)}."
    )


def yardstick_sentence(results, folder):
    """The front end beside MLIR's yardstick; empty where that was not measured."""
    place, shares = dict(depth="mind", column="warm"), {False: [], True: []}
    for program in results["programs"]:
        yardstick = results_module.find(results, program=program["name"], system="mlir", **place)
        for verify, values in shares.items():
            mind = results_module.find(results, program=program["name"], system="mind", verify=verify, **place)
            if entry := results_module.ratio_between(results, mind, yardstick):
                values.append(1 / entry["ratio"])
    if not all(shares.values()):
        return ""
    plain, verified = map(span_of_ratios, shares.values())
    return (
        f"The published scripts take {plain} as long to the `mind` dialect as MLIR takes to build the same module by hand "
        f"and verify it, and with MIND's module verified too {verified} ([by phase]({folder}/front-end.svg))."
    )


def front_end_sentence(results, folder):
    """How the front end grows with the number of operations."""
    costs = []
    for program in results["programs"]:
        row = results_module.find(results, program=program["name"], system="mind", depth="mind")
        if program["operations"] >= report_sweeps.FEWEST_OPERATIONS and row and row["median_s"] is not None:
            costs.append((program["operations"], row["median_s"] / program["operations"]))
    if not costs:
        return ""
    (low, _), (high, _) = min(costs), max(costs)
    return (
        f"From {low:,} to {high:,} operations the front end takes {span([cost for _, cost in costs])} for each "
        f"([a sweep]({folder}/results.md), [its plot]({folder}/growth.svg))."
    )


def tiers_sentence(results):
    tiers = ratios(results, 0, {"system": "mind", "tier": 1}, **steady(results))
    first = dict(depth="first-run", column="warm")
    inductor = ratios(results, 1, {"system": "inductor"}, **first)
    calls = [ratios(results, 1, {"system": s}, **steady(results)) for s in ("inductor", "eager")]
    means = [times(statistics.geometric_mean(values)) for values in (tiers, inductor, *calls)]
    return (
        f"A warm call on tier 0 runs {means[0]} as fast as on tier 1 (the worst {times(min(tiers))}). Tier 1 itself reaches "
        f"the first result {means[1]} as fast as Inductor, and then runs {means[2]} as fast as Inductor's code and "
        f"{means[3]} as fast as eager, in the geometric mean."
    )


def process_sentence(results):
    place = dict(depth="process", column="cold")
    mind = [results_module.find(results, program=p["name"], system="mind", tier=0, variant="", **place)
            for p in report_tables.model_programs(results)]  # fmt: skip
    peak = max(row["peak_bytes"] for row in mind)
    others = {name: medians(results, system=name, **place) for name in ("eager", "inductor")}
    eager, inductor = (ratios(results, 0, {"system": name}, **place) for name in others)
    return (
        f"`mindc run` of these programs on tier 0 takes {span([row['median_s'] for row in mind])} as a new process and at "
        f"most {peak / 1e6:.0f} MB; Python with eager PyTorch {span(others['eager'])} "
        f"({times(statistics.geometric_mean(eager))}), with `torch.compile` {span(others['inductor'])} "
        f"({times(statistics.geometric_mean(inductor))})."
    )


def large_sentence(results, folder):
    names = [program["name"] for program in results["programs"]]
    first = dict(depth="first-run", column="warm")
    plan, code = (medians(results, system="mind", tier=tier, **first) for tier in (0, 1))
    inductor = medians(results, system="inductor", **first)
    calls = {s: ratios(results, 0, {"system": s}, **steady(results)) for s in ("eager", "inductor")}
    def each(values, text=seconds):
        return ", ".join(map(text, values))

    return (
        f"Larger programs ([`{'`, `'.join(names)}`]({folder}/results.md)) need {each(plan)} to a first correct result "
        f"on tier 0 and {each(code)} on tier 1 (`torch.compile`: {each(inductor)}), and on tier 0 run "
        f"{each(calls['eager'], times)} as fast as eager and {each(calls['inductor'], times)} as fast as Inductor's code."
    )


def sweep_sentence(results, folder):
    parts = []
    for tier in report_tables.TIERS:
        factors = report_sweeps.factors_of(results, results["programs"], tier, "cpu")
        eager, inductor = (list(factors[name].values()) for name in ("eager", "inductor"))
        parts.append(
            f"{times(statistics.geometric_mean(eager))} as fast as eager on tier {tier} (the worst {times(min(eager))}) "
            f"and {times(statistics.geometric_mean(inductor))} as fast as Inductor's code (the worst {times(min(inductor))})"
        )
    name = SWEEPS.get(results["sweep"], f"cases of [{results['sweep']}]({{folder}}/results.md)").format(folder=folder)
    return f"{len(results['programs'])} {name} run " + ", ".join(parts)


def wrapped(text):
    return textwrap.wrap(text, 88, break_long_words=False, break_on_hyphens=False)


def section(results, folder, others):
    """The section on results. `folder` is where `results` lie, seen from README.md;
    `others` are (results, folder) of larger programs and of sweeps."""
    if any(check["correct"] is False for check in results["checks"]):
        raise ValueError("there are wrong results")
    lines = [f"![From source to the first correct result, MIND beside torch.compile]({folder}/first-run.svg)", ""]
    lines += wrapped(
        f"{machine(results)}, medians; every result within tolerance of LibTorch in double precision. *First* runs from "
        "source (MIND) or module (`torch.compile`) to a correct result, less the median of a warm call, in a process "
        "that has compiled another small program, all caches empty. *Steady* is a warm call from Python that allocates "
        "its result. Tier 0 runs precompiled kernels, tier 1 generated code. Numbers above 1x favour MIND's tier 0."
    )
    lines += ["", *report_text.markdown_table(report_tables.head_table(results)), ""]
    lines += wrapped(tiers_sentence(results)) + [""]
    lines += wrapped(plan_sentence(results)) + [""]
    if text := yardstick_sentence(results, folder):
        lines += wrapped(text) + [""]
    if any(row["depth"] == "process" for row in results["rows"]):
        lines += wrapped(process_sentence(results)) + [""]
    for other, place in others:
        if not other["sweep"]:
            lines += wrapped(large_sentence(other, place)) + [""]
    sweeps = [(other, place) for other, place in others if other["sweep"]]
    front_ends = [pair for pair in sweeps if any(p.get("operations") for p in pair[0]["programs"])]
    sweeps = [pair for pair in sweeps if pair not in front_ends]
    compared = [sweep_sentence(other, place) for other, place in sweeps if not any(p["layers"] for p in other["programs"])]
    if compared:
        lines += wrapped("Sweeps over lists that were fixed beforehand: " + "; ".join(compared) + ".") + [""]
    for other, place in sweeps:
        if any(p["layers"] for p in other["programs"]):
            lines += wrapped(f"How compile time grows with the number of layers is in [a run of its own]({place}/results.md).") + [""]
    for other, place in front_ends:
        if text := front_end_sentence(other, place):
            lines += wrapped(text) + [""]
    lines += wrapped(f"All rows, cold columns, spreads and raw samples are in [`{folder}`]({folder}/results.md).")
    return "\n".join(lines)
