// RUN: mind-opt %s --mind-inline-groups | FileCheck %s

// CHECK-LABEL: func @main
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: %[[A:.*]] = math.exp %[[X]]
  // CHECK-NEXT: %[[B:.*]] = math.sqrt %[[A]]
  // CHECK-NEXT: return %[[B]]
  %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
    %1 = math.exp %a : tensor<4xf32>
    mind.yield %1 : tensor<4xf32>
  }
  %1 = mind.group (%a = %0 : tensor<4xf32>) -> tensor<4xf32> {
    %2 = math.sqrt %a : tensor<4xf32>
    mind.yield %2 : tensor<4xf32>
  }
  return %1 : tensor<4xf32>
}
