# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conv2d(64, 64, 3, padding=1) and ReLU."""

import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(64, 64, 3, padding=1)

    def forward(self, x):
        return torch.relu(self.conv(x))
