#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PyTorch's part of the benchmark alone: no MIND, no build.

    pip install -r python/requirements.txt
    python python/benchmark_pytorch_compile.py

Any of mind-bench's options may follow (see mind-bench --help).
"""

import pathlib
import sys

SAMPLE_SIZE = 10
"""Samples of each cell; cold ones, a fresh process each, take a third of it."""

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

if __name__ == "__main__":
    from mind.bench import cli

    sys.exit(cli.torch_main(SAMPLE_SIZE))
