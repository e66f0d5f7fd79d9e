// RUN: mind-opt %s --mind-bufferize | FileCheck %s --check-prefix=MEMORY
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-destination-passing),mind-bufferize,func.func(mind-plan-workspace),mind-lower-abi,mind-convert-to-llvm)' | FileCheck %s --check-prefix=CALL

// The plan is made where the strides are known; a panel of B is packed in
// scratch memory of the workspace.
// MEMORY-LABEL: func.func @packed
// MEMORY: %[[SCRATCH:.*]] = memref.alloc() : memref<{{.*}}xi8>
// MEMORY: mind.kernel.matmul ins(%{{.*}}, %{{.*}} : memref<256x256xf32{{.*}}>, memref<256x512xf32{{.*}}>) outs(%{{.*}} : memref<256x512xf32{{.*}}>) scratch(%[[SCRATCH]] : memref<{{.*}}xi8>) {{.*}}plan = array<i64: 256, 512, 256, 256, 1, 512, 1, 512, 0, 0, 1,

// Kernels that do the same share their constant.
// CALL: llvm.func @mind_kernel_matmul_f32(!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr)
// CALL: llvm.mlir.global private constant @mind.plan.0(dense<{{.*}}> : tensor<32xi64>)
// CALL-NOT: llvm.mlir.global
// CALL: llvm.func @mind_packed
// CALL-COUNT-2: llvm.call @mind_kernel_matmul_f32
func.func @packed(%x: tensor<256x256xf32>, %w: tensor<256x512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>) {
  %e = tensor.empty() : tensor<256x512xf32>
  %0 = mind.kernel.matmul ins(%x, %w : tensor<256x256xf32>, tensor<256x512xf32>) outs(%e : tensor<256x512xf32>) {batch = 0 : i64, level = 1 : i64} -> tensor<256x512xf32>
  %f = tensor.empty() : tensor<256x512xf32>
  %1 = mind.kernel.matmul ins(%x, %w : tensor<256x256xf32>, tensor<256x512xf32>) outs(%f : tensor<256x512xf32>) {batch = 0 : i64, level = 1 : i64} -> tensor<256x512xf32>
  return %0, %1 : tensor<256x512xf32>, tensor<256x512xf32>
}
