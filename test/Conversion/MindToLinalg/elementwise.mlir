// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// Operands broadcast by their maps: a missing axis is left out, an extent of 1
// is read at 0.
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[COLUMN:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-LABEL: func @broadcast
func.func @broadcast(%x: tensor<4x5xf32>, %r: tensor<5xf32>, %c: tensor<4x1xf32>) -> tensor<4x5xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[ROW]], #[[ID]]]
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[COLUMN]], #[[ID]]]
  %0 = mind.add %x, %r : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  %1 = mind.mul %0, %c : (tensor<4x5xf32>, tensor<4x1xf32>) -> tensor<4x5xf32>
  return %1 : tensor<4x5xf32>
}

// -----

// A splat stands in the body; other constants are read.
// CHECK-LABEL: func @constants
func.func @constants(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[C:.*]] = arith.constant dense<[1.000000e+00, 2.000000e+00]>
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[C]] : tensor<2xf32>, tensor<2xf32>)
  // CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2xf32>)
  // CHECK: %[[S:.*]] = arith.constant 3.000000e+00 : f32
  // CHECK: arith.mulf %{{.*}}, %[[S]]
  %0 = mind.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = mind.constant dense<3.0> : tensor<2xf32>
  %2 = mind.add %x, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = mind.mul %2, %1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %3 : tensor<2xf32>
}

// -----

// f16 is computed in f32 and rounded after each operation.
// CHECK-LABEL: func @half
func.func @half(%x: tensor<2xf16>) -> tensor<2xf16> {
  // CHECK: %[[A:.*]] = arith.extf
  // CHECK: %[[E:.*]] = math.exp %[[A]] : f32
  // CHECK: arith.truncf %[[E]] : f32 to f16
  // CHECK: arith.extf
  // CHECK: math.tanh
  // CHECK: arith.truncf
  %0 = mind.exp %x : (tensor<2xf16>) -> tensor<2xf16>
  %1 = mind.tanh %0 : (tensor<2xf16>) -> tensor<2xf16>
  return %1 : tensor<2xf16>
}

// -----

// CHECK-LABEL: func @float_unary
func.func @float_unary(%x: tensor<f64>) {
  // CHECK: arith.negf
  %0 = mind.neg %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.absf
  %1 = mind.abs %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.expm1
  %2 = mind.expm1 %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.log %
  %3 = mind.log %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.log2
  %4 = mind.log2 %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.log10
  %5 = mind.log10 %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.log1p
  %6 = mind.log1p %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.sqrt
  %7 = mind.sqrt %x : (tensor<f64>) -> tensor<f64>
  // CHECK: %[[R:.*]] = math.sqrt
  // CHECK: arith.divf %{{.*}}, %[[R]]
  %8 = mind.rsqrt %x : (tensor<f64>) -> tensor<f64>
  // CHECK: arith.divf
  %9 = mind.reciprocal %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.sin %
  %10 = mind.sin %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.cos %
  %11 = mind.cos %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.tan %
  %12 = mind.tan %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.asin
  %13 = mind.asin %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.acos
  %14 = mind.acos %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.atan
  %15 = mind.atan %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.sinh
  %16 = mind.sinh %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.cosh
  %17 = mind.cosh %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.erf
  %18 = mind.erf %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.floor
  %19 = mind.floor %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.ceil
  %20 = mind.ceil %x : (tensor<f64>) -> tensor<f64>
  // CHECK: math.roundeven
  %21 = mind.round %x : (tensor<f64>) -> tensor<f64>
  // CHECK: %[[N:.*]] = arith.cmpf uno
  // CHECK: arith.extui %[[N]] : i1 to i8
  %22 = mind.isnan %x : (tensor<f64>) -> tensor<i1>
  return
}

// -----

// CHECK-LABEL: func @activations
func.func @activations(%x: tensor<4xf32>) {
  // CHECK: %[[N:.*]] = arith.negf
  // CHECK: %[[E:.*]] = math.exp %[[N]]
  // CHECK: %[[D:.*]] = arith.addf %{{.*}}, %[[E]]
  // CHECK: arith.divf %{{.*}}, %[[D]]
  %0 = mind.sigmoid %x : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK: math.exp
  // CHECK: arith.divf %[[X]],
  %1 = mind.silu %x : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: arith.maximumf
  %2 = mind.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: math.erf
  %3 = mind.gelu %x {approximate = "none"} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: math.tanh
  %4 = mind.gelu %x {approximate = "tanh"} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// CHECK-LABEL: func @sign
func.func @sign(%f: tensor<f32>, %i: tensor<i32>, %u: tensor<ui8>) {
  // CHECK: ^bb0(%[[X:.*]]: f32,
  // CHECK: %[[LESS:.*]] = arith.cmpf olt, %[[X]],
  // CHECK: %[[N:.*]] = arith.select %[[LESS]], %{{.*}}, %[[X]]
  // CHECK: %[[GREATER:.*]] = arith.cmpf olt, %{{.*}}, %[[X]]
  // CHECK: arith.select %[[GREATER]], %{{.*}}, %[[N]]
  %0 = mind.sign %f : (tensor<f32>) -> tensor<f32>
  // CHECK: arith.cmpi slt
  // CHECK: arith.cmpi slt
  %1 = mind.sign %i : (tensor<i32>) -> tensor<i32>
  // CHECK: arith.cmpi ult
  // CHECK-NOT: arith.cmpi
  %2 = mind.sign %u : (tensor<ui8>) -> tensor<ui8>
  return
}

// -----

// CHECK-LABEL: func @binary
func.func @binary(%f: tensor<f32>, %i: tensor<i32>, %u: tensor<ui8>) {
  // CHECK: arith.addf
  %0 = mind.add %f, %f : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: arith.subi
  %1 = mind.sub %i, %i : (tensor<i32>, tensor<i32>) -> tensor<i32>
  // CHECK: arith.muli %{{.*}} : i8
  %2 = mind.mul %u, %u : (tensor<ui8>, tensor<ui8>) -> tensor<ui8>
  // CHECK: math.powf
  %3 = mind.pow %f, %f : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: math.atan2
  %4 = mind.atan2 %f, %f : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: arith.minimumf
  %5 = mind.minimum %f, %f : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: arith.maxsi
  %6 = mind.maximum %i, %i : (tensor<i32>, tensor<i32>) -> tensor<i32>
  // CHECK: arith.maxui
  // CHECK: arith.minui
  %7 = mind.clamp %u, %u, %u : (tensor<ui8>, tensor<ui8>, tensor<ui8>) -> tensor<ui8>
  // CHECK: arith.divf
  %8 = mind.div %f, %f : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: arith.remf
  %9 = mind.rem %f, %f : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

// An integer division looks for zeros among its divisors first, then divides
// by 1 where the machine's division would trap.
// CHECK-LABEL: func @division
// CHECK-SAME: (%[[X:.*]]: tensor<4x5xi32>, %[[Y:.*]]: tensor<5xi32>)
func.func @division(%x: tensor<4x5xi32>, %y: tensor<5xi32>) -> tensor<4x5xi32> {
  // CHECK: %[[ANY:.*]] = linalg.generic {{.*}} iterator_types = ["reduction"]} ins(%[[Y]] : tensor<5xi32>)
  // CHECK: arith.cmpi eq
  // CHECK: arith.ori
  // CHECK: %[[BYTE:.*]] = tensor.extract %[[ANY]][]
  // CHECK: %[[FLAG:.*]] = arith.cmpi ne, %[[BYTE]],
  // CHECK: mind.record_error %[[FLAG]], 6005, "integer division by zero"
  // CHECK: ^bb0(%[[A:.*]]: i32, %[[B:.*]]: i32, %{{.*}}: i32):
  // CHECK: %[[UNSAFE:.*]] = arith.ori
  // CHECK: %[[D:.*]] = arith.select %[[UNSAFE]], %{{.*}}, %[[B]]
  // CHECK: %[[MINUS_ONE:.*]] = arith.cmpi eq, %[[B]]
  // CHECK: %[[NEG:.*]] = arith.subi %{{.*}}, %[[A]]
  // CHECK: %[[Q:.*]] = arith.divsi %[[A]], %[[D]]
  // CHECK: arith.select %[[MINUS_ONE]], %[[NEG]], %[[Q]]
  %0 = mind.div %x, %y : (tensor<4x5xi32>, tensor<5xi32>) -> tensor<4x5xi32>
  return %0 : tensor<4x5xi32>
}

// -----

// Nothing can fail where the divisor is constant and not zero.
// CHECK-LABEL: func @constant_divisor
func.func @constant_divisor(%x: tensor<4xui8>) -> tensor<4xui8> {
  // CHECK-NOT: mind.record_error
  // CHECK: arith.remui
  %0 = mind.constant dense<3> : tensor<ui8>
  %1 = mind.rem %x, %0 : (tensor<4xui8>, tensor<ui8>) -> tensor<4xui8>
  return %1 : tensor<4xui8>
}

// -----

// CHECK-LABEL: func @comparisons
func.func @comparisons(%f: tensor<f32>, %i: tensor<i32>, %u: tensor<ui8>, %b: tensor<i1>) {
  // CHECK: arith.cmpf oeq
  %0 = mind.eq %f, %f : (tensor<f32>, tensor<f32>) -> tensor<i1>
  // CHECK: arith.cmpf une
  %1 = mind.ne %f, %f : (tensor<f32>, tensor<f32>) -> tensor<i1>
  // CHECK: arith.cmpi slt
  %2 = mind.lt %i, %i : (tensor<i32>, tensor<i32>) -> tensor<i1>
  // CHECK: arith.cmpi ule
  %3 = mind.le %u, %u : (tensor<ui8>, tensor<ui8>) -> tensor<i1>
  // CHECK: arith.cmpi ugt, %{{.*}} : i1
  %4 = mind.gt %b, %b : (tensor<i1>, tensor<i1>) -> tensor<i1>
  // CHECK: arith.cmpf oge
  %5 = mind.ge %f, %f : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return
}

// -----

// CHECK-LABEL: func @logic
func.func @logic(%b: tensor<i1>) {
  // CHECK: arith.andi %{{.*}} : i1
  %0 = mind.and %b, %b : (tensor<i1>, tensor<i1>) -> tensor<i1>
  // CHECK: arith.ori %{{.*}} : i1
  %1 = mind.or %b, %b : (tensor<i1>, tensor<i1>) -> tensor<i1>
  // CHECK: arith.xori %{{.*}} : i1
  %2 = mind.xor %b, %b : (tensor<i1>, tensor<i1>) -> tensor<i1>
  // CHECK: arith.xori %{{.*}}, %true
  %3 = mind.not %b : (tensor<i1>) -> tensor<i1>
  return
}

// -----

// CHECK-LABEL: func @where
func.func @where(%c: tensor<4xi1>, %x: tensor<4xf16>, %y: tensor<f16>) -> tensor<4xf16> {
  // CHECK: ^bb0(%[[C:.*]]: i8,
  // CHECK: %[[T:.*]] = arith.cmpi ne, %[[C]]
  // CHECK: arith.select %[[T]]
  %0 = mind.where %c, %x, %y : (tensor<4xi1>, tensor<4xf16>, tensor<f16>) -> tensor<4xf16>
  return %0 : tensor<4xf16>
}

// -----

// A float that fits no integer never reaches the conversion.
// CHECK-LABEL: func @saturate
func.func @saturate(%x: tensor<f32>) -> tensor<i32> {
  // CHECK: ^bb0(%[[X:.*]]: f32,
  // CHECK: %[[ABOVE:.*]] = arith.constant 2.14748365E+9 : f32
  // CHECK: %[[HIGH:.*]] = arith.cmpf oge, %[[X]], %[[ABOVE]]
  // CHECK: %[[LOW:.*]] = arith.cmpf olt, %[[X]],
  // CHECK: %[[NAN:.*]] = arith.cmpf uno, %[[X]], %[[X]]
  // CHECK: %[[SAFE:.*]] = arith.select %{{.*}}, %{{.*}}, %[[X]]
  // CHECK: %[[I:.*]] = arith.fptosi %[[SAFE]] : f32 to i32
  // CHECK: arith.constant -2147483648 : i32
  // CHECK: arith.constant 2147483647 : i32
  // CHECK: arith.select %[[LOW]]
  // CHECK: arith.select %[[HIGH]]
  %0 = mind.cast %x : (tensor<f32>) -> tensor<i32>
  return %0 : tensor<i32>
}

// -----

// CHECK-LABEL: func @casts
func.func @casts(%f: tensor<f32>, %d: tensor<f64>, %h: tensor<f16>, %i: tensor<i32>, %u: tensor<ui8>, %b: tensor<i1>) {
  // CHECK: arith.extf %{{.*}} : f32 to f64
  %0 = mind.cast %f : (tensor<f32>) -> tensor<f64>
  // By way of f32, like every bf16.
  // CHECK: arith.truncf %{{.*}} : f64 to f32
  // CHECK: arith.truncf %{{.*}} : f32 to bf16
  %1 = mind.cast %d : (tensor<f64>) -> tensor<bf16>
  // CHECK: arith.trunci %{{.*}} : i32 to i8
  %2 = mind.cast %i : (tensor<i32>) -> tensor<ui8>
  // CHECK: arith.extui %{{.*}} : i8 to i32
  %3 = mind.cast %u : (tensor<ui8>) -> tensor<i32>
  // CHECK: arith.extsi %{{.*}} : i32 to i64
  %4 = mind.cast %i : (tensor<i32>) -> tensor<i64>
  // CHECK: arith.uitofp %{{.*}} : i8 to f32
  %5 = mind.cast %u : (tensor<ui8>) -> tensor<f32>
  // CHECK: arith.sitofp %{{.*}} : i32 to f32
  // CHECK: arith.truncf
  %6 = mind.cast %i : (tensor<i32>) -> tensor<f16>
  // CHECK: arith.cmpf une
  %7 = mind.cast %h : (tensor<f16>) -> tensor<i1>
  // CHECK: arith.uitofp %{{.*}} : i1 to f32
  %8 = mind.cast %b : (tensor<i1>) -> tensor<f32>
  // CHECK: arith.fptoui %{{.*}} : f64 to i8
  %9 = mind.cast %d : (tensor<f64>) -> tensor<ui8>
  return
}

// -----

// Integers to a power: by squaring, a constant power without a loop.
// CHECK-LABEL: func @powers
func.func @powers(%x: tensor<4xi32>, %n: tensor<4xi32>) {
  // CHECK: mind.record_error %{{.*}}, 6006, "integer to the negative power {0}"
  // CHECK: arith.maxsi
  // CHECK: scf.while
  // CHECK: linalg.yield
  %0 = mind.pow %x, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  // CHECK-NOT: mind.record_error
  // CHECK: %[[S:.*]] = arith.muli %in, %in : i32
  // CHECK: arith.muli %in, %[[S]] : i32
  // CHECK-NOT: scf.while
  %three = mind.constant dense<3> : tensor<i32>
  %1 = mind.pow %x, %three : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  return
}
