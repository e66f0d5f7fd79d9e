# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays and tensors that go into a call of a compiled function and come out."""

import gc
import resource
import subprocess
import sys
import textwrap
import threading
import weakref

import numpy as np
import pytest

import mind

torch = pytest.importorskip("torch")

DTYPES = {"bool": torch.bool, "i8": torch.int8, "u8": torch.uint8, "i32": torch.int32,
          "i64": torch.int64, "f16": torch.float16, "bf16": torch.bfloat16,
          "f32": torch.float32, "f64": torch.float64}


@pytest.fixture(scope="module", params=[0, 1])
def twice(request):
    return mind.compile("fn main(x: Tensor<f32,[3]>) { x * 2 }", tier=request.param)


@pytest.fixture(scope="module")
def transposed():
    return mind.compile("fn main(x: Tensor<f32,[M,N]>) { transpose(x) }")


def in_new_process(code):
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


# What goes in

@pytest.mark.parametrize("shape", [(), (1,), (7,), (1, 3, 1), (2, 1, 3, 1, 5)])
@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_and_rank(name, shape):
    f = mind.compile(f"fn main(x: Tensor<{name},{list(shape)}>) {{ x }}")
    x = (torch.arange(torch.Size(shape).numel()) % 2 * 3).reshape(shape).to(DTYPES[name])
    y = f(x)
    assert (y.dtype, y.shape, y.stride()) == (x.dtype, x.shape, x.contiguous().stride())
    assert torch.equal(x, y) and x.data_ptr() != y.data_ptr()
    if name != "bf16":
        a = f(x.numpy())
        assert a.dtype == x.numpy().dtype and a.shape == shape
        np.testing.assert_array_equal(a, x.numpy())


@pytest.mark.parametrize("library", [torch, np])
def test_dense_inputs_are_read_in_place(library, monkeypatch):
    """What is printed in the call changes the input, and what follows sees it."""
    f = mind.compile('fn main(x: Tensor<f32,[2,2]>) { println("now"); x + 1 }', tier=0)

    class Stream:
        def write(self, text):
            x[0, 1] = 7

    monkeypatch.setattr(sys, "stdout", Stream())
    x = library.zeros((2, 2), dtype=library.float32)
    assert f(x)[0, 1] == 8
    x = x.T
    assert f(x)[0, 1] == 1  # copied before


def test_tensors_that_are_not_dense(transposed, twice):
    x = torch.arange(12.0).reshape(3, 4)
    for view in [x, x.T, x[:, ::2], x[1:, 1:], x[:1].expand(5, 4), x.flip(0),
                 x.as_strided((2, 2), (1, 1)), x[:, 1:2], x[1:2, ::3]]:
        assert torch.equal(transposed(view), view.T.contiguous())
        np.testing.assert_array_equal(transposed(view.numpy()), view.T.numpy())
    assert torch.equal(twice(torch.ones(1).expand(3)), torch.full((3,), 2.0))


def test_negated_views(twice):
    x = torch.arange(3.0)
    z = torch.complex(x, x + 1).conj()
    assert torch.imag(z).is_neg()
    assert torch.equal(twice(torch.imag(z)), -2 * (x + 1))
    assert torch.equal(twice(torch._neg_view(x)), -2 * x)
    with pytest.raises(TypeError, match="'x' has a dtype that MIND does not have"):
        twice(z)


def test_gradients_do_not_flow(twice):
    x = torch.arange(3.0, requires_grad=True)
    for tensor in [x, x * 1, torch.nn.Parameter(x.detach())]:
        y = twice(tensor)
        assert torch.equal(y, 2 * tensor.detach())
        assert not y.requires_grad and y.is_leaf
    with torch.inference_mode():
        assert torch.equal(twice(x * 1), 2 * x.detach())


def test_derived_classes_give_tensors(twice):
    class Derived(torch.Tensor):
        pass

    x = torch.arange(3.0)
    for tensor in [x.as_subclass(Derived), torch.nn.Parameter(x, requires_grad=False)]:
        y = twice(tensor)
        assert type(y) is torch.Tensor and torch.equal(y, 2 * x)


def test_arrays_of_another_library(twice):
    class Wrapper:
        """An array by the standard's methods only."""
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **named):
            return self.array.__dlpack__(**named)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    x = np.arange(3, dtype=np.float32)
    np.testing.assert_array_equal(twice(Wrapper(x)), x * 2)


@pytest.mark.parametrize("make", [
    lambda x: x.to("meta"), lambda x: x.to_sparse(), lambda x: x.to_mkldnn(),
    lambda x: torch._efficientzerotensor(3), lambda x: torch._to_functional_tensor(x),
    lambda x: [1.0, 2.0, 3.0], lambda x: None, lambda x: "x",
    lambda x: x.numpy().astype(">f4")])
def test_what_has_no_memory_of_ours(twice, make):
    with pytest.raises(TypeError, match="'x' is not an array in the CPU's memory"):
        twice(make(torch.arange(3.0)))


@pytest.mark.filterwarnings("ignore:Accessing the data pointer of FakeTensor")
def test_fake_tensors(twice):
    from torch._subclasses.fake_tensor import FakeTensorMode
    with FakeTensorMode() as mode:
        with pytest.raises(TypeError, match="'x' is not an array in the CPU's memory"):
            twice(mode.from_tensor(torch.arange(3.0)))


@pytest.mark.parametrize("transform", [torch.func.vmap, torch.func.grad])
def test_transforms_are_refused(twice, transform):
    with pytest.raises(TypeError, match="'x' is not an array in the CPU's memory"):
        transform(lambda x: twice(x).sum())(torch.ones(3, 3))


@pytest.mark.parametrize("x, error, message", [
    (torch.zeros(3, dtype=torch.float64), mind.RunError, "E2001.*is f64"),
    (torch.zeros(3, 1), mind.RunError, r"E3002.*has shape \[3, 1\]"),
    (torch.zeros(4), mind.RunError, "E3003.*dimension 0 is 4 and 3"),
    (torch.zeros(8)[::2], mind.RunError, "E3003.*dimension 0 is 4 and 3"),
    (torch.zeros(0), mind.RunError, "E3003.*dimension 0 is 0 and 3"),
    (torch.zeros(3, dtype=torch.int16), TypeError, "'x' has a dtype that MIND"),
    (torch.zeros(3, dtype=torch.uint16), TypeError, "'x' has a dtype that MIND"),
    (torch.zeros(3, dtype=torch.complex64), TypeError, "'x' has a dtype that MIND"),
    (torch.zeros(3).to(torch.float8_e4m3fn), TypeError, "'x' has a dtype that MIND")])
def test_what_does_not_fit(twice, x, error, message):
    with pytest.raises(error, match=message):
        twice(x)
    if x.dtype != torch.float8_e4m3fn:
        with pytest.raises(error, match=message):
            twice(x.numpy())


def test_extents_of_zero(transposed):
    for x in [torch.zeros(0, 3), torch.zeros(3, 0)]:
        for array in [x, x.numpy()]:
            with pytest.raises(mind.RunError, match="E3"):
                transposed(array)


def test_kinds_of_numpy_arrays(twice, tmp_path):
    x = np.arange(3, dtype=np.float32)
    mapped = np.memmap(tmp_path / "x", np.float32, "w+", shape=(3,))
    mapped[:] = x
    for array in [mapped, np.ma.masked_array(x), memoryview(x), x[::-1][::-1]]:
        y = twice(array)
        assert type(y) is np.ndarray
        np.testing.assert_array_equal(y, 2 * x)
    f = mind.compile("fn main(n: i64, x: f64) { (n + 1, x * 2) }")
    assert f(np.int64(2), np.float64(0.25)) == (3, 0.5)
    assert f(np.array(2, np.longlong), 0.25) == (3, 0.5)


def test_one_torch_tensor_makes_all_results_tensors():
    f = mind.compile("fn main(x: Tensor<f32,[2]>, y: Tensor<f32,[2]>, s: f32) "
                     "{ (x + y * s, x - y) }")
    x, y = torch.tensor([1.0, 2.0]), np.float32([3, 4])
    for result in [f(x, y, 2), f(s=2, y=y, x=x)]:
        assert [type(r) for r in result] == [torch.Tensor] * 2
        assert [r.tolist() for r in result] == [[7, 10], [-2, -2]]
    assert all(type(r) is np.ndarray for r in f(x.numpy(), y, 2))


# What comes out

def test_results_are_ordinary_tensors(twice):
    x = torch.arange(3.0)
    y, z = twice(x), twice(x)
    y += 1
    y[0] = 5
    assert y.tolist() == [5, 3, 5] and z.tolist() == [0, 2, 4]
    assert y.numpy().__array_interface__["data"][0] == y.data_ptr()
    (y.requires_grad_() * 2).sum().backward()
    assert y.grad.tolist() == [2, 2, 2]


def test_results_are_ordinary_arrays(twice):
    x = np.arange(3, dtype=np.float32)
    y, z = twice(x), twice(x)
    assert y.flags.c_contiguous and y.flags.writeable and y.flags.aligned
    y += 1
    assert y.tolist() == [1, 3, 5] and z.tolist() == [0, 2, 4]


def test_results_outlive_everything_else():
    f = mind.compile("fn main(x: Tensor<f32,[1000]>) { (x + 1, x * 2) }")
    x = torch.ones(1000)
    kept = [f(x), f(x.numpy())]
    view = kept[0][0][10:20]
    del f, x
    gc.collect()
    for a, b in kept:
        assert a.sum() == b.sum() == 2000
    del kept, a, b
    assert view.tolist() == [2.0] * 10


@pytest.mark.parametrize("kind", ["torch", "numpy"])
def test_nothing_is_kept(kind):
    f = mind.compile("fn main(x: Tensor<f32,[512,512]>) { x + 1 }")
    x = torch.zeros(512, 512)
    views = [x, x.T] if kind == "torch" else [x.numpy(), x.numpy().T]

    def work(times):
        for _ in range(times):
            for view in views:
                f(view)
                with pytest.raises(mind.RunError):
                    f(view[1:])
                with pytest.raises(TypeError):
                    f(view, view)

    counts = [sys.getrefcount(view) for view in views]
    work(2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work(200)
    # In KiB: a result has 1024 of them.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    assert [sys.getrefcount(view) for view in views] == counts


def test_no_object_is_left_after_a_call(twice):
    x = torch.arange(3.0)
    inputs = [x, x.numpy(), torch._neg_view(x), torch.ones(1).expand(3)]
    for value in inputs:
        twice(value)
    gc.collect()
    blocks = sys.getallocatedblocks()
    for _ in range(1000):
        for value in inputs:
            twice(value)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 200


def test_inputs_can_be_freed(twice):
    x = torch.arange(3.0)
    seen = weakref.ref(x)
    y = twice(x)
    del x
    assert seen() is None and y.tolist() == [0, 2, 4]


def test_functions_can_be_freed():
    f = mind.compile("fn main(x: Tensor<f32,[3]>) { x * 2 }", tier=0)
    seen = weakref.ref(f)
    del f
    assert seen() is None


def test_results_freed_by_other_threads(twice):
    """PyTorch may free them without the GIL."""
    x = torch.arange(3.0)
    wrong = []

    def work():
        total = torch.zeros(3, requires_grad=True)
        for _ in range(200):
            loss = (total * twice(x)).sum()  # saves the result for this:
            loss.backward()
        if total.grad.tolist() != [0, 400, 800]:
            wrong.append(total.grad)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# Who calls

def test_in_a_function_that_torch_compiles(twice):
    f = torch.compile(lambda x: twice(x + 1) + 1, backend="eager")
    for _ in range(2):
        assert f(torch.arange(3.0)).tolist() == [3, 5, 7]


def test_under_modes_of_torch(twice):
    class Functions(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            return function(*args, **(kwargs or {}))

    class Operations(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            return function(*args, **(kwargs or {}))

    x = torch.arange(3.0)
    for mode in [Functions(), Operations(), torch.device("meta")]:
        with mode:
            assert twice(x).tolist() == [0, 2, 4]


def test_a_function_that_was_not_made_by_compile(twice):
    unmade = type(twice).__new__(type(twice))
    with pytest.raises(TypeError):
        unmade(np.zeros(3, np.float32))


# Other versions of the libraries

COMMON = """
import numpy as np, torch, mind
f = mind.compile("fn main(x: Tensor<f32,[2,3]>) { x * 2 }")
x = torch.arange(6.0).reshape(2, 3)
def check():
    for t in [x, x.clone().requires_grad_(), torch.nn.Parameter(x), torch._neg_view(x),
              x.T.contiguous().T]:
        y = f(t)
        assert type(y) is torch.Tensor and torch.equal(y, 2 * t.detach())
    a = f(x.numpy())
    assert type(a) is np.ndarray and (a == 2 * x.numpy()).all()
    try:
        f(x.double())
    except mind.RunError as error:
        assert error.code == "E2001"
"""


def test_a_torch_without_the_functions():
    in_new_process(COMMON + "del torch.Tensor.__dlpack_c_exchange_api__\ncheck()")


@pytest.mark.skipif(not hasattr(torch.Tensor, "__dlpack_c_exchange_api__"),
                    reason="this PyTorch publishes no functions")
@pytest.mark.parametrize("chained", [False, True])
def test_a_torch_with_newer_functions(chained):
    """Of another major version: with our version behind it, or without."""
    in_new_process(COMMON + f"""
import ctypes
new, get = ctypes.pythonapi.PyCapsule_New, ctypes.pythonapi.PyCapsule_GetPointer
new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
name = b"dlpack_exchange_api"
class Header(ctypes.Structure):
    _fields_ = [("major", ctypes.c_uint32), ("minor", ctypes.c_uint32),
                ("previous", ctypes.c_void_p), ("unknown", ctypes.c_void_p * 9)]
old = get(torch.Tensor.__dlpack_c_exchange_api__, name)
header = Header(2, 0, old if {chained} else None)
torch.Tensor.__dlpack_c_exchange_api__ = new(ctypes.addressof(header), name, None)
check()
""")


def test_an_attribute_that_is_something_else():
    in_new_process(COMMON + "torch.Tensor.__dlpack_c_exchange_api__ = 1\ncheck()")


def test_a_numpy_without_the_functions():
    in_new_process(COMMON + "import numpy._core._multiarray_umath as core\n"
                            "core._ARRAY_API = None\ncheck()")


def test_without_torch():
    in_new_process("""
        import sys, types
        import mind
        f = mind.compile("fn main(x: f32, y: f32) { x * y }")
        sys.modules["torch"] = None
        assert f(2, 3) == 6  # nothing has loaded NumPy
        import numpy as np
        assert type(f(np.float32(2), np.array(3, np.float32))) is np.ndarray
        sys.modules["torch"] = types.SimpleNamespace(
            Tensor=1, nn=types.SimpleNamespace(Parameter=2))
        assert f(memoryview(np.array(2, np.float32)), 3) == 6
        del sys.modules["torch"]
        import torch
        assert type(f(torch.tensor(2.0), 3)) is torch.Tensor
    """)
