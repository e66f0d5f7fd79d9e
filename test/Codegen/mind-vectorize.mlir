// RUN: mind-opt %s --mind-vectorize --split-input-file | FileCheck %s

// A contraction holds a tile of accumulators in registers; what follows it is
// applied to them. The last tile along a ragged dimension is moved back.
// CHECK-LABEL: func @epilogue
// CHECK-SAME: %[[X:.*]]: tensor<17x8xf32>, %[[W:.*]]: tensor<8x16xf32>, %[[B:.*]]: tensor<16xf32>
func.func @epilogue(%x: tensor<17x8xf32>, %w: tensor<8x16xf32>, %b: tensor<16xf32>) -> tensor<17x16xf32> {
  // CHECK: mind.group (%[[XG:.*]] = %[[X]] : {{.*}}, %[[WG:.*]] = %[[W]] : {{.*}}, %[[BG:.*]] = %[[B]] :
  // CHECK: scf.for %[[I:.*]] = %{{.*}} to %c17 step %[[STEP:.*]] iter_args
  // CHECK: %[[ROW:.*]] = arith.minsi %[[I]]
  // CHECK: %[[ACC:.*]]:{{[0-9]+}} = scf.for %[[K:.*]] = %c0 to %c8 step %c1 iter_args
  // CHECK: %[[A:.*]] = tensor.extract %[[XG]][%[[ROW]], %[[K]]]
  // CHECK: vector.transfer_read %[[WG]][%[[K]], %c0]
  // CHECK: vector.broadcast
  // CHECK: math.fma
  // CHECK: scf.yield
  // CHECK: arith.addf %[[ACC]]#0
  // CHECK: arith.maximumf
  // CHECK: vector.transfer_write
  // CHECK-NOT: linalg
  // CHECK: mind.yield
  %0 = mind.group (%xg = %x : tensor<17x8xf32>, %wg = %w : tensor<8x16xf32>, %bg = %b : tensor<16xf32>) -> tensor<17x16xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<17x16xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<17x16xf32>) -> tensor<17x16xf32>
    %m = linalg.matmul ins(%xg, %wg : tensor<17x8xf32>, tensor<8x16xf32>) outs(%f : tensor<17x16xf32>) -> tensor<17x16xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%m, %bg : tensor<17x16xf32>, tensor<16xf32>) outs(%e : tensor<17x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %s = arith.addf %p, %q : f32
      %t = arith.maximumf %s, %zero : f32
      linalg.yield %t : f32
    } -> tensor<17x16xf32>
    mind.yield %r : tensor<17x16xf32>
  }
  return %0 : tensor<17x16xf32>
}

// -----

// Columns far apart are copied into panels.
// CHECK-LABEL: func @packed
func.func @packed(%x: tensor<512x512xf32>, %w: tensor<512x1024xf32>) -> tensor<512x1024xf32> {
  // CHECK: scf.for %[[J:.*]] = %c0 to %c1024
  // CHECK: %[[PANEL:.*]] = tensor.empty() : tensor<512x{{16|32}}xf32>
  // CHECK: %[[FULL:.*]] = scf.for {{.*}} iter_args({{.*}} = %[[PANEL]])
  // CHECK: scf.for %[[I:.*]] = %c0 to %c512
  // CHECK: scf.for %[[K:.*]] = %c0 to %c512
  // CHECK: vector.transfer_read %[[FULL]][%[[K]], %c0]
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<512x1024xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<512x1024xf32>) -> tensor<512x1024xf32>
  %m = linalg.matmul ins(%x, %w : tensor<512x512xf32>, tensor<512x1024xf32>) outs(%f : tensor<512x1024xf32>) -> tensor<512x1024xf32>
  return %m : tensor<512x1024xf32>
}

// -----

// A dimension shorter than a vector runs under a mask, an elementwise chain is
// one loop, and a broadcast operand is read once.
// CHECK-LABEL: func @masked
func.func @masked(%x: tensor<4x5xf32>, %y: tensor<4xf32>) -> tensor<4x5xf32> {
  // CHECK-DAG: %[[MASK:.*]] = arith.constant dense<[true, true, true, true, true, false, false, false]>
  // CHECK: scf.for %[[I:.*]] = %c0 to %c4
  // CHECK: %[[V:.*]] = vector.transfer_read %{{.*}}[%[[I]], %c0], %{{.*}}, %[[MASK]]
  // CHECK: %[[S:.*]] = tensor.extract %{{.*}}[%[[I]]]
  // CHECK: %[[B:.*]] = vector.broadcast %[[S]]
  // CHECK: %[[P:.*]] = arith.mulf %[[V]], %[[B]]
  // CHECK: %[[N:.*]] = arith.negf %[[P]]
  // CHECK: vector.transfer_write %[[N]], %{{.*}}, %[[MASK]]
  %e = tensor.empty() : tensor<4x5xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<4x5xf32>, tensor<4xf32>) outs(%e : tensor<4x5xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.mulf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<4x5xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%0 : tensor<4x5xf32>) outs(%e : tensor<4x5xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.negf %p : f32
    linalg.yield %s : f32
  } -> tensor<4x5xf32>
  return %1 : tensor<4x5xf32>
}

// -----

// A reduction along contiguous elements: partial sums in the lanes, what is
// left of a vector under a mask, the initial value last.
// CHECK-LABEL: func @sum
func.func @sum(%x: tensor<37xf32>) -> tensor<f32> {
  // CHECK-DAG: %[[INIT:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[NEUTRAL:.*]] = arith.constant dense<{{-?}}0.000000e+00> : vector<8xf32>
  // CHECK-DAG: %[[MASK:.*]] = arith.constant dense<[true, true, true, true, true, false, false, false]>
  // CHECK: %[[TAIL:.*]] = vector.transfer_read %{{.*}}, %{{.*}}, %[[MASK]]
  // CHECK: %[[SUM:.*]] = arith.addf %[[TAIL]], %[[OLD:.*]] :
  // CHECK: %[[LAST:.*]] = arith.select %[[MASK]], %[[SUM]], %[[OLD]]
  // CHECK: vector.reduction <add>, %{{.*}}, %[[INIT]] fastmath<reassoc>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%x : tensor<37xf32>) outs(%f : tensor<f32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// Stages over the same rows share the loop over rows, and pass on what a row
// needs in values or in a row's buffer.
// CHECK-LABEL: func @softmax
func.func @softmax(%x: tensor<10x64xf32>) -> tensor<10x64xf32> {
  // CHECK: scf.for %[[I:.*]] = %c0 to %c10 step %c1
  // CHECK: %[[MAX:.*]] = vector.reduction <maximumf>
  // CHECK: %[[ROW:.*]] = tensor.empty() : tensor<64xf32>
  // CHECK: arith.subf
  // CHECK: math.exp
  // CHECK: %[[SUM:.*]] = vector.reduction <add>
  // CHECK: vector.broadcast %[[SUM]]
  // CHECK: arith.divf
  // CHECK: scf.yield
  // CHECK: scf.yield
  // CHECK: return
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %e1 = tensor.empty() : tensor<10xf32>
  %e2 = tensor.empty() : tensor<10x64xf32>
  %f = linalg.fill ins(%low : f32) outs(%e1 : tensor<10xf32>) -> tensor<10xf32>
  %max = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<10x64xf32>) outs(%f : tensor<10xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.maximumf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<10xf32>
  %exp = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x, %max : tensor<10x64xf32>, tensor<10xf32>) outs(%e2 : tensor<10x64xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.subf %p, %q : f32
    %t = math.exp %s : f32
    linalg.yield %t : f32
  } -> tensor<10x64xf32>
  %g = linalg.fill ins(%zero : f32) outs(%e1 : tensor<10xf32>) -> tensor<10xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%exp : tensor<10x64xf32>) outs(%g : tensor<10xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<10xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%exp, %sum : tensor<10x64xf32>, tensor<10xf32>) outs(%e2 : tensor<10x64xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.divf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<10x64xf32>
  return %0 : tensor<10x64xf32>
}

// -----

// A payload that has no vector form is evaluated lane by lane.
// CHECK-LABEL: func @lookup
// CHECK-SAME: %[[T:.*]]: tensor<9xf32>, %[[I:.*]]: tensor<3xi64>
func.func @lookup(%table: tensor<9xf32>, %ids: tensor<3xi64>) -> tensor<3xf32> {
  // CHECK: %[[V:.*]] = arith.index_cast {{.*}} : vector<{{[0-9]}}xi64> to vector<{{[0-9]}}xindex>
  // CHECK: %[[L0:.*]] = vector.extract %[[V]][0]
  // CHECK: tensor.extract %[[T]][%[[L0]]]
  // CHECK: %[[L2:.*]] = vector.extract %[[V]][2]
  // CHECK: tensor.extract %[[T]][%[[L2]]]
  // CHECK-NOT: vector.extract
  // CHECK: vector.from_elements
  %e = tensor.empty() : tensor<3xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%ids : tensor<3xi64>) outs(%e : tensor<3xf32>) {
  ^bb0(%p: i64, %o: f32):
    %i = arith.index_cast %p : i64 to index
    %s = tensor.extract %table[%i] : tensor<9xf32>
    linalg.yield %s : f32
  } -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// A piece goes to its place, after the padding.
// CHECK-LABEL: func @pad
func.func @pad(%x: tensor<2x8xf32>) -> tensor<3x8xf32> {
  // CHECK: %[[PADDING:.*]] = arith.constant dense<2.000000e+00> : vector<8xf32>
  // CHECK: scf.for
  // CHECK: vector.transfer_write %[[PADDING]]
  // CHECK: scf.for %[[I:.*]] = %c0 to %c2
  // CHECK: vector.transfer_read %{{.*}}[%[[I]], %c0]
  // CHECK: %[[ROW:.*]] = arith.addi %[[I]], %c1
  // CHECK: vector.transfer_write %{{.*}}[%[[ROW]], %c0]
  %c = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<3x8xf32>
  %0 = tensor.pad %x low[1, 0] high[0, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %c : f32
  } : tensor<2x8xf32> to tensor<3x8xf32>
  %1 = linalg.copy ins(%0 : tensor<3x8xf32>) outs(%e : tensor<3x8xf32>) -> tensor<3x8xf32>
  return %1 : tensor<3x8xf32>
}

// -----

// A result that is one number all over is filled.
// CHECK-LABEL: func @uniform
func.func @uniform() -> tensor<100x8xf32> {
  // CHECK: arith.constant dense<1.000000e+00> : vector<8xf32>
  // CHECK: scf.for
  // CHECK: vector.transfer_write
  %0 = arith.constant dense<1.0> : tensor<100x8xf32>
  return %0 : tensor<100x8xf32>
}

// -----

// Views of what an operation that is not ours computes stand behind it.
// CHECK-LABEL: func @views
func.func @views(%a: f32, %b: f32) -> tensor<2x2xf32> {
  // CHECK: %[[LIST:.*]] = tensor.from_elements
  // CHECK: %[[ROWS:.*]] = tensor.expand_shape %[[LIST]]
  // CHECK: tensor.collapse_shape %[[ROWS]]
  // CHECK: vector.transfer_read %[[ROWS]]
  %list = tensor.from_elements %a, %b, %b, %a : tensor<4xf32>
  %rows = tensor.expand_shape %list [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %flat = tensor.collapse_shape %rows [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %0 = linalg.add ins(%rows, %rows : tensor<2x2xf32>, tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = tensor.expand_shape %flat [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %2 = linalg.mul ins(%0, %1 : tensor<2x2xf32>, tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}
