// RUN: mind-opt %s --mind-select-kernels="level=1" | FileCheck %s
// RUN: mind-opt %s --mind-select-kernels="level=1" | mind-opt | FileCheck %s

// CHECK-DAG: #[[HEADS_Q:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d0, d3)>
// CHECK-DAG: #[[HEADS_K:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d3)>
// CHECK-DAG: #[[HEADS_V:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d2, d0, d4)>
// CHECK-DAG: #[[HEADS_M:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d2)>
// CHECK-DAG: #[[HEADS_O:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d0, d4)>

// A product, its bias and its rectifier are one kernel.
// CHECK-LABEL: func @layer
func.func @layer(%x: tensor<8x16xf32>, %w: tensor<16x4xf32>, %b: tensor<4xf32>) -> tensor<8x4xf32> {
  // CHECK: mind.group (%[[X:.*]] = %{{.*}} : tensor<8x16xf32>, %[[W:.*]] = %{{.*}} : tensor<16x4xf32>, %[[B:.*]] = %{{.*}} : tensor<4xf32>)
  // CHECK: linalg.fill
  // CHECK: %[[C:.*]] = tensor.empty() : tensor<8x4xf32>
  // CHECK: %[[K:.*]] = mind.kernel.matmul ins(%[[X]], %[[W]] : tensor<8x16xf32>, tensor<16x4xf32>) bias(%[[B]] : tensor<4xf32>) outs(%[[C]] : tensor<8x4xf32>) {activation = "relu", batch = 0 : i64, level = 1 : i64} -> tensor<8x4xf32>
  // CHECK-NOT: linalg.generic
  // CHECK: mind.yield %[[K]]
  %0 = mind.group (%a = %x : tensor<8x16xf32>, %c = %w : tensor<16x4xf32>, %v = %b : tensor<4xf32>) -> tensor<8x4xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<8x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    %m = linalg.matmul ins(%a, %c : tensor<8x16xf32>, tensor<16x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
    %s = linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%m, %v : tensor<8x4xf32>, tensor<4xf32>) outs(%e : tensor<8x4xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.addf %p, %q : f32
      linalg.yield %t : f32
    } -> tensor<8x4xf32>
    %r = linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%s : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
    ^bb0(%p: f32, %o: f32):
      %z = arith.constant 0.0 : f32
      %t = arith.maximumf %p, %z : f32
      linalg.yield %t : f32
    } -> tensor<8x4xf32>
    mind.yield %r : tensor<8x4xf32>
  }
  return %0 : tensor<8x4xf32>
}

// Axes before the last are rows; a weight that is stored transposed is read so.
// CHECK-LABEL: func @linear
func.func @linear(%x: tensor<2x3x16xf64>, %w: tensor<4x16xf64>) -> tensor<2x3x4xf64> {
  // CHECK: mind.kernel.matmul ins(%{{.*}}, %{{.*}} : tensor<2x3x16xf64>, tensor<4x16xf64>) outs(%{{.*}} : tensor<2x3x4xf64>) {batch = 0 : i64, level = 1 : i64, transposeB}
  %0 = mind.group (%a = %x : tensor<2x3x16xf64>, %c = %w : tensor<4x16xf64>) -> tensor<2x3x4xf64> {
    %zero = arith.constant 0.0 : f64
    %e = tensor.empty() : tensor<2x3x4xf64>
    %f = linalg.fill ins(%zero : f64) outs(%e : tensor<2x3x4xf64>) -> tensor<2x3x4xf64>
    %m = linalg.generic {
        indexing_maps = [affine_map<(i, j, o, k) -> (i, j, k)>, affine_map<(i, j, o, k) -> (o, k)>, affine_map<(i, j, o, k) -> (i, j, o)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%a, %c : tensor<2x3x16xf64>, tensor<4x16xf64>) outs(%f : tensor<2x3x4xf64>) {
    ^bb0(%p: f64, %q: f64, %s: f64):
      %t = arith.mulf %p, %q : f64
      %u = arith.addf %s, %t : f64
      linalg.yield %u : f64
    } -> tensor<2x3x4xf64>
    mind.yield %m : tensor<2x3x4xf64>
  }
  return %0 : tensor<2x3x4xf64>
}

// A transposition of an operand costs nothing.
// CHECK-LABEL: func @transposed
func.func @transposed(%x: tensor<16x8xf32>, %w: tensor<16x4xf32>) -> tensor<8x4xf32> {
  // CHECK: mind.kernel.matmul ins(%{{.*}}, %{{.*}} : tensor<16x8xf32>, tensor<16x4xf32>) outs(%{{.*}}) {batch = 0 : i64, level = 1 : i64, transposeA}
  %0 = mind.group (%a = %x : tensor<16x8xf32>, %c = %w : tensor<16x4xf32>) -> tensor<8x4xf32> {
    %zero = arith.constant 0.0 : f32
    %et = tensor.empty() : tensor<8x16xf32>
    %t = linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%a : tensor<16x8xf32>) outs(%et : tensor<8x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<8x16xf32>
    %e = tensor.empty() : tensor<8x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    %m = linalg.matmul ins(%t, %c : tensor<8x16xf32>, tensor<16x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
    mind.yield %m : tensor<8x4xf32>
  }
  return %0 : tensor<8x4xf32>
}

// Several products at once; a vector is a matrix of one row.
// CHECK-LABEL: func @batch
func.func @batch(%x: tensor<3x8x16xf32>, %w: tensor<3x16x4xf32>, %v: tensor<16xf32>, %y: tensor<8x16xf32>) -> (tensor<3x8x4xf32>, tensor<8xf32>) {
  // CHECK: mind.kernel.matmul ins(%{{.*}}, %{{.*}} : tensor<3x8x16xf32>, tensor<3x16x4xf32>) outs(%{{.*}}) {batch = 1 : i64
  %0 = mind.group (%a = %x : tensor<3x8x16xf32>, %c = %w : tensor<3x16x4xf32>) -> tensor<3x8x4xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<3x8x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<3x8x4xf32>) -> tensor<3x8x4xf32>
    %m = linalg.batch_matmul ins(%a, %c : tensor<3x8x16xf32>, tensor<3x16x4xf32>) outs(%f : tensor<3x8x4xf32>) -> tensor<3x8x4xf32>
    mind.yield %m : tensor<3x8x4xf32>
  }
  // CHECK: mind.kernel.matmul ins(%{{.*}}, %{{.*}} : tensor<16xf32>, tensor<8x16xf32>) outs(%{{.*}} : tensor<8xf32>) {batch = 0 : i64, level = 1 : i64, transposeB}
  %1 = mind.group (%a = %y : tensor<8x16xf32>, %c = %v : tensor<16xf32>) -> tensor<8xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
    %m = linalg.matvec ins(%a, %c : tensor<8x16xf32>, tensor<16xf32>) outs(%f : tensor<8xf32>) -> tensor<8xf32>
    mind.yield %m : tensor<8xf32>
  }
  return %0, %1 : tensor<3x8x4xf32>, tensor<8xf32>
}

// Integers, sums that do not start from 0, and a value that is wanted before
// the bias, are generated.
// CHECK-LABEL: func @left
func.func @left(%x: tensor<8x16xi32>, %w: tensor<16x4xi32>, %y: tensor<8x16xf32>, %z: tensor<16x4xf32>) -> (tensor<8x4xi32>, tensor<8x4xf32>) {
  // CHECK: linalg.matmul
  %0 = mind.group (%a = %x : tensor<8x16xi32>, %c = %w : tensor<16x4xi32>) -> tensor<8x4xi32> {
    %zero = arith.constant 0 : i32
    %e = tensor.empty() : tensor<8x4xi32>
    %f = linalg.fill ins(%zero : i32) outs(%e : tensor<8x4xi32>) -> tensor<8x4xi32>
    %m = linalg.matmul ins(%a, %c : tensor<8x16xi32>, tensor<16x4xi32>) outs(%f : tensor<8x4xi32>) -> tensor<8x4xi32>
    mind.yield %m : tensor<8x4xi32>
  }
  // CHECK: linalg.matmul
  %1 = mind.group (%a = %y : tensor<8x16xf32>, %c = %z : tensor<16x4xf32>) -> tensor<8x4xf32> {
    %one = arith.constant 1.0 : f32
    %e = tensor.empty() : tensor<8x4xf32>
    %f = linalg.fill ins(%one : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    %m = linalg.matmul ins(%a, %c : tensor<8x16xf32>, tensor<16x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
    mind.yield %m : tensor<8x4xf32>
  }
  return %0, %1 : tensor<8x4xi32>, tensor<8x4xf32>
}

// A convolution, whose window's columns may not lie apart.
// CHECK-LABEL: func @convolution
func.func @convolution(%x: tensor<1x9x9x4xf32>, %w: tensor<3x3x4x8xf32>) -> (tensor<1x3x4x8xf32>, tensor<1x7x5x8xf32>) {
  // CHECK: mind.kernel.conv2d ins(%{{.*}}, %{{.*}} : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%{{.*}} : tensor<1x3x4x8xf32>) {dilation = 2 : i64, level = 1 : i64, strides = array<i64: 2, 2>}
  %0 = mind.group (%a = %x : tensor<1x9x9x4xf32>, %b = %w : tensor<3x3x4x8xf32>) -> tensor<1x3x4x8xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<1x3x4x8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
    %c = linalg.conv_2d_nhwc_hwcf {dilations = dense<[2, 1]> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%f : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
    mind.yield %c : tensor<1x3x4x8xf32>
  }
  // CHECK: linalg.conv_2d_nhwc_hwcf
  %1 = mind.group (%a = %x : tensor<1x9x9x4xf32>, %b = %w : tensor<3x3x4x8xf32>) -> tensor<1x7x5x8xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<1x7x5x8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x7x5x8xf32>) -> tensor<1x7x5x8xf32>
    %c = linalg.conv_2d_nhwc_hwcf {dilations = dense<[1, 2]> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%f : tensor<1x7x5x8xf32>) -> tensor<1x7x5x8xf32>
    mind.yield %c : tensor<1x7x5x8xf32>
  }
  return %0, %1 : tensor<1x3x4x8xf32>, tensor<1x7x5x8xf32>
}

// Attention reads and writes heads that lie side by side; a mask stays.
// CHECK-LABEL: func @heads
func.func @heads(%x: tensor<16x4x8xf32>, %m: tensor<16x16xi8>) -> tensor<16x4x8xf32> {
  // CHECK: mind.group (%[[X:.*]] = %{{.*}} : tensor<16x4x8xf32>, %[[M:.*]] = %{{.*}} : tensor<16x16xi8>)
  // CHECK: %[[C:.*]] = tensor.empty() : tensor<16x4x8xf32>
  // CHECK: %[[K:.*]] = mind.kernel.attention ins(%[[X]], %{{.*}}, %[[X]] : tensor<16x4x8xf32>, tensor<4x16x8xf32>, tensor<16x4x8xf32>) mask(%[[M]] : tensor<16x16xi8>) outs(%[[C]] : tensor<16x4x8xf32>) {level = 1 : i64, maps = [#[[HEADS_Q]], #[[HEADS_K]], #[[HEADS_V]], #[[HEADS_M]], #[[HEADS_O]]]} -> tensor<16x4x8xf32>
  // CHECK-NOT: linalg.generic
  // CHECK: mind.yield %[[K]]
  %0 = mind.group (%a = %x : tensor<16x4x8xf32>, %b = %m : tensor<16x16xi8>) -> tensor<16x4x8xf32> {
    %e = tensor.empty() : tensor<4x16x8xf32>
    %t = linalg.generic {
        indexing_maps = [affine_map<(h, t, d) -> (t, h, d)>, affine_map<(h, t, d) -> (h, t, d)>],
        iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%a : tensor<16x4x8xf32>) outs(%e : tensor<4x16x8xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<4x16x8xf32>
    // Other elements than those of the operand: no transposition.
    %n = linalg.generic {
        indexing_maps = [affine_map<(h, t, d) -> (t, h, d)>, affine_map<(h, t, d) -> (h, t, d)>],
        iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%a : tensor<16x4x8xf32>) outs(%e : tensor<4x16x8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %q = arith.negf %p : f32
      linalg.yield %q : f32
    } -> tensor<4x16x8xf32>
    %f = tensor.empty() : tensor<4x16x8xf32>
    %r = mind.kernel.attention ins(%t, %n, %t : tensor<4x16x8xf32>, tensor<4x16x8xf32>, tensor<4x16x8xf32>) mask(%b : tensor<16x16xi8>) outs(%f : tensor<4x16x8xf32>)
        {maps = [affine_map<(h, t, s, d, e) -> (h, t, d)>, affine_map<(h, t, s, d, e) -> (h, s, d)>, affine_map<(h, t, s, d, e) -> (h, s, e)>, affine_map<(h, t, s, d, e) -> (t, s)>, affine_map<(h, t, s, d, e) -> (h, t, e)>]} -> tensor<4x16x8xf32>
    %g = tensor.empty() : tensor<16x4x8xf32>
    %u = linalg.generic {
        indexing_maps = [affine_map<(t, h, e) -> (h, t, e)>, affine_map<(t, h, e) -> (t, h, e)>],
        iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%r : tensor<4x16x8xf32>) outs(%g : tensor<16x4x8xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<16x4x8xf32>
    mind.yield %u : tensor<16x4x8xf32>
  }
  return %0 : tensor<16x4x8xf32>
}

// What the kernel does not compute is left: 16-bit floats, symbolic sizes, too
// many axes.
#row = affine_map<(t, s, d, e) -> (t, d)>
#key = affine_map<(t, s, d, e) -> (s, d)>
#value = affine_map<(t, s, d, e) -> (s, e)>
#out = affine_map<(t, s, d, e) -> (t, e)>
#axes = affine_map<(a, b, c, f, g, h, i, t, s, d, e) -> (a, b, c, f, g, h, i, t, e)>
#none = affine_map<(a, b, c, f, g, h, i, t, s, d, e) -> (t, d)>
#keys = affine_map<(a, b, c, f, g, h, i, t, s, d, e) -> (s, d)>
#values = affine_map<(a, b, c, f, g, h, i, t, s, d, e) -> (s, e)>
// CHECK-LABEL: func @attention_left
// CHECK-NOT: level
func.func @attention_left(%q: tensor<5x4xf16>, %s: tensor<?x4xf32>, %x: tensor<5x4xf32>, %o: tensor<2x2x2x2x2x2x2x5x4xf32>) {
  %0:3 = mind.group (%a = %q : tensor<5x4xf16>, %b = %s : tensor<?x4xf32>, %c = %x : tensor<5x4xf32>, %p = %o : tensor<2x2x2x2x2x2x2x5x4xf32>) -> (tensor<5x4xf16>, tensor<?x4xf32>, tensor<2x2x2x2x2x2x2x5x4xf32>) {
    %1 = mind.kernel.attention ins(%a, %a, %a : tensor<5x4xf16>, tensor<5x4xf16>, tensor<5x4xf16>) outs(%a : tensor<5x4xf16>) {maps = [#row, #key, #value, #out]} -> tensor<5x4xf16>
    %2 = mind.kernel.attention ins(%b, %b, %b : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) outs(%b : tensor<?x4xf32>) {maps = [#row, #key, #value, #out]} -> tensor<?x4xf32>
    %3 = mind.kernel.attention ins(%c, %c, %c : tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x4xf32>) outs(%p : tensor<2x2x2x2x2x2x2x5x4xf32>) {maps = [#none, #keys, #values, #axes]} -> tensor<2x2x2x2x2x2x2x5x4xf32>
    mind.yield %1, %2, %3 : tensor<5x4xf16>, tensor<?x4xf32>, tensor<2x2x2x2x2x2x2x5x4xf32>
  }
  return
}

// The kernel pads images by itself, unless others read them padded too.
// CHECK-LABEL: func @padded
func.func @padded(%x: tensor<1x7x9x4xf32>, %w: tensor<3x3x4x8xf32>) -> (tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>) {
  // CHECK: mind.group (%[[X:.*]] = %{{.*}} : tensor<1x7x9x4xf32>, %[[W:.*]] = %{{.*}} : tensor<3x3x4x8xf32>)
  // CHECK-NOT: tensor.pad
  // CHECK: mind.kernel.conv2d ins(%[[X]], %[[W]] : tensor<1x7x9x4xf32>, tensor<3x3x4x8xf32>) outs(%{{.*}} : tensor<1x7x10x8xf32>) {dilation = 1 : i64, level = 1 : i64, padding = array<i64: 1, 1, 0, 3>, strides = array<i64: 1, 1>}
  %0 = mind.group (%a = %x : tensor<1x7x9x4xf32>, %b = %w : tensor<3x3x4x8xf32>) -> tensor<1x7x10x8xf32> {
    %zero = arith.constant 0.0 : f32
    %p = tensor.pad %a low[0, 1, 0, 0] high[0, 1, 3, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      tensor.yield %zero : f32
    } : tensor<1x7x9x4xf32> to tensor<1x9x12x4xf32>
    %e = tensor.empty() : tensor<1x7x10x8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x7x10x8xf32>) -> tensor<1x7x10x8xf32>
    %c = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%p, %b : tensor<1x9x12x4xf32>, tensor<3x3x4x8xf32>) outs(%f : tensor<1x7x10x8xf32>) -> tensor<1x7x10x8xf32>
    mind.yield %c : tensor<1x7x10x8xf32>
  }
  // CHECK: mind.group
  // CHECK: %[[P:.*]] = tensor.pad
  // CHECK-COUNT-2: mind.kernel.conv2d ins(%[[P]], %{{.*}} : tensor<1x9x12x4xf32>, tensor<3x3x4x8xf32>)
  %1 = mind.group (%a = %x : tensor<1x7x9x4xf32>, %b = %w : tensor<3x3x4x8xf32>) -> tensor<1x7x10x8xf32> {
    %zero = arith.constant 0.0 : f32
    %p = tensor.pad %a low[0, 1, 0, 0] high[0, 1, 3, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      tensor.yield %zero : f32
    } : tensor<1x7x9x4xf32> to tensor<1x9x12x4xf32>
    %e = tensor.empty() : tensor<1x7x10x8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x7x10x8xf32>) -> tensor<1x7x10x8xf32>
    %c = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%p, %b : tensor<1x9x12x4xf32>, tensor<3x3x4x8xf32>) outs(%f : tensor<1x7x10x8xf32>) -> tensor<1x7x10x8xf32>
    %d = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%p, %b : tensor<1x9x12x4xf32>, tensor<3x3x4x8xf32>) outs(%f : tensor<1x7x10x8xf32>) -> tensor<1x7x10x8xf32>
    %s = linalg.add ins(%c, %d : tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>) outs(%e : tensor<1x7x10x8xf32>) -> tensor<1x7x10x8xf32>
    mind.yield %s : tensor<1x7x10x8xf32>
  }
  return %0, %1 : tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>
}
