//===- Roof.cpp - what a core can do at most -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Roof.h"
#include "Tiles.h"

namespace mind::kernels {

template <typename T> int64_t multiplyAdd(int64_t count, CpuLevel level) {
  const TileTable<T> &table = tileTable<T>(level);
  return table.multiplyAdd(count);
}

template int64_t multiplyAdd<float>(int64_t, CpuLevel);
template int64_t multiplyAdd<double>(int64_t, CpuLevel);

} // namespace mind::kernels
