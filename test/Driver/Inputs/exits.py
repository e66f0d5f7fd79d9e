# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""exits.py CODE COMMAND...: succeeds if the command exits with just that code."""

import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
found = subprocess.run(command).returncode
if found != expected:
    sys.exit(f"exit code {found}, expected {expected}: {' '.join(command)}")
