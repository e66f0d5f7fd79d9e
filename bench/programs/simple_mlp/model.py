# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""784 -> 256 -> ReLU -> 10."""

import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(784, 256)
        self.output = torch.nn.Linear(256, 10)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x)))
