# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The classes and functions of the package mind, over the extension _native."""

import atexit
import dataclasses
import json
import os

from mind import _native


class Error(Exception):
    """What mind raises about a program or its data."""


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One message about a program. Lines and columns count from 1, the end is
    exclusive; all are None where a message is about no place."""

    code: str
    severity: str
    message: str
    file: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    notes: tuple
    help: str | None

    def __str__(self):
        place = "" if self.line is None else f"{self.file}:{self.line}:{self.column}: "
        return f"{place}{self.severity}[{self.code}]: {self.message}"


class CompileError(Error):
    """A program is wrong. `diagnostics` says how; as text it reads as it does
    on a terminal."""

    def __init__(self, diagnostics, text):
        super().__init__(text)
        self.diagnostics = diagnostics


class RunError(Error):
    """A call failed: an input does not fit, or an operation reported an error
    (`code`, as in "E6005"). `line` and `column` are 0 where it is about no
    place in the source."""

    def __init__(self, code, message, file, line, column, text):
        super().__init__(text)
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column


class InternalError(Error):
    """The compiler is wrong: please report this, with `reproducer`."""

    def __init__(self, message, reproducer):
        super().__init__(f"internal error in phase {message}")
        self.reproducer = reproducer


def _load(source_or_path):
    """The text, in bytes, and its name. A string is a path if it is one line that
    ends in .mind."""
    if isinstance(source_or_path, str):
        if "\n" in source_or_path or not source_or_path.endswith(".mind"):
            # What is not UTF-8 is the compiler's to reject, with a place.
            return source_or_path.encode("utf-8", "surrogatepass"), "<string>"
    with open(source_or_path, "rb") as file:
        return file.read(), os.fspath(source_or_path)


def _diagnostic(line):
    fields = json.loads(line)
    fields["end_line"] = fields.pop("endLine")
    fields["end_column"] = fields.pop("endColumn")
    fields["notes"] = tuple(fields["notes"])
    return Diagnostic(**fields)


def _diagnostics(compiled):
    return [_diagnostic(line) for line in compiled.diagnostics_json.splitlines()]


# What executes a function unless its caller says so.
default_tier = "auto"

# Made when first used, and shared: it holds what is dear to make.
_session = None


def _compile(source, file_name, stop_after="object", *, entry="", cpu="native",
             tier="auto", threads=1, kernels=True, text=False):
    global _session
    if _session is None:
        _session = _native.Session()
        # What is compiled in the background must not outlive the compiler.
        atexit.register(_session.stop_background_compilation)
    compiled = _session.compile(source, file_name, entry, stop_after, cpu, str(tier),
                                threads, kernels, text)
    if compiled.internal_error:
        raise InternalError(compiled.internal_error, compiled.reproducer)
    return compiled


class Function(_native.Callable):
    """A compiled function of a module: call it on arrays. Other functions of the
    same module are its attributes, compiled when first asked for.

    A call takes arrays and gives the results: alone if there is one, else as a
    tuple. They are torch tensors if an argument is one, and NumPy arrays otherwise.
    Arrays that are dense and aligned to their elements are read where they are;
    others are copied first. A number of Python's is an array of rank 0 and of the
    parameter's dtype, as a literal in a program would be. No gradient flows through
    a call. What the function prints goes to sys.stdout."""

    def __init__(self, source, file_name, entry, options):
        compiled = _compile(source, file_name, entry=entry, **options)
        if not compiled.ok:
            raise CompileError(_diagnostics(compiled), compiled.diagnostics_text)
        super().__init__(compiled.executable)
        self._source = source
        self._file_name = file_name
        self._options = options
        self._executable = compiled.executable
        self._others = {}
        self.timings = dict(compiled.timings)
        """Seconds that each phase took, in order."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name == self.name:
            return self
        if name not in self._others:
            try:
                self._others[name] = Function(self._source, self._file_name, name,
                                              self._options)
            except CompileError as error:
                raise AttributeError(str(error)) from None
        return self._others[name]

    def __repr__(self):
        return f"<mind function {self.signature}>"

    @property
    def name(self):
        """The function's name in the source."""
        return self._executable.name

    @property
    def signature(self):
        """What it takes and gives, as in the source."""
        return self._executable.signature

    @property
    def tier(self):
        """What executes it now: 0, a plan of precompiled kernels, or 1, machine
        code that was generated for it."""
        return self._executable.tier

    @property
    def parameters(self):
        """Pairs of a name and a type, both as in the source."""
        return self._executable.parameters

    def ir(self, phase):
        """What `phase` leaves of the module, as `mindc emit` prints it."""
        return _compile(self._source, self._file_name, phase, entry=self.name,
                        text=True, **(self._options | {"tier": 1})).text


def compile(source_or_path, *, entry="", cpu="native", tier=None, threads=1,
            kernels=True):
    """Compiles MIND source text, or a file (a path, or a string that ends in
    .mind), and returns its function `entry`: `main`, or the only one.

    Tier 0 executes it with precompiled kernels, which takes microseconds to compile;
    tier 1 with machine code, which is faster to run. With `tier` "auto", the default,
    it starts on tier 0; once the time spent in calls has reached what tier 1 takes to
    compile, that is done in the background, and later calls are on tier 1. A `cpu`
    other than "native", and `kernels=False` (all code is generated), are about
    tier 1, and "auto" is tier 1 with them.

    Raises CompileError, with every diagnostic, if the program is wrong."""
    source, file_name = _load(source_or_path)
    return Function(source, file_name, entry,
                    {"cpu": cpu, "tier": default_tier if tier is None else tier,
                     "threads": threads, "kernels": kernels})


def check(source_or_path):
    """The diagnostics of a program; empty if it is right. Raises nothing about
    the program."""
    source, file_name = _load(source_or_path)
    return _diagnostics(_compile(source, file_name, "check"))
