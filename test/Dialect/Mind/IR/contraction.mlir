// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// CHECK-LABEL: func @matmul
func.func @matmul(%a: tensor<5x1x2x3xf32>, %b: tensor<7x3x4xf32>) -> tensor<5x7x2x4xf32> {
  // CHECK: mind.matmul %{{.*}}, %{{.*}} : (tensor<5x1x2x3xf32>, tensor<7x3x4xf32>) -> tensor<5x7x2x4xf32>
  %0 = mind.matmul %a, %b : (tensor<5x1x2x3xf32>, tensor<7x3x4xf32>) -> tensor<5x7x2x4xf32>
  return %0 : tensor<5x7x2x4xf32>
}

// CHECK-LABEL: func @dot
func.func @dot(%a: tensor<3xi32>, %b: tensor<3x4xi32>) {
  // CHECK: mind.dot %{{.*}}, %{{.*}} : (tensor<3xi32>, tensor<3xi32>) -> tensor<i32>
  %0 = mind.dot %a, %a : (tensor<3xi32>, tensor<3xi32>) -> tensor<i32>
  // CHECK: mind.dot %{{.*}}, %{{.*}} : (tensor<3xi32>, tensor<3x4xi32>) -> tensor<4xi32>
  %1 = mind.dot %a, %b : (tensor<3xi32>, tensor<3x4xi32>) -> tensor<4xi32>
  return
}

// CHECK-LABEL: func @linear
func.func @linear(%x: tensor<2x8x20xbf16>, %w: tensor<30x20xbf16>, %b: tensor<30xbf16>) {
  // CHECK: mind.linear %{{.*}} : (tensor<2x8x20xbf16>, tensor<30x20xbf16>, tensor<30xbf16>) -> tensor<2x8x30xbf16>
  %0 = mind.linear %x, %w, %b : (tensor<2x8x20xbf16>, tensor<30x20xbf16>, tensor<30xbf16>) -> tensor<2x8x30xbf16>
  return
}

// CHECK-LABEL: func @conv2d
func.func @conv2d(%x: tensor<1x57x56x64xf32>, %w: tensor<3x3x16x32xf32>) {
  // CHECK: mind.conv2d %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 4 : i64, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 2, 1>} : (tensor<1x57x56x64xf32>, tensor<3x3x16x32xf32>) -> tensor<1x29x54x32xf32>
  %0 = mind.conv2d %x, %w {strides = array<i64: 2, 1>, padding = array<i64: 1, 1, 0, 0>, dilation = array<i64: 1, 1>, groups = 4 : i64}
     : (tensor<1x57x56x64xf32>, tensor<3x3x16x32xf32>) -> tensor<1x29x54x32xf32>
  return
}
