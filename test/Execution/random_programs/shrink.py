# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The least program that still fails: fewer results, fewer statements, and parameters
for what statements define."""

import copy

from random_programs.check import failure
from random_programs.program import Parameter
from random_programs.statements import read_by


def smaller(program, inputs):
    """Programs that are a little less, with their inputs."""
    if program.functions:
        yield changed(program, functions=[]), inputs
    for i in range(len(program.results)):
        if len(program.results) > 1:
            yield changed(program, results=program.results[:i] + program.results[i + 1:]), inputs
    if not program.functions:
        for i in reversed(range(len(program.statements))):
            rest = program.statements[:i] + program.statements[i + 1:]
            lost = program.statements[i].defines() & (read_by(rest) | set(program.results))
            if not lost:
                yield changed(program, statements=rest), inputs
                continue
            given = defined_values(program, inputs, i)
            if given is not None and not lost & program.assigned:
                more = [Parameter(n, *program.types[n]) for n in sorted(lost)]
                yield (changed(program, statements=rest, parameters=program.parameters + more),
                       {**inputs, **{n: given[n].tensor for n in lost}})
        for i, statement in enumerate(program.statements):
            for path, block in enumerate(statement.blocks()):
                for j in reversed(range(len(block))):
                    copied = copy.copy(statement)
                    rest = block[:j] + block[j + 1:]
                    if block[j].defines() & (read_by(rest) | set(getattr(copied, "ends", ()))):
                        continue
                    field = [f for f in ("then", "other", "block") if hasattr(copied, f)][path]
                    setattr(copied, field, rest)
                    yield (changed(program, statements=[*program.statements[:i], copied,
                                                        *program.statements[i + 1:]]), inputs)
    used = read_by(program.statements) | set(program.results)
    kept = [p for p in program.parameters if p.name in used]
    if len(kept) < len(program.parameters):
        yield changed(program, parameters=kept), inputs


def changed(program, **fields):
    result = copy.copy(program)
    vars(result).update(fields)
    return result


def defined_values(program, inputs, count):
    """The scope behind the statement `count`, if the program gets there."""
    part = changed(program, statements=program.statements[:count + 1],
                   results=sorted(program.statements[count].defines()))
    outcome = part.run(inputs)
    return dict(zip(part.results, outcome.results)) if outcome.results else None


def kind(reason):
    """What must stay the same about a failure."""
    return " ".join(reason.split()[:2]) if reason else None


def shrink(program, tiers, symbolic, tries=400):
    """A program and inputs with which it fails, or None if it fails otherwise only."""
    for inputs in program.fills():
        reason = failure(program, inputs, tiers, symbolic)
        if reason:
            break
    else:
        return None
    progress = True
    while progress and tries > 0:
        progress = False
        for candidate, fill in smaller(program, inputs):
            tries -= 1
            found = failure(candidate, fill, tiers, symbolic)
            if kind(found) == kind(reason):
                program, inputs, reason, progress = candidate, fill, found, True
                break
            if tries <= 0:
                break
    return program, inputs, reason
