# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sweeps: programs made from the lines of a list that was fixed beforehand.

A list in bench/shapes is one of two kinds:

  NAME.txt   products of matrices, a line `M N K` each; MLPs, whose layers are
             `equal N` or have `distinct N` shapes; modules of functions with
             `operations N` in all; or
             `attention HEADS QUERIES KEYS SIZE`, with `causal` at the end or not
  NAME.json  expressions: ``name``; ``mind`` and ``torch``, the expression in
             either language (there with torch and torch.nn.functional as F);
             ``cases``, each the shape of every operand and of the ``result``, and
             where the result has sums the extent of the longest as ``sum``;
             ``dtypes`` of operands and result that are not f32
"""

import dataclasses
import json
import math
import pathlib

import numpy as np

from mind.bench import programs

CLASSES = {"overhead": 2**16, "cache": 2**22, "memory": math.inf}
"""Size classes, and the bytes of operands and result that each stays below."""

ROUNDINGS = 16
"""A chain of operations rounds as often as a sum of so many terms."""

MODEL = """import torch
from torch.nn import functional as F


class Model(torch.nn.Module):
    def forward(self, {parameters}):
        return {expression}
"""


@dataclasses.dataclass(frozen=True)
class Case:
    """One line of a sweep. Shapes have the operands in order, then `result`."""

    name: str
    mind: str
    torch: str
    shapes: dict
    dtypes: dict
    reduction_length: int
    magnitude: str = "operands"
    flops: int = 0
    """Multiplications and additions, where these are what bounds the time."""

    @property
    def operands(self):
        return [name for name in self.shapes if name != "result"]

    @property
    def bytes(self):
        """Of operands and result."""
        sizes = {name: np.dtype(programs.DTYPES[self.dtype(name)]).itemsize for name in self.shapes}
        return sum(size * math.prod(self.shapes[name]) for name, size in sizes.items())

    @property
    def size_class(self):
        return next(name for name, limit in CLASSES.items() if self.bytes < limit)

    def dtype(self, name):
        return self.dtypes.get(name, "f32")

    def type(self, name):
        shape = ",".join(map(str, self.shapes[name]))
        return f"Tensor<{self.dtype(name)},[{shape}]>" if shape else self.dtype(name)

    def write(self, folder):
        """Makes it a program's folder."""
        folder.mkdir(parents=True)
        parameters = ", ".join(f"{name}: {self.type(name)}" for name in self.operands)
        source = f"fn main({parameters}) -> {self.type('result')} {{\n  {self.mind}\n}}\n"
        (folder / "program.mind").write_text(source)
        (folder / "model.py").write_text(MODEL.format(parameters=", ".join(self.operands), expression=self.torch))
        fields = {
            "description": self.mind,
            "size_class": self.size_class,
            "reduction_length": self.reduction_length,
            "magnitude": self.magnitude,
            "flops": self.flops,
            "bytes": self.bytes,
            "parameters": [
                {"name": name, "shape": self.shapes[name], "dtype": self.dtype(name), "torch": "input"}
                for name in self.operands
            ],
        }
        (folder / "program.json").write_text(json.dumps(fields))


WIDTHS = {"equal": lambda layer: 64, "distinct": lambda layer: 16 + layer}
"""The width before each layer of an MLP."""


@dataclasses.dataclass(frozen=True)
class Mlp:
    """So many layers relu(x @ w + b) on 8 rows, to be compiled only."""

    kind: str
    layers: int

    @property
    def name(self):
        return f"{self.kind}-{self.layers}"

    def write(self, folder):
        """Makes it a program's folder."""
        folder.mkdir(parents=True)
        widths = [WIDTHS[self.kind](layer) for layer in range(self.layers + 1)]
        parameters, body = [f"x: Tensor<f32,[8,{widths[0]}]>"], []
        for i, (before, after) in enumerate(zip(widths, widths[1:])):
            parameters.append(f"w{i}: Tensor<f32,[{before},{after}]>, b{i}: Tensor<f32,[{after}]>")
            body.append(f"  let x = relu(x @ w{i} + b{i});\n")
        head = f"fn main({', '.join(parameters)}) -> Tensor<f32,[8,{widths[-1]}]>"
        (folder / "program.mind").write_text(f"{head} {{\n{''.join(body)}  x\n}}\n")
        fields = {
            "description": f"MLP of {self.layers} layers, {self.kind}",
            "size_class": self.kind,
            "front_end_only": True,
            "layers": self.layers,
        }
        (folder / "program.json").write_text(json.dumps(fields))


FUNCTION = """fn layer{i}(x: Tensor<f32,[8,{rows}]>, w: Tensor<f32,[{rows},{columns}]>, b: Tensor<f32,[{columns}]>) -> Tensor<f32,[8,{columns}]> {{
  let h = relu(x @ w + b);
  let s = h * h - b;
  let t = sigmoid(s) + tanh(h);
  sqrt(t) * s
}}
"""
OPERATIONS_OF_FUNCTION = 10


@dataclasses.dataclass(frozen=True)
class Functions:
    """A module of functions of ten operations, so many in all, for the front end."""

    operations: int

    @property
    def name(self):
        return f"operations-{self.operations}"

    def write(self, folder):
        """Makes it a program's folder."""
        count, rest = divmod(self.operations, OPERATIONS_OF_FUNCTION)
        if rest or not count:
            raise ValueError(f"operations {self.operations}: not a multiple of {OPERATIONS_OF_FUNCTION}")
        folder.mkdir(parents=True)
        with open(folder / "program.mind", "w") as file:
            for i in range(count):
                file.write(FUNCTION.format(i=i, rows=16 + 8 * (i % 7), columns=16 + 8 * (i % 5)))
        fields = {
            "description": f"module of {count:,} functions, {self.operations:,} operations",
            "size_class": "front end",
            "front_end_only": True,
            "operations": self.operations,
        }
        (folder / "program.json").write_text(json.dumps(fields))


def attention(heads, queries, keys, size, causal):
    """Heads of one size, one beside the other."""
    name = "x".join(map(str, [heads, queries, keys, size]))
    seen = sum(min(i + 1, keys) for i in range(queries)) if causal else queries * keys
    key_shape, query_shape = [1, heads, keys, size], [1, heads, queries, size]
    return Case(
        f"{name}-causal" if causal else name,
        f"attention(q, k, v, causal={str(causal).lower()})",
        f"F.scaled_dot_product_attention(q, k, v, is_causal={causal})",
        {"q": query_shape, "k": key_shape, "v": key_shape, "result": query_shape},
        {},
        keys + size,
        magnitude="result",
        flops=4 * heads * seen * size,
    )


def lines(text):
    """The cases of the lines of a list."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if words[0] in WIDTHS:
            kind, layers = words
            yield Mlp(kind, int(layers))
        elif words[0] == "operations":
            (count,) = words[1:]
            yield Functions(int(count))
        elif words[0] == "attention":
            yield attention(*map(int, words[1:5]), causal=words[5:] == ["causal"])
        else:
            m, n, k = map(int, words)
            shapes = {"x": [m, k], "w": [k, n], "result": [m, n]}
            yield Case(f"{m}x{n}x{k}", "x @ w", "x @ w", shapes, {}, k, flops=2 * m * n * k)


def expressions(text):
    """The cases of a JSON list of expressions."""
    for expression in json.loads(text):
        for case in expression["cases"]:
            shapes = {name: shape for name, shape in case.items() if name != "sum"}
            size = "x".join(map(str, max(shapes.values(), key=math.prod)))
            yield Case(
                f"{expression['name']}-{size}",
                expression["mind"],
                expression["torch"],
                shapes,
                expression.get("dtypes", {}),
                max(case.get("sum", 1), ROUNDINGS),
                magnitude="result",
            )


READERS = {".txt": lines, ".json": expressions}


def find(root, name):
    """The list `name` under `root`, or the file of that path."""
    known = sorted(path for path in pathlib.Path(root).iterdir() if path.suffix in READERS)
    for path in known:
        if path.stem == name:
            return path
    if pathlib.Path(name).suffix not in READERS:
        names = ", ".join(path.stem for path in known)
        raise programs.ProgramError(f"no sweep '{name}': neither one of {names} nor a .txt or .json file")
    return pathlib.Path(name)


def load(path, folder):
    """The programs of a list, whose folders are made under `folder`."""
    try:
        cases = list(READERS[path.suffix](path.read_text(encoding="utf-8")))
        for case in cases:
            case.write(folder / case.name)
    except FileExistsError as error:
        raise programs.ProgramError(f"{path}: two cases are called {pathlib.Path(error.filename).name}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise programs.ProgramError(f"{path} is no list of cases: {type(error).__name__}: {error}")
    return [programs.load(folder / case.name) for case in cases]
