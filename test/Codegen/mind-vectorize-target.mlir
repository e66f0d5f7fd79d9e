// The machine's vectors decide on tiles.
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-vectorize{vector-bits=512 registers=32}))' | FileCheck %s --check-prefix=WIDE
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-vectorize{vector-bits=128}))' | FileCheck %s --check-prefix=NARROW

// WIDE: math.fma {{.*}} : vector<16xf32>
// NARROW: math.fma {{.*}} : vector<4xf32>
func.func @matmul(%x: tensor<64x64xf32>, %w: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x64xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  %m = linalg.matmul ins(%x, %w : tensor<64x64xf32>, tensor<64x64xf32>) outs(%f : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %m : tensor<64x64xf32>
}
