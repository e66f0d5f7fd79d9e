# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests find the package mind, and so do the processes that they start: its
Python part in the sources, its extension in the build folder (MIND_BUILD_DIR,
or build)."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.setdefault("MIND_BUILD_DIR", str(ROOT / "build")))

FOLDERS = [str(ROOT / "python"), str(BUILD / "python")]
sys.path[:0] = FOLDERS
os.environ["PYTHONPATH"] = os.pathsep.join(
    [*FOLDERS, *filter(None, [os.environ.get("PYTHONPATH")])])
