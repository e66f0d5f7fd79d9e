# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of symbolic sizes: compiled once, they compute for every size what
they are defined to, and refuse what does not fit together."""

import dataclasses

import numpy as np
import pytest
import torch

import mind
from elements import ordinary_fills
from operations import type_of
from rows import ROWS
from test_operations import failure, some_dtype
from tolerance import exact

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
            try:
                reason = failure(row, variant, dtype)
            except mind.RunError as error:
                # Bounds of slices that Python clamps.
                reason = error.code != "E3006" and str(error)
            if reason:
                failures.append(f"{source.strip()}\n    {reason}")
    assert not failures, f"{len(failures)} of {count} are wrong:\n" + "\n".join(failures[:20])
    assert count, "no call goes with a symbolic size"


# ---------------------------------------------- one compilation, every size

def error_of(f, *inputs):
    with pytest.raises(mind.RunError) as raised:
        f(*inputs)
    return raised.value.code, raised.value.message

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


# ---------------------------------------------- what is left of a tile

# From 1 to more than a few vectors and rows, so that each kind of rest occurs.
REMAINDERS = [*range(1, 20), 31, 32, 33, 63, 64, 65, 97, 130, 200]

softmax = torch.softmax
KERNELS = {
    "elementwise": ("x * 2.0 + exp(y)", lambda x, y: x * 2 + y.exp(), "M,N", "M,N"),
    "broadcast": ("x / y", lambda x, y: x / y, "M,1", "M,N"),
    "transposed": ("x + transpose(y)", lambda x, y: x + y.T, "M,N", "N,M"),
    "matmul": ("relu(x @ y)", lambda x, y: (x @ y).relu(), "M,K", "K,N"),
    "linear": ("linear(x, y, sum(y, axes=1))", lambda x, y: x @ y.T + y.sum(1), "M,K", "N,K"),
    "products of batches": ("x @ y", lambda x, y: x @ y, "3,M,K", "3,K,N"),
    "sums of rows": ("(sum(x, axes=1), mean(y, axes=1), var(y, axes=[1]))",
                     lambda x, y: (x.sum(1), y.mean(1), y.var(1, correction=0)), "M,N", "M,K"),
    "sums of columns": ("(sum(x, axes=0), max(y, axes=0))",
                        lambda x, y: (x.sum(0), y.amax(0)), "M,N", "M,K"),
    "whole sums": ("(sum(x), max(y), sum(x * x) / sum(y * y))",
                   lambda x, y: (x.sum(), y.max(), (x * x).sum() / (y * y).sum()), "M,N", "K"),
    "middle": ("(sum(x, axes=1), max(x, axes=[0, 2]), sum(y, axes=[0]))",
               lambda x, y: (x.sum(1), x.amax((0, 2)), y.sum(0)), "3,M,N", "M,4"),
    "softmax": ("(softmax(x), softmax(y, axis=0))",
                lambda x, y: (softmax(x, -1), softmax(y, 0)), "M,N", "K,N"),
    "layer_norm": ("layer_norm(x, y, y)",
                   lambda x, y: torch.nn.functional.layer_norm(x, y.shape, y, y), "M,N", "N"),
    "moved": ("(concat([x, y * 2.0], axis=0), pad(x, [[1, 2], [0, 1]]), flip(y, [1]), flatten(y))",
              lambda x, y: (torch.cat([x, y * 2]), torch.nn.functional.pad(x, (0, 1, 1, 2)),
                            y.flip(1), y.flatten()), "M,N", "K,N"),
}


@pytest.mark.parametrize("name", KERNELS)
def test_every_remainder(name):
    body, reference, x_shape, y_shape = KERNELS[name]
    names = sorted(set(x_shape + y_shape) & set("MNK"))
    for symbolic in [*names, "".join(names)]:
        fixed = {other: extent for other, extent in zip("MNK", (5, 19, 67))
                 if other not in symbolic}
        shapes = [",".join(str(fixed.get(extent, extent)) for extent in shape.split(","))
                  for shape in (x_shape, y_shape)]
        f = mind.compile(f"fn main(x: Tensor<f32,[{shapes[0]}]>, y: Tensor<f32,[{shapes[1]}]>) "
                         f"{{ {body} }}")
        for size in REMAINDERS:
            sizes = {**fixed, **{other: size + i for i, other in enumerate(symbolic)}}
            x, y = (torch.tensor(random(*(sizes.get(extent) or int(extent)
                                          for extent in shape.split(","))))
                    for shape in (x_shape, y_shape))
            results, expected = f(x, y), reference(x, y)
            if not isinstance(results, tuple):
                results, expected = (results,), (expected,)
            for result, wanted in zip(results, expected, strict=True):
                torch.testing.assert_close(result, wanted, rtol=1e-4, atol=1e-4,
                                           msg=lambda text: f"{symbolic} = {size}: {text}")


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


# ---------------------------------------------- slices

END = 2**63 - 1
SLICES = [(2, END), (0, -1), (1, -2), (-3, END), (-5, -2), (0, 4), (2, 5), (-3, 5)]


@pytest.mark.parametrize("start, end", SLICES)
@pytest.mark.parametrize("dim", [0, 1])
def test_slices(start, end, dim):
    """What Python gives where it need not clamp; else the call is refused."""
    starts, ends = ([start], [end]) if dim == 0 else ([0, start], [END, end])
    f = mind.compile(f"""
        fn main(x: Tensor<f32,[B,T]>) {{
            let y = slice(x, {starts}, {ends});
            (y, sum(y * 2.0, axes=-1), concat([y, y], axis={dim}))
        }}""")
    for size in [*SIZES, 3, 4, 5, 6]:
        x = random(size, 3) if dim == 0 else random(3, size)
        index = (slice(start, None if end == END else end),)
        expected = x[index if dim == 0 else (slice(None), *index)]
        wanted = [bound if bound >= 0 else -bound for bound in (start, end) if bound != END]
        if expected.size == 0 or size < max(wanted):
            code, message = error_of(f, x)
            assert code == "E3006" and f"dimension {dim}" in message
            continue
        y, sums, both = f(x)
        np.testing.assert_array_equal(y, expected)
        np.testing.assert_allclose(sums, (2 * expected).sum(-1), rtol=1e-5, atol=1e-5)
        np.testing.assert_array_equal(both, np.concatenate([expected, expected], dim))


def test_slices_with_a_step():
    f = mind.compile(f"""
        fn main(x: Tensor<i32,[B]>) {{ (slice(x, [1], [8], [3]), slice(x, [-7], [-1], [2])) }}""")
    for size in [8, 9, 31]:
        x = np.arange(size, dtype=np.int32)
        a, b = f(x)
        assert a.tolist() == x[1:8:3].tolist() and b.tolist() == x[-7:-1:2].tolist()
    assert error_of(f, np.arange(7, dtype=np.int32))[0] == "E3006"


def test_finite_differences_of_every_length():
    f = mind.compile("""
        fn difference(x: Tensor<f32,[N]>) { x[1:] - x[:-1] }
        fn main(x: Tensor<f32,[B]>, y: Tensor<f32,[4]>) {
            (difference(difference(x)), difference(y))
        }""", entry="main")
    y = random(4)
    for size in [3, 4, 17, 1031]:
        x = random(size)
        second, first = f(x, y)
        np.testing.assert_array_equal(second, np.diff(np.diff(x)))
        np.testing.assert_array_equal(first, np.diff(y))
    code, message = error_of(f, random(2), y)
    assert code == "E3006"
    assert message == "`slice` of [B - 1]: dimension 0 is 1, and must be at least 2"


def test_index_expressions():
    f = mind.compile("""
        fn main(x: Tensor<f32,[B,T]>, i: i64) {
            (x[1:, -2:], x[i, :-1], x[-1], x[:3, 1:][i], x[1:].shape[0] * x[:, 2:].shape[1])
        }""")
    for b, t in [(3, 3), (4, 9), (17, 5)]:
        x = random(b, t)
        *results, count = f(x, np.int64(1))
        for result, expected in zip(results, [x[1:, -2:], x[1, :-1], x[-1], x[:3, 1:][1]],
                                    strict=True):
            np.testing.assert_array_equal(result, expected)
        assert int(count) == (b - 1) * (t - 2)
    assert error_of(f, random(2, 5), np.int64(0)) == (
        "E3006", "`slice` of [B, T]: dimension 0 is 2, and must be at least 3")
    assert error_of(f, random(3, 3), np.int64(3))[0] == "E6001"


# ---------------------------------------------- windows

def test_windows_over_images_of_every_size():
    f = mind.compile("""
        fn main(x: Tensor<f32,[N,H,W,4]>, w: Tensor<f32,[3,2,2,6]>) {
            (conv2d(x, w, groups=2), conv2d(x, w, padding=Same, dilation=[1, 2], groups=2),
             conv2d(x, w, padding=[[2, 1], [0, 3]], groups=2),
             max_pool2d(x, [2, 3], strides=1), avg_pool2d(x, 3, strides=1, padding=Same))
        }""")
    w = torch.randn(3, 2, 2, 6)
    filters = w.permute(3, 2, 0, 1)
    conv = torch.nn.functional.conv2d
    pad = torch.nn.functional.pad
    pool = torch.nn.functional
    for n, height, width in [(1, 3, 3), (2, 5, 4), (3, 8, 17), (1, 31, 6)]:
        x = torch.randn(n, height, width, 4)
        images = x.permute(0, 3, 1, 2)
        expected = [conv(images, filters, groups=2),
                    conv(pad(images, (1, 1, 1, 1)), filters, dilation=(1, 2), groups=2),
                    conv(pad(images, (0, 3, 2, 1)), filters, groups=2),
                    pool.max_pool2d(images, (2, 3), 1),
                    pool.avg_pool2d(images, 3, 1, 1, count_include_pad=False)]
        for result, wanted in zip(f(x, w), expected, strict=True):
            torch.testing.assert_close(result, wanted.permute(0, 2, 3, 1), rtol=1e-4, atol=1e-5)
    code, message = error_of(f, torch.randn(1, 2, 5, 4), w)
    assert code == "E3006"
    assert message == "dimension 1 of [N, H - 2, W - 1, 6] is 0, and must be at least 1"


# ---------------------------------------------- sizes that do not fit

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


def test_shapes_without_elements_are_refused():
    f = mind.compile("""
        fn cut(x: Tensor<f32,[N]>) { zeros([N - 2]) }
        fn main(x: Tensor<f32,[B,3]>) {
            if sum(x) > 0 { sum(cut(sum(x, axes=1))) } else { 0.0 }
        }""", entry="main")
    with pytest.raises(mind.RunError) as raised:
        f(-abs(random(2, 3)))     # the shape is computed on neither branch
    assert raised.value.code == "E3006"
    assert raised.value.message == "dimension 0 of [B - 2] is 0, and must be at least 1"
    assert raised.value.line == 2
    assert f(abs(random(3, 3))) == 0


def test_shapes_with_too_many_elements_are_refused():
    f = mind.compile("""
        fn main(x: Tensor<f32,[N]>) {
            let y = broadcast_to(1.0 as f64, [N, N, N, N]);
            sum(y)
        }""")
    assert f(random(2)) == 16
    with pytest.raises(mind.RunError) as raised:
        f(random(60000))
    assert raised.value.code == "E3011" and "[N, N, N, N]" in raised.value.message
    assert raised.value.line == 3


def test_messages_name_parameter_dimension_and_both_values():
    f = mind.compile("""
        fn main(x: Tensor<f32,[B,?]>, w: Tensor<f32,[3,B]>) { (sum(x), sum(w)) }""")
    code, message = error_of(f, random(2, 5), random(3, 4))
    assert (code, message) == ("E3003", "input `w` has shape [3, 4], but the parameter is "
                               "Tensor<f32, [3, B]>: dimension 1 is 4 and 2")
    assert error_of(f, random(2, 5), random(4, 2))[1].endswith("dimension 0 is 4 and 3")
    assert [float(r) for r in f(np.ones((2, 5), np.float32), np.ones((3, 2), np.float32))] == [10, 6]


@pytest.mark.parametrize("size", [1, 2, 11])
@pytest.mark.parametrize("dtype", ["f16", "f32"])
def test_index_that_keeps_an_axis_of_1(dtype, size):
    """Of the axes of 1 that a slice has, the strides do not tell which stays."""
    f = mind.compile(f"""fn main(x: Tensor<{dtype},[1,T,33,T]>, i: i32, j: i32) {{
      (index(x, i, j, axes=[2, 3]), index(x, i, axes=[1]), x[0, i])
    }}""")
    for (x,) in ordinary_fills([(dtype, (1, size, 33, size))]):
        i, j = size - 1, 0
        results = f(x, torch.tensor(i, dtype=torch.int32), torch.tensor(j, dtype=torch.int32))
        for got, wanted in zip(results, (x[:, :, i, j], x[:, i], x[0, i])):
            assert exact(got, wanted) is None
