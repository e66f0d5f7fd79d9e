# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention among what surrounds it in models, by a kernel and by generated
code, against LibTorch in f64."""

import math

import pytest
import torch

import mind
from rows.attention import attention, judge

WITH_AND_WITHOUT = pytest.mark.parametrize("kernels", [True, False])

# Batch, queries, heads, size of a head.
HEADS = [(1, 1, 1, 1), (2, 7, 3, 5), (1, 67, 4, 16), (2, 33, 2, 40)]


def heads_apart(x, shape):
    return x.reshape(shape).transpose(1, 2)


@WITH_AND_WITHOUT
@pytest.mark.parametrize("batch, queries, heads, size", HEADS)
def test_heads_of_one_tensor(batch, queries, heads, size, kernels):
    """Queries, keys and values are parts of one tensor, whose heads lie side by
    side, as those of the result."""
    width = heads * size
    apart = f"[{batch}, {queries}, {heads}, {size}]"
    source = f"""
fn apart(x: Tensor<f32,[{batch},{queries},{width}]>) -> Tensor<f32,[{batch},{heads},{queries},{size}]> {{
    transpose(reshape(x, {apart}), [0, 2, 1, 3])
}}
fn main(x: Tensor<f32,[{batch},{queries},{3 * width}]>) -> Tensor<f32,[{batch},{queries},{width}]> {{
    let (q, k, v) = split(x, 3, axis=-1);
    let y = attention(apart(q), apart(k), apart(v), causal=true);
    reshape(transpose(y, [0, 2, 1, 3]), [{batch}, {queries}, {width}])
}}
"""
    x = torch.randn(batch, queries, 3 * width, generator=torch.Generator().manual_seed(1))
    actual = mind.compile(source, kernels=kernels).main(x)
    q, k, v = (heads_apart(part, (batch, queries, heads, size)) for part in x.split(width, -1))
    expected = attention(q, k, v, causal=True)
    assert judge(heads_apart(actual, (batch, queries, heads, size)), expected, (q, k, v)) is None


@WITH_AND_WITHOUT
def test_computed_operands(kernels):
    """What attention reads and what reads it is computed around it."""
    operand = "Tensor<f32,[2,19,8]>"
    source = f"""
fn main(q: {operand}, k: {operand}, v: {operand}) -> {operand} {{
    attention(q + k, k * 2.0, relu(v), scale=0.5) * 4.0
}}
"""
    q, k, v = torch.randn(3, 2, 19, 8, generator=torch.Generator().manual_seed(2))
    actual = mind.compile(source, kernels=kernels)(q, k, v)
    operands = q + k, k * 2, v.relu()
    expected = attention(*operands, scale=0.5)
    assert judge(actual / 4, expected, operands, scale=0.5) is None


@WITH_AND_WITHOUT
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_special_values(dtype, kernels):
    """Rows that see nothing, NaN, infinity less infinity, infinite values that
    count and that are hidden."""
    name = {torch.float32: "f32", torch.float64: "f64"}[dtype]
    source = f"""
fn main(q: Tensor<{name},[9,2]>, k: Tensor<{name},[300,2]>, v: Tensor<{name},[300,3]>,
        mask: Tensor<{name},[9,300]>) -> Tensor<{name},[9,3]> {{
    attention(q, k, v, mask)
}}
"""
    random = torch.Generator().manual_seed(3)
    q, k, v = (torch.randn(n, m, generator=random, dtype=dtype)
               for n, m in [(9, 2), (300, 2), (300, 3)])
    mask = torch.zeros(9, 300, dtype=dtype)
    mask[0] = -math.inf
    mask[1, 290] = math.nan
    mask[2, 7] = math.inf
    mask[3, :299] = -math.inf
    mask[4, 299] = 1e30
    mask[5, :280] = -1e30
    q[6, 0] = math.nan
    q[7, 1] = math.inf
    v[11, 0] = math.inf
    v[13, 1] = math.nan
    actual = mind.compile(source, kernels=kernels)(q, k, v, mask)
    weights = torch.softmax(q.double() @ k.double().T / math.sqrt(2) + mask.double(), -1)
    weights[0] = 0
    expected = weights @ v.double()
    # Where all weights are 0, so is the row.
    expected[0] = 0
    torch.testing.assert_close(actual.double(), expected, equal_nan=True, rtol=1e-4, atol=1e-5)
