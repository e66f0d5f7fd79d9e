# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs programs with branches and loops, and compares with the same in Python."""

import math

import pytest
import torch

import mind
from elements import ordinary_fills
from tolerance import exact


def i64(value):
    return torch.tensor(value, dtype=torch.int64)


def check(source, reference, inputs):
    actual, expected = mind.compile(source)(*inputs), reference(*inputs)
    if not isinstance(actual, tuple):
        actual, expected = (actual,), (expected,)
    for got, wanted in zip(actual, expected):
        assert exact(got, wanted, any_zero=True) is None, (got, wanted)


# Of integers that wrap and of scalars: a source and what it means.


def fibonacci(n):
    a, b = 0, 1
    for _ in range(int(n)):
        a, b = b, (a + b + 2**63) % 2**64 - 2**63
    return i64(a)


def collatz(n):
    n, steps = int(n), 0
    while n > 1 and steps < 1000:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return i64(steps)


def triangle(n):
    return i64(sum(i * j for i in range(int(n)) for j in range(i, int(n))))


def greatest(n):
    a, b = int(n), 36
    while b != 0:
        a, b = b, int(math.fmod(a, b))
    return i64(a)


SCALARS = {
    "fibonacci": (fibonacci, """
        fn main(n: i64) -> i64 {
          let a = 0;
          let b = 1;
          for _ in 0..n { let c = a + b; a = b; b = c; }
          a
        }"""),
    "collatz": (collatz, """
        fn main(n: i64) -> i64 {
          let x = n;
          let steps = 0;
          while x > 1 && steps < 1000 {
            x = if x % 2 == 0 { x / 2 } else { 3 * x + 1 };
            steps += 1;
          }
          steps
        }"""),
    "nested loops": (triangle, """
        fn main(n: i64) -> i64 {
          let total = 0;
          for i in 0..n { for j in i..n { total += i * j; } }
          total
        }"""),
    "a division that is guarded": (greatest, """
        fn main(n: i64) -> i64 {
          let a = n;
          let b = 36;
          while b != 0 { let r = a % b; a = b; b = r; }
          a
        }"""),
    "a call in a loop": (fibonacci, """
        fn main(n: i64) -> i64 {
          let t = (0, 1);
          for _ in 0..n { t = next(t); }
          t.0
        }
        fn next(t: (i64, i64)) { (t.1, t.0 + t.1) }"""),
}


@pytest.mark.parametrize("n", [-3, 0, 1, 2, 7, 27, 100])
@pytest.mark.parametrize("name", SCALARS)
def test_scalars(name, n):
    reference, source = SCALARS[name]
    check(source, reference, [i64(n)])


# Of two tensors `x` and `y` of f32 and an integer `n`.


def swapped(x, y, n):
    return (x, y) if n % 2 == 0 else (y, x)


def rotated(x, y, n):
    a, b, c = x, y, x + y
    for _ in range(n):
        a, b, c = b, c, a
    return a, b, c


def powers(x, y, n):
    for _ in range(n):
        x = torch.relu(x * y - 0.5)
    return x


def newton(x, y, n):
    # sqrt of 1 + x * x, to n digits as it were
    square, root = 1 + x * x, 1 + x * x
    steps = 0
    while bool((root * root > square * 1.01).any()) and steps < n:
        root = (root + square / root) * 0.5
        steps += 1
    return root, i64(steps)


def momentum(x, y, n):
    velocity = torch.zeros_like(x)
    for i in range(n):
        velocity = velocity * 0.5 + x
        if i % 3 == 1:
            x = x - velocity
        elif i % 3 == 2:
            velocity = y
    return x, velocity


def unrelated(x, y, n):
    for _ in range(n):
        pass
    return x, y


def chosen(x, y, n):
    return (x if n > 2 else y), (y if n > 1 else y + x), n > 3 and bool((x > 100).all())


def previous(x, y, n):
    before = y
    for _ in range(n):
        before, x = x, x * 0.5 + before
    return before, x


def shared(x, y, n):
    h = x * y
    a = h
    for i in range(n):
        a = a + h
        h = h * 0.5
    return a, h, x * y


def in_branches(x, y, n):
    h = x + y
    for i in range(n):
        r = h if i % 2 == 0 else x * 2
        x = r - h * 0.25
        h = h + x
    return x, h


def inner(x, y, n):
    for i in range(n):
        t = x
        for j in range(i):
            t, y = y + 1, t
        x = x + t
    return x, y


def slices(x, y, n):
    a = torch.cat([x, y])
    k = x.shape[0]
    for _ in range(n):
        a = torch.cat([a[k:], a[:k] * 0.5])
    return a


def made(x, y, n):
    total = torch.zeros_like(x)
    ones = torch.ones_like(x)
    for _ in range(n):
        total, ones = total + ones, torch.full_like(x, 2.0)
    return total


def in_condition(x, y, n):
    a, b, k = x, y, n
    while True:
        b, a, k = a, a * 0.5 + b, k - 1
        if k <= 0:
            return a, b
        a = a + x
        b = b - a


TENSORS = {
    "swap": (swapped, """
          let a = x;
          let b = y;
          for _ in 0..n { let t = a; a = b; b = t; }
          (a, b)"""),
    "rotate": (rotated, """
          let t = (x, y, x + y);
          for _ in 0..n { t = (t.1, t.2, t.0); }
          t"""),
    "repeat": (powers, """
          let a = x;
          for _ in 0..n { a = relu(a * y - 0.5); }
          a"""),
    "until it holds": (newton, """
          let square = 1 + x * x;
          let root = square;
          let steps = 0;
          while any(root * root > square * 1.01) && steps < n {
            root = (root + square / root) * 0.5;
            steps += 1;
          }
          (root, steps)"""),
    "assigned in some branches": (momentum, """
          let a = x;
          let velocity = zeros_like(x);
          for i in 0..n {
            velocity = velocity * 0.5 + a;
            if i % 3 == 1 { a -= velocity; } else if i % 3 == 2 { velocity = y; }
          }
          (a, velocity)"""),
    "nothing changes": (unrelated, """
          let a = x;
          for _ in 0..n { a = a; }
          (a, y)"""),
    "choose": (chosen, """
          (if n > 2 { x } else { y }, if n > 1 { y } else { y + x }, n > 3 && all(x > 100))"""),
    "the one before": (previous, """
          let before = y;
          let a = x;
          for _ in 0..n { let t = a * 0.5 + before; before = a; a = t; }
          (before, a)"""),
    "a start that is read again": (shared, """
          let h = x * y;
          let start = h;
          let a = h;
          for _ in 0..n { a += h; h *= 0.5; }
          (a, h, start)"""),
    "a branch that yields what is read later": (in_branches, """
          let a = x;
          let h = x + y;
          for i in 0..n {
            let r = if i % 2 == 0 { h } else { a * 2 };
            a = r - h * 0.25;
            h = h + a;
          }
          (a, h)"""),
    "a loop in a loop": (inner, """
          let a = x;
          let b = y;
          for i in 0..n {
            let t = a;
            for _ in 0..i { let u = b + 1; b = t; t = u; }
            a += t;
          }
          (a, b)"""),
    "a condition that assigns": (in_condition, """
          let a = x;
          let b = y;
          let k = n;
          while { let t = a; a = a * 0.5 + b; b = t; k -= 1; k > 0 } {
            a += x;
            b -= a;
          }
          (a, b)"""),
    "parts": (slices, """
          let a = concat([x, y]);
          for _ in 0..n {
            let parts = (slice(a, [K, 0], [2 * K, COLUMNS]), slice(a, [0, 0], [K, COLUMNS]));
            a = concat([parts.0, parts.1 * 0.5]);
          }
          a"""),
    "constants": (made, """
          let total: Tensor<f32,[K,COLUMNS]> = 0;
          let one: Tensor<f32,[K,COLUMNS]> = 1;
          for _ in 0..n { total += one; one = full([K, COLUMNS], 2.0); }
          total"""),
}


@pytest.mark.parametrize("rows, columns", [(1, 1), (3, 5), (17, 67)])
@pytest.mark.parametrize("name", TENSORS)
def test_tensors(name, rows, columns):
    reference, body = TENSORS[name]
    source = f"""
        const K: i64 = {rows};
        const COLUMNS: i64 = {columns};
        fn main(x: Tensor<f32,[K,COLUMNS]>, y: Tensor<f32,[K,COLUMNS]>, n: i64) {{{body}
        }}"""
    shape = (rows, columns)
    (x, y), = ordinary_fills([("f32", shape), ("f32", shape)])
    function = mind.compile(source)
    for n in range(8):
        actual, expected = function(x, y, i64(n)), reference(x, y, n)
        if not isinstance(actual, tuple):
            actual, expected = (actual,), (expected,)
        for got, wanted in zip(actual, expected):
            wanted = wanted if isinstance(wanted, torch.Tensor) else torch.tensor(wanted)
            assert exact(got, wanted, any_zero=True) is None, (n, got, wanted)


@pytest.mark.parametrize("dtype", ["bool", "i8", "u8", "i32", "f16", "bf16", "f64"])
def test_every_dtype_is_carried(dtype):
    body = "a = b; b = t;" if dtype == "bool" else "a = b + t; b = t;"
    source = f"""
        fn main(x: Tensor<{dtype},[7]>, s: {dtype}, n: i64) {{
          let a = x;
          let b = x;
          let c = s;
          let d = s;
          for _ in 0..n {{ let t = a; {body} }}
          for _ in 0..n {{ let t = c; {body.replace("a", "c").replace("b", "d")} }}
          (a, b, c, if n > 1 {{ x }} else {{ a }})
        }}"""

    def reference(x, s, n):
        results = []
        for value in (x, s):
            a = b = value
            for _ in range(int(n)):
                a, b = (b, a) if dtype == "bool" else (b + a, a)
            results.append((a, b))
        return (*results[0], results[1][0], x if n > 1 else results[0][0])

    for inputs in ordinary_fills([(dtype, (7,)), (dtype, ())]):
        check(source, reference, [*inputs, i64(3)])


def test_errors_in_loops():
    function = mind.compile("""
        fn main(x: Tensor<i32,[3]>, n: i64) -> Tensor<i32,[3]> {
          let a = x;
          for i in 0..n { if i % 2 == 1 { a = x / (a - 1); } }
          a
        }""")
    x = torch.tensor([3, 4, 5], dtype=torch.int32)
    assert function(x, i64(1)).tolist() == [3, 4, 5]
    with pytest.raises(Exception, match="E6005"):
        function(x, i64(4))
    assert function(x, i64(2)).tolist() == [1, 1, 1]


def test_an_error_ends_while():
    """With what stands for the division by zero it would never end."""
    function = mind.compile("""
        fn main(n: i64, by: i64) -> i64 {
          let k = n;
          while k != 0 { k = k / by; }
          k
        }""")
    assert function(i64(1000), i64(10)) == 0
    with pytest.raises(Exception, match="E6005"):
        function(i64(1000), i64(0))


def test_no_error_where_a_condition_prevents_it():
    function = mind.compile("""
        fn main(x: i64) -> (bool, bool, i64) {
          (x != 0 && 10 / x > 1, x == 0 || 10 % x == 0, if x == 0 { 0 } else { 10 / x })
        }""")
    assert [bool(r) for r in function(i64(0))[:2]] == [False, True]
    assert [r.item() for r in function(i64(5))] == [True, True, 2]


@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 17)])
def test_values_that_a_branch_exchanges(shape, chosen):
    """One is computed where the other's choice ends."""
    type_ = f"Tensor<f32,[{', '.join(map(str, shape))}]>" if shape else "f32"
    source = f"""fn main(x: {type_}, c: bool) {{
      let a = relu(x);
      let b = -x;
      if c {{ let t = b; b = a; a = t; }}
      (a, b)
    }}"""

    def reference(x, c):
        return (-x, x.relu()) if c else (x.relu(), -x)
    for inputs in ordinary_fills([("f32", shape)]):
        check(source, reference, [*inputs, torch.tensor(chosen)])


def test_an_index_that_is_known_only_when_a_loop_is_gone():
    source = """fn main(x: Tensor<i32,[5, 3]>, y: Tensor<i32,[3]>) {
      let z = x;
      for i in 0..1 { z = scatter_add(x, abs(i) % 5, y); }
      z
    }"""
    x, y = torch.arange(15, dtype=torch.int32).reshape(5, 3), torch.ones(3, dtype=torch.int32)
    expected = x.clone()
    expected[0] += 1
    check(source, lambda x, y: expected, [x, y])
