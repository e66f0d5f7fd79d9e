// RUN: mind-opt %s --mind-vectorize="vector-bits=256 registers=16" --split-input-file | FileCheck %s

// Where only a call knows an extent: tiles of a few vectors, then single
// vectors, then elements.
// CHECK-LABEL: func @lanes
func.func @lanes(%x: tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
  // CHECK: %[[B:.*]] = mind.size "B"
  // CHECK: %[[MEMORY:.*]] = tensor.empty(%[[B]]) : tensor<?xf32, #mind.dims<["B"]>>
  // CHECK: %[[REST:.*]] = arith.remui %[[B]], %c32
  // CHECK: %[[TILES:.*]] = arith.subi %[[B]], %[[REST]]
  // CHECK: %[[R0:.*]] = scf.for %{{.*}} = %c0 to %[[TILES]] step %c32 iter_args(%{{.*}} = %[[MEMORY]])
  // CHECK-COUNT-4: vector.transfer_write
  // CHECK: %[[REST:.*]] = arith.remui %[[B]], %c8
  // CHECK: %[[VECTORS:.*]] = arith.subi %[[B]], %[[REST]]
  // CHECK: %[[R1:.*]] = scf.for %{{.*}} = %[[TILES]] to %[[VECTORS]] step %c8 iter_args(%{{.*}} = %[[R0]])
  // CHECK: vector.transfer_write
  // CHECK: scf.for %{{.*}} = %[[VECTORS]] to %[[B]] step %c1 iter_args(%{{.*}} = %[[R1]])
  // CHECK: tensor.insert
  // CHECK-NOT: linalg
  %0 = mind.group (%a = %x : tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
    %b = mind.size "B"
    %e = tensor.empty(%b) : tensor<?xf32, #mind.dims<["B"]>>
    %1 = linalg.add ins(%a, %a : tensor<?xf32, #mind.dims<["B"]>>, tensor<?xf32, #mind.dims<["B"]>>) outs(%e : tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>>
    mind.yield %1 : tensor<?xf32, #mind.dims<["B"]>>
  }
  return %0 : tensor<?xf32, #mind.dims<["B"]>>
}

// -----

// A contraction over a batch: blocks of rows, then rows, and no rest along
// the lanes.
// CHECK-LABEL: func @rows
func.func @rows(%x: tensor<?x64xf32, #mind.dims<["B", "64"]>>, %w: tensor<64x16xf32>) -> tensor<?x16xf32, #mind.dims<["B", "16"]>> {
  // CHECK: scf.for %{{.*}} = %c0 to %[[BLOCKS:.*]] step %[[ROWS:c[2-9]]]
  // CHECK: scf.for %{{.*}} = %c0 to %c64 step %c1
  // CHECK-COUNT-2: math.fma {{.*}} : vector<8xf32>
  // CHECK: scf.for %{{.*}} = %[[BLOCKS]] to %{{.*}} step %c1
  // CHECK: scf.for %{{.*}} = %c0 to %c64 step %c1
  // CHECK: math.fma {{.*}} : vector<8xf32>
  // CHECK-NOT: linalg
  %0 = mind.group (%a = %x : tensor<?x64xf32, #mind.dims<["B", "64"]>>, %b = %w : tensor<64x16xf32>) -> tensor<?x16xf32, #mind.dims<["B", "16"]>> {
    %size = mind.size "B"
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty(%size) : tensor<?x16xf32, #mind.dims<["B", "16"]>>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x16xf32, #mind.dims<["B", "16"]>>) -> tensor<?x16xf32, #mind.dims<["B", "16"]>>
    %1 = linalg.matmul ins(%a, %b : tensor<?x64xf32, #mind.dims<["B", "64"]>>, tensor<64x16xf32>) outs(%f : tensor<?x16xf32, #mind.dims<["B", "16"]>>) -> tensor<?x16xf32, #mind.dims<["B", "16"]>>
    mind.yield %1 : tensor<?x16xf32, #mind.dims<["B", "16"]>>
  }
  return %0 : tensor<?x16xf32, #mind.dims<["B", "16"]>>
}

// -----

// Of a sum, what is left of the lanes is added to their sum.
// CHECK-LABEL: func @sum
func.func @sum(%x: tensor<?xf32, #mind.dims<["N"]>>) -> tensor<f32> {
  // CHECK: scf.for %{{.*}} = %c0 to %[[BLOCKS:.*]] step
  // CHECK: arith.addf {{.*}} : vector<8xf32>
  // CHECK: scf.for %{{.*}} = %[[BLOCKS]] to %[[VECTORS:.*]] step %c8
  // CHECK: arith.addf {{.*}} : vector<8xf32>
  // CHECK: %[[SUM:.*]] = vector.reduction <add>
  // CHECK: scf.for %{{.*}} = %[[VECTORS]] to %{{.*}} step %c1 iter_args(%{{.*}} = %[[SUM]])
  // CHECK: arith.addf {{.*}} : f32
  %0 = mind.group (%a = %x : tensor<?xf32, #mind.dims<["N"]>>) -> tensor<f32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<f32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
    %1 = linalg.reduce ins(%a : tensor<?xf32, #mind.dims<["N"]>>) outs(%f : tensor<f32>) dimensions = [0]
      (%in: f32, %sum: f32) {
        %2 = arith.addf %in, %sum : f32
        linalg.yield %2 : f32
      }
    mind.yield %1 : tensor<f32>
  }
  return %0 : tensor<f32>
}

// -----

// Stages share loops over a dimension only if it is the same for all sizes;
// the extent of what is stored between them is computed from the sizes.
// CHECK-LABEL: func @rows_in_common
func.func @rows_in_common(%x: tensor<?x64xf32, #mind.dims<["B", "64"]>>) -> tensor<?x64xf32, #mind.dims<["B", "64"]>> {
  // CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c1
  // CHECK: vector.reduction
  // CHECK: vector.transfer_write
  // CHECK-NOT: tensor.empty
  // CHECK: return
  %0 = mind.group (%a = %x : tensor<?x64xf32, #mind.dims<["B", "64"]>>) -> tensor<?x64xf32, #mind.dims<["B", "64"]>> {
    %size = mind.size "B"
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty(%size) : tensor<?xf32, #mind.dims<["B"]>>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>>
    %1 = linalg.reduce ins(%a : tensor<?x64xf32, #mind.dims<["B", "64"]>>) outs(%f : tensor<?xf32, #mind.dims<["B"]>>) dimensions = [1]
      (%in: f32, %sum: f32) {
        %2 = arith.addf %in, %sum : f32
        linalg.yield %2 : f32
      }
    %e2 = tensor.empty(%size) : tensor<?x64xf32, #mind.dims<["B", "64"]>>
    %3 = linalg.generic {
        indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%a, %1 : tensor<?x64xf32, #mind.dims<["B", "64"]>>, tensor<?xf32, #mind.dims<["B"]>>)
        outs(%e2 : tensor<?x64xf32, #mind.dims<["B", "64"]>>) {
    ^bb0(%v: f32, %sum: f32, %o: f32):
      %4 = arith.divf %v, %sum : f32
      linalg.yield %4 : f32
    } -> tensor<?x64xf32, #mind.dims<["B", "64"]>>
    mind.yield %3 : tensor<?x64xf32, #mind.dims<["B", "64"]>>
  }
  return %0 : tensor<?x64xf32, #mind.dims<["B", "64"]>>
}
