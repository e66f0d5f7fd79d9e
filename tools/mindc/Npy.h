//===- Npy.h - NumPy's file format -----------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Format versions 1 to 3, little-endian, row-major. NumPy has no bf16: its
// tensors are written as the two-byte records ('<V2') that ml_dtypes writes,
// and read from those or from '<u2'.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_NPY_H
#define MIND_TOOLS_MINDC_NPY_H

#include "Mind/Runtime/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace mind::mindc {

/// Reads an array from the bytes of a file. `expected` only decides between
/// u16 (which MIND lacks) and bf16. On failure the tensor is not valid, and
/// `error` completes the sentence "FILE ...", as in "is not a .npy file". The
/// elements are copied; or, if there is a `keeper` of the bytes and they are
/// what MIND wants, stay where they are.
runtime::Tensor readNpy(llvm::StringRef bytes, DType expected,
                        std::string &error,
                        std::shared_ptr<const void> keeper = nullptr);

void writeNpy(const runtime::Tensor &tensor, llvm::raw_ostream &os);

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_NPY_H
