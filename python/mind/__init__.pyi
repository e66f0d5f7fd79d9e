# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
from os import PathLike
from typing import Any, Literal

class Error(Exception): ...

class Diagnostic:
    code: str
    severity: str
    message: str
    file: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    notes: tuple[dict[str, Any], ...]
    help: str | None

class CompileError(Error):
    diagnostics: list[Diagnostic]

class RunError(Error):
    code: str
    message: str
    file: str
    line: int
    column: int

class InternalError(Error):
    reproducer: str

class Function:
    timings: dict[str, float]
    @property
    def name(self) -> str: ...
    @property
    def tier(self) -> int: ...
    @property
    def signature(self) -> str: ...
    @property
    def parameters(self) -> list[tuple[str, str]]: ...
    def ir(self, phase: str) -> str: ...
    def __call__(self, *args: Any, **named: Any) -> Any: ...
    def __getattr__(self, name: str) -> Function: ...

def compile(
    source_or_path: str | PathLike[str],
    *,
    entry: str = "",
    cpu: str = "native",
    tier: int | Literal["auto"] | None = None,
    threads: int = 1,
    kernels: bool = True,
) -> Function: ...
def check(source_or_path: str | PathLike[str]) -> list[Diagnostic]: ...
