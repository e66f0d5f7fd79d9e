// RUN: mind-opt %s --mind-expand-math | FileCheck %s

// CHECK-LABEL: func @exponential
// CHECK-NOT: math.exp
// CHECK-COUNT-2: arith.shli {{.*}} : vector<8xi32>
// CHECK: return
func.func @exponential(%x: vector<8xf32>) -> vector<8xf32> {
  %0 = math.exp %x : vector<8xf32>
  return %0 : vector<8xf32>
}

// CHECK-LABEL: func @logarithm
// CHECK-NOT: math.log
// CHECK: return
func.func @logarithm(%x: f32) -> f32 {
  %0 = math.log %x : f32
  return %0 : f32
}

// What is added to an exponential is a normal number: not a word about others.
// CHECK-LABEL: func @softplus
// CHECK: %[[SUM:.*]] = arith.addf %{{.*}}, %cst
// CHECK: arith.divf
// CHECK: %[[FINITE:.*]] = arith.cmpf olt, %[[SUM]]
// CHECK-NEXT: %[[R:.*]] = arith.select %[[FINITE]], %{{.*}}, %[[SUM]]
// CHECK-NEXT: return %[[R]]
func.func @softplus(%x: vector<8xf32>) -> vector<8xf32> {
  %one = arith.constant dense<1.0> : vector<8xf32>
  %0 = math.exp %x : vector<8xf32>
  %1 = arith.addf %0, %one : vector<8xf32>
  %2 = math.log %1 : vector<8xf32>
  return %2 : vector<8xf32>
}

// CHECK-LABEL: func @logarithm_of_sum
// CHECK-NOT: math.log
// CHECK: %[[R:.*]] = math.copysign
// CHECK: return %[[R]]
func.func @logarithm_of_sum(%x: vector<8xf32>) -> vector<8xf32> {
  %0 = math.log1p %x : vector<8xf32>
  return %0 : vector<8xf32>
}

// Both halves are computed, without a division.
// CHECK-LABEL: func @error_function
// CHECK-NOT: math.erf
// CHECK-NOT: arith.divf
// CHECK: %[[OUTER:.*]] = math.copysign
// CHECK: %[[R:.*]] = arith.select %{{.*}}, %{{.*}}, %[[OUTER]]
// CHECK: return %[[R]]
func.func @error_function(%x: vector<8xf32>) -> vector<8xf32> {
  %0 = math.erf %x : vector<8xf32>
  return %0 : vector<8xf32>
}

// What LLVM has no intrinsic for is called, lane by lane.
// CHECK-LABEL: func @calls
// CHECK-COUNT-2: call @erf(%{{.*}}) : (f64) -> f64
// CHECK: call @expm1f
func.func @calls(%x: vector<2xf64>, %y: f32) -> (vector<2xf64>, f32) {
  %0 = math.erf %x : vector<2xf64>
  %1 = math.expm1 %y : f32
  return %0, %1 : vector<2xf64>, f32
}

// CHECK-LABEL: func @bf16
// CHECK-NOT: arith.extf
// CHECK-NOT: arith.truncf
// CHECK: return
func.func @bf16(%x: vector<8xbf16>) -> vector<8xbf16> {
  %0 = arith.extf %x : vector<8xbf16> to vector<8xf32>
  %1 = arith.addf %0, %0 : vector<8xf32>
  %2 = arith.truncf %1 : vector<8xf32> to vector<8xbf16>
  return %2 : vector<8xbf16>
}

// CHECK: func private @expm1f(f32) -> f32
// CHECK: func private @erf(f64) -> f64
