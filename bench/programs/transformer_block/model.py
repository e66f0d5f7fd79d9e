# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A block of a transformer, normalised first: d 256, 4 heads, causal."""

import torch
from torch.nn import functional


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = torch.nn.LayerNorm(256)
        self.qkv = torch.nn.Linear(256, 768)
        self.out = torch.nn.Linear(256, 256)
        self.norm2 = torch.nn.LayerNorm(256)
        self.up = torch.nn.Linear(256, 1024)
        self.down = torch.nn.Linear(1024, 256)

    def forward(self, x):
        q, k, v = (heads(t) for t in self.qkv(self.norm1(x)).split(256, -1))
        a = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        y = x + self.out(a.transpose(1, 2).reshape(x.shape))
        return y + self.down(functional.gelu(self.up(self.norm2(y))))


def heads(x):
    """[B, T, 256] as [B, 4, T, 64]."""
    return x.view(x.shape[0], x.shape[1], 4, 64).transpose(1, 2)
