# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensor literals whose elements are computed when the program runs."""

import numpy as np
import pytest
import torch

import mind
from elements import DTYPES


def run(source, *inputs):
    results = mind.compile(source)(*inputs)
    return results if isinstance(results, tuple) else (results,)


@pytest.mark.parametrize("dtype", DTYPES)
def test_elements_of_every_dtype(dtype):
    a, b = (torch.tensor(value, dtype=DTYPES[dtype]) for value in (1, 0))
    one = "true" if dtype == "bool" else "1"
    flat, nested = run(f"""
        fn main(a: {dtype}, b: {dtype}) {{
            ([a, {one}, b], [[[a, b]], [[{one}, a]], [[b, b]]])
        }}""", a, b)
    assert flat.dtype == nested.dtype == DTYPES[dtype]
    assert flat.tolist() == [1, 1, 0]
    assert nested.tolist() == [[[1, 0]], [[1, 1]], [[0, 0]]]


def test_rotation():
    f = mind.compile("""
        fn rotation(angle: f32) -> Tensor<f32,[2,2]> {
            [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]
        }
        fn main(x: Tensor<f32,[B,2]>, angle: f32) {
            (x @ rotation(angle), rotation(angle) @ rotation(-angle))
        }""", entry="main")
    for size in [1, 7, 64]:
        for angle in [0.0, 0.5, -2.0]:
            x = torch.randn(size, 2)
            c, s = np.cos(angle), np.sin(angle)
            turned, identity = f(x, torch.tensor(angle, dtype=torch.float32))
            expected = x.double() @ torch.tensor([[c, -s], [s, c]], dtype=torch.float64)
            torch.testing.assert_close(turned, expected.float(), rtol=1e-5, atol=1e-6)
            torch.testing.assert_close(identity, torch.eye(2), rtol=1e-5, atol=1e-6)


def test_literals_meet_every_kind_of_operation():
    x = torch.tensor([3.0, 4.0, 5.0])
    results = run("""
        fn main(x: Tensor<f32,[3]>, r: f32) {
            let m = [[r, 2], [sum(x), mean(x)]];
            (m + [1, r], transpose(m), sum(m * 2.0, axes=1), softmax(m, axis=0), reshape(m, [4, 1]),
             concat([m, [[r, r]]], axis=0), x * [r, 1, 0], where([r > 0, true, r < 0], x, 0))
        }""", x, torch.tensor(0.5))
    m = torch.tensor([[0.5, 2.0], [12.0, 4.0]])
    expected = [m + torch.tensor([1, 0.5]), m.T, 2 * m.sum(1), m.softmax(0), m.reshape(4, 1),
                torch.cat([m, torch.full((1, 2), 0.5)]), x * torch.tensor([0.5, 1, 0]),
                torch.tensor([3.0, 4.0, 0.0])]
    for result, wanted in zip(results, expected, strict=True):
        torch.testing.assert_close(result, wanted)


def test_sizes_and_loops():
    f = mind.compile("""
        fn main(x: Tensor<f32,[N]>, k: i64) -> (Tensor<i64,[2,2]>, Tensor<i64,[3]>) {
            let fibonacci = [0, 1, 1];
            for i in 0..N {
                let next = sum(fibonacci * [0, 1, 1]);
                fibonacci = [sum(fibonacci * [0, 1, 0]), sum(fibonacci * [0, 0, 1]), next];
            }
            ([[N, k], [x.shape[0] * k, 7]], fibonacci)
        }""")
    for size in [1, 2, 10]:
        numbers = [0, 1, 1]
        for _ in range(size):
            numbers = [*numbers[1:], numbers[-1] + numbers[-2]]
        table, fibonacci = f(torch.zeros(size), torch.tensor(5))
        assert table.tolist() == [[size, 5], [size * 5, 7]]
        assert fibonacci.tolist() == numbers


def test_elements_are_evaluated_once():
    n, list_, total = run("""
        fn main(k: i64) {
            let n = 0;
            let list = [{ n += 1; n * k }, n, { n += 1; 2 }, 3];
            let total = { n += 1; 2 } + 3;
            (n, list, total)
        }""", torch.tensor(10))
    assert int(n) == 3 and list_.tolist() == [10, 1, 2, 3] and int(total) == 5


def test_long_lists():
    elements = ", ".join(f"r * {i}.0" if i % 3 else f"{i}.5" for i in range(1024))
    (result,) = run(f"fn main(r: f32) {{ [{elements}] }}", torch.tensor(2.0))
    assert result.tolist() == [2.0 * i if i % 3 else i + 0.5 for i in range(1024)]


@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_sine_and_cosine_of_one_number(dtype):
    x = torch.tensor(0.5, dtype=DTYPES[dtype])
    (result,) = run(f"fn main(x: {dtype}) {{ sin(x) * cos(x) }}", x)
    torch.testing.assert_close(result, x.sin() * x.cos())
