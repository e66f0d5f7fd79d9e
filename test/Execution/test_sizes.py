# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of symbolic sizes: compiled once, they compute for every size what
they are defined to, and refuse what does not fit together."""

import dataclasses

import numpy as np
import pytest
import torch

import mind
from operations import type_of
from rows import ROWS
from test_operations import failure, some_dtype

SIZES = [1, 2, 7, 8, 64, 97]

# Operations whose argument is a whole shape of numbers.
STATES_SHAPES = ["broadcast_to"]


# ---------------------------------------------- operations of the table

@dataclasses.dataclass(frozen=True)
class Renamed:
    """A call of a row, some extents of whose operands have names instead."""
    call: object
    names: dict     # extent -> name

    @property
    def arguments(self):
        return self.call.arguments

    @property
    def operands(self):
        return self.call.operands

    @property
    def expression(self):
        return self.call.expression

    def source(self, dtype):
        source = self.call.source(dtype)
        for operand in self.call.operands:
            shape = tuple(self.names.get(extent, extent) for extent in operand.shape)
            written = type_of(operand.dtype or dtype, operand.shape)
            source = source.replace(f": {written}", f": {type_of(operand.dtype or dtype, shape)}")
        return source


def renamed(call):
    """`call` with its first extent as a name wherever it occurs, its last, all."""
    extents = [extent for operand in call.operands for extent in operand.shape if extent > 1]
    if not extents:
        return
    choices = [{extents[0]}, {extents[-1]}, set(extents)]
    for chosen in [c for i, c in enumerate(choices) if c not in choices[:i]]:
        yield Renamed(call, {extent: f"D{extent}" for extent in chosen})


def is_accepted(source):
    """Not every call goes with every size: some arguments state extents."""
    try:
        mind.compile(source)
    except mind.CompileError:
        return False
    return True


@pytest.mark.parametrize("name", [name for name, row in ROWS.items()
                                  if any(operand.shape for call in row.calls
                                         for operand in call.operands)
                                  and name not in STATES_SHAPES])
def test_operation(name):
    row, dtype = ROWS[name], some_dtype(name)
    failures, count = [], 0
    for call in row.calls:
        for variant in renamed(call):
            source = variant.source(dtype)
            if not is_accepted(source):
                continue
            count += 1
            reason = failure(row, variant, dtype)
            if reason:
                failures.append(f"{source.strip()}\n    {reason}")
    assert not failures, f"{len(failures)} of {count} are wrong:\n" + "\n".join(failures[:20])
    assert count, "no call goes with a symbolic size"


# ---------------------------------------------- one compilation, every size

def random(*shape):
    return np.random.default_rng(sum(shape)).standard_normal(shape, dtype=np.float32)


def test_one_function_for_every_batch():
    f = mind.compile("""
        fn main(x: Tensor<f32,[B,20]>, w: Tensor<f32,[20,13]>, b: Tensor<f32,[13]>) {
            softmax(relu(x @ w + b))
        }""")
    w, b = random(20, 13), random(13)
    for size in [64, *SIZES, 3]:
        x = random(size, 20)
        expected = torch.softmax(torch.relu(torch.tensor(x @ w + b)), -1)
        np.testing.assert_allclose(f(x, w, b), expected, rtol=2e-5, atol=1e-6)


def test_every_extent_is_symbolic():
    f = mind.compile("""
        fn main(x: Tensor<f32,[M,K]>, y: Tensor<f32,[K,N]>) -> (Tensor<f32,[M,N]>, Tensor<f32,[N]>) {
            let z = x @ y;
            (z, sum(z * z, axes=0))
        }""")
    for m in [1, 5, 33]:
        for k in [1, 8, 67]:
            for n in [1, 7, 16, 100]:
                x, y = random(m, k), random(k, n)
                z, sums = f(x, y)
                np.testing.assert_allclose(z, x @ y, rtol=1e-4, atol=1e-4)
                np.testing.assert_allclose(sums, ((x @ y)**2).sum(0), rtol=1e-4, atol=1e-4)


def test_extents_computed_from_sizes():
    f = mind.compile("""
        fn main(x: Tensor<f32,[B,4,3]>) -> Tensor<f32,[B,12]> {
            let flat = reshape(x, [-1, 3]);
            let (a, b) = split(concat([flat, flat * 2.0], axis=0), 2);
            reshape(a + b, [-1, 12])
        }""")
    for size in SIZES:
        x = random(size, 4, 3)
        np.testing.assert_allclose(f(x), 3 * x.reshape(size, 12), rtol=1e-6)


def test_calls_bind_the_sizes_of_the_callee():
    f = mind.compile("""
        fn total(x: Tensor<f32,[N,K]>) -> Tensor<f32,[N]> { sum(x, axes=1) }
        fn main(x: Tensor<f32,[B,4]>, y: Tensor<f32,[3,5]>) {
            (total(x), total(y), total(transpose(x)))
        }""", entry="main")
    for size in SIZES:
        x, y = random(size, 4), random(3, 5)
        for result, expected in zip(f(x, y), [x.sum(1), y.sum(1), x.sum(0)]):
            np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)


# ---------------------------------------------- sizes as values

def test_sizes_are_values():
    f = mind.compile("""
        fn main(x: Tensor<f32,[B,T,3]>) {
            let (b, t, _) = x.shape;
            let rows = reshape(x, [B * T, -1]);
            let average = sum(rows, axes=0) / (b * t) as f32;
            (B, rows.shape[0] - 1, x.shape[-1], average, broadcast_to(T, [2]), b > 3 && t == B)
        }""")
    for b in SIZES:
        for t in [1, 5, 8]:
            x = random(b, t, 3)
            *numbers, average, both, flag = f(x)
            assert [int(n) for n in numbers] == [b, b * t - 1, 3]
            np.testing.assert_allclose(average, x.mean((0, 1)), rtol=1e-4, atol=1e-5)
            assert both.tolist() == [t, t] and bool(flag) == (b > 3 and t == b)


def test_sizes_bound_loops_and_choose_branches():
    f = mind.compile("""
        fn main(x: Tensor<f32,[N]>) -> (Tensor<f32,[N]>, i64) {
            let y = x;
            let halvings = 0;
            let left = N;
            while left > 1 { left /= 2; halvings += 1; }
            for i in 0..x.shape[0] { y += i as f32; }
            (if N > 7 { y } else { x }, halvings)
        }""")
    for size in SIZES:
        x = random(size)
        y, halvings = f(x)
        added = np.float32(size * (size - 1) // 2)
        np.testing.assert_allclose(y, x + added if size > 7 else x, rtol=1e-5)
        assert halvings == size.bit_length() - 1


def test_sizes_of_the_callee_are_the_callers_values():
    f = mind.compile("""
        fn count(x: Tensor<f32,[N,K]>) -> i64 { N * 1000 + x.shape[1] }
        fn both(x: Tensor<f32,[K]>) -> i64 { count(reshape(x, [K, 1])) + count(reshape(x, [1, K])) }
        fn main(x: Tensor<f32,[B,4]>, y: Tensor<f32,[3,5]>) {
            (count(x), count(y), count(transpose(x)), both(flatten(x)))
        }""", entry="main")
    for size in SIZES:
        results = [int(r) for r in f(random(size, 4), random(3, 5))]
        assert results == [size * 1000 + 4, 3005, 4000 + size, 4 * size * 1000 + 1 + 1000 + 4 * size]


# ---------------------------------------------- sizes that do not fit

def error_of(f, *inputs):
    with pytest.raises(mind.RunError) as raised:
        f(*inputs)
    return raised.value.code, raised.value.message


def test_wrong_sizes_are_refused():
    f = mind.compile("fn main(x: Tensor<f32,[B,3]>, y: Tensor<f32,[B]>) { sum(x, axes=1) + y }")
    code, message = error_of(f, random(4, 3), random(5))
    assert code == "E3003"
    assert "`y`" in message and "dimension 0 is 5 and 4" in message
    code, message = error_of(f, random(4, 2), random(4))
    assert code == "E3003" and "`x`" in message and "dimension 1 is 2 and 3" in message
    assert error_of(f, random(4), random(4))[0] == "E3002"
    assert error_of(f, np.zeros((0, 3), np.float32), np.zeros(0, np.float32))[0] == "E3006"
    assert error_of(f, np.zeros((4, 3)), random(4))[0] == "E2001"
    np.testing.assert_allclose(f(random(4, 3), random(4)),
                               random(4, 3).sum(1) + random(4), rtol=1e-5)
