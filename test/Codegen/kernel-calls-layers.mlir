// RUN: mind-opt %s --mind-bufferize | FileCheck %s --check-prefix=MEMORY
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-destination-passing),mind-bufferize,mind-plan-workspace,mind-lower-abi,mind-convert-to-llvm)' | FileCheck %s --check-prefix=CALL

// Images are padded in scratch memory, some at a time: 128 images make
// four products, each of 32 images.
// MEMORY-LABEL: func.func @padded
// MEMORY: memref.alloc() : memref<{{[0-9]+}}xi8>
// MEMORY: mind.kernel.conv2d {{.*}}padding = array<i64: 1, 1, 1, 1>, plan = array<i64: 5, 8, {{.*}}, 448, 0, 128, 5, 32, 5, 1, 3, 5, 320, 1600, 320, 1, 64, 64>
// CALL: llvm.call @mind.kernel.conv2d_f32
func.func @padded(%x: tensor<128x5x5x64xf32>, %w: tensor<3x3x64x8xf32>) -> tensor<128x5x5x8xf32> {
  %e = tensor.empty() : tensor<128x5x5x8xf32>
  %0 = mind.kernel.conv2d ins(%x, %w : tensor<128x5x5x64xf32>, tensor<3x3x64x8xf32>) outs(%e : tensor<128x5x5x8xf32>) {dilation = 1 : i64, level = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} -> tensor<128x5x5x8xf32>
  return %0 : tensor<128x5x5x8xf32>
}

// A residual is read where it lies; normalised columns are scaled and shifted by
// numbers in scratch memory; eps is a constant of the plan.
// MEMORY-LABEL: func.func @epilogue
// MEMORY: %[[R:.*]] = memref.subview
// MEMORY: memref.alloc() : memref<64xi8>
// MEMORY: mind.kernel.matmul {{.*}} residual(%[[R]] : memref<8x4xf64, strided<[6, 1]>>) {{.*}}plan = array<i64: 8, 4, 2, 2, 1, 4, 1, 4, 6, 0, {{.*}}, 4602678819172646912, 1, 1, 1, 1, 1>
func.func @epilogue(%x: tensor<8x2xf64>, %w: tensor<2x4xf64>, %m: tensor<4xf64>, %wide: tensor<8x6xf64>) -> tensor<8x4xf64> {
  %r = tensor.extract_slice %wide[0, 0] [8, 4] [1, 1] : tensor<8x6xf64> to tensor<8x4xf64>
  %e = tensor.empty() : tensor<8x4xf64>
  %0 = mind.kernel.matmul ins(%x, %w : tensor<8x2xf64>, tensor<2x4xf64>) norm(%m, %m : tensor<4xf64>, tensor<4xf64>) scale(%m : tensor<4xf64>) bias(%m : tensor<4xf64>) residual(%r : tensor<8x4xf64>) outs(%e : tensor<8x4xf64>) {batch = 0 : i64, eps = 0.5 : f64, level = 1 : i64} -> tensor<8x4xf64>
  return %0 : tensor<8x4xf64>
}
