# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element types and the values that tests fill tensors with."""

import math

import torch

DTYPES = {
    "bool": torch.bool, "i8": torch.int8, "u8": torch.uint8,
    "i32": torch.int32, "i64": torch.int64, "f16": torch.float16,
    "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64,
}
FLOATS = ("f16", "bf16", "f32", "f64")
INTS = ("i8", "u8", "i32", "i64")
NUMERIC = INTS + FLOATS
ANY = ("bool",) + NUMERIC


def is_float(dtype):
    return dtype in FLOATS


def awkward(dtype):
    """The values that go wrong first, of `dtype`."""
    if dtype == "bool":
        return [False, True]
    if not is_float(dtype):
        info = torch.iinfo(DTYPES[dtype])
        values = [0, 1, 2, 3, 7, 100, info.max, info.max - 1, info.min, info.min + 1]
        return values + ([-1, -2, -3, -7] if info.min < 0 else [])
    info = torch.finfo(DTYPES[dtype])
    positive = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 0.1, 7.25, 20.0, 88.0, 100.0,
                1e-3, 0.7071067811865476, math.pi / 2, math.pi, 10.5,
                info.eps, 1.0 + info.eps, 1.0 - info.eps / 2, info.tiny,
                info.smallest_normal / 2, info.smallest_normal * info.eps,
                info.max, math.sqrt(info.max), math.inf]
    return positive + [-value for value in positive] + [math.nan]


def tensor(dtype, shape, values):
    """A tensor of `shape` that repeats `values`."""
    count = math.prod(shape)
    repeated = [values[i % len(values)] for i in range(count)]
    if is_float(dtype):
        return torch.tensor(repeated, dtype=torch.float64).to(DTYPES[dtype]).reshape(shape)
    return torch.tensor(repeated, dtype=DTYPES[dtype]).reshape(shape)


def ordinary(dtype, shape, generator):
    """Random values of moderate size, whose sums lose nothing to overflow."""
    if is_float(dtype):
        return torch.randn(shape, generator=generator, dtype=torch.float64).to(DTYPES[dtype])
    if dtype == "bool":
        return torch.randint(0, 2, shape, generator=generator).to(torch.bool)
    low = 0 if dtype == "u8" else -9
    return torch.randint(low, 10, shape, generator=generator).to(DTYPES[dtype])


def near_one(dtype, shape, generator):
    """Random values whose products stay finite."""
    if is_float(dtype):
        spread = torch.rand(shape, generator=generator, dtype=torch.float64)
        return (0.96875 + 0.0625 * spread).to(DTYPES[dtype])
    return ordinary(dtype, shape, generator)


def pairs(values, seed):
    """`values` in an order of their own, so that two operands meet in many ways."""
    order = torch.randperm(len(values), generator=torch.Generator().manual_seed(seed))
    return [values[i] for i in order.tolist()]


def awkward_fills(operands):
    """Sets of operands that between them meet every awkward value; the more
    operands and the smaller they are, the more sets."""
    size = max(math.prod(shape) for _, shape in operands)
    longest = max(len(awkward(dtype)) for dtype, _ in operands)
    rounds = min(8 if len(operands) == 1 else 16,
                 (2 if len(operands) > 1 else 1) * -(-longest // size))
    if len(operands) == 1 and size < longest:
        rounds = -(-longest // size)
    for turn in range(rounds):
        fill = []
        for position, (dtype, shape) in enumerate(operands):
            values = awkward(dtype)
            if position:
                values = pairs(values, 31 * turn + position)
            else:
                start = turn * math.prod(shape) % len(values)
                values = values[start:] + values[:start]
            fill.append(tensor(dtype, shape, values))
        yield fill


def ordinary_fills(operands, seed=0, make=ordinary):
    generator = torch.Generator().manual_seed(seed)
    yield [make(dtype, shape, generator) for dtype, shape in operands]
