# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmark: MIND beside torch.compile, depth by depth.

``docs/benchmarking.md`` says what is measured. The orchestrator runs here;
everything that is timed runs in a child process (``workers.py``).
"""
