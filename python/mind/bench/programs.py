# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs on disk: a folder with MIND source, a PyTorch module, and shapes.

``program.json`` holds

  parameters       in the order of MIND's `fn main`: ``name``; ``shape`` in
                   PyTorch's layout; ``torch``: "input" or the name of the
                   module's parameter; ``dtype`` (f32 by default); ``range``
                   [low, high) of its values, where the usual do not suit
  reduction_length extent of the longest sum, from which tolerances follow
  magnitude        "result" where tolerances follow the largest value of the
                   result: on absolute operands a deep program grows without end
  variants         MIND sources: ``name``, ``source``, ``permute`` (parameter ->
                   axes that turn PyTorch's layout into the source's) and
                   ``result`` (axes that turn MIND's result into PyTorch's)
  memory_formats   PyTorch's, where more than "contiguous" makes sense
  front_end_only   no model: measured up to the `mind` depth
  default          false: measured only when named
  flops, bytes     multiplications and additions of a call, and bytes of its
                   operands and result, for rates beside the machine's
  layers           of a program that shows how compile time grows
  operations       of one that shows how the front end's does
  yardstick        "matmul" or "mlp": what the front end stands beside
                   (bench/yardstick)
  size_class, description, order (place in reports)
"""

import dataclasses
import importlib.util
import json
import math
import pathlib
import zlib

import numpy as np

DTYPES = {
    "f16": np.float16,
    "f32": np.float32,
    "f64": np.float64,
    "i8": np.int8,
    "u8": np.uint8,
    "i32": np.int32,
    "i64": np.int64,
    "bool": np.bool_,
}


class ProgramError(Exception):
    """A program's folder that cannot be used; the text says why."""


@dataclasses.dataclass(frozen=True)
class Variant:
    """One MIND source of a program, and how it is compiled."""

    name: str
    source: pathlib.Path
    permute: dict
    result: tuple
    kernels: bool = True


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    folder: pathlib.Path
    description: str
    size_class: str
    reduction_length: int
    parameters: tuple
    variants: tuple
    memory_formats: tuple
    front_end_only: bool
    order: int
    default: bool
    magnitude: str
    flops: int
    bytes: int
    layers: int
    operations: int
    yardstick: str
    source_bytes: int
    """Of the main source."""

    def values(self):
        """Parameter name -> array in PyTorch's layout, the same every time."""
        return {p["name"]: self._value(p) for p in self.parameters}

    def _value(self, parameter):
        seed = zlib.crc32(f"{self.name}/{parameter['name']}".encode())
        random = np.random.default_rng(seed)
        shape = parameter["shape"]
        dtype = DTYPES[parameter.get("dtype", "f32")]
        if not np.issubdtype(dtype, np.floating):
            low, high = parameter.get("range", [0, 2])
            return random.integers(low, high, size=shape).astype(dtype)
        if "range" in parameter:
            return random.uniform(*parameter["range"], size=shape).astype(dtype)
        # Weights are scaled so that sums stay near 1 at every depth.
        terms = math.prod(shape[1:]) if len(shape) > 1 else self.reduction_length
        scale = 1 if parameter["torch"] == "input" else terms**-0.5
        return np.asarray(scale * random.standard_normal(shape), dtype)

    def mind_inputs(self, variant, values):
        """`values` in the order and layout of a variant's `fn main`."""
        inputs = []
        for parameter in self.parameters:
            value = values[parameter["name"]]
            axes = variant.permute.get(parameter["name"])
            inputs.append(np.asarray(value if axes is None else value.transpose(axes), order="C"))
        return inputs


def load(folder):
    """Reads a program's folder; raises ProgramError."""
    folder = pathlib.Path(folder).resolve()
    path = folder / "program.json"
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProgramError(f"{folder} is not a program: cannot read program.json ({error.strerror})")
    except ValueError as error:
        raise ProgramError(f"{path} is not JSON: {error}")
    front_end_only = bool(fields.get("front_end_only", False))
    parameters = tuple(fields.get("parameters", ()))
    for parameter in parameters:
        missing = {"name", "shape", "torch"} - parameter.keys()
        if missing:
            raise ProgramError(f"{path}: a parameter lacks {', '.join(sorted(missing))}")
        if parameter.get("dtype", "f32") not in DTYPES:
            raise ProgramError(f"{path}: {parameter['name']} has unknown dtype {parameter['dtype']}")
    variants = []
    for variant in fields.get("variants", [{"name": "", "source": "program.mind"}]):
        source = folder / variant["source"]
        if not source.is_file():
            raise ProgramError(f"{path} names {variant['source']}, which does not exist")
        result = variant.get("result")
        variants.append(
            Variant(
                name=variant["name"],
                source=source,
                permute=variant.get("permute", {}),
                result=tuple(result) if result else None,
            )
        )
    if not front_end_only:
        if not (folder / "model.py").is_file():
            raise ProgramError(f"{folder} has no model.py (or set front_end_only in program.json)")
        variants.append(dataclasses.replace(variants[0], name="generated", kernels=False))
    return Program(
        name=folder.name,
        folder=folder,
        description=fields.get("description", folder.name),
        size_class=fields.get("size_class", "user"),
        reduction_length=int(fields.get("reduction_length", 1)),
        parameters=parameters,
        variants=tuple(variants),
        memory_formats=tuple(fields.get("memory_formats", ["contiguous"])),
        front_end_only=front_end_only,
        order=int(fields.get("order", 100)),
        default=bool(fields.get("default", True)),
        magnitude=fields.get("magnitude", "operands"),
        flops=int(fields.get("flops", 0)),
        bytes=int(fields.get("bytes", 0)),
        layers=int(fields.get("layers", 0)),
        operations=int(fields.get("operations", 0)),
        yardstick=fields.get("yardstick", ""),
        source_bytes=variants[0].source.stat().st_size,
    )


def load_all(root):
    """Every program under `root`, in report order."""
    folders = [path.parent for path in pathlib.Path(root).glob("*/program.json")]
    return sorted(map(load, folders), key=lambda p: (p.order, p.name))


def select(root, names):
    """Programs by name under `root`, or by path; the default ones for no names."""
    if not names:
        return [program for program in load_all(root) if program.default]
    selected = []
    for name in names:
        folder = pathlib.Path(root) / name
        if not (folder / "program.json").is_file():
            folder = pathlib.Path(name)
        if folder.suffix == ".mind":
            folder = folder.parent
        if not folder.exists():
            known = ", ".join(p.name for p in load_all(root))
            raise ProgramError(f"no program '{name}': neither a folder nor one of {known}")
        selected.append(load(folder))
    return selected


def load_model(program, values, torch, dtype=None):
    """A new PyTorch module with the given values, and its inputs.

    The file is executed anew each time, so that the code objects are new too
    and no cache keyed by them can serve an earlier compilation.
    """
    spec = importlib.util.spec_from_file_location("mind_bench_model", program.folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.Model()

    def tensor(parameter):
        x = torch.from_numpy(np.asarray(values[parameter["name"]], order="C"))
        return x.to(dtype) if dtype is not None and x.is_floating_point() else x

    state = {p["torch"]: tensor(p) for p in program.parameters if p["torch"] != "input"}
    if dtype is not None:
        model = model.to(dtype)
    model.load_state_dict(state)
    inputs = [tensor(p) for p in program.parameters if p["torch"] == "input"]
    return model.eval(), inputs
