# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The compiler's own table of operations, from `mindc ops --json`."""

import json
import os
import subprocess

MINDC = os.path.join(os.environ.get("MIND_BUILD_DIR", "build"), "bin", "mindc")


def operations():
    """What the compiler says of each operation, by name."""
    listing = subprocess.run([MINDC, "ops", "--json"], check=True, capture_output=True, text=True)
    return {operation["name"]: operation for operation in json.loads(listing.stdout)}


OPERATIONS = operations()
