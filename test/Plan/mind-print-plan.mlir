// RUN: mind-opt %s --mind-print-plan | FileCheck %s

// The plan is printed, and the module stays as it is. Arguments without a name
// are numbered.

// CHECK-LABEL: plan layer(arg0: Tensor<f32, [4, 8]>, w: Tensor<f32, [8, 2]>) -> Tensor<f32, [4, 2]> {
// CHECK-NEXT:    0: product relu arg0[4, 8]: f32, w[8, 2]: f32 -> result0[4, 2]: f32
// CHECK-NEXT:  }
// CHECK-LABEL: plan empty() {
// CHECK-NEXT:  }
// CHECK:       func.func @layer
// CHECK:         mind.group
func.func @layer(%x: tensor<4x8xf32>, %w: tensor<8x2xf32> {mind.name = "w"}) -> tensor<4x2xf32> {
  %y = mind.group (%a = %x : tensor<4x8xf32>, %b = %w : tensor<8x2xf32>) -> tensor<4x2xf32> {
    %0 = mind.matmul %a, %b : (tensor<4x8xf32>, tensor<8x2xf32>) -> tensor<4x2xf32>
    %1 = mind.relu %0 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    mind.yield %1 : tensor<4x2xf32>
  }
  return %y : tensor<4x2xf32>
}

func.func @empty() {
  return
}
