# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a program consists of: each kind of statement as text, and what it does to a
scope, a dict of names and Values. A text has `$B` for the named size B."""

from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from random_programs.value import Failure, Uncertain


@dataclass
class Let:
    """`let names = expression of arguments`; `{0}` is the first argument. `meaning` maps
    Values to one, or to a tuple of them."""

    names: tuple
    expression: str
    arguments: tuple
    meaning: Callable

    def lines(self):
        names = self.names[0] if len(self.names) == 1 else f"({', '.join(self.names)})"
        return [f"let {names} = {self.expression.format(*self.arguments)};"]

    def run(self, scope, printed):
        results = self.meaning(*(scope[name] for name in self.arguments))
        scope.update(zip(self.names, results if isinstance(results, tuple) else (results,)))

    def reads(self):
        return set(self.arguments)

    def defines(self):
        return set(self.names)

    def blocks(self):
        return []


@dataclass
class Assign:
    """`target = source`, both of one type."""

    target: str
    source: str

    def lines(self):
        return [f"{self.target} = {self.source};"]

    def run(self, scope, printed):
        scope[self.target] = scope[self.source]

    def reads(self):
        return {self.source, self.target}

    def defines(self):
        return set()

    def blocks(self):
        return []


@dataclass
class Print:
    """Prints values, exact ones."""

    arguments: tuple

    def lines(self):
        return [f'println("of", {", ".join(self.arguments)});']

    def run(self, scope, printed):
        texts = []
        for name in self.arguments:
            if scope[name].bound is not None:
                raise Uncertain
            array = scope[name].tensor.numpy()
            texts.append(str(array if array.ndim else array[()]))
        printed.append(" ".join(["of", *texts]) + "\n")

    def reads(self):
        return set(self.arguments)

    def defines(self):
        return set()

    def blocks(self):
        return []


@dataclass
class Assert:
    condition: str
    message: str

    def lines(self):
        return [f'assert({self.condition}, "{self.message}");']

    def run(self, scope, printed):
        if not scope[self.condition].scalar():
            raise Failure("E6006")

    def reads(self):
        return {self.condition}

    def defines(self):
        return set()

    def blocks(self):
        return []


def indented(block):
    return ["  " + line for statement in block for line in statement.lines()]


def execute(block, scope, printed):
    for statement in block:
        statement.run(scope, printed)


def read_by(block):
    """The names that a block needs from outside."""
    names, own = set(), set()
    for statement in block:
        names |= statement.reads() - own
        own |= statement.defines()
    return names


class Nested:
    """A statement of blocks. What a block defines ends with it; what it assigns stays."""

    def inside(self, block, scope, printed):
        inner = dict(scope)
        execute(block, inner, printed)
        for name in scope:
            scope[name] = inner[name]
        return inner

    def defines(self):
        return set()


@dataclass
class If(Nested):
    """A branch; with `name`, an expression whose values are the last names."""

    condition: str
    then: list
    other: list
    name: str = None
    ends: tuple = ()

    def lines(self):
        head = f"let {self.name} = if" if self.name else "if"
        ends = [[f"  {end}"] for end in self.ends] or [[], []]
        result = [f"{head} {self.condition} {{", *indented(self.then), *ends[0]]
        if self.other or self.name:
            result += ["} else {", *indented(self.other), *ends[1]]
        return [*result, "};" if self.name else "}"]

    def run(self, scope, printed):
        taken = 0 if scope[self.condition].scalar() else 1
        inner = self.inside([self.then, self.other][taken], scope, printed)
        if self.name:
            scope[self.name] = inner[self.ends[taken]]

    def reads(self):
        names = {self.condition}
        for block, end in zip([self.then, self.other], self.ends or [None, None]):
            defined = set().union(*(statement.defines() for statement in block))
            names |= read_by(block) | ({end} - defined - {None})
        return names

    def defines(self):
        return {self.name} if self.name else set()

    def blocks(self):
        return [self.then, self.other]


@dataclass
class For(Nested):
    """`for variable in 0..count`, a number or the name of one; the variable is an i64
    that the block may read."""

    variable: str
    count: object
    block: list
    number: Callable = field(repr=False, default=None)

    def lines(self):
        return [f"for {self.variable} in 0..{self.count} {{", *indented(self.block), "}"]

    def run(self, scope, printed):
        count = self.count if isinstance(self.count, int) else scope[self.count].scalar()
        for i in range(count):
            # Names of the block's are new in each iteration.
            inner = {**scope, self.variable: self.number(i)}
            execute(self.block, inner, printed)
            for name in scope:
                scope[name] = inner[name]

    def reads(self):
        names = read_by(self.block) - {self.variable}
        return names if isinstance(self.count, int) else names | {self.count}

    def blocks(self):
        return [self.block]


@dataclass
class While(Nested):
    """Runs while a counter, an i64 that the block counts down, is positive, and a name
    of rank 0 is true."""

    counter: str
    condition: str
    block: list
    number: Callable = field(repr=False, default=None)

    def lines(self):
        return [f"while {self.counter} > 0 && {self.condition} {{",
                f"  {self.counter} -= 1;", *indented(self.block), "}"]

    def run(self, scope, printed):
        while scope[self.counter].scalar() > 0 and scope[self.condition].scalar():
            scope[self.counter] = self.number(scope[self.counter].scalar() - 1)
            self.inside(self.block, scope, printed)

    def reads(self):
        return read_by(self.block) | {self.counter, self.condition}

    def blocks(self):
        return [self.block]
