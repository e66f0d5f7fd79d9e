# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import sys

try:
    import numpy  # noqa: F401
except ModuleNotFoundError:
    print(f"mind-bench: error: {sys.executable} has no NumPy; run: pip install -r python/requirements.txt", file=sys.stderr)
    sys.exit(2)

from mind.bench.cli import main

sys.exit(main())
