# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mindc run beside NumPy: what it prints, and the files it reads and writes."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
MINDC = Path(os.environ.get("MIND_BUILD_DIR", ROOT / "build")) / "bin" / "mindc"

DTYPES = {"bool": "bool", "i8": "int8", "u8": "uint8", "i32": "int32",
          "i64": "int64", "f16": "float16", "f32": "float32", "f64": "float64"}


def run_identity(folder, dtype, array, *options):
    """Runs a program that gives back its input, and returns what it printed."""
    program, data = folder / "identity.mind", folder / "x.npy"
    shape = ",".join(map(str, array.shape))
    tensor = f"Tensor<{dtype},[{shape}]>"
    program.write_text(f"fn f(x: {tensor}) -> {tensor} {{ x }}\n")
    np.save(data, array)
    done = subprocess.run([MINDC, "run", program, "--input", f"x=@{data}", *options],
                          capture_output=True, check=True)
    return done.stdout


def awkward_arrays(dtype):
    """Arrays that exercise alignment, exponents, wrapping and summaries."""
    generator = np.random.default_rng(3)
    if dtype == "bool":
        yield from (generator.random(shape) < 0.5 for shape in [(), (3,), (2, 2), (1031,)])
        return
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(dtype)
        for shape in [(), (1,), (17,), (2, 3, 5), (40, 40)]:
            yield generator.integers(limits.min, limits.max, shape, dtype=dtype)
            yield np.asarray(generator.integers(0, 9, shape)).astype(dtype)
        return
    for shape in [(), (1,), (7,), (3, 4), (2, 3, 2), (1031,), (3, 400)]:
        values = np.asarray(generator.standard_normal(shape))
        for scaled in [values, np.round(values), values * 1e-5, values * 3e3,
                       values * 10.0 ** generator.integers(-3, 3, shape)]:
            yield np.asarray(scaled).astype(dtype)
    special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0], dtype)
    yield special
    yield special[:3]
    yield special[[3, 4, 1]]
    yield np.array([np.finfo(dtype).max, np.finfo(dtype).tiny, 1 / 3], dtype)
    yield np.array(np.finfo(dtype).smallest_subnormal)


@pytest.mark.parametrize("dtype", DTYPES)
def test_prints_as_numpy_does(tmp_path, dtype):
    for array in awkward_arrays(DTYPES[dtype]):
        assert run_identity(tmp_path, dtype, array).decode() == str(array) + "\n"


@pytest.mark.parametrize("dtype", DTYPES)
def test_files_survive_the_round_trip(tmp_path, dtype):
    for shape in [(), (3,), (2, 3)]:
        array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(DTYPES[dtype])
        run_identity(tmp_path, dtype, array, "--output", tmp_path / "y.npy")
        written = np.load(tmp_path / "y.npy")
        assert (written.dtype, written.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(written, array)
        assert (tmp_path / "y.npy").read_bytes() == (tmp_path / "x.npy").read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["identity.mind", "x.npy", "y.npy"]


def test_bf16_travels_as_its_bits(tmp_path):
    bits = np.array([0x3F80, 0xC000, 0x7FC0], "uint16")
    assert run_identity(tmp_path, "bf16", bits).decode() == "[ 1. -2. nan]\n"
    run_identity(tmp_path, "bf16", bits, "--output", tmp_path / "y.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy").view("uint16"), bits)


def test_every_version_of_the_format(tmp_path):
    array = np.array([[1, 2], [3, 4]], "float32")
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(tmp_path / "v.npy", "wb") as file:
            np.lib.format.write_array(file, array, version=version)
        program = tmp_path / "f.mind"
        program.write_text("fn f(x: Tensor<f32,[2,2]>) -> Tensor<f32,[2,2]> { x }\n")
        done = subprocess.run([MINDC, "run", program, "--input", f"x=@{tmp_path}/v.npy"],
                              capture_output=True, check=True)
        assert done.stdout == b"[[1. 2.]\n [3. 4.]]\n"


@pytest.mark.parametrize("beyond", [0, 1, 2, 4, 32])
def test_elements_lie_anywhere_in_a_file(tmp_path, beyond):
    """Inputs stay where the file is mapped, unless their elements are not aligned there."""
    array = np.arange(20_000, dtype="float32")
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (20000,), }"
    header = header.ljust(118 + beyond)  # After ten bytes before it: 128 + `beyond`.
    file = tmp_path / "x.npy"
    file.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
                     + array.tobytes())
    program = tmp_path / "f.mind"
    program.write_text("fn f(x: Tensor<f32,[20000]>) -> Tensor<f32,[20000]> { x + 1 }\n")
    for tier in "01":  # Its own input may be what a program writes.
        subprocess.run([MINDC, "run", program, "--tier", tier, "--input", f"x=@{file}",
                        "--output", file], check=True)
    np.testing.assert_array_equal(np.load(file), array + 2)
