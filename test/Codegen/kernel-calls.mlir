// RUN: mind-opt %s --mind-bufferize | FileCheck %s --check-prefix=MEMORY
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-destination-passing),mind-bufferize,mind-plan-workspace,mind-lower-abi,mind-convert-to-llvm)' | FileCheck %s --check-prefix=CALL

// The plan is made where the strides are known; panels of a transposed B are
// packed in scratch memory of the workspace.
// MEMORY-LABEL: func.func @packed
// MEMORY: %[[SCRATCH:.*]] = memref.alloc() : memref<{{.*}}xi8>
// MEMORY: mind.kernel.matmul ins(%{{.*}}, %{{.*}} : memref<256x256xf32{{.*}}>, memref<512x256xf32{{.*}}>) outs(%{{.*}} : memref<256x512xf32{{.*}}>) scratch(%[[SCRATCH]] : memref<{{.*}}xi8>) {{.*}}plan = array<i64: 256, 512, 256, 256, 1, 1, 256, 512, 0, 0, 1,

// Kernels that do the same share their constant.
// CALL: llvm.func @mind.kernel.attention_f32
// CALL: llvm.mlir.global private constant @mind.plan.1
// CALL: llvm.func @mind.kernel.matmul_f32(!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr)
// CALL: llvm.mlir.global private constant @mind.plan.0(dense<{{.*}}> : tensor<{{[0-9]+}}xi64>)
// CALL-NOT: llvm.mlir.global
// CALL: llvm.func @mind_packed
// CALL-COUNT-2: llvm.call @mind.kernel.matmul_f32
func.func @packed(%x: tensor<256x256xf32>, %w: tensor<512x256xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>) {
  %e = tensor.empty() : tensor<256x512xf32>
  %0 = mind.kernel.matmul ins(%x, %w : tensor<256x256xf32>, tensor<512x256xf32>) outs(%e : tensor<256x512xf32>) {batch = 0 : i64, level = 1 : i64, transposeB} -> tensor<256x512xf32>
  %f = tensor.empty() : tensor<256x512xf32>
  %1 = mind.kernel.matmul ins(%x, %w : tensor<256x256xf32>, tensor<512x256xf32>) outs(%f : tensor<256x512xf32>) {batch = 0 : i64, level = 1 : i64, transposeB} -> tensor<256x512xf32>
  return %0, %1 : tensor<256x512xf32>, tensor<256x512xf32>
}

// Strides are numbers of the plan: three heads of one tensor, of which each row
// has 12 elements. The mask that is not there is null.
// MEMORY-LABEL: func.func @heads
// MEMORY: %[[SPACE:.*]] = memref.alloc() : memref<{{.*}}xi8>
// MEMORY: mind.kernel.attention ins(%[[X:.*]], %[[X]], %[[X]] : memref<5x3x4xf32{{.*}}>, {{.*}}) outs(%{{.*}} : memref<3x5x4xf32{{.*}}>) scratch(%[[SPACE]] : memref<{{.*}}xi8>) {{.*}}plan = array<i64: 5, 5, 4, 4, 12, 1, 12, 1, 12, 1, 4, 1, 0, 0, 3, 4, 4, 4, 0, 20, 1, 0,
// CALL: llvm.func @mind_heads
// CALL: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
// CALL: llvm.call @mind.kernel.attention_f32(%{{.*}}, %[[H:.*]], %[[H]], %[[H]], %[[NULL]], %{{.*}}, %{{.*}})
func.func @heads(%x: tensor<5x3x4xf32>) -> tensor<3x5x4xf32> {
  %e = tensor.empty() : tensor<3x5x4xf32>
  %0 = mind.kernel.attention ins(%x, %x, %x : tensor<5x3x4xf32>, tensor<5x3x4xf32>, tensor<5x3x4xf32>) outs(%e : tensor<3x5x4xf32>)
      {level = 1 : i64, maps = [affine_map<(h, t, s, d, e) -> (t, h, d)>, affine_map<(h, t, s, d, e) -> (s, h, d)>, affine_map<(h, t, s, d, e) -> (s, h, e)>, affine_map<(h, t, s, d, e) -> (h, t, e)>]} -> tensor<3x5x4xf32>
  return %0 : tensor<3x5x4xf32>
}

