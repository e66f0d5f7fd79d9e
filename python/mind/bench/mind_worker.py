# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times warm calls of MIND from Python: `mind.compile`, NumPy arrays in, the
result allocated by each call. No PyTorch in this process."""

import numpy as np

from mind.bench import clock, jsonlines


class Worker:
    def __init__(self):
        self.functions = {}

    def handle(self, job):
        import mind

        if job["kind"] == "describe":
            mind.check("1")  # Fails where the extension is missing.
            return {}
        key = job["source"], job["threads"], job["kernels"], job["tier"]
        if key not in self.functions:
            inputs = [np.load(path) for path in job["inputs"]]
            function = mind.compile(job["source"], kernels=job["kernels"], tier=job["tier"])
            self.functions[key] = function, inputs
        function, inputs = self.functions[key]
        result = function(*inputs)
        seconds, calls = clock.steady_sample(lambda: function(*inputs))
        if job["output"]:
            np.save(job["output"], result)
        return {"seconds": seconds, "calls": calls, "output": job["output"]}

    def forget(self):
        self.functions.clear()


if __name__ == "__main__":
    jsonlines.serve(Worker())
