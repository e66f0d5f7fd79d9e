// RUN: mind-opt %s --mind-prefetch | FileCheck %s

// CHECK-LABEL: func @stream
func.func @stream(%x: memref<1048577xf32>, %y: memref<1048577xf32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %last = arith.constant 1048561 : index
  %n = arith.constant 1048577 : index
  %padding = arith.constant 1.0 : f32
  // CHECK: scf.for %[[I:.*]] =
  // CHECK: %[[AT:.*]] = arith.minsi %[[I]]
  // CHECK: %[[KIB:.*]] = arith.constant 256 : index
  // CHECK: %[[AHEAD:.*]] = arith.addi %[[AT]], %[[KIB]]
  // CHECK: memref.prefetch %{{.*}}[%[[AHEAD]]], read, locality<3>, data
  // CHECK-NEXT: vector.transfer_read %{{.*}}[%[[AT]]]
  // CHECK-NOT: prefetch
  scf.for %i = %c0 to %n step %c16 {
    %at = arith.minsi %i, %last : index
    %0 = vector.transfer_read %x[%at], %padding {in_bounds = [true]} : memref<1048577xf32>, vector<16xf32>
    vector.transfer_write %0, %y[%at] {in_bounds = [true]} : vector<16xf32>, memref<1048577xf32>
  }
  return
}

// Rows follow one another; a column does not, what is small is in a cache, and
// what the loop does not move along is read once.
// CHECK-LABEL: func @others
func.func @others(%x: memref<1024x1024xf32>, %row: memref<1024xf32>,
                  %small: memref<64x64xf32>, %y: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %n = arith.constant 64 : index
  %padding = arith.constant 1.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    // CHECK: scf.for %[[J:.*]] =
    // CHECK: memref.prefetch
    // CHECK-NOT: memref.prefetch
    // CHECK: return
    scf.for %j = %c0 to %n step %c16 {
      %0 = vector.transfer_read %x[%i, %j], %padding {in_bounds = [true]} : memref<1024x1024xf32>, vector<16xf32>
      %1 = vector.transfer_read %x[%j, %i], %padding {in_bounds = [true]} : memref<1024x1024xf32>, vector<16xf32>
      %2 = vector.transfer_read %small[%i, %j], %padding {in_bounds = [true]} : memref<64x64xf32>, vector<16xf32>
      %3 = vector.transfer_read %x[%i, %c0], %padding {in_bounds = [true]} : memref<1024x1024xf32>, vector<16xf32>
      %4 = arith.addf %0, %1 : vector<16xf32>
      %5 = arith.addf %2, %3 : vector<16xf32>
      %6 = arith.addf %4, %5 : vector<16xf32>
      vector.transfer_write %6, %y[%j] {in_bounds = [true]} : vector<16xf32>, memref<64xf32>
    }
  }
  return
}
