// RUN: mind-opt %s --mind-vectorize="vector-bits=256 registers=16" | FileCheck %s

// Rows that an index selects are read as vectors.
// CHECK-LABEL: func @rows
func.func @rows(%table: tensor<10x64xf32>, %ids: tensor<5xindex>) -> tensor<5x64xf32> {
  // CHECK: %[[ROW:.*]] = tensor.extract %{{.*}}[%{{.*}}] : tensor<5xindex>
  // CHECK: vector.transfer_read %{{.*}}[%[[ROW]], %{{.*}}]
  // CHECK-NOT: vector.from_elements
  %0 = mind.group (%t = %table : tensor<10x64xf32>, %i = %ids : tensor<5xindex>) -> tensor<5x64xf32> {
    %e = tensor.empty() : tensor<5x64xf32>
    %1 = linalg.generic {
        indexing_maps = [affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%i : tensor<5xindex>) outs(%e : tensor<5x64xf32>) {
    ^bb0(%row: index, %o: f32):
      %c = linalg.index 1 : index
      %x = tensor.extract %t[%row, %c] : tensor<10x64xf32>
      linalg.yield %x : f32
    } -> tensor<5x64xf32>
    mind.yield %1 : tensor<5x64xf32>
  }
  return %0 : tensor<5x64xf32>
}

// Where the lanes go by the index, each lane is read by itself.
// CHECK-LABEL: func @elements
func.func @elements(%x: tensor<10xf32>, %ids: tensor<16xi32>) -> tensor<16xf32> {
  // CHECK-COUNT-8: tensor.extract %{{.*}} : tensor<10xf32>
  // CHECK: vector.from_elements
  %0 = mind.group (%t = %x : tensor<10xf32>, %i = %ids : tensor<16xi32>) -> tensor<16xf32> {
    %e = tensor.empty() : tensor<16xf32>
    %1 = linalg.generic {
        indexing_maps = [affine_map<(r) -> (r)>, affine_map<(r) -> (r)>],
        iterator_types = ["parallel"]}
        ins(%i : tensor<16xi32>) outs(%e : tensor<16xf32>) {
    ^bb0(%id: i32, %o: f32):
      %at = arith.index_cast %id : i32 to index
      %v = tensor.extract %t[%at] : tensor<10xf32>
      linalg.yield %v : f32
    } -> tensor<16xf32>
    mind.yield %1 : tensor<16xf32>
  }
  return %0 : tensor<16xf32>
}

// Of a search for the best element and its position, only the position is kept.
// CHECK-LABEL: func @position
func.func @position(%x: tensor<8x32xf32>) -> tensor<32xi64> {
  // CHECK: %[[MEMORY:.*]] = tensor.empty() : tensor<32xi64>
  // CHECK-NOT: tensor.empty() : tensor<32xf32>
  // CHECK: scf.for {{.*}} -> (vector<{{.*}}xf32>, vector<{{.*}}xi64>
  %0 = mind.group (%t = %x : tensor<8x32xf32>) -> tensor<32xi64> {
    %least = arith.constant 0xFF800000 : f32
    %zero = arith.constant 0 : i64
    %eb = tensor.empty() : tensor<32xf32>
    %ep = tensor.empty() : tensor<32xi64>
    %b = linalg.fill ins(%least : f32) outs(%eb : tensor<32xf32>) -> tensor<32xf32>
    %p = linalg.fill ins(%zero : i64) outs(%ep : tensor<32xi64>) -> tensor<32xi64>
    %1:2 = linalg.generic {
        indexing_maps = [affine_map<(c, r) -> (r, c)>, affine_map<(c, r) -> (c)>, affine_map<(c, r) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%t : tensor<8x32xf32>) outs(%b, %p : tensor<32xf32>, tensor<32xi64>) {
    ^bb0(%v: f32, %best: f32, %at: i64):
      %i = linalg.index 1 : index
      %here = arith.index_cast %i : index to i64
      %better = arith.cmpf ogt, %v, %best : f32
      %nb = arith.select %better, %v, %best : f32
      %np = arith.select %better, %here, %at : i64
      linalg.yield %nb, %np : f32, i64
    } -> (tensor<32xf32>, tensor<32xi64>)
    mind.yield %1#1 : tensor<32xi64>
  }
  return %0 : tensor<32xi64>
}

// A splat constant that a kernel reads is filled, not kept in the object file.
// CHECK-LABEL: func @splat
func.func @splat(%x: tensor<8x32xf32>) -> tensor<8x16xf32> {
  // CHECK: scf.for
  // CHECK: vector.transfer_write
  // CHECK: mind.kernel.matmul
  %0 = mind.group (%a = %x : tensor<8x32xf32>) -> tensor<8x16xf32> {
    %w = arith.constant dense<1.0> : tensor<32x16xf32>
    %e = tensor.empty() : tensor<8x16xf32>
    %1 = mind.kernel.matmul ins(%a, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%e : tensor<8x16xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x16xf32>
    mind.yield %1 : tensor<8x16xf32>
  }
  return %0 : tensor<8x16xf32>
}
