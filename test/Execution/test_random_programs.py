# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs, whose operations meet in ways that nobody thought of. They
use only operations whose results are determined bit for bit, so that LibTorch
must agree exactly. A program is made from its seed alone."""

import math
import random

import pytest
import torch

import mind
from elements import DTYPES, awkward_fills, ordinary_fills
from rows.elementwise import divide, remainder
from tolerance import exact


class Program:
    """Grows a program by one operation at a time, with its meaning beside it."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.dtype = self.random.choice(["f32", "f32", "f16", "f64", "i32", "i64", "u8"])
        self.operands = [(self.dtype, self.shape()) for _ in range(self.random.randint(1, 4))]
        self.lines = []
        self.steps = []     # (function, argument indices)
        self.shapes = [shape for _, shape in self.operands]
        for _ in range(self.random.randint(1, 12)):
            self.grow()
        count = self.random.randint(1, 3)
        last = len(self.shapes) - 1
        self.results = [last] + self.random.sample(range(last), min(count - 1, last))

    def shape(self):
        rank = self.random.choice([0, 1, 1, 2, 2, 2, 3])
        return tuple(self.random.choice([1, 2, 3, 5, 8, 17, 33]) for _ in range(rank))

    def add(self, expression, function, arguments, shape):
        self.lines.append(f"let v{len(self.shapes)} = {expression};")
        self.steps.append((function, arguments))
        self.shapes.append(tuple(shape))

    def grow(self):
        grow = self.random.choice([self.unary, self.binary, self.binary, self.binary,
                                   self.select, self.divide, self.transpose, self.reshape, self.extreme,
                                   self.matmul, self.constant])
        index = self.random.randrange(max(0, len(self.shapes) - 4), len(self.shapes))
        grow(index)

    def unary(self, i):
        name, function = self.random.choice(
            [("relu", lambda x: x.clamp(min=0)), ("neg", torch.neg), ("abs", torch.abs)])
        self.add(f"{name}(v{i})", function, [i], self.shapes[i])

    def partner(self, i):
        """A value that broadcasts with value `i` to something not too large."""
        others = []
        for j, shape in enumerate(self.shapes):
            try:
                if math.prod(torch.broadcast_shapes(shape, self.shapes[i])) <= 40000:
                    others.append(j)
            except RuntimeError:
                continue
        return self.random.choice(others)

    def binary(self, i):
        name, function = self.random.choice(
            [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul),
             ("minimum", torch.minimum), ("maximum", torch.maximum)])
        j = self.partner(i)
        if self.random.random() < 0.5:
            i, j = j, i
        self.add(f"{name}(v{i}, v{j})", function, [i, j],
                 torch.broadcast_shapes(self.shapes[i], self.shapes[j]))

    def constant(self, i):
        value = self.random.choice([0, 1, 2, 3, 7])
        name, function = self.random.choice(
            [("+", torch.add), ("*", torch.mul), ("-", torch.sub)])
        self.add(f"v{i} {name} {value}", lambda x: function(x, value), [i], self.shapes[i])

    def select(self, i):
        name, function = self.random.choice(
            [("v{0} > 0", lambda x: x > 0),
             ("and(v{0} < 3, not(v{0} == 1))", lambda x: (x < 3) & ~(x == 1)),
             ("or(v{0} >= 5, v{0} != v{0})", lambda x: (x >= 5) | (x != x)),
             ("xor(v{0} <= 2, cast(v{0}, bool))", lambda x: (x <= 2) ^ x.to(torch.bool))])
        self.add(f"where({name.format(i)}, v{i}, v{i} * 2)",
                 lambda x: torch.where(function(x), x, x * 2), [i], self.shapes[i])

    def divide(self, i):
        """By what is not zero, which would be an error."""
        j = self.partner(i)
        name, function = self.random.choice([("/", divide), ("%", remainder)])
        self.add(f"v{i} {name} where(v{j} == 0, v{j} + 3, v{j})",
                 lambda x, y: function(x, torch.where(y == 0, y + 3, y)), [i, j],
                 torch.broadcast_shapes(self.shapes[i], self.shapes[j]))

    def transpose(self, i):
        axes = list(range(len(self.shapes[i])))
        self.random.shuffle(axes)
        if axes:
            self.add(f"transpose(v{i}, {axes})", lambda x: x.permute(axes), [i],
                     [self.shapes[i][axis] for axis in axes])

    def reshape(self, i):
        shape = self.shapes[i]
        flat = [math.prod(shape)] if self.random.random() < 0.5 else [1, *shape, 1]
        self.add(f"reshape(v{i}, {flat})", lambda x: x.reshape(flat), [i], flat)

    def extreme(self, i):
        """The only reductions whose order does not matter."""
        shape = self.shapes[i]
        if not shape:
            return
        axis = self.random.randrange(len(shape))
        choices = [("max", torch.amax), ("min", torch.amin)]
        if self.dtype == "i64":
            choices.append(("sum", torch.sum))
        name, function = self.random.choice(choices)
        keep = self.random.random() < 0.5
        kept = [1] if keep else []
        self.add(f"{name}(v{i}, axes=[{axis}], keepdims={str(keep).lower()})",
                 lambda x: function(x, axis, keep), [i],
                 [*shape[:axis], *kept, *shape[axis + 1:]])

    def matmul(self, i):
        """Exact for integers only."""
        shape = self.shapes[i]
        if len(shape) != 2 or shape[0] > 100 or self.dtype.startswith("f"):
            return

        def function(x):
            return (x.to(torch.int64) @ x.t().to(torch.int64)).to(x.dtype)
        self.add(f"v{i} @ transpose(v{i})", function, [i], (shape[0], shape[0]))

    def source(self, symbolic=()):
        """As text, in which the extents `symbolic` of parameters have names."""
        def written(shape):
            return ", ".join(f"D{e}" if e in symbolic else str(e) for e in shape)
        parameters = ", ".join(
            f"v{i}: Tensor<{dtype},[{written(shape)}]>" if shape else f"v{i}: {dtype}"
            for i, (dtype, shape) in enumerate(self.operands))
        results = ", ".join(f"v{i}" for i in self.results)
        results = f"({results})" if len(self.results) > 1 else results
        return f"fn main({parameters}) {{\n    " + "\n    ".join([*self.lines, results]) + "\n}\n"

    def reference(self, inputs):
        values = list(inputs)
        for function, arguments in self.steps:
            operands = [values[i] for i in arguments]
            if self.dtype == "f16":
                values.append(function(*(x.float() for x in operands)).half())
            else:
                values.append(function(*operands))
        return [values[i] for i in self.results]


def symbolic_extents(program):
    """Some of the extents that parameters have, if the program is one for all
    values of them."""
    extents = sorted({e for _, shape in program.operands for e in shape if e > 1})
    chosen = random.Random(len(program.lines)).sample(extents, (len(extents) + 1) // 2)
    try:
        mind.compile(program.source(chosen))
    except mind.CompileError:
        return []
    return chosen


def failure(seed, symbolic=()):
    program = Program(seed)
    function = mind.compile(program.source(symbolic))
    fills = [*ordinary_fills(program.operands, seed), *awkward_fills(program.operands)]
    for inputs in fills:
        actual = function(*inputs)
        actual = actual if isinstance(actual, tuple) else (actual,)
        for position, (got, wanted) in enumerate(zip(actual, program.reference(inputs))):
            if got.shape != wanted.shape or got.dtype != DTYPES[program.dtype]:
                return f"result {position} has the wrong type\n{program.source()}"
            reason = exact(got, wanted, any_zero=True)
            if reason:
                return f"result {position}: {reason}\n{program.source()}"
    return None


@pytest.mark.parametrize("batch", range(8))
def test_random_programs(batch):
    for seed in range(batch * 20, batch * 20 + 20):
        reason = failure(seed)
        assert reason is None, f"seed {seed}: {reason}"


@pytest.mark.parametrize("batch", range(8))
def test_random_programs_of_symbolic_sizes(batch):
    count = 0
    for seed in range(batch * 40, batch * 40 + 40):
        symbolic = symbolic_extents(Program(seed))
        count += bool(symbolic)
        reason = failure(seed, symbolic) if symbolic else None
        assert reason is None, f"seed {seed}, symbolic {symbolic}: {reason}"
    assert count > 10
