# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MIND, a compiler for a small tensor language."""
