# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program: parameters, statements, results. It grows from a seed, by one operation of
a family at a time, on values that are there or parameters that it wants."""

import math
import random
import re
from dataclasses import dataclass

import torch

from elements import ANY, DTYPES, awkward, is_float, ordinary, tensor
from random_programs import (contraction, control, elementwise, indexing, movement,
                             normalization, reduction)
from random_programs.statements import Assign, Let, execute, read_by
from random_programs.value import Failure, Uncertain, Value

FAMILIES = {"elementwise": elementwise, "reduction": reduction, "contraction": contraction,
            "normalization": normalization, "movement": movement, "indexing": indexing,
            "control": control}
EXTENTS = [1, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 31, 33, 67]
LARGE = [97, 129, 260, 521, 1031]
# What named sizes may be: no extent has one of these values by another way, mostly.
SIZES = [6, 9, 10, 11, 14, 19, 23]


class Named(int):
    """An extent that has a name in the program."""

    def __new__(cls, value, name):
        self = super().__new__(cls, value)
        self.name = name
        return self

    def __str__(self):
        return "$" + self.name

    def __format__(self, spec):
        return str(self)


@dataclass
class Parameter:
    name: str
    dtype: str
    shape: tuple
    below: int = None       # values are positions, or counts, below it


@dataclass
class Outcome:
    """What a call gives: results, or the code of its error; None where that is not
    certain. Prints end with an error."""

    results: list = None
    code: str = None
    printed: str = None
    certain: bool = True


class Program:
    """`variant` gives other sizes to the same program, if it is one for all sizes:
    then its source is the same."""

    def __init__(self, seed, variant=0):
        self.seed = seed
        self.random = random.Random(seed)
        sizes = random.Random(f"{seed}, {variant}").sample(SIZES, 2)
        self.names = []
        if self.random.random() < 0.35:
            self.names = [Named(n, name) for n, name in zip(sizes, "BT")]
        self.dtypes = self.random.sample(ANY, 2) + self.random.choice(
            [["f32"], ["f32", "f32"], ["f64"], ["f16"], ["i32"], ["bf16"]])
        self.limit, self.extents = self.random.choice([500, 4000, 20000]), EXTENTS
        if self.random.random() < 0.1:
            # Beyond the blocks and tiles of kernels.
            self.limit, self.extents = 80000, EXTENTS + LARGE
        self.parameters, self.statements, self.results = [], [], []
        self.types, self.inexact, self.assigned = {}, set(), set()
        self.scope, self.block, self.depth, self.count = [], self.statements, 0, 0
        self.outer, self.fixed = set(), set()
        self.last = None
        weights = {name: self.random.choice([0, 1, 1, 3]) for name in FAMILIES}
        weights["control"] = self.random.choice([0, 0, 0.5, 2])
        weights["elementwise"] += 1
        choices = [(grow, weight * weights[name] / sum(w for _, w in family.GROWTH))
                   for name, family in FAMILIES.items() for grow, weight in family.GROWTH]
        self.choices, self.weights = zip(*choices)
        self.parameter(self.any_dtype(), self.shape_of(self.random.choice([0, 1, 2, 2, 3, 4])))
        for _ in range(self.random.choice([1, 3, 6, 10, 16, 24])):
            self.grow()
        self.finish()
        self.functions = self.outlined()

    # ------------------------------------------------------------- growth

    def grow(self):
        self.random.choices(self.choices, self.weights)[0](self)

    def finish(self):
        """Results: mostly what nobody reads, which would not be computed otherwise."""
        read = read_by(self.statements)
        ends = [n for n in self.scope if n not in read] or self.scope[-1:]
        self.results = self.random.sample(ends, min(len(ends), self.random.choice([1, 2, 4, 8])))
        for _ in range(self.random.choice([0, 0, 1, 2])):
            self.results.append(self.random.choice(self.scope))
        if self.random.random() < 0.1:
            self.results.append(self.random.choice(self.results))

    def fresh(self):
        self.count += 1
        return f"v{self.count}"

    def define(self, type_, inexact=False):
        name = self.fresh()
        self.types[name] = (type_[0], tuple(type_[1]))
        self.scope.append(name)
        self.last = name
        if inexact:
            self.inexact.add(name)
        return name

    def add(self, statement):
        self.block.append(statement)

    def lets(self, text, arguments, meaning, types, inexact=False):
        inexact = inexact or any(name in self.inexact for name in arguments)
        names = tuple(self.define(type_, inexact) for type_ in types)
        self.add(Let(names, text, tuple(arguments), meaning))
        return names

    def let(self, text, arguments, meaning, type_, inexact=False):
        return self.lets(text, arguments, meaning, [type_], inexact)[0]

    def assign(self, target, source):
        self.add(Assign(target, source))
        self.assigned.add(target)
        # What a loop carries may come from the end of its body.
        self.inexact.add(target)

    def assignable(self):
        """Names of the blocks around, or of this one if there are none."""
        fixed = self.fixed | {p.name for p in self.parameters}
        return [n for n in self.scope if n not in fixed and n in (self.outer or self.scope)
                and math.prod(self.shape(n)) <= 3000]

    def nested(self, grow):
        """The statements that `grow` adds in a block of its own."""
        scope, block, outer, last = list(self.scope), self.block, self.outer, self.last
        self.block, self.depth, self.outer = [], self.depth + 1, set(self.scope)
        grow(self)
        inner = self.block
        own = {p.name for p in self.parameters}
        self.block, self.depth, self.outer, self.last = block, self.depth - 1, outer, last
        self.scope = scope + [n for n in self.scope if n in own and n not in scope]
        return inner

    # ------------------------------------------------------------- values

    def type(self, name):
        return self.types[name]

    def dtype(self, name):
        return self.types[name][0]

    def shape(self, name):
        return self.types[name][1]

    def any_dtype(self):
        return self.random.choice(self.dtypes)

    def plain(self, extent):
        return not isinstance(extent, Named)

    def extent(self, plain=False):
        if self.names and not plain and self.random.random() < 0.4:
            return self.random.choice(self.names)
        return self.random.choice(self.extents)

    def shape_of(self, rank):
        while True:
            shape = tuple(self.extent() for _ in range(rank))
            if math.prod(shape) <= self.limit:
                return shape

    def parameter(self, dtype, shape, below=None):
        name = self.fresh()
        self.parameters.append(Parameter(name, dtype, tuple(shape), below))
        self.types[name] = (dtype, tuple(shape))
        self.scope.append(name)
        return name

    def find(self, dtypes, fits):
        """A value that is there, rather a late one."""
        names = [n for n in self.scope if self.dtype(n) in dtypes and fits(self.shape(n))]
        if not names:
            return None
        return self.random.choice(names[-3:] if self.random.random() < 0.6 else names)

    def value(self, dtypes, min_rank=0, max_rank=6):
        name = self.find(dtypes, lambda s: min_rank <= len(s) <= max_rank)
        if name and self.random.random() < 0.95:
            return name
        own = [d for d in self.dtypes if d in dtypes]
        rank = self.random.randint(min_rank, max(min_rank, min(3, max_rank)))
        return self.parameter(self.random.choice(own or list(dtypes)), self.shape_of(rank))

    def latest(self, dtypes):
        if self.last in self.scope and self.dtype(self.last) in dtypes:
            return self.last
        return self.value(dtypes)

    def want(self, dtype, shape):
        """A value of this type: one that is there, or a parameter."""
        shape = tuple(shape)
        found = self.find([dtype], lambda s: s == shape)
        if found and self.random.random() < 0.6:
            return found
        if self.random.random() < 0.1 and len(shape) > 1:
            # What is read in another order than it lies in.
            other = self.parameter(dtype, shape[::-1])
            return self.let("transpose({0})", [other], lambda x: x.mapped(
                lambda t: t.permute(tuple(range(t.dim()))[::-1])), (dtype, shape))
        return self.parameter(dtype, shape)

    def partner(self, name, dtype=None, within=False):
        """A value that broadcasts with `name`'s; `within` its shape."""
        dtype = dtype or self.dtype(name)
        shape = self.shape(name)

        def fits(other):
            full = self.joint(shape, other)
            return full is not None and (not within or full == shape)
        found = self.find([dtype], fits)
        if found and self.random.random() < 0.75:
            return found
        other = tuple(1 if self.random.random() < 0.2 else e for e in shape)
        return self.want(dtype, other[self.random.choice([0, 0, 0, len(shape) // 2,
                                                          len(shape)]):])

    def named_like(self, shape, *others):
        names = {int(e): e for other in others for e in other if isinstance(e, Named)}
        return tuple(names.get(int(e), e) for e in shape)

    def joint(self, *shapes):
        """What the shapes broadcast to, or None if to nothing or to too much."""
        try:
            full = torch.broadcast_shapes(*(tuple(map(int, s)) for s in shapes))
        except RuntimeError:
            return None
        limit = max(self.limit, *map(math.prod, shapes))
        return self.named_like(full, *shapes) if math.prod(full) <= limit else None

    def broadcast(self, *names):
        return self.joint(*(self.shape(n) for n in names))

    # ------------------------------------------------------------- text

    def outlined(self):
        """Ranges of statements that become functions of their own."""
        if self.random.random() < 0.7 or len(self.statements) < 2:
            return []
        start = self.random.randrange(len(self.statements) - 1)
        stop = self.random.randint(start + 1, min(len(self.statements), start + 6))
        inside = self.statements[start:stop]
        return [(start, stop)] if all(isinstance(s, Let) for s in inside) else []

    def type_text(self, name):
        dtype, shape = self.types[name]
        return f"Tensor<{dtype},[{', '.join(map(str, shape))}]>" if shape else dtype

    def list_of(self, names):
        return ", ".join(f"{name}: {self.type_text(name)}" for name in names)

    def source(self, symbolic=False):
        """As text; sizes have names only if `symbolic`."""
        lines, functions = [], []
        statements = list(self.statements)
        for start, stop in self.functions:
            part = statements[start:stop]
            defined = [n for s in part for n in s.names]
            later = read_by(statements[stop:]) | set(self.results)
            given = [n for n in defined if n in later] or defined[-1:]
            taken = sorted(read_by(part))
            results = given[0] if len(given) == 1 else f"({', '.join(given)})"
            body = [line for s in part for line in s.lines()]
            functions.append(f"fn part({self.list_of(taken)}) {{\n  " + "\n  ".join(
                [*body, results]) + "\n}\n\n")
            call = Let(tuple(given), f"part({', '.join(taken)})", (), None)
            statements[start:stop] = [call]
        for statement in statements:
            lines += statement.lines()
        results = ", ".join(self.results)
        lines.append(results if len(self.results) == 1 else f"({results})")
        text = "".join(functions) + (
            f"fn main({self.list_of(p.name for p in self.parameters)}) {{\n  "
            + "\n  ".join(lines) + "\n}\n")
        sizes = {n.name: n.name if symbolic else str(int(n)) for n in self.names}
        return re.sub(r"\$([A-Z])", lambda match: sizes[match[1]], text)

    # ------------------------------------------------------------- calls

    def fills(self):
        """Sets of inputs, by name: ordinary values, ordinary with a few awkward ones
        among them, awkward ones."""
        for awkwardness in (0.0, 0.1, 0.8):
            chance = random.Random(f"{self.seed}, {awkwardness}")
            generator = torch.Generator().manual_seed(chance.getrandbits(40))
            yield {p.name: fill(p, awkwardness, chance, generator) for p in self.parameters}

    def run(self, inputs):
        """What a call with `inputs` gives."""
        scope = {p.name: Value(p.dtype, inputs[p.name]) for p in self.parameters}
        printed = []
        try:
            execute(self.statements, scope, printed)
        except Failure as failure:
            return Outcome(code=failure.code, printed="".join(printed))
        except Uncertain:
            return Outcome(certain=False)
        return Outcome([scope[name] for name in self.results], None, "".join(printed))


def fill(parameter, awkwardness, chance, generator):
    dtype, shape = parameter.dtype, tuple(map(int, parameter.shape))
    if parameter.below is not None:
        low, high = 0, int(parameter.below)
        if awkwardness and chance.random() < 0.1:
            low, high = -1, high + 1
        return torch.randint(low, high, shape, generator=generator).to(DTYPES[dtype])
    plain = ordinary(dtype, shape, generator)
    if not awkwardness or chance.random() < 0.3:
        return plain
    values = awkward(dtype)
    if is_float(dtype) and awkwardness < 0.5:
        values = [v for v in values if not math.isfinite(v) or abs(v) <= 100]
    strange = tensor(dtype, shape, chance.sample(values, len(values)))
    return torch.where(torch.rand(shape, generator=generator) < awkwardness, strange, plain)
