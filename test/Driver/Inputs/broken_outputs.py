# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""broken_outputs.py FILE DIR: what mindc does when it cannot write.

Prints what each command said and its exit code.
"""

import os
import subprocess
import sys

program, folder = sys.argv[1:]


def show(title, process):
    print(f"{title}: {process.returncode}")
    print(process.stderr.decode(), end="")


def run(*arguments, **options):
    return subprocess.run(["mindc", *arguments], stderr=subprocess.PIPE, **options)


with open("/dev/full", "wb") as full:
    show("full disk", run("run", program, stdout=full))
    show("full disk, help", run("--help", stdout=full))

reader, writer = os.pipe()
os.close(reader)
show("closed pipe", run("run", program, stdout=writer))

show("full device", run("run", program, "--output", "/dev/full"))

os.makedirs(os.path.join(folder, "locked"), exist_ok=True)
target = os.path.join(folder, "locked", "missing", "y.npy")
show("no folder", run("run", program, "--output", target))
print("left behind:", os.listdir(os.path.join(folder, "locked")))
