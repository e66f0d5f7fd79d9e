// RUN: mind-opt %s --mind-to-opt | FileCheck %s

// Calls are inlined, then simplified and fused with the caller; functions that
// nobody outside may call are gone.
// CHECK-NOT: @layer
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<8x4xf32>, %[[W:.*]]: tensor<4x4xf32>)
func.func @main(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  // CHECK: %[[G:.*]] = mind.group (%[[A:.*]] = %[[X]] : tensor<8x4xf32>, %[[B:.*]] = %[[W]] : tensor<4x4xf32>)
  // CHECK-NEXT: %[[M:.*]] = mind.matmul %[[A]], %[[B]]
  // CHECK-NEXT: %[[R:.*]] = mind.relu %[[M]]
  // CHECK-NEXT: %[[S:.*]] = mind.add %[[R]], %[[A]]
  // CHECK-NEXT: mind.yield %[[S]]
  // CHECK: return %[[G]]
  %0 = func.call @layer(%x, %w) : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = mind.relu %0 : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = mind.add %1, %x : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  return %2 : tensor<8x4xf32>
}

func.func private @layer(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = mind.matmul %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = mind.relu %0 : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return %1 : tensor<8x4xf32>
}
// CHECK-NOT: @layer

// Nor is there anything left of what only an unused function calls.
// CHECK-NOT: @outer
// CHECK-NOT: @inner
func.func private @outer(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @inner(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = func.call @innermost(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func private @inner(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @innermost(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = func.call @innermost(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func private @innermost(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mind.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
