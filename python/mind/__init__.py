# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MIND, a compiler for a small tensor language.

    import mind
    f = mind.compile("fn main(x: Tensor<f32,[3]>) -> Tensor<f32,[3]> { x * 2 }")
    y = f(x)                    # NumPy arrays or torch tensors; same kind out
    f.signature, f.ir("linalg"), f.timings

The compiler is loaded when it is first used, so that `mind.bench` can measure
PyTorch in a process without it.
"""

import pkgutil

# In the build tree the extension lies in a folder of its own.
__path__ = pkgutil.extend_path(__path__, __name__)

__all__ = ["CompileError", "Diagnostic", "Error", "Function", "InternalError",
           "RunError", "check", "compile"]


def __getattr__(name):
    if name in __all__:
        from mind import _api

        return getattr(_api, name)
    raise AttributeError(f"module 'mind' has no attribute '{name}'")


def __dir__():
    return sorted([*globals(), *__all__])
