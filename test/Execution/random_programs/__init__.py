# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random well-typed programs over the whole language, with their meaning beside them.

    program = Program(seed)         # everything follows from the seed
    program.source()                # as text
    program.fills()                 # sets of inputs, ordinary and awkward
    program.run(inputs)             # what LibTorch says of it
    failure(program)                # what a tier says otherwise, or None

- value.py: a tensor beside a bound of how far an element may be off;
- elementwise.py, reduction.py, contraction.py, normalization.py, movement.py,
  indexing.py, creation.py, control.py: how a program grows by an operation of each
  family, and what that means;
- statements.py, program.py: programs;
- check.py: both tiers against LibTorch, and against one another;
- shrink.py: the least program that still fails.
"""

from random_programs.check import failure
from random_programs.program import Program
from random_programs.shrink import shrink

__all__ = ["Program", "failure", "shrink"]
