# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The judge of every row: LibTorch in double precision, in a process alone.

A value passes if |value - reference| <= relative * |reference| + absolute, with
K the program's reduction length and u the dtype's unit roundoff:

  relative  sqrt(K) * 1e-4 for f32 (in proportion to u for other dtypes)
  absolute  sqrt(K) * u * magnitude, where magnitude is what the program gives
            on the absolute values of its operands: the size of the terms that
            cancelled (the reference's largest value, where that overflows, or
            where program.json asks for it)

NaN must meet NaN, and an infinity the same infinity.
"""

import numpy as np


def unit_roundoff(dtype):
    return float(np.finfo(dtype).eps) / 2 if np.issubdtype(dtype, np.floating) else 0.0


def compare(value, reference, magnitude, reduction_length):
    """Whether `value` passes, and the worst error as a share of its tolerance."""
    if value.shape != reference.shape:
        return False, None, f"shape is {list(value.shape)}, expected {list(reference.shape)}"
    roundoff = unit_roundoff(value.dtype)
    growth = reduction_length**0.5
    value, reference = value.astype(np.float64), reference.astype(np.float64)
    usual = np.where(np.isfinite(magnitude), magnitude, np.nanmax(np.abs(reference), initial=0.0))
    tolerance = growth * roundoff * (1e-4 / unit_roundoff(np.float32) * np.abs(reference) + usual)
    finite = np.isfinite(reference)
    same = (value == reference) | (np.isnan(value) & np.isnan(reference))
    with np.errstate(invalid="ignore"):
        error = np.abs(value - reference)
        good = np.where(finite, error <= tolerance, same) | same
        shares = np.where(same, 0.0, error / np.where(tolerance > 0, tolerance, np.inf))
    worst = float(np.nanmax(shares, initial=0.0))
    if good.all():
        return True, worst, ""
    at = tuple(int(i) for i in np.argwhere(~good)[0])
    wrong = f"{int((~good).sum())} of {good.size} values differ, the first at {list(at)}"
    return False, worst, f"{wrong}: {value[at]:.9g}, expected {reference[at]:.9g}"


class Oracle:
    """Computes each program's reference once, and compares results with it."""

    def __init__(self):
        self.references = {}

    def reference(self, folder, values_folder):
        if folder not in self.references:
            import torch

            from mind.bench import programs, torch_worker

            program = programs.load(folder)
            values = torch_worker.load_values(values_folder)
            def result(operands):
                model, inputs = programs.load_model(program, operands, torch, torch.float64)
                with torch.inference_mode():
                    return model(*inputs).numpy()

            reference = result(values)
            if program.magnitude == "result":
                magnitude = np.full_like(reference, np.abs(reference).max())
            else:
                magnitude = result({name: np.abs(x) if x.dtype.kind == "f" else x for name, x in values.items()})
            self.references[folder] = program, reference, magnitude
        return self.references[folder]

    def handle(self, job):
        program, reference, magnitude = self.reference(job["program"], job["values"])
        value = np.load(job["output"])
        if job.get("result") and value.ndim == len(job["result"]):
            value = value.transpose(job["result"])
        correct, worst, message = compare(value, reference, magnitude, program.reduction_length)
        return {"correct": bool(correct), "worst": worst, "message": message}

    def forget(self):
        self.references.clear()


def main():
    from mind.bench import jsonlines

    jsonlines.serve(Oracle())


if __name__ == "__main__":
    main()
