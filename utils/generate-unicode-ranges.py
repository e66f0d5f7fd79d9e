#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes lib/Syntax/UnicodeRanges.inc: the characters beyond ASCII that may
start or continue an identifier (Unicode's XID_Start and XID_Continue, which
Python's own identifiers follow). Run it with the newest Python at hand:

    python3 utils/generate-unicode-ranges.py > lib/Syntax/UnicodeRanges.inc
"""
import sys
import unicodedata


def ranges(belongs):
    first = None
    for code in range(0x80, sys.maxunicode + 2):
        inside = code <= sys.maxunicode and belongs(chr(code))
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            yield first, code - 1
            first = None


def show(name, belongs):
    print(f"static constexpr CodeRange {name}[] = {{")
    cells = [f"{{0x{a:04X}, 0x{b:04X}}}," for a, b in ranges(belongs)]
    for i in range(0, len(cells), 4):
        print("    " + " ".join(cells[i:i + 4]))
    print("};")


print(f"// Made by utils/generate-unicode-ranges.py from Unicode "
      f"{unicodedata.unidata_version}.")
show("identifierStart", str.isidentifier)
show("identifierContinue", lambda c: ("a" + c).isidentifier())
