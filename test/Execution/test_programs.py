# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs small programs whose operations are fused into groups in every way that
mind-fuse has, and compares with LibTorch, which computes them one by one."""

import contextlib
import functools
import io
import math

import pytest
import torch

import mind
from elements import DTYPES, awkward_fills, ordinary_fills
from tolerance import exact, sums


def run(source, inputs, **options):
    return mind.compile(source, **options)(*inputs)


def parameters(operands):
    return ", ".join(f"{name}: Tensor<{dtype},[{', '.join(map(str, shape))}]>" if shape
                     else f"{name}: {dtype}"
                     for name, (dtype, shape) in zip("abcd", operands))


# Arithmetic without transcendental functions: fused or not, each operation
# rounds once, so results are LibTorch's bit for bit.
ARITHMETIC = {
    "a chain": ("a * b + c - a", lambda a, b, c: a * b + c - a),
    "a diamond": ("let h = a + b; h * (h - c)", lambda a, b, c: (a + b) * ((a + b) - c)),
    "an activation": ("relu(a * b + c)", lambda a, b, c: (a * b + c).relu()),
    "a smaller producer": ("let s = b + b; a * s + c", lambda a, b, c: a * (b + b) + c),
    "a value read twice": ("let h = a / b; (h + c, h)", lambda a, b, c: (a / b + c, a / b)),
    "constants": ("(a * 3.0 + 0.1) / 7.0 + (b - b) * 2.0 + c * 0.0",
                  lambda a, b, c: (a * 3.0 + 0.1) / 7.0 + (b - b) * 2.0 + c * 0.0),
}
SHAPES = [((), (), ()), ((17,), (17,), (17,)), ((31, 17), (17,), (31, 1)),
          ((2, 3, 5, 7), (5, 1), ()), ((1031,), (), (1031,))]


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64"])
@pytest.mark.parametrize("name", ARITHMETIC)
def test_fused_arithmetic_is_exact(name, dtype):
    body, reference = ARITHMETIC[name]
    for shapes in SHAPES:
        operands = [(dtype, shape) for shape in shapes]
        function = mind.compile(f"fn main({parameters(operands)}) {{ {body} }}\n")
        for inputs in [*ordinary_fills(operands), *awkward_fills(operands)]:
            actual, expected = function(*inputs), reference(*inputs)
            if not isinstance(actual, tuple):
                actual, expected = (actual,), (expected,)
            for got, wanted in zip(actual, expected):
                assert exact(got, wanted, any_zero=True) is None, shapes


MATMUL = {
    "bias": ("a @ b + c", lambda a, b, c, d: a @ b + c),
    "bias and activation": ("relu(a @ b + c)", lambda a, b, c, d: (a @ b + c).relu()),
    "residual": ("a @ b + c + d", lambda a, b, c, d: a @ b + c + d),
    "scaled by a column": ("a @ b * sum(d, axes=[1], keepdims=true)",
                           lambda a, b, c, d: a @ b * d.sum(1, keepdim=True)),
    "a computed operand": ("(a * 2.0) @ b", lambda a, b, c, d: (a * 2) @ b),
    "a transposed operand": ("transpose(transpose(a)) @ b + transpose(transpose(c + d))",
                             lambda a, b, c, d: a @ b + (c + d)),
    "two products": ("a @ b + relu(a @ b - d)", lambda a, b, c, d: a @ b + (a @ b - d).relu()),
    "a reduction of it": ("sum(a @ b + c, axes=[0])", lambda a, b, c, d: (a @ b + c).sum(0)),
    "a softmax of it": ("softmax(a @ b + c, axis=-1)",
                        lambda a, b, c, d: torch.softmax(a @ b + c, -1)),
    "reshaped": ("reshape(a @ b, [-1]) * 2.0", lambda a, b, c, d: (a @ b).reshape(-1) * 2),
}


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("m, k, n", [(1, 1, 1), (7, 31, 13), (17, 5, 67), (64, 64, 64),
                                     (1, 1031, 3)])
@pytest.mark.parametrize("name", MATMUL)
def test_matmul_with_neighbours(name, m, k, n, kernels):
    body, reference = MATMUL[name]
    operands = [("f32", (m, k)), ("f32", (k, n)), ("f32", (n,)), ("f32", (m, n))]
    inputs, = ordinary_fills(operands)
    actual = run(f"fn main({parameters(operands)}) {{ {body} }}\n", inputs, kernels=kernels)
    wide = [x.double() for x in inputs]
    expected = reference(*wide)
    # Every step's error is at most that of a sum over all of its inputs.
    magnitude = torch.full_like(expected, reference(*(x.abs() + 1 for x in wide)).abs().max())
    assert sums(k + m + n, magnitude, "f32")(actual, expected) is None


CONV2D = [((2, 9, 7, 5), (3, 3, 5, 33), 1, (1, 1, 1, 1)),
          ((3, 8, 11, 4), (2, 5, 4, 7), 2, (0, 1, 4, 0)),
          ((70, 5, 5, 64), (3, 3, 64, 6), 1, (1, 1, 1, 1))]


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("image, window, strides, zeros", CONV2D)
def test_conv2d_with_epilogue(image, window, strides, zeros, kernels):
    top, bottom, left, right = zeros
    operands = [("f32", image), ("f32", window), ("f32", window[3:])]
    inputs, = ordinary_fills(operands)
    actual = run(f"fn main({parameters(operands)}) {{ relu(conv2d(a, b, strides={strides}, "
                 f"padding=[[{top}, {bottom}], [{left}, {right}]]) + c) }}\n",
                 inputs, kernels=kernels)
    x, w, bias = (t.double() for t in inputs)
    x = torch.nn.functional.pad(x, (0, 0, left, right, top, bottom))
    expected = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), bias,
                                          stride=strides).relu().permute(0, 2, 3, 1)
    terms = math.prod(window[:3])
    magnitude = torch.full_like(expected, terms * 16.0)
    assert sums(terms + 1, magnitude, "f32")(actual, expected) is None


# What is bound to a kernel with a contraction: the language's, and LibTorch's on
# (sums, scale, bias, mean, variance, residual).
EPILOGUES = {
    "normalised, a residual, relu": (
        "relu(batch_norm({}, mean, variance, scale, bias) + residual)",
        lambda x, s, b, m, v, r: (((x - m) / (v + 1e-5).sqrt() * s + b) + r).relu()),
    "scale and bias": ("{} * scale + bias", lambda x, s, b, m, v, r: x * s + b),
    "a residual first": ("residual + ({} + bias)", lambda x, s, b, m, v, r: r + (x + b)),
    "a residual, then a bias": ("residual + {} + bias", lambda x, s, b, m, v, r: r + x + b),
    "gelu": ("gelu({} + bias)", lambda x, s, b, m, v, r: torch.nn.functional.gelu(x + b)),
    "gelu by tanh": ('gelu({} + bias, approximate="tanh")', lambda x, s, b, m, v, r:
                     torch.nn.functional.gelu(x + b, approximate="tanh")),
    "silu": ("silu({} + residual)", lambda x, s, b, m, v, r: torch.nn.functional.silu(x + r)),
    "sigmoid": ("sigmoid({} * scale)", lambda x, s, b, m, v, r: (x * s).sigmoid()),
    "tanh": ("tanh({} + bias)", lambda x, s, b, m, v, r: (x + b).tanh()),
}
CONTRACTIONS = {
    "x @ w": (lambda x, w: x @ w, [((1, 7), (7, 33)), ((37, 300), (300, 129))]),
    "x @ transpose(w)": (lambda x, w: x @ w.T, [((2, 3, 31), (17, 31)), ((1, 515), (67, 515))]),
    "conv2d(x, w, padding=Same)": (
        lambda x, w: torch.nn.functional.conv2d(
            x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), padding="same").permute(0, 2, 3, 1),
        [((3, 9, 7, 5), (3, 3, 5, 33)), ((1, 41, 53, 2), (5, 3, 2, 5))]),
}


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("contraction", CONTRACTIONS)
@pytest.mark.parametrize("epilogue", EPILOGUES)
def test_epilogues(epilogue, contraction, kernels, dtype):
    contract, shapes = CONTRACTIONS[contraction]
    body, reference = EPILOGUES[epilogue]
    torch.manual_seed(0)
    for operands in shapes:
        x, w = (torch.rand(shape, dtype=torch.float64) * 2 - 1 for shape in operands)
        sums_ = contract(x, w)
        columns = [torch.rand(sums_.shape[-1:], dtype=torch.float64) + 0.5 for _ in range(4)]
        inputs = [t.to(DTYPES[dtype])
                  for t in (x, w, *columns, torch.rand_like(sums_) * 2 - 1)]
        names = ["x", "w", "scale", "bias", "mean", "variance", "residual"]
        listed = ", ".join(f"{name}: Tensor<{dtype},[{', '.join(map(str, t.shape))}]>"
                           for name, t in zip(names, inputs))
        actual = run(f"fn main({listed}) {{ {body.format(contraction)} }}\n", inputs,
                     kernels=kernels)
        x, w, *others = (t.double() for t in inputs)
        expected = reference(contract(x, w), *others)
        # No step enlarges an error by more than 2.
        magnitude = 2 * contract(x.abs(), w.abs()) + expected.abs() + 4
        assert sums(w.numel() // sums_.shape[-1] + 4, magnitude, dtype)(actual, expected) is None


def test_padding_inside_and_outside_a_kernel():
    """Bit for bit the same."""
    image = torch.randn(3, 9, 7, 5)
    padded = torch.nn.functional.pad(image, (0, 0, 1, 1, 1, 1))
    window = torch.randn(3, 3, 5, 33)
    results = []
    for x, padding in [(image, "Same"), (padded, "Valid")]:
        operands = [("f32", tuple(x.shape)), ("f32", tuple(window.shape))]
        results.append(run(f"fn main({parameters(operands)}) "
                           f"{{ conv2d(a, b, padding={padding}) }}\n", [x, window]))
    assert torch.equal(*results)


def test_reduction_with_neighbours():
    operands = [("f32", (31, 17)), ("f32", (31, 17))]
    inputs, = ordinary_fills(operands)
    actual = run(f"fn main({parameters(operands)}) "
                 "{ sqrt(mean((a - b) * (a - b), axes=[1])) }\n", inputs)
    a, b = (t.double() for t in inputs)
    expected = ((a - b) ** 2).mean(1).sqrt()
    assert sums(20, expected.abs(), "f32")(actual, expected) is None


def test_layers_of_functions():
    source = """
fn layer(x: Tensor<f32,[5,31]>, w: Tensor<f32,[31,31]>, b: Tensor<f32,[31]>) -> Tensor<f32,[5,31]> {
    relu(x @ w + b)
}
fn main(x: Tensor<f32,[5,31]>, w: Tensor<f32,[31,31]>, b: Tensor<f32,[31]>) -> Tensor<f32,[5,31]> {
    layer(layer(layer(x, w, b), w, b), w, b) + x
}
"""
    operands = [("f32", (5, 31)), ("f32", (31, 31)), ("f32", (31,))]
    (x, w, b), = ordinary_fills(operands)
    w = w / 31
    actual = mind.compile(source).main(x, w, b)
    expected = x.double()
    for _ in range(3):
        expected = (expected @ w.double() + b.double()).relu()
    expected = expected + x.double()
    assert sums(100, expected.abs() + 10, "f32")(actual, expected) is None


@pytest.mark.parametrize("dtype", DTYPES)
def test_results_that_are_inputs(dtype):
    """An input that is a result is copied, twice if need be, and not written."""
    operands = [(dtype, (3, 17))]
    (x,), = ordinary_fills(operands)
    kept = x.clone()
    first, second, flat = run(f"fn main({parameters(operands)}) {{ (a, a, flatten(a)) }}\n", [x])
    for result in (first, second, flat.reshape(3, 17), x):
        assert exact(result, kept) is None
    assert len({t.data_ptr() for t in (first, second, flat, x)}) == 4


@pytest.mark.parametrize("dtype", ["i8", "u8", "i32", "i64"])
@pytest.mark.parametrize("op", ["/", "%"])
@pytest.mark.parametrize("shapes", [((), ()), ((17,), ()), ((5, 1031), (1031,))])
def test_integer_division_by_zero(op, dtype, shapes):
    operands = [(dtype, shape) for shape in shapes]
    function = mind.compile(f"fn main({parameters(operands)}) {{ a {op} b }}\n")
    (x, y), = ordinary_fills(operands)
    y = torch.where(y == 0, torch.ones_like(y), y)
    function(x, y)
    y.reshape(-1)[-1] = 0
    with pytest.raises(mind.RunError) as raised:
        function(x, y)
    assert raised.value.code == "E6005"
    # A failed call leaves nothing behind.
    y.reshape(-1)[-1] = 2
    function(x, y)


def test_first_error_in_program_order():
    source = ("fn main(a: Tensor<i32,[4]>, b: Tensor<i32,[4]>, c: Tensor<i32,[4]>) {\n"
              "    let q = a / b;\n"
              "    let r = a % c;\n"
              "    r + q * q\n"
              "}\n")
    function = mind.compile(source)
    one, zero = torch.ones(4, dtype=torch.int32), torch.zeros(4, dtype=torch.int32)
    for b, c, line in [(zero, one, 2), (one, zero, 3), (zero, zero, 2)]:
        with pytest.raises(mind.RunError) as raised:
            function(one, b, c)
        assert (raised.value.code, raised.value.line) == ("E6005", line)


def test_error_in_a_called_function():
    """It is reported where it is written, not where it is called."""
    source = ("fn quotient(a: i32, b: i32) -> i32 {\n"
              "    a / b\n"
              "}\n"
              "fn main(a: i32, b: i32) -> i32 {\n"
              "    quotient(a, 1) + quotient(a, b)\n"
              "}\n")
    one, zero = torch.tensor(1, dtype=torch.int32), torch.tensor(0, dtype=torch.int32)
    with pytest.raises(mind.RunError) as raised:
        mind.compile(source).main(one, zero)
    assert (raised.value.code, raised.value.line) == ("E6005", 2)


# A body, what its parameter is, values that fail and the message, values that do not.
FAILURES = [
    ("x[i]", "i64", 4, "E6001", "index 4 is out of bounds for axis 0 of extent 4", -4),
    ("x[:, i]", "i64", -6, "E6001", "index -6 is out of bounds for axis 1 of extent 5", 4),
    ("x[1, i] + 1", "i32", 5, "E6001", "index 5 is out of bounds for axis 1 of extent 5", -1),
    ("gather(x, i)", "Tensor<i64,[3]>", [0, -1, 9], "E6001",
     "index -1 is out of bounds for axis 0 of extent 4", [3, 0, 3]),
    ("embedding(x, i)", "Tensor<i32,[2,2]>", [[0, 3], [4, 5]], "E6001",
     "index 4 is out of bounds for axis 0 of extent 4", [[0, 3], [3, 0]]),
    ("scatter_add(x, i, x[0:2])", "Tensor<i64,[2]>", [0, 4], "E6001",
     "index 4 is out of bounds for axis 0 of extent 4", [3, 3]),
    ("one_hot(i, 3)", "Tensor<i64,[2]>", [2, 3], "E6001",
     "index 3 is out of bounds for axis 1 of extent 3", [2, 0]),
    ("pow([2, 3], i)", "Tensor<i64,[2]>", [2, -3], "E6006",
     "integer to the negative power -3", [0, 63]),
]


@pytest.mark.parametrize("body, type_, bad, code, message, good", FAILURES)
def test_failures_are_reported(body, type_, bad, code, message, good):
    function = mind.compile(f"fn main(x: Tensor<f32,[4,5]>, i: {type_}) {{\n  {body}\n}}\n")
    dtype = torch.int32 if "i32" in type_ else torch.int64
    x = torch.ones(4, 5)
    for _ in range(2):
        with pytest.raises(mind.RunError) as raised:
            function(x, torch.tensor(bad, dtype=dtype))
        assert (raised.value.code, raised.value.message, raised.value.line) == (code, message, 2)
        function(x, torch.tensor(good, dtype=dtype))


def test_unused_index_still_fails():
    function = mind.compile("fn main(x: Tensor<f32,[4]>, i: i64) { let unused = x[i]; x }\n")
    function(torch.ones(4), torch.tensor(3))
    with pytest.raises(mind.RunError):
        function(torch.ones(4), torch.tensor(4))


def test_indexing_with_neighbours():
    """What is selected is fused with what comes before and after it."""
    source = """
fn main(x: Tensor<f32,[7,17,5]>, i: i64, ids: Tensor<i64,[3]>) {
    let scaled = x * 2 + 1;
    let part = scaled[i, 1:16:3, :];
    let rows = gather(scaled, ids * 2, axis=1);
    let table = embedding(reshape(x, [-1, 5]), ids) - scaled[0, 0];
    let added = scatter_add(part * 3, ids, part[0:3] * 2);
    (part + part[-1], rows * rows, table, added, one_hot(ids, 6) @ scaled[i, 0:6], x[i][2][1])
}
"""
    operands = [("f32", (7, 17, 5))]
    (x,), = ordinary_fills(operands)
    ids = torch.tensor([4, 0, 2])
    function = mind.compile(source)
    for i in (0, 6, -1, -7):
        scaled = x * 2 + 1
        part = scaled[i, 1:16:3]
        wanted = (part + part[-1], scaled[:, ids * 2] ** 2,
                  x.reshape(-1, 5)[ids] - scaled[0, 0],
                  (part * 3).index_add(0, ids, part[0:3] * 2),
                  scaled[i, :6][ids], x[i][2][1])
        for got, expected in zip(function(x, torch.tensor(i), ids), wanted):
            assert exact(got, expected) is None


def test_functions_may_be_called_like_kernels():
    function = mind.compile("fn kernel_matmul_f32(a: Tensor<f32,[4,5]>, b: Tensor<f32,[5,6]>) { a @ b }\n",
                            entry="kernel_matmul_f32")
    a, b = torch.randn(4, 5), torch.randn(5, 6)
    assert sums(5, a.abs() @ b.abs(), "f32")(function(a, b), a @ b) is None


def test_half_floats_on_old_processors():
    """Their conversions are functions of the compiler's library."""
    source = "fn main(x: Tensor<f64,[3]>) { let half = cast(x, f16); (half, half * half) }\n"
    x = torch.tensor([0.5, 1 / 3, -70000.0], dtype=torch.float64)
    half, square = run(source, (x,), cpu="x86-64")
    assert exact(half, x.half()) is None
    assert exact(square, x.half() * x.half()) is None


SLICES = {
    "a column": ("x[:, 1:2]", lambda x: x[:, 1:2]),
    "a column as a vector": ("reshape(x[:, 1:2], [-1])", lambda x: x[:, 1]),
    "every other element": ("x[:, 0:16:2]", lambda x: x[:, ::2]),
    "a part of many": ("split(x, 16, axis=1).3", lambda x: x[:, 3:4]),
}


@pytest.mark.parametrize("rows", ["19", "N"])
@pytest.mark.parametrize("name", SLICES)
def test_slices_that_several_read(name, rows):
    """They stay where they are, so that the lanes of a vector may lie apart."""
    expression, reference = SLICES[name]
    source = f"fn main(x: Tensor<f32,[{rows},16]>) {{ let part = {expression}; (part * 2, relu(part), part) }}\n"
    (x,), = ordinary_fills([("f32", (19, 16))])
    part = reference(x)
    for kernels in (True, False):
        for got, expected in zip(run(source, (x,), kernels=kernels), (part * 2, part.relu(), part)):
            assert exact(got, expected) is None


def test_unused_division_still_fails():
    """A division that may fail is not removed with its result."""
    function = mind.compile("fn main(a: i32, b: i32) { let unused = a / b; a }\n")
    one, zero = torch.tensor(1, dtype=torch.int32), torch.tensor(0, dtype=torch.int32)
    assert function(one, one).item() == 1
    with pytest.raises(mind.RunError):
        function(one, zero)


def test_folded_constants_are_what_would_be_computed():
    """The same expression on constants and on parameters."""
    source = ("fn folded() { let a: Tensor<f32,[2,3]> = 0.1; let b: Tensor<f32,[3]> = 3.0; "
              "(a * b + 0.7) / b - a }\n"
              "fn main(a: Tensor<f32,[2,3]>, b: Tensor<f32,[3]>) { (a * b + 0.7) / b - a }\n")
    module = mind.compile(source)
    computed = module.main(torch.full((2, 3), 0.1), torch.full((3,), 3.0))
    folded = torch.as_tensor(module.folded())
    assert exact(folded, computed) is None


@pytest.mark.parametrize("value", [0.0, -0.0, math.inf, math.nan])
def test_neutral_elements_are_exact(value):
    function = mind.compile("fn main(a: f32) { (a + 0.0, a - 0.0, a * 1.0, a / 1.0) }\n")
    x = torch.tensor(value)
    for actual, expected in zip(function(x), (x + 0.0, x - 0.0, x * 1.0, x / 1.0)):
        assert exact(actual, expected) is None


@pytest.mark.parametrize("dtype", ["f32", "f16", "u8", "bool"])
def test_triangles_that_are_broadcast(dtype):
    """Rows and columns are those of the triangle, not of what it is broadcast to."""
    f = mind.compile(f"""fn main(c: Tensor<bool,[7,5]>, x: Tensor<{dtype},[1,1]>,
                                 y: Tensor<{dtype},[1,5]>, z: Tensor<{dtype},[7,1]>) {{
      (where(c, tril(x, k=1), y), where(c, triu(z, k=-2), x), where(c, tril(y), triu(y, k=2)))
    }}""")
    operands = [("bool", (7, 5)), (dtype, (1, 1)), (dtype, (1, 5)), (dtype, (7, 1))]
    for c, x, y, z in ordinary_fills(operands):
        expected = (torch.where(c, x.tril(1), y), torch.where(c, z.triu(-2), x),
                    torch.where(c, y.tril(), y.triu(2)))
        for got, wanted in zip(f(c, x, y, z), expected):
            assert exact(got, wanted) is None


@pytest.mark.parametrize("dtype", ["f32", "f64", "f16"])
def test_angles_of_zeros_that_are_known(dtype):
    f = mind.compile(f"""fn main(x: Tensor<{dtype},[3]>) {{
      let zero = zeros([3], {dtype});
      (atan2(zero, zero) + x, atan2(-zero, zero) + x, atan2(zero, -zero) + x)
    }}""")
    x = torch.zeros(3, dtype=DTYPES[dtype])
    pi = torch.full([3], math.pi, dtype=x.dtype)
    for got, wanted in zip(f(x), (x, x, pi)):
        assert exact(got, wanted) is None


# What occurs several times in a program is one function that is called.
EQUAL = {
    "layers": ("let h = softmax(x @ w + b, axis=-1); let h = softmax(h @ v + b, axis=-1); softmax(h @ w + b, axis=-1)",
               lambda x, w, v, b: (((x @ w + b).softmax(-1) @ v + b).softmax(-1) @ w + b).softmax(-1)),
    "several results": ("let h = relu(x @ w + b); (relu(h @ v + b), h, relu(x @ v + b))",
                        lambda x, w, v, b: (((x @ w + b).relu() @ v + b).relu(), (x @ w + b).relu(),
                                            (x @ v + b).relu())),
    "views between": ("let p = transpose(x @ w, [1, 0]); let q = transpose(x @ v, [1, 0]); "
                      "let s = softmax(p, axis=0) @ q; softmax(q[0:5], axis=0) + softmax(s[2:7], axis=0) + p[0:5]",
                      lambda x, w, v, b: (x @ v).T[0:5].softmax(0) + (x @ w).T[0:5]
                      + ((x @ w).T.softmax(0) @ (x @ v).T)[2:7].softmax(0)),
    "a loop": ("let h = x @ w + b; for _ in 0..3 { h = tanh(h @ v) * 0.5; } tanh(h @ v) * 0.5",
               lambda x, w, v, b: functools.reduce(lambda h, _: torch.tanh(h @ v) * 0.5, range(4), x @ w + b)),
    "many layers": ("let h = x; " + "let h = relu(h @ w + b); let h = softmax(h @ v, axis=-1); " * 8 + "(h, h @ w)",
                    lambda x, w, v, b: ((h := functools.reduce(
                        lambda h, _: ((h @ w + b).relu() @ v).softmax(-1), range(8), x)), h @ w)),
    "conditions": ("let p = x > 0.1; let q = w > 0.1; cast(!p, f32) + cast(!q, f32) + cast(!(p == q), f32)",
                   lambda x, w, v, b: (~(x > 0.1)).to(x) + (~(w > 0.1)).to(x) + (~((x > 0.1) == (w > 0.1))).to(x)),
}


@pytest.mark.parametrize("name", EQUAL)
@pytest.mark.parametrize("kernels", [True, False])
def test_equal_groups(name, kernels):
    source, reference = EQUAL[name]
    operands = [("f32", shape) for shape in ((17, 17), (17, 17), (17, 17), (17,))]
    inputs, = ordinary_fills(operands)
    x, w, v, b = inputs[0], inputs[1] / 17, inputs[2] / 17, inputs[3]
    results = run(f"fn main(x: Tensor<f32,[17,17]>, w: Tensor<f32,[17,17]>, v: Tensor<f32,[17,17]>, "
                  f"b: Tensor<f32,[17]>) {{ {source} }}\n", [x, w, v, b], kernels=kernels)
    expected = reference(*(t.double() for t in (x, w, v, b)))
    if isinstance(expected, torch.Tensor):
        results, expected = (results,), (expected,)
    for actual, wanted in zip(results, expected, strict=True):
        assert sums(100, wanted.abs() + 1, "f32")(actual, wanted) is None


def test_a_last_lane_is_not_written_wider_than_it_is():
    """Rows end in one lane, whose value is truncated; `i` lies behind them in memory."""
    function = mind.compile("""
    fn main(x: Tensor<i32,[17]>, c: bool, y: Tensor<i64,[16,17]>) -> Tensor<i32,[17]> {
      let i = abs(x) % 17;
      let g = gather(y, i, axis=1) as i32;
      println(stack([g, g, g], axis=2));
      if c { i = i * i; }
      i
    }""")
    x = torch.arange(17, dtype=torch.int32) + 3
    with contextlib.redirect_stdout(io.StringIO()):
        i = function(x, torch.tensor(False), torch.full((16, 17), -5, dtype=torch.int64))
    assert i.tolist() == (x % 17).tolist()
