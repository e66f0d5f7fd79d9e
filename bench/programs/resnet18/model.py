# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ResNet-18, as He et al. describe it and torchvision builds it."""

import torch


class Block(torch.nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm1 = torch.nn.BatchNorm2d(outputs)
        self.conv2 = torch.nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = torch.nn.BatchNorm2d(outputs)
        self.shortcut = torch.nn.Sequential()
        if stride != 1:
            self.shortcut.append(torch.nn.Conv2d(inputs, outputs, 1, stride, bias=False))
            self.shortcut.append(torch.nn.BatchNorm2d(outputs))

    def forward(self, x):
        h = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(h)) + self.shortcut(x))


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.norm = torch.nn.BatchNorm2d(64)
        self.pool = torch.nn.MaxPool2d(3, stride=2, padding=1)
        blocks, inputs = [], 64
        for outputs in (64, 128, 256, 512):
            stride = 1 if outputs == inputs else 2
            blocks += [Block(inputs, outputs, stride), Block(outputs, outputs, 1)]
            inputs = outputs
        self.blocks = torch.nn.Sequential(*blocks)
        self.output = torch.nn.Linear(512, 1000)

    def forward(self, x):
        h = self.blocks(self.pool(torch.relu(self.norm(self.conv(x)))))
        return self.output(h.mean((2, 3)))
