# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The published benchmark's scalar expression, on a run-time input."""

import torch


class Model(torch.nn.Module):
    def forward(self, x):
        return x + 2 * 3 - 4 / 2
