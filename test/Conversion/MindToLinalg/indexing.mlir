// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// A constant position is a view; nothing can fail.
// CHECK-LABEL: func @constant
func.func @constant(%x: tensor<3x4xf32>) -> tensor<3xf32> {
  // CHECK-NOT: mind.record_error
  // CHECK: tensor.extract_slice %{{.*}}[0, 3] [3, 1] [1, 1] : tensor<3x4xf32> to tensor<3xf32>
  %i = mind.constant dense<-1> : tensor<i64>
  %0 = mind.index %x, %i {axes = array<i64: 1>} : (tensor<3x4xf32>, tensor<i64>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// A negative one counts from the end; one that is outside is reported, and 0.
// CHECK-LABEL: func @dynamic
func.func @dynamic(%x: tensor<3x4xf32>, %i: tensor<i32>) -> tensor<4xf32> {
  // CHECK: %[[E:.*]] = tensor.extract %{{.*}}[] : tensor<i32>
  // CHECK: %[[I:.*]] = arith.extsi %[[E]] : i32 to i64
  // CHECK: %[[OUT:.*]] = arith.ori
  // CHECK: mind.record_error %[[OUT]], 6001, "index {0} is out of bounds for axis 0 of extent 3"(%[[I]] : i64)
  // CHECK: %[[FROM_END:.*]] = arith.addi %[[I]], %{{.*}} : i64
  // CHECK: %[[P:.*]] = arith.select %{{.*}}, %[[FROM_END]], %[[I]] : i64
  // CHECK: %[[SAFE:.*]] = arith.select %[[OUT]], %{{.*}}, %[[P]] : i64
  // CHECK: %[[AT:.*]] = arith.index_cast %[[SAFE]] : i64 to index
  // CHECK: tensor.extract_slice %{{.*}}[%[[AT]], 0] [1, 4] [1, 1] : tensor<3x4xf32> to tensor<4xf32>
  %0 = mind.index %x, %i {axes = array<i64: 0>} : (tensor<3x4xf32>, tensor<i32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Of a symbolic extent, the message shows what it is in the call.
// CHECK-LABEL: func @symbolic
func.func @symbolic(%x: tensor<?x4xf32, #mind.dims<["B", "4"]>>, %i: tensor<i64>) -> tensor<4xf32> attributes {mind.sizes = ["B"]} {
  // CHECK: mind.size "B"
  // CHECK: %[[EXTENT:.*]] = arith.index_cast %{{.*}} : index to i64
  // CHECK: mind.record_error %{{.*}}, 6001, "index {0} is out of bounds for axis 0 of extent {1}"(%{{.*}}, %[[EXTENT]] : i64, i64)
  %0 = mind.index %x, %i {axes = array<i64: 0>} : (tensor<?x4xf32, #mind.dims<["B", "4"]>>, tensor<i64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// The first index that is outside is found beforehand.
// CHECK: #[[IDS:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: func @gather
func.func @gather(%x: tensor<3x4x2xf32>, %i: tensor<5xi64>) -> tensor<3x5x2xf32> {
  // CHECK: linalg.generic {{.*}}iterator_types = ["reduction"]
  // CHECK: mind.record_error %{{.*}}, 6001, "index {0} is out of bounds for axis 1 of extent 4"
  // CHECK: linalg.generic {indexing_maps = [#[[IDS]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel"]} ins(%{{.*}} : tensor<5xi64>)
  // CHECK: tensor.extract %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] : tensor<3x4x2xf32>
  %0 = mind.gather %x, %i {axis = 1 : i64} : (tensor<3x4x2xf32>, tensor<5xi64>) -> tensor<3x5x2xf32>
  return %0 : tensor<3x5x2xf32>
}

// -----

// Constants that are inside need no check.
// CHECK-LABEL: func @known
func.func @known(%x: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // CHECK-NOT: mind.record_error
  %i = mind.constant dense<[0, 2]> : tensor<2xi64>
  %0 = mind.gather %x, %i {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// Updates are added one after the other, of f16 in f32.
// CHECK-LABEL: func @scatter
func.func @scatter(%x: tensor<3xf16>, %i: tensor<5xi64>, %u: tensor<5xf16>) -> tensor<3xf16> {
  // CHECK: mind.record_error
  // CHECK: %[[SUMS:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<3xf32>)
  // CHECK: scf.for {{.*}} iter_args(%[[ACC:.*]] = %[[SUMS]]) -> (tensor<3xf32>)
  // CHECK: %[[BEFORE:.*]] = tensor.extract %[[ACC]]
  // CHECK: %[[SUM:.*]] = arith.addf %[[BEFORE]], %{{.*}} : f32
  // CHECK: %[[AFTER:.*]] = arith.select %{{.*}}, %[[BEFORE]], %[[SUM]] : f32
  // CHECK: tensor.insert %[[AFTER]] into %[[ACC]]
  // CHECK: arith.truncf %{{.*}} : f32 to f16
  %0 = mind.scatter_add %x, %i, %u {axis = 0 : i64} : (tensor<3xf16>, tensor<5xi64>, tensor<5xf16>) -> tensor<3xf16>
  return %0 : tensor<3xf16>
}

// -----

// CHECK-LABEL: func @one_hot
func.func @one_hot(%i: tensor<5xi32>) -> tensor<5x9xi1> {
  // CHECK: mind.record_error %{{.*}}, 6001, "index {0} is out of bounds for axis 1 of extent 9"
  // CHECK: %[[HOT:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : i64
  // CHECK: arith.select %[[HOT]], %c1{{.*}}, %c0{{.*}} : i8
  %0 = mind.one_hot %i {n = 9 : i64} : (tensor<5xi32>) -> tensor<5x9xi1>
  return %0 : tensor<5x9xi1>
}
