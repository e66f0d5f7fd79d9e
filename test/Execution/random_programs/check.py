# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether both tiers compute what LibTorch says a program means."""

import contextlib
import io
from dataclasses import dataclass

import mind
from random_programs.value import exact_elements

TIERS = (0, 1)


@dataclass
class Call:
    """What a call of a compiled program did."""

    results: tuple = ()
    error: tuple = None     # code, message, line
    printed: str = ""


def compiled(source, tier):
    """The function, or the codes of what is wrong with the source."""
    try:
        return mind.compile(source, tier=tier), None
    except mind.CompileError as error:
        return None, [(d.code, d.message, d.line) for d in error.diagnostics]


def call(function, program, inputs):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        try:
            results = function(*(inputs[p.name] for p in program.parameters))
        except mind.RunError as error:
            return Call(error=(error.code, error.message, error.line), printed=stream.getvalue())
    return Call(results if isinstance(results, tuple) else (results,), None, stream.getvalue())


def against_reference(program, outcome, done):
    """Why a call did not do what LibTorch says."""
    if not outcome.certain:
        return None
    if outcome.code:
        if done.error is None or done.error[0] != outcome.code:
            return f"error is {done.error}, not {outcome.code}"
    elif done.error is not None:
        return f"error is {done.error}, and there should be none"
    if done.printed != outcome.printed:
        return f"prints {done.printed!r}, not {outcome.printed!r}"
    if outcome.code:
        return None
    for position, (got, wanted) in enumerate(zip(done.results, outcome.results, strict=True)):
        reason = wanted.difference(got)
        if reason:
            return f"result {position} ({program.results[position]}) {reason}"
    return None


def between_tiers(program, outcome, zero, one):
    """Why two tiers did not do the same. Programs of exact operations agree bit for bit,
    also where LibTorch promises nothing."""
    if zero.error != one.error and (outcome.certain or not program.inexact):
        return f"errors are {zero.error} and {one.error}"
    if zero.error or program.inexact:
        return None
    if zero.printed != one.printed:
        return f"tiers print {zero.printed!r} and {one.printed!r}"
    for position, (a, b) in enumerate(zip(zero.results, one.results, strict=True)):
        if not bool(exact_elements(a, b).all()):
            return f"results {position} differ between the tiers: {a} and {b}"
    return None


def failure(program, inputs=None, tiers=TIERS, symbolic=None, others=()):
    """What is wrong with what `tiers` make of the program, or None. By default with all
    its fills, and with named sizes if it is a program for all sizes; `others` are
    variants of it, called for their sizes."""
    if symbolic is None:
        symbolic = bool(program.names) and compiled(program.source(True), tiers[0])[0] is not None
    source = program.source(symbolic)
    functions = {tier: compiled(source, tier) for tier in tiers}
    codes = {tier: wrong for tier, (function, wrong) in functions.items() if wrong}
    if codes:
        if len(codes) < len(tiers) or len({str(wrong) for wrong in codes.values()}) > 1:
            return f"tiers say {codes}"
        # What the compiler computes may fail when it does, rather than when it runs.
        code = codes[tiers[0]][0][0]
        outcomes = [program.run(fill) for fill in program.fills()]
        if code.startswith("E6"):
            return None
        return f"does not compile: {codes[tiers[0]]}" if outcomes else None
    same = [program, *(other for other in others if symbolic
                       and other.source(True) == source)]
    for variant in same:
        for fill in [inputs] if inputs is not None else variant.fills():
            outcome = variant.run(fill)
            done = {tier: call(functions[tier][0], variant, fill) for tier in tiers}
            for tier in tiers:
                reason = against_reference(variant, outcome, done[tier])
                if reason:
                    return f"tier {tier}: {reason}"
            if len(tiers) == 2:
                reason = between_tiers(variant, outcome, *(done[tier] for tier in tiers))
                if reason:
                    return reason
    return None
