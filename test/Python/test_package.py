# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The Python package: compile and call, both kinds of array, and errors."""

import subprocess
import sys
import threading

import numpy as np
import pytest

import mind

AFFINE = """
fn main(x: Tensor<f32,[2,3]>, w: Tensor<f32,[3,4]>, b: Tensor<f32,[4]>) -> Tensor<f32,[2,4]> {
    relu(matmul(x, w) + b)
}
fn twice(x: Tensor<f32,[3]>) -> Tensor<f32,[3]> { x * 2 }
"""


@pytest.fixture(scope="module")
def affine():
    return mind.compile(AFFINE)


@pytest.fixture(scope="module")
def inputs():
    generator = np.random.default_rng(1)
    return [generator.standard_normal(shape, dtype=np.float32)
            for shape in [(2, 3), (3, 4), (4,)]]


def expected(x, w, b):
    return np.maximum(x @ w + b, 0)


def test_numpy_in_numpy_out(affine, inputs):
    result = affine(*inputs)
    assert isinstance(result, np.ndarray)
    assert (result.dtype, result.shape) == (np.float32, (2, 4))
    np.testing.assert_allclose(result, expected(*inputs), rtol=1e-5, atol=1e-6)


def test_torch_in_torch_out(affine, inputs):
    torch = pytest.importorskip("torch")
    result = affine(*map(torch.from_numpy, inputs))
    assert isinstance(result, torch.Tensor)
    np.testing.assert_allclose(result.numpy(), expected(*inputs), rtol=1e-5, atol=1e-6)


def test_strided_and_read_only_inputs(affine, inputs):
    x, w, b = inputs
    strided = np.asfortranarray(w)
    x.flags.writeable = False
    try:
        result = affine(x, strided, np.repeat(b, 2)[::2])
    finally:
        x.flags.writeable = True
    np.testing.assert_allclose(result, expected(x, w, b), rtol=1e-5, atol=1e-6)


def placed_at(array, offset):
    """A copy of `array` that begins `offset` bytes after a multiple of 64."""
    memory = np.zeros(array.nbytes + 128, np.uint8)
    begin = -memory.ctypes.data % 64 + offset
    view = memory[begin:begin + array.nbytes]
    view[:] = np.frombuffer(array.tobytes(), np.uint8)
    return view.view(array.dtype).reshape(array.shape)


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("offset", [4, 20, 60, 1, 2, 63])
def test_inputs_anywhere_in_memory(offset, kernels):
    f = mind.compile("fn main(x: Tensor<f32,[37,64]>, w: Tensor<f32,[64,96]>) "
                     "{ softmax(relu(matmul(x, w))) }", kernels=kernels)
    generator = np.random.default_rng(1)
    x, w = (generator.standard_normal(shape, dtype=np.float32)
            for shape in [(37, 64), (64, 96)])
    result = f(placed_at(x, offset), placed_at(w, offset))
    np.testing.assert_array_equal(result, f(x, w))


def test_offsets_that_are_no_multiple_of_an_element():
    f = mind.compile("fn main(x: Tensor<f64,[8]>, n: Tensor<i32,[8]>) "
                     "{ x * 2 + n as f64 }")
    x, n = np.arange(8.0), np.arange(8, dtype=np.int32)
    memory = bytes(4) + x.tobytes()
    result = f(np.frombuffer(memory, np.float64, offset=4), placed_at(n, 1))
    np.testing.assert_array_equal(result, x * 3)
    torch = pytest.importorskip("torch")
    result = f(torch.frombuffer(bytearray(memory), dtype=torch.float64, offset=4),
               torch.from_numpy(n))
    np.testing.assert_array_equal(result.numpy(), x * 3)


def test_inputs_are_not_changed(affine, inputs):
    before = [array.copy() for array in inputs]
    affine(*inputs)
    for old, new in zip(before, inputs):
        np.testing.assert_array_equal(old, new)


def test_each_call_gives_a_fresh_result(affine, inputs):
    first, second = affine(*inputs), affine(*inputs)
    first[:] = 0
    np.testing.assert_allclose(second, expected(*inputs), rtol=1e-5, atol=1e-6)


def test_signature_and_other_functions(affine):
    assert affine.name == "main"
    assert affine.parameters[0] == ("x", "Tensor<f32, [2, 3]>")
    assert "-> Tensor<f32, [2, 4]>" in affine.signature
    assert affine.main is affine
    np.testing.assert_array_equal(affine.twice(np.float32([1, 2, 3])), [2, 4, 6])
    with pytest.raises(AttributeError):
        affine.thrice


def test_ir_and_timings(affine):
    assert "mind.matmul" in affine.ir("mind")
    assert "linalg." in affine.ir("linalg")
    assert ".text" in affine.ir("object")
    assert "product" in affine.ir("plan")
    assert list(affine.timings)[0] == "parse"
    assert affine.timings["plan"] > 0
    assert mind.compile(AFFINE, tier=1).timings["object"] > 0
    with pytest.raises(ValueError, match="no phase 'nonsense'"):
        affine.ir("nonsense")


def test_tiers(inputs):
    for tier in [0, 1]:
        fixed = mind.compile(AFFINE, tier=tier)
        assert fixed.tier == tier
        np.testing.assert_allclose(fixed(*inputs), expected(*inputs), rtol=1e-5, atol=1e-6)
        assert fixed.twice.tier == tier
        assert fixed._executable.promote() == (tier == 1)
    for options in [{"kernels": False}, {"cpu": "x86-64-v2"}]:
        assert mind.compile(AFFINE, **options).tier == 1
    with pytest.raises(ValueError, match="no tier '2'"):
        mind.compile(AFFINE, tier=2)


def test_goes_on_to_the_next_tier():
    f = mind.compile("""
        fn main(x: Tensor<f32,[99]>) { twice(x) * x + 1.0 }
        fn twice(x: Tensor<f32,[99]>) { x + x }
    """)
    x = np.linspace(-1, 1, 99, dtype=np.float32)
    assert f.tier == 0
    while f.tier == 0:  # Enough calls make it pay.
        np.testing.assert_array_equal(f(x), (x + x) * x + 1)
    np.testing.assert_array_equal(f(x), (x + x) * x + 1)
    assert f.twice.tier == 0
    assert f.twice._executable.promote() and f.twice.tier == 1


def test_stays_where_the_next_tier_is_no_better(inputs):
    f = mind.compile(AFFINE)
    assert not f._executable.promote() and f.tier == 0
    np.testing.assert_allclose(f(*inputs), expected(*inputs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("ending", [
    "", "sys.exit(0)", "f = None", "keep = [f]; keep.append(keep)"])
def test_a_process_may_end_while_it_compiles(ending):
    code = f"""
import sys, mind
f = mind.compile("fn main(x: Tensor<f32,[9,33]>) {{ softmax(sin(x) @ transpose(x)) }}")
f._executable.promote(wait=False)
{ending}
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_path_or_source(tmp_path):
    path = tmp_path / "twice.mind"
    path.write_text("fn twice(x: Tensor<i32,[2]>) -> Tensor<i32,[2]> { x + x }\n")
    for source in [path, str(path)]:
        np.testing.assert_array_equal(mind.compile(source)(np.int32([1, -4])), [2, -8])
    with pytest.raises(FileNotFoundError):
        mind.compile("missing.mind")


@pytest.mark.parametrize("dtype, name", [
    (np.bool_, "bool"), (np.int8, "i8"), (np.uint8, "u8"), (np.int32, "i32"),
    (np.int64, "i64"), (np.float16, "f16"), (np.float32, "f32"), (np.float64, "f64")])
def test_every_dtype_comes_back(dtype, name):
    f = mind.compile(f"fn main(x: Tensor<{name},[2,2]>) -> Tensor<{name},[2,2]> "
                     "{ transpose(x) }")
    x = np.array([[0, 1], [1, 1]], dtype=dtype)
    result = f(x)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, x.T)


def test_compile_error_carries_diagnostics():
    source = "fn main(x: Tensor<f32,[3,4]>, y: Tensor<f32,[3,5]>) -> Tensor<f32,[3,4]> {\n    x + y\n}\n"
    with pytest.raises(mind.CompileError, match="E3001") as caught:
        mind.compile(source)
    [diagnostic] = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.severity) == ("E3001", 2, "error")
    assert mind.check(source) == caught.value.diagnostics
    assert "<string>:2:" in str(diagnostic)


def test_check_of_a_right_program_is_empty():
    assert mind.check(AFFINE) == []


def test_bytes_that_are_not_utf8(tmp_path):
    path = tmp_path / "binary.mind"
    path.write_bytes(b"let x = \xff\xfe;")
    assert mind.check(path)[0].code == "E1001"


def test_named_arguments(affine, inputs):
    x, w, b = inputs
    np.testing.assert_array_equal(affine(x, b=b, w=w), affine(x, w, b))
    with pytest.raises(TypeError, match="has no parameter 'bias'"):
        affine(x, w, bias=b)
    with pytest.raises(TypeError, match="got 'x' twice"):
        affine(x, w, x=x)
    with pytest.raises(TypeError, match="takes 3 arguments, not 4"):
        affine(x, w, b, b=b)


@pytest.mark.parametrize("dtype, value, result", [
    ("f32", 0.1, np.float32(0.1)), ("f64", 0.1, 0.1), ("f16", 1 / 3, np.float16(1 / 3)),
    ("f32", 2, 2.0), ("i64", -2**63, -2**63), ("i8", -128, -128), ("u8", 255, 255),
    ("bool", True, True)])
def test_numbers_are_like_literals(dtype, value, result):
    same = mind.compile(f"fn main(x: {dtype}) -> {dtype} {{ x }}")(value)
    assert same.shape == () and same == result


def test_bfloat16_numbers():
    widen = mind.compile("fn main(x: bf16) -> f32 { x as f32 }")
    assert widen(1 / 3) == np.float32(0.333984375)


@pytest.mark.parametrize("dtype, value, code", [
    ("i64", 1.0, "E2001"), ("bool", 1, "E2001"), ("f32", True, "E2001"),
    ("Tensor<f32,[2]>", 1.0, "E3002")])
def test_numbers_that_do_not_fit(dtype, value, code):
    with pytest.raises(mind.RunError) as caught:
        mind.compile(f"fn main(x: {dtype}) {{ x }}")(value)
    assert caught.value.code == code


@pytest.mark.parametrize("dtype, value", [("i8", 128), ("u8", -1), ("i32", 2**31),
                                          ("i64", 2**63), ("f64", 10**400)])
def test_integers_out_of_range(dtype, value):
    with pytest.raises(OverflowError):
        mind.compile(f"fn main(x: {dtype}) {{ x }}")(value)


def test_wrong_arguments_are_refused(affine, inputs):
    x, w, b = inputs
    with pytest.raises(TypeError, match="takes 3 arguments, not 2"):
        affine(x, w)
    with pytest.raises(TypeError, match="'w' is not an array"):
        affine(x, "w", b)
    with pytest.raises(mind.RunError) as caught:
        affine(x, w, np.zeros(5, np.float32))
    assert caught.value.code == "E3003"
    with pytest.raises(mind.RunError) as caught:
        affine(x, w, b.astype(np.float64))
    assert caught.value.code == "E2001"


def test_run_time_error_has_its_place():
    divide = mind.compile("fn main(x: Tensor<i32,[3]>, y: Tensor<i32,[3]>) -> "
                          "Tensor<i32,[3]> {\n    x / y\n}\n")
    with pytest.raises(mind.RunError) as caught:
        divide(np.int32([1, 2, 3]), np.int32([1, 0, 1]))
    assert (caught.value.code, caught.value.line) == ("E6005", 2)


PRINTS = """fn main(x: Tensor<f32,[2]>, c: bool) -> Tensor<f32,[2]> {
    println("x is", x);
    assert(c, "c is false");
    print("done");
    x
}
"""


def test_prints_go_to_sys_stdout(capsys):
    f = mind.compile(PRINTS)
    f(np.float32([1, 2]), np.bool_(True))
    assert capsys.readouterr().out == "x is [1. 2.]\ndone"
    with pytest.raises(mind.RunError, match="c is false") as caught:
        f(np.float32([1, 2]), np.bool_(False))
    assert (caught.value.code, caught.value.line) == ("E6006", 3)
    assert caught.value.message == "assertion failed: c is false"
    assert capsys.readouterr().out == "x is [1. 2.]\n"


def test_prints_in_order_with_pythons_own(capfd):
    f = mind.compile(PRINTS)
    print("before")
    f(np.float32([1, 2]), np.bool_(True))
    print(", after")
    sys.stdout.flush()
    assert capfd.readouterr().out == "before\nx is [1. 2.]\ndone, after\n"


def test_a_stream_that_fails(monkeypatch):
    """Its exception is raised after the call, and it is not written to again."""
    class Full:
        written = 0

        def write(self, text):
            self.written += 1
            raise OSError("no space left")

    f = mind.compile(PRINTS)
    monkeypatch.setattr(sys, "stdout", Full())
    for c in [True, False]:
        sys.stdout.written = 0
        with pytest.raises(OSError, match="no space left"):
            f(np.float32([1, 2]), np.bool_(c))
        assert sys.stdout.written == 1
    monkeypatch.setattr(sys, "stdout", None)
    f(np.float32([1, 2]), np.bool_(True))


def test_calls_from_several_threads(affine, inputs):
    wanted = expected(*inputs)
    wrong = []

    def work():
        for _ in range(50):
            if not np.allclose(affine(*inputs), wanted, rtol=1e-5, atol=1e-6):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_benchmark_loads_no_compiler():
    code = "import sys, mind.bench; assert 'mind._native' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# Several files

def test_imports_of_a_file_and_of_text(tmp_path, monkeypatch):
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "dense.mind").write_text(
        "fn twice(x: Tensor<f32,[3]>) -> Tensor<f32,[3]> { x * 2 }\n")
    program = ("import layers.dense;\n"
               "fn main(x: Tensor<f32,[3]>) -> Tensor<f32,[3]> { dense.twice(x) + 1 }\n")
    (tmp_path / "main.mind").write_text(program)
    x = np.arange(3, dtype=np.float32)
    f = mind.compile(tmp_path / "main.mind")
    np.testing.assert_array_equal(f(x), x * 2 + 1)
    assert "call @layers.dense.twice" in f.ir("mind")
    with pytest.raises(AttributeError):
        f.twice  # not a function of this file
    with pytest.raises(mind.CompileError, match="there is no file `layers/dense.mind`"):
        mind.compile(program)
    monkeypatch.chdir(tmp_path)
    np.testing.assert_array_equal(mind.compile(program)(x), x * 2 + 1)


def test_diagnostics_name_their_file(tmp_path):
    imported = tmp_path / "b.mind"
    imported.write_text("\nfn f(x: f32) -> f32 { y }\n")
    (tmp_path / "a.mind").write_text("import b;\nfn main(x: f32) -> f32 { b.g(x) }\n")
    first, second = mind.check(tmp_path / "a.mind")
    assert (first.file, first.line) == (str(tmp_path / "a.mind"), 2)
    assert (second.file, second.line) == (str(imported), 2)
    with pytest.raises(mind.CompileError, match="b.mind:2:23"):
        mind.compile(tmp_path / "a.mind")


def test_run_time_errors_name_their_file(tmp_path):
    (tmp_path / "b.mind").write_text("\n\nfn f(x: i32, y: i32) -> i32 { x / y }\n")
    (tmp_path / "a.mind").write_text(
        "import b;\nfn main(x: i32, y: i32) -> i32 { b.f(x, y) }\n")
    f = mind.compile(tmp_path / "a.mind")
    with pytest.raises(mind.RunError) as raised:
        f(np.int32(1), np.int32(0))
    assert (raised.value.file, raised.value.line) == (str(tmp_path / "b.mind"), 3)
