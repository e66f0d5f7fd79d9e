# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs of branches and loops around tensors that change, swap places and
outlive one another. A program is made from its seed alone, twice: in MIND and in
Python. On integers both must agree exactly."""

import contextlib
import io
import random

import pytest
import torch

import mind

NAMES = ["a", "b", "c", "d"]


class Program:
    """Grows a program by a statement at a time."""

    def __init__(self, seed, prints):
        self.random = random.Random(seed)
        self.prints = prints
        self.size = self.random.choice([1, 2, 3, 8, 17])
        self.mind, self.python = [], []
        self.counters = 0
        for name in NAMES:
            self.line(0, f"let {name} = {'xy'[NAMES.index(name) % 2]};",
                      f"{name} = {'xy'[NAMES.index(name) % 2]}")
        self.line(0, "let s = n;", "s = n")
        self.block(0)
        self.results = self.random.sample(NAMES, self.random.randint(1, 4))

    def line(self, depth, mind_text, python_text=None):
        self.mind.append("  " * (depth + 1) + mind_text)
        if python_text:
            self.python.append("  " * (depth + 1) + python_text)

    def name(self):
        return self.random.choice(NAMES)

    def expression(self):
        x, y, z = (self.name() for _ in range(3))
        return self.random.choice([
            (f"{x} + {y}", f"{x} + {y}"), (f"{x} * {y} - {z}", f"{x} * {y} - {z}"),
            (f"relu({x} - s as i32)", f"({x} - s.int()).clamp(min=0)"), (x, x),
            (f"{x} @ {y}", f"{x} @ {y}"), (f"{x} @ {y} + {z}", f"{x} @ {y} + {z}"),
            (f"transpose({x})", f"{x}.T"), (f"{x} + sum({y}, axes=[1], keepdims=true) as i32",
                                            f"{x} + {y}.sum(1, keepdim=True).int()")])

    def condition(self):
        x = self.name()
        return self.random.choice([
            ("s % 2 == 0", "s % 2 == 0"), (f"sum({x}) > 0", f"{x}.sum() > 0"),
            (f"any({x} > 3) && s > 1", f"bool(({x} > 3).any()) and s > 1"),
            ("s < 3", "s < 3"), ("true", "True")])

    def assign(self, depth):
        name, (ours, theirs) = self.name(), self.expression()
        self.line(depth, f"{name} = {ours};", f"{name} = {theirs}")

    def count(self, depth):
        self.line(depth, "s = (s * 5 + 3) % 7;", "s = (s * 5 + 3) % 7")

    def swap(self, depth):
        x, y = self.random.sample(NAMES, 2)
        self.line(depth, f"{{ let t = {x}; {x} = {y}; {y} = t; }}", f"{x}, {y} = {y}, {x}")

    def show(self, depth):
        (ours, theirs), name = self.expression(), self.name()
        self.line(depth, f'println("{name}", {name}, s, {ours});',
                  f'print("{name}", {name}.numpy(), s.numpy(), ({theirs}).numpy())')

    def select(self, depth):
        (ours, theirs), (then, python_then), (other, python_other) = (
            self.condition(), self.expression(), self.expression())
        name = self.name()
        self.line(depth, f"{name} = if {ours} {{ {then} }} else {{ {other} }};",
                  f"{name} = {python_then} if {theirs} else {python_other}")

    def branch(self, depth):
        ours, theirs = self.condition()
        self.line(depth, f"if {ours} {{", f"if {theirs}:")
        self.block(depth + 1)
        if self.random.random() < 0.5:
            self.line(depth, "} else {")
            self.python.append("  " * (depth + 1) + "else:")
            self.block(depth + 1)
        self.line(depth, "}")

    def loop(self, depth):
        stop, python_stop = self.random.choice([("0", "0"), ("1", "1"), ("3", "3"),
                                                ("s", "int(s)"), ("s % 3", "int(s % 3)")])
        self.line(depth, f"for i in 0..{stop} {{", f"for i in range({python_stop}):")
        if self.random.random() < 0.3:
            name = self.name()
            self.line(depth + 1, f"{name} += i as i32;", f"{name} = {name} + i")
        self.block(depth + 1)
        self.line(depth, "}")

    def repeat(self, depth):
        counter = f"k{self.counters}"
        self.counters += 1
        ours, theirs = self.condition()
        self.line(depth, f"let {counter} = 3;", f"{counter} = 3")
        self.line(depth, f"while {counter} > 0 && ({ours}) {{",
                  f"while {counter} > 0 and ({theirs}):")
        self.line(depth + 1, f"{counter} -= 1;", f"{counter} -= 1")
        self.block(depth + 1)
        self.line(depth, "}")

    def block(self, depth):
        kinds = [self.assign, self.assign, self.swap, self.select, self.count]
        if self.prints:
            kinds += [self.show, self.show]
        if depth < 3:
            kinds += [self.branch, self.loop, self.repeat]
        for _ in range(self.random.randint(2, 5) if depth else 6):
            self.random.choice(kinds)(depth)

    def source(self):
        tensor = f"Tensor<i32,[{self.size},{self.size}]>"
        return "\n".join([f"fn main(x: {tensor}, y: {tensor}, n: i64) {{", *self.mind,
                          f"  ({', '.join(self.results)},)", "}", ""])

    def reference(self):
        scope = {}
        exec("\n".join(["def main(x, y, n):", *self.python,
                        f"  return ({', '.join(self.results)},)"]), scope)
        return scope["main"]


def printed(function, *inputs):
    """The results of a call, and what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        return function(*inputs), stream.getvalue()


# Whether a value is printed decides where it lives, and for how long.
@pytest.mark.parametrize("prints", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_random_control_flow(seed, prints):
    program = Program(seed, prints)
    function, reference = mind.compile(program.source()), program.reference()
    generator = torch.Generator().manual_seed(seed)
    shape = (program.size, program.size)
    x, y = (torch.randint(-9, 10, shape, dtype=torch.int32, generator=generator)
            for _ in range(2))
    for n in range(4):
        n = torch.tensor(n)
        (actual, text), (expected, wanted_text) = (printed(f, x, y, n)
                                                   for f in (function, reference))
        assert text == wanted_text, (n, program.source())
        actual = actual if isinstance(actual, tuple) else (actual,)
        for name, got, wanted in zip(program.results, actual, expected):
            assert torch.equal(got, wanted), (name, n, program.source())
