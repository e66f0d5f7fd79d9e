# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Set-up changes nothing where all is there, and is of use on other systems."""

import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "utils" / "setup.sh"


def pinned_lines(path):
    lines = (ROOT / path).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


def test_second_setup_does_nothing():
    # `make test` has just run the first.
    done = subprocess.run([SETUP], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_other_system_is_told_what_is_wanted(tmp_path):
    for command in ["bash", "cat", "dirname", "grep", "sed"]:
        os.symlink(shutil.which(command), tmp_path / command)
    done = subprocess.run([shutil.which("bash"), SETUP], capture_output=True,
                          text=True, env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    for line in pinned_lines("utils/debian-packages.txt"):
        assert line in done.stderr
    assert "CMAKE_PREFIX_PATH" in done.stderr


def test_every_package_is_pinned():
    for line in pinned_lines("utils/debian-packages.txt"):
        assert re.fullmatch(r"[a-z0-9+.-]+=[0-9:.+a-z~-]+\*?", line), line
    for path in ["python/requirements.txt", "python/requirements-dev.txt"]:
        for line in pinned_lines(path):
            assert re.fullmatch(r"[A-Za-z0-9_-]+==[0-9.]+", line), line
