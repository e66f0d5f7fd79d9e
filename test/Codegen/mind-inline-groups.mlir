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

// What is put into a tensor of rank 0 and taken out again stays in a register.
// CHECK-LABEL: func @scalars
// CHECK-SAME: %[[N:.*]]: i64
func.func @scalars(%n: i64) -> i64 {
  // CHECK-NEXT: %[[A:.*]] = arith.addi %[[N]], %[[N]]
  // CHECK-NEXT: %[[SEVEN:.*]] = arith.constant 7 : i64
  // CHECK-NEXT: %[[R:.*]] = arith.addi %[[A]], %[[SEVEN]]
  // CHECK-NEXT: return %[[R]]
  %k = arith.constant dense<7> : tensor<i64>
  %t = tensor.from_elements %n : tensor<i64>
  %0 = mind.group (%a = %t : tensor<i64>) -> tensor<i64> {
    %1 = tensor.extract %a[] : tensor<i64>
    %2 = arith.addi %1, %1 : i64
    %3 = tensor.empty() : tensor<i64>
    %4 = tensor.insert %2 into %3[] : tensor<i64>
    mind.yield %4 : tensor<i64>
  }
  %1 = tensor.extract %0[] : tensor<i64>
  %2 = tensor.extract %k[] : tensor<i64>
  %3 = arith.addi %1, %2 : i64
  return %3 : i64
}

// Types say no more what symbolic extents are.
// CHECK-LABEL: func @symbolic
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>) -> tensor<?xf32>
func.func @symbolic(%x: tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
  // CHECK-NEXT: %[[Y:.*]] = math.exp %[[X]] : tensor<?xf32>
  // CHECK-NEXT: return %[[Y]] : tensor<?xf32>
  %0 = mind.group (%a = %x : tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
    %1 = math.exp %a : tensor<?xf32, #mind.dims<["B"]>>
    mind.yield %1 : tensor<?xf32, #mind.dims<["B"]>>
  }
  return %0 : tensor<?xf32, #mind.dims<["B"]>>
}
