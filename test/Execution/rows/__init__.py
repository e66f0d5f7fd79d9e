# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every operation's row, by name."""

from rows import contraction, creation, effect, elementwise, movement, normalization, reduction

FAMILIES = (creation, elementwise, contraction, reduction, normalization, movement, effect)
ROWS = {row.name: row for family in FAMILIES for row in family.ROWS}

assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "two rows of one name"
