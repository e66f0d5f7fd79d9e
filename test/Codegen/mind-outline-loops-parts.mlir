// RUN: mind-opt %s --mind-outline-loops=least-alone=6 --split-input-file | FileCheck %s

// A loop of some length becomes a function, which may be compiled apart; a short
// one does not.
// CHECK-LABEL: func @alone
// CHECK: call @mind.loop.0
// CHECK: scf.for
// CHECK: func private @mind.loop.0({{.*}}) attributes {llvm.linkage = #llvm.linkage<internal>, mind.part = [[#]] : i64}
func.func @alone(%a: memref<64xf32>, %b: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    %y = arith.mulf %x, %x : f32
    %z = arith.addf %y, %x : f32
    memref.store %z, %b[%i] : memref<64xf32>
  }
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %b[%i] : memref<64xf32>
    memref.store %x, %a[%i] : memref<64xf32>
  }
  return
}

// -----

// A mathematical function counts as what it expands to. Loops in branches count,
// too.
// CHECK-LABEL: func @branch
// CHECK: scf.if
// CHECK: call @mind.loop.0
// CHECK: func private @mind.loop.0({{.*}}mind.part = 2{{[0-9]}} : i64
func.func @branch(%a: memref<64xf32>, %wanted: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.if %wanted {
    scf.for %i = %c0 to %c64 step %c1 {
      %x = memref.load %a[%i] : memref<64xf32>
      %y = math.exp %x : f32
      memref.store %y, %a[%i] : memref<64xf32>
    }
  }
  return
}

// -----

// What is called already is a part as it is; what calls another function is none.
// CHECK-LABEL: func @main
// CHECK: call @mind.group.0
// CHECK: scf.for
// CHECK: call @other
// CHECK: func private @mind.group.0({{.*}}mind.part
// CHECK: scf.for
// CHECK-NOT: func private @mind.loop
func.func @main(%a: memref<64xf32>, %p: !llvm.ptr) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  call @mind.group.0(%p) : (!llvm.ptr) -> ()
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    %y = arith.mulf %x, %x : f32
    %z = arith.addf %y, %x : f32
    memref.store %z, %a[%i] : memref<64xf32>
    func.call @other() : () -> ()
  }
  return
}
func.func private @other()
func.func private @mind.group.0(%p: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %a = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<64xf32>
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    %y = arith.mulf %x, %x : f32
    %z = arith.addf %y, %x : f32
    memref.store %z, %a[%i] : memref<64xf32>
  }
  return
}

// -----

// Beside calls the shortest loop is worth a function.
// CHECK-LABEL: func @calls
// CHECK: call @mind.loop.0
// CHECK-NOT: scf.for
// CHECK: func private @mind.loop.0({{.*}}mind.part
func.func @calls(%a: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  call @other() : () -> ()
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    memref.store %x, %a[%i] : memref<64xf32>
  }
  call @other() : () -> ()
  return
}
func.func private @other()

// -----

// Vectors that do not change in the loop are made where it is, unless what they
// are read from is written to before; a number goes as it is. Where scratch memory
// lies is the caller's affair.
// CHECK-LABEL: func @above
// CHECK-SAME: %[[A:.*]]: memref<64xf32>, %[[W:.*]]: memref<512xi8>, %[[S:.*]]: f32
// CHECK: %[[C:.*]] = arith.constant 128 : index
// CHECK: %[[VIEW:.*]] = memref.view %[[W]][%[[C]]]
// CHECK: %[[P:.*]] = builtin.unrealized_conversion_cast %[[VIEW]]
// CHECK: call @mind.loop.0({{.*}}%[[P]]{{.*}})
// CHECK: func private @mind.loop.0
// CHECK: vector.transfer_read
// CHECK: vector.broadcast
// CHECK: scf.for
// CHECK-NOT: memref.view
func.func @above(%a: memref<64xf32>, %w: memref<512xi8>, %s: f32) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  %f0 = arith.constant 0.0 : f32
  %x = vector.transfer_read %a[%c0], %f0 {in_bounds = [true]} : memref<64xf32>, vector<16xf32>
  %y = vector.broadcast %s : f32 to vector<16xf32>
  scf.for %i = %c0 to %c64 step %c16 {
    %c128 = arith.constant 128 : index
    %view = memref.view %w[%c128][] : memref<512xi8> to memref<64xf32>
    %z = arith.mulf %x, %y : vector<16xf32>
    %u = arith.addf %z, %x : vector<16xf32>
    vector.transfer_write %u, %view[%i] {in_bounds = [true]} : vector<16xf32>, memref<64xf32>
  }
  return
}

// -----

// CHECK-LABEL: func @written
// CHECK: scf.for
// CHECK-NOT: func private
func.func @written(%a: memref<64xf32>, %s: f32) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  %f0 = arith.constant 0.0 : f32
  %x = vector.transfer_read %a[%c0], %f0 {in_bounds = [true]} : memref<64xf32>, vector<16xf32>
  memref.store %s, %a[%c0] : memref<64xf32>
  scf.for %i = %c0 to %c64 step %c16 {
    %y = arith.mulf %x, %x : vector<16xf32>
    %z = arith.addf %y, %x : vector<16xf32>
    %u = arith.subf %z, %x : vector<16xf32>
    vector.transfer_write %u, %a[%i] {in_bounds = [true]} : vector<16xf32>, memref<64xf32>
  }
  return
}
