// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-destination-passing),mind-bufferize)' | FileCheck %s --check-prefix=MEMORY
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-destination-passing),mind-bufferize,mind-plan-workspace,mind-lower-abi,mind-convert-to-llvm)' | FileCheck %s --check-prefix=CALL

// The last call writes where the result goes.
// MEMORY-LABEL: func.func @layers
// MEMORY-SAME: %[[X:.*]]: memref<8x4xf32>, %[[W:.*]]: memref<4x4xf32>, %[[OUT:.*]]: memref<8x4xf32>)
// MEMORY-NEXT: %[[H:.*]] = memref.alloc
// MEMORY-NEXT: mind.call_group @mind.group.0 ins(%[[X]], %[[W]] : memref<8x4xf32>, memref<4x4xf32>) outs(%[[H]] : memref<8x4xf32>)
// MEMORY-NEXT: mind.call_group @mind.group.0 ins(%[[H]], %[[W]] : memref<8x4xf32>, memref<4x4xf32>) outs(%[[OUT]] : memref<8x4xf32>)
// MEMORY-NEXT: return

// CALL-LABEL: llvm.func @mind_layers
// CALL: %[[X:.*]] = llvm.load
// CALL: %[[W:.*]] = llvm.load
// CALL: llvm.call @mind.group.0(%[[X]], %[[W]], %[[H:.*]]) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
// CALL: %[[OUT:.*]] = llvm.load
// CALL: llvm.call @mind.group.0(%[[H]], %[[W]], %[[OUT]])
func.func @layers(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %h = mind.call_group @mind.group.0 ins(%x, %w : tensor<8x4xf32>, tensor<4x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %f = tensor.empty() : tensor<8x4xf32>
  %y = mind.call_group @mind.group.0 ins(%h, %w : tensor<8x4xf32>, tensor<4x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// What is a view of other memory is copied: the function knows dense memory only.
// MEMORY-LABEL: func.func @view
// MEMORY: %[[V:.*]] = memref.subview
// MEMORY: %[[COPY:.*]] = memref.alloc() : memref<8x4xf32>
// MEMORY: mind.call_group @mind.group.0 ins(%[[COPY]]
// CALL-LABEL: llvm.func @mind_view
func.func @view(%x: tensor<8x6xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %v = tensor.extract_slice %x[0, 0] [8, 4] [1, 1] : tensor<8x6xf32> to tensor<8x4xf32>
  %e = tensor.empty() : tensor<8x4xf32>
  %y = mind.call_group @mind.group.0 ins(%v, %w : tensor<8x4xf32>, tensor<4x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// CALL: llvm.func internal @mind.group.0(%[[A:.*]]: !llvm.ptr, %[[B:.*]]: !llvm.ptr, %[[C:.*]]: !llvm.ptr) attributes
// CALL: llvm.call @mind.kernel.matmul_f32(%{{.*}}, %[[A]], %[[B]], {{.*}}, %[[C]], %{{.*}})
// CALL: llvm.return
func.func private @mind.group.0(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = mind.kernel.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x4xf32>) outs(%e : tensor<8x4xf32>) {batch = 0 : i64, level = 1 : i64} -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}
