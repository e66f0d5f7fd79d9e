# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every operation's row, by name."""

from rows import (attention, contraction, creation, effect, elementwise, indexing, movement,
                  normalization, pooling, reduction)

FAMILIES = (creation, elementwise, contraction, attention, reduction, normalization, pooling,
            movement, indexing, effect)
ROWS = {row.name: row for family in FAMILIES for row in family.ROWS}

assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "two rows of one name"
