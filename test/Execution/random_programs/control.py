# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Branches and loops around values that change, and what programs do besides results."""

import torch

from elements import FLOATS, NUMERIC
from random_programs import elementwise
from random_programs.statements import Assert, For, If, Let, Print, While
from random_programs.reduction import truth
from random_programs.value import Value


def number(i):
    return Value("i64", torch.tensor(i))


def condition(g):
    """A bool of rank 0."""
    x = g.value(["bool"]) if g.random.random() < 0.7 else g.parameter("bool", ())
    if not g.shape(x):
        return x
    name, native = g.random.choice([("any", torch.any), ("all", torch.all)])
    axes = tuple(range(len(g.shape(x))))
    return g.let(f"{name}({{0}})", [x], truth(native, axes, False), ("bool", ()))


def update(g):
    """Assigns to a name a new value of its type."""
    targets = g.assignable()
    if not targets:
        return
    target = g.random.choice(targets)
    dtype, shape = g.type(target)
    others = [n for n in g.scope if g.type(n) == (dtype, shape) and n != target]
    kind = g.random.choice(["other", "binary", "binary", "unary", "flip"])
    if kind == "other" and others:
        source = g.random.choice(others)
        if source in targets and g.random.random() < 0.5:
            old = g.let("{0}", [target], lambda x: x, (dtype, shape))
            g.assign(target, source)
            target, source = source, old
    elif kind == "binary" and dtype != "bool":
        y = g.partner(target, within=True)
        text = g.random.choice(sorted(elementwise.BINARY))
        source = g.let(text, [target, y], elementwise.BINARY[text], (dtype, shape))
    elif kind == "flip" and shape:
        axis = g.random.randrange(len(shape))
        source = g.let(f"flip({{0}}, [{axis}])", [target],
                       lambda x: x.mapped(lambda t: t.flip([axis])), (dtype, shape))
    elif dtype in FLOATS:
        source = g.let("tanh({0})", [target], elementwise.FUNCTIONS["tanh"], (dtype, shape),
                       inexact=True)
    elif dtype in NUMERIC:
        source = g.let("relu({0})", [target], elementwise.relu, (dtype, shape))
    else:
        source = g.let("not({0})", [target], elementwise.logic(torch.logical_not),
                       (dtype, shape))
    g.assign(target, source)


def body(g):
    for _ in range(g.random.randint(0, 3)):
        g.grow()
    for _ in range(g.random.randint(1, 3)):
        update(g)


def grow_if(g):
    if g.depth >= 2 or not g.assignable():
        return
    test = condition(g)
    then = g.nested(body)
    other = g.nested(body) if g.random.random() < 0.6 else []
    g.add(If(test, then, other))


def grow_if_expression(g):
    if g.depth >= 2:
        return
    test = condition(g)
    target = g.random.choice(g.scope)
    ends = []

    def branch(g):
        for _ in range(g.random.randint(0, 2)):
            g.grow()
        same = [n for n in g.scope if g.type(n) == g.type(target)]
        ends.append(g.random.choice(same[-3:]))
    then, other = g.nested(branch), g.nested(branch)
    name = g.define(g.type(target), inexact=any(end in g.inexact for end in ends))
    g.add(If(test, then, other, name, tuple(ends)))


def grow_for(g):
    if g.depth >= 2 or not g.assignable():
        return
    variable = g.fresh()
    count = g.random.choice([0, 1, 2, 3]) if g.random.random() < 0.5 \
        else g.parameter("i64", (), below=4)

    def inside(g):
        g.types[variable] = ("i64", ())
        g.scope.append(variable)
        g.fixed.add(variable)
        body(g)
    g.add(For(variable, count, g.nested(inside), number))


def grow_while(g):
    if g.depth >= 2 or not g.assignable():
        return
    start = g.parameter("i64", (), below=4)
    counter = g.let("{0}", [start], lambda x: x, ("i64", ()))
    # It is no other statement's to change.
    g.scope.remove(counter)
    first = condition(g)
    test = g.let("{0} || {0}", [first], lambda x: x, ("bool", ()))

    def inside(g):
        body(g)
        if g.random.random() < 0.5:
            g.assign(test, condition(g))
    g.add(While(counter, test, g.nested(inside), number))


def grow_print(g):
    names = [n for n in g.scope if n not in g.inexact and g.dtype(n) != "bf16"]
    if names:
        g.add(Print(tuple(g.random.sample(names, min(len(names), g.random.randint(1, 2))))))


def grow_assert(g):
    if g.random.random() < 0.3:
        g.add(Assert(condition(g), "it does not hold"))


def grow_again(g):
    """The same value once more."""
    lets = [s for s in g.block if isinstance(s, Let) and all(n in g.scope for n in s.arguments)
            and all(n not in g.assigned for n in s.arguments)]
    if lets:
        statement = g.random.choice(lets)
        g.lets(statement.expression, statement.arguments, statement.meaning,
               [g.type(n) for n in statement.names],
               inexact=any(n in g.inexact for n in statement.names))


GROWTH = [(grow_if, 1), (grow_if_expression, 1), (grow_for, 1), (grow_while, 0.7),
          (grow_print, 0.7), (grow_assert, 0.5), (grow_again, 1)]
