# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lets mindc crash by a signal while it reads, and prints what it says."""

import signal
import subprocess

process = subprocess.Popen(["mindc", "check", "-"], stdin=subprocess.PIPE,
                           stderr=subprocess.PIPE)
# More than a pipe holds: once this is written, mindc is up and reading.
process.stdin.write(b"/" * (1 << 20))
process.send_signal(signal.SIGSEGV)
print(process.wait())
print(process.stderr.read().decode(), end="")
