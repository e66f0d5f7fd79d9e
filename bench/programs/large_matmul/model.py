# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Linear(1024, 512)."""

import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(1024, 512)

    def forward(self, x):
        return self.linear(x)
