# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Our files keep the conventions of CONTRIBUTING.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "utils"))
import lint  # noqa: E402

LICENCE = f"// {lint.LICENCE}\n"


def test_every_file_keeps_the_conventions(capsys):
    status = lint.main()
    assert capsys.readouterr().out == ""
    assert status == 0


def test_guard_names_the_path():
    assert lint.guard_of("include/Mind/Shape/Dim.h") == "MIND_SHAPE_DIM_H"
    assert lint.guard_of("lib/Shape/Rules.h") == "MIND_LIB_SHAPE_RULES_H"


def test_breaches_are_found():
    guard = "#ifndef MIND_SHAPE_DIM_H\n"
    path = "include/Mind/Shape/Dim.h"
    assert lint.breaches(path, LICENCE + guard) == []
    assert "licence" not in "".join(lint.breaches(path, LICENCE))
    once_for_each = "#ifdef MIND_LIB_A_INL_H\n#undef MIND_LIB_A_INL_H\n"
    assert lint.breaches("lib/A-inl.h", LICENCE + once_for_each) == []
    assert len(lint.breaches("lib/A-inl.h", LICENCE + "#ifndef MIND_LIB_A_INL_H\n")) == 1
    assert lint.breaches(path, LICENCE) == [f"{path}: has no header guard MIND_SHAPE_DIM_H"]
    assert len(lint.breaches(path, guard)) == 1
    assert "900 lines" in lint.breaches("a.cpp", LICENCE + "\n" * 899)[0]
