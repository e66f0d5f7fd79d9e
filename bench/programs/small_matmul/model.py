# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Linear(20, 30)."""

import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(20, 30)

    def forward(self, x):
        return self.linear(x)
