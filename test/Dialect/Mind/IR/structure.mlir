// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// CHECK-LABEL: func @constant
func.func @constant() -> tensor<2xi32> {
  // CHECK: mind.constant dense<[1, 2]> : tensor<2xi32>
  %0 = mind.constant dense<[1, 2]> : tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: func @group
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>
func.func @group(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: mind.group (%[[A:.*]] = %[[X]] : tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) attributes {note = "kept"} {
  // CHECK-NEXT: %[[E:.*]] = mind.exp %[[A]]
  // CHECK-NEXT: mind.yield %[[E]], %[[A]] : tensor<4xf32>, tensor<4xf32>
  %0:2 = mind.group (%a = %x : tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) attributes {note = "kept"} {
    %1 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %1, %a : tensor<4xf32>, tensor<4xf32>
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func @empty_group
func.func @empty_group() {
  // CHECK: mind.group () {
  // CHECK-NEXT: }
  mind.group () {
  }
  return
}

// CHECK-LABEL: func @record_error
func.func @record_error(%condition: i1, %index: i64, %extent: index) {
  // CHECK: mind.record_error %{{[^,]*}}, 6005, "integer division by zero"{{$}}
  mind.record_error %condition, 6005, "integer division by zero"
  // CHECK: mind.record_error %{{[^,]*}}, 6001, "index {0} is out of bounds for axis 1 of extent {1}"(%{{.*}}, %{{.*}} : i64, index)
  mind.record_error %condition, 6001, "index {0} is out of bounds for axis 1 of extent {1}"(%index, %extent : i64, index)
  return
}

// CHECK-LABEL: func @sizes
func.func @sizes() -> (index, tensor<i64>) attributes {mind.sizes = ["B", "T"]} {
  // CHECK: mind.require <["B - 2"]> at_least 1, 3006, "dimension 0 of [B - 2] is {0}, and must be at least 1"
  mind.require <["B - 2"]> at_least 1, 3006, "dimension 0 of [B - 2] is {0}, and must be at least 1"
  // CHECK: mind.require <["B", "T", "4"]>, 3011, "shape [B, T] has more than 2^63 - 1 elements"
  mind.require <["B", "T", "4"]>, 3011, "shape [B, T] has more than 2^63 - 1 elements"
  // CHECK: mind.size "B"{{$}}
  %0 = mind.size "B"
  // CHECK: mind.extent "4*B*T - 1" : tensor<i64>
  %1 = mind.extent "4*B*T - 1" : tensor<i64>
  return %0, %1 : index, tensor<i64>
}
