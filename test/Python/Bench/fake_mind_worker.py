#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stands in for `mind-bench --worker` in tests of the benchmark's protocol.

Answers at once with fixed times. Results come from FAKE_RESULT, an .npy file
(a right one or a wrong one), or are zeros.
"""

import json
import os
import sys
import time

DEPTHS = ["parse", "check", "mind", "plan", "linalg", "llvm", "object", "first-run", "steady", "process"]


def answer(job):
    if job["kind"] == "describe":
        depths = [{"name": d, "phase": "", "description": f"up to {d}", "beside": ""} for d in DEPTHS]
        return {"version": "0.0.0", "llvm": "0.0.0", "depths": depths}
    if job["kind"] == "roof":
        return {"fma_flops": 1e9, "bandwidth_bytes": 1e9}
    time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
    if "FAKE_ERROR" in os.environ:
        return {"error": os.environ["FAKE_ERROR"]}
    if "roof" in job:
        return {"seconds": job["roof"] / 1e9, "calls": 1}
    output = None
    if job["depth"] in ("first-run", "steady") and job["output"]:
        output = job["output"]
        with open(os.environ["FAKE_RESULT"], "rb") as source, open(output, "wb") as target:
            target.write(source.read())
    answer = {"seconds": 1e-3, "calls": 1, "output": output}
    return answer | ({"phase_seconds": 2e-4, "operations": 4} if job["depth"] == "plan" else {})


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
