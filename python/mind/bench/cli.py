# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command line of `mind-bench`."""

import argparse
import contextlib
import importlib.metadata
import importlib.util
import os
import pathlib
import shutil
import signal
import sys

from mind.bench import (
    cells,
    environment,
    programs,
    protocol,
    report_html,
    report_plots,
    report_text,
    results,
    sweeps,
    workers,
)

EXIT_OK, EXIT_USAGE, EXIT_FAILED_CHECK, EXIT_INTERRUPTED = 0, 2, 3, 130

DEFAULT_BUDGET_MINUTES = 7

OLDEST_TORCH = (2, 6)
"""The oldest PyTorch whose compiler has the interfaces the worker uses."""

TORCH_REMEDY = "run: pip install -r python/requirements.txt"


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def parser():
    p = argparse.ArgumentParser(
        prog="mind-bench",
        description="Measures how long MIND and torch.compile take, depth by depth, and what the result is worth.",
        epilog="Exit codes: 0 success, 2 wrong usage, 3 a row failed its check, 130 interrupted.",
    )
    p.add_argument("programs", metavar="PROGRAM", nargs="*", help="a name from --list, or a program's folder (by default all but the large ones)")
    p.add_argument("--sweep", metavar="LIST", help="measure steady calls over a list instead: matmul, elementwise, attention, or a file; growth, front-end: compile time")
    p.add_argument("--list", action="store_true", help="list depths and programs, and exit")
    p.add_argument("--depth", metavar="LIST", help="depths to measure, separated by commas (all by default)")
    p.add_argument("--device", choices=("cpu", "cuda", "auto"), default="auto", help="auto adds CUDA where there is a device")
    p.add_argument("--threads", metavar="LIST", default="1,all", help="thread counts of steady calls (default: 1,all)")
    p.add_argument("--samples", metavar="N", type=positive, help="samples of every cell (default: 10, but 3 of cold PyTorch cells and 40 of warm first runs on tier 0)")
    p.add_argument("--cold", action=argparse.BooleanOptionalAction, default=True, help="measure fresh processes too")
    p.add_argument("--python", metavar="PATH", help="the Python that has PyTorch")
    p.add_argument("--no-torch", action="store_true", help="leave out PyTorch's cells")
    p.add_argument("--budget", metavar="MINUTES", type=float, default=DEFAULT_BUDGET_MINUTES,
                   help="leave out repeated slow samples beyond this time; 0 for no limit (default: %(default)g)")  # fmt: skip
    p.add_argument("--out", metavar="DIR", default="bench-out", help="where results go (default: bench-out)")
    p.add_argument("--details", action="store_true", help="print every row, not the summary alone")
    # What the launcher tells; a person has no need of them.
    for option in environment.LAUNCHER_OPTIONS:
        p.add_argument(option, help=argparse.SUPPRESS)
    return p


class UsageError(Exception):
    pass


def default_programs_root():
    return pathlib.Path(__file__).resolve().parents[3] / "bench" / "programs"


def thread_counts(text):
    counts = []
    for word in text.split(","):
        if word != "all" and not (word.isdigit() and int(word) > 0):
            raise UsageError(f"--threads: '{word}' is neither a positive number nor 'all'")
        counts.append(environment.available_cores() if word == "all" else int(word))
    return tuple(dict.fromkeys(counts))


def chosen_depths(text, known):
    if not text:
        return known
    words = text.split(",")
    unknown = [word for word in words if word not in known]
    if unknown:
        raise UsageError(f"--depth: no depth '{unknown[0]}'; there are {', '.join(known)}")
    return tuple(depth for depth in known if depth in words)


def torch_problem():
    """Why PyTorch's cells cannot be measured, or None."""
    if importlib.util.find_spec("torch") is None:
        return f"PyTorch is not installed; {TORCH_REMEDY}"
    version = importlib.metadata.version("torch")
    numbers = tuple(int(part) for part in version.split("+")[0].split(".")[:2])
    if numbers < OLDEST_TORCH:
        wanted = ".".join(map(str, OLDEST_TORCH))
        return f"PyTorch {version} is too old, {wanted} or newer is needed; {TORCH_REMEDY}"
    return None


def list_everything(mind, selected):
    if mind:
        print("Depths:")
        for depth in mind["depths"]:
            beside = f" (beside {depth['beside']})" if depth["beside"] else ""
            print(f"  {depth['name']:10} {depth['description']}{beside}")
    print("Programs:")
    for program in selected:
        named = "" if program.default else " (only when named)"
        print(f"  {program.name:22} {program.description}{named}")


def torch_description(pool):
    return pool.torch(measure="describe")


def devices_of(choice, torch):
    """Devices to measure PyTorch on."""
    cuda = bool(torch and torch["cuda"])
    if choice == "cpu" or not cuda:
        return ("cpu",)
    return ("cpu", "cuda") if choice == "auto" else ("cuda",)


def notes_on(arguments, devices, torch, problem, threads, mind, python_problem, libtorch):
    """What a reader must know that no row says."""
    notes = []
    if arguments.no_torch:
        notes.append("PyTorch's cells were left out (--no-torch).")
    if problem:
        notes.append(f"{problem}. PyTorch's cells are not measured, and no result is checked.")
    if torch and not torch["cuda"] and arguments.device != "cpu":
        notes.append("No CUDA device: the CUDA columns are empty.")
    if "cuda" in devices:
        notes.append(
            "MIND has no GPU code: what stands beside PyTorch on CUDA is MIND on one thread of the CPU, so such a ratio "
            "is one between two pieces of hardware as well."
        )
    if torch and not shutil.which(os.environ.get("CXX", "g++")):
        notes.append("No g++ on PATH: Inductor cannot compile C++ kernels here.")
    if mind and max(threads) > 1:
        notes.append("MIND runs on one thread so far, in every row; PyTorch uses the row's number of threads.")
    if python_problem:
        notes.append(python_problem)
    if torch and not libtorch and not arguments.sweep:
        notes.append("libtorch-worker is not built: no steady rows of LibTorch from C++.")
    return notes


def beside(worker, name):
    """The program `name` in the folder of `worker`, or None."""
    path = pathlib.Path(worker).with_name(name)
    return path if path.exists() else None


@contextlib.contextmanager
def interruptible():
    """Within, SIGINT and SIGTERM raise `Interrupted`, unless they are ignored."""

    def interrupt(*_):
        raise protocol.Interrupted

    asking = [each for each in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, interrupt) for each in asking}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def choices(arguments, depths, threads, devices, mind, python_problem, torch, mindc, libtorch, samples):
    """What to measure PyTorch on each device for. MIND, which has the CPU alone, is
    measured once, whatever the devices."""
    for device in devices:
        on_cpu = device == "cpu"
        yield cells.Choice(
            depths=depths,
            threads=threads if on_cpu else threads[:1],
            device=device,
            samples=arguments.samples or samples,
            cold_torch_samples=arguments.samples or max(1, samples // 3),
            first_run_samples=arguments.samples or 4 * samples,
            cold=arguments.cold,
            torch=torch is not None,
            mind=mind is not None and device == devices[0],
            mind_python=python_problem is None,
            process=mindc is not None,
            libtorch=libtorch is not None and on_cpu,
        )


def mind_python_problem(pool):
    """Why MIND cannot be called from Python where the benchmark runs, or None."""
    try:
        pool.mind_python(kind="describe")
    except workers.WorkerError as error:
        return f"MIND's Python package does not work ({error}): no steady rows of MIND from Python."
    return None


def measure_roof(pool, threads):
    """The machine's limits, one entry a thread count."""
    return [pool.mind("warm", kind="roof", threads=n) | {"threads": n} for n in threads]


def higher_roof(pool, threads, roof):
    """`roof`, or what a second measurement finds above it: a busy moment only
    lowers it. What has been measured so far outlives a worker that is gone."""
    try:
        again = measure_roof(pool, threads)
    except (workers.WorkerError, protocol.Interrupted):
        return roof
    return [{key: max(first[key], second[key]) for key in first} for first, second in zip(roof, again)]


def run(arguments, mind_command, samples=10):
    """Measures and reports; the exit code. `mind_command` is None to measure
    PyTorch alone; `samples` is the number of samples of a fast cell."""
    root = arguments.programs_root or default_programs_root()
    sweep = arguments.sweep and sweeps.find(pathlib.Path(root).with_name("shapes"), arguments.sweep)
    if sweep and (arguments.programs or arguments.depth):
        raise UsageError("--sweep measures programs of its own: name neither programs nor depths")
    threads = thread_counts(arguments.threads)[: 1 if sweep else None]
    mindc = beside(mind_command[0], "mindc") if mind_command else None
    libtorch = beside(mind_command[0], "libtorch-worker") if mind_command else None
    with workers.Workers(mind_command, mindc, libtorch=libtorch) as pool:
        selected = sweeps.load(sweep, pool.folder / "sweep") if sweep else programs.select(root, arguments.programs)
        if not selected:
            raise UsageError(f"there are no programs under {sweep or root}")
        mind = pool.mind("warm", kind="describe") if mind_command else None
        if arguments.list:
            list_everything(mind, programs.load_all(root))
            return EXIT_OK
        known = tuple(d["name"] for d in mind["depths"]) if mind else cells.TORCH_DEPTHS
        depths = chosen_depths(arguments.depth, known)
        out = pathlib.Path(arguments.out)
        out.mkdir(parents=True, exist_ok=True)
        python_problem = mind_python_problem(pool) if mind else None
        problem = torch_problem()
        torch = None if arguments.no_torch or problem else torch_description(pool)
        devices = devices_of(arguments.device, torch)
        roof = measure_roof(pool, threads) if mind else []
        about = environment.collect(mind, torch) | {"depths": list(known)}
        tasks = [
            task
            for choice in choices(arguments, depths, threads, devices, mind, python_problem, torch, mindc, libtorch, samples)
            for program in selected
            for task in (cells.sweep_tasks if sweep else cells.tasks_of)(program, choice)
        ]
        measured = protocol.run(
            tasks,
            cells.Lab(pool),
            budget_seconds=arguments.budget * 60 or None,
            progress=protocol.Progress(),
            oracle=problem is None,
            one_by_one=sweep is not None,
        )
        about["roof"] = higher_roof(pool, threads, roof) if mind and not measured.interrupted else roof
    about["load_after"] = environment.load_average()
    notes = notes_on(arguments, devices, torch, problem, threads, mind, python_problem, libtorch)
    outcome = results.results_of(measured, selected, about, environment.command_line(sys.argv[1:]), notes, sweep and sweep.stem)
    write_reports(outcome, out, with_mind=mind is not None)
    sys.stdout.write(report_text.console(outcome, arguments.details) if mind else report_text.published(outcome))
    sys.stdout.flush()
    if measured.interrupted:
        print(f"mind-bench: interrupted; what was measured is in {out}/", file=sys.stderr)
        return EXIT_INTERRUPTED
    print(f"mind-bench: results are in {out}/ (report.html, results.md, *.json)", file=sys.stderr)
    return EXIT_FAILED_CHECK if measured.failed else EXIT_OK


def write_reports(outcome, out, with_mind):
    if with_mind:
        results.write_json(out / "mind_results.json", outcome)
    results.write_json(out / "pytorch_results.json", results.torch_part(outcome))
    results.write_text(out / "results.md", report_text.markdown(outcome))
    results.write_text(out / "report.html", report_html.page(outcome))
    for name, drawing in report_plots.charts(outcome).items():
        results.write_text(out / name, report_plots.standalone(drawing))


def guarded(action):
    """`action()`, its foreseeable errors as one sentence and the exit code 2, an
    interrupt as 130."""
    try:
        with interruptible():
            return action()
    except (UsageError, programs.ProgramError, workers.WorkerError) as error:
        print(f"mind-bench: error: {error}", file=sys.stderr)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"mind-bench: error: {place}{error.strerror}", file=sys.stderr)
    except protocol.Interrupted:
        return EXIT_INTERRUPTED
    return EXIT_USAGE


def main(argv=None):
    """`mind-bench`, once its launcher has found Python."""
    arguments = parser().parse_args(argv)

    def measure():
        if not arguments.mind_worker:
            raise UsageError("start the benchmark by `mind-bench`, which knows where its worker is")
        return run(arguments, [arguments.mind_worker, "--worker"])

    return guarded(measure)


def torch_main(sample_size, argv=None):
    """PyTorch's part alone (python/benchmark_pytorch_compile.py)."""
    arguments = parser().parse_args(argv)
    
    def measure():
        problem = torch_problem()
        if problem:
            raise UsageError(problem)
        return run(arguments, None, sample_size)

    return guarded(measure)
