# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Configuration of lit for the tests in this folder.

A test is a file whose RUN lines succeed. They may use our tools and LLVM's
FileCheck, not, count and split-file by name; %python, %source and %build (the
roots of the sources and of this build) and %programs (the benchmark's
programs); and %s, %S and %t as everywhere in LLVM.
"""

import os
import sys

import lit.formats

config.name = "MIND"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mind", ".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "Python"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.mind_build_dir, "test")

config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.mind_build_dir, "bin"), config.llvm_tools_dir,
     config.environment["PATH"]])
# A colour code or a narrow terminal must not change what a test reads.
config.environment["NO_COLOR"] = "1"
config.environment["PYTHONPATH"] = os.pathsep.join(
    [os.path.join(config.mind_build_dir, "python"),
     os.path.join(config.mind_source_dir, "python")])

config.substitutions += [
    ("%python", sys.executable),
    ("%programs", os.path.join(config.mind_source_dir, "bench", "programs")),
    ("%source", config.mind_source_dir),
    ("%build", config.mind_build_dir),
]
if config.mind_sanitizer_runtime:
    # The Python that mind-bench starts loads an instrumented extension.
    config.substitutions.insert(0, (
        "mind-bench --python",
        f"env LD_PRELOAD={config.mind_sanitizer_runtime}:libstdc++.so.6 "
        "ASAN_OPTIONS=allow_user_poisoning=0:detect_leaks=0 mind-bench --python"))
