// RUN: mind-opt %s --mind-roll-calls="least-saved=2" | FileCheck %s
// RUN: mind-opt %s --mind-roll-calls="least-saved=2" | mind-opt --mind-lower-abi | FileCheck %s --check-prefix=ABI

// Three calls of one function, on arguments and on views of the workspace.
// CHECK-LABEL: func @chain
// CHECK-NEXT: mind.call_table [@layer] {arity = array<i64: 3>, table = array<i64: 0, 0, 1, 0, 4, 0, 4, 0, 2, 0, 4, 64, 4, 64, 1, 0, 3, 0>}
// CHECK-NEXT: return

// ABI: llvm.mlir.global private constant @mind.calls_0(dense<[0, 0, 1, 0,
// ABI: llvm.mlir.global private constant @mind.calls(dense<[0, 0, 1, 0, -1, 0, -1, 0, 2, 0, -1, 64, -1, 64, 1, 0, 3, 0]> : tensor<18xi64>)
// ABI-LABEL: func @mind_chain
// ABI-SAME: (%{{[a-z0-9]+}}: !llvm.ptr, %[[B:[a-z0-9]+]]: !llvm.ptr, %{{[a-z0-9]+}}: !llvm.ptr, %[[W:[a-z0-9]+]]: !llvm.ptr)
// ABI: %[[SLOT:.*]] = llvm.alloca
// ABI: llvm.store %[[W]], %[[SLOT]]
// ABI: %[[TABLE:.*]] = llvm.mlir.addressof @mind.calls :
// ABI: %[[STEP:.*]] = arith.constant 6 : index
// ABI: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %[[STEP]]
// ABI: %[[N:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i64
// ABI: %[[OFFSET:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i64
// ABI: %[[IS:.*]] = llvm.icmp "eq" %[[N]]
// ABI: %[[P:.*]] = llvm.getelementptr %[[B]][%[[N]]]
// ABI: %[[FROM:.*]] = llvm.select %[[IS]], %[[SLOT]], %[[P]]
// ABI: %[[BASE:.*]] = llvm.load %[[FROM]]
// ABI: %[[X:.*]] = llvm.getelementptr %[[BASE]][%[[OFFSET]]]
// ABI: func.call @layer(%[[X]], %{{.*}}, %{{.*}})
func.func @chain(%x: memref<4xf32>, %a: memref<4xf32>, %b: memref<4xf32>, %out: memref<4xf32>, %w: memref<128xi8>) attributes {mind.workspace_size = 128 : i64} {
  %c0 = arith.constant 0 : index
  %p = memref.view %w[%c0][] : memref<128xi8> to memref<4xf32>
  mind.call_group @layer ins(%x, %a : memref<4xf32>, memref<4xf32>) outs(%p : memref<4xf32>)
  %c64 = arith.constant 64 : index
  %q = memref.view %w[%c64][] : memref<128xi8> to memref<4xf32>
  mind.call_group @layer ins(%p, %b : memref<4xf32>, memref<4xf32>) outs(%q : memref<4xf32>)
  mind.call_group @layer ins(%q, %a : memref<4xf32>, memref<4xf32>) outs(%out : memref<4xf32>)
  return
}

// Several functions in turn; what comes after them stays, with the view that it reads.
// CHECK-LABEL: func @rounds
// CHECK: %[[V:.*]] = memref.view
// CHECK: mind.call_table [@layer, @norm] {arity = array<i64: 3, 2>, table = array<i64: 0, 0, 1, 0, 3, 0, 3, 0, 2, 0, 0, 0, 1, 0, 3, 0, 3, 0, 2, 0>}
// CHECK-NEXT: mind.call_group @layer ins(%{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>) outs(%[[V]] : memref<4xf32>)
// CHECK-NEXT: return
func.func @rounds(%x: memref<4xf32>, %a: memref<4xf32>, %out: memref<4xf32>, %w: memref<64xi8>) attributes {mind.workspace_size = 64 : i64} {
  %c0 = arith.constant 0 : index
  %p = memref.view %w[%c0][] : memref<64xi8> to memref<4xf32>
  mind.call_group @layer ins(%x, %a : memref<4xf32>, memref<4xf32>) outs(%p : memref<4xf32>)
  mind.call_group @norm ins(%p : memref<4xf32>) outs(%out : memref<4xf32>)
  mind.call_group @layer ins(%x, %a : memref<4xf32>, memref<4xf32>) outs(%p : memref<4xf32>)
  mind.call_group @norm ins(%p : memref<4xf32>) outs(%out : memref<4xf32>)
  mind.call_group @layer ins(%x, %a : memref<4xf32>, memref<4xf32>) outs(%p : memref<4xf32>)
  return
}

// Calls with something between them stay, and so do those on memory of which it is
// not known where it is.
// CHECK-LABEL: func @apart
// CHECK-NOT: mind.call_table
func.func @apart(%x: memref<4xf32>, %out: memref<4xf32>, %wide: memref<6xf32>) attributes {mind.workspace_size = 0 : i64} {
  mind.call_group @norm ins(%x : memref<4xf32>) outs(%out : memref<4xf32>)
  memref.copy %out, %x : memref<4xf32> to memref<4xf32>
  mind.call_group @norm ins(%x : memref<4xf32>) outs(%out : memref<4xf32>)
  memref.copy %out, %x : memref<4xf32> to memref<4xf32>
  mind.call_group @norm ins(%x : memref<4xf32>) outs(%out : memref<4xf32>)
  %v = memref.subview %wide[0] [4] [1] : memref<6xf32> to memref<4xf32>
  mind.call_group @norm ins(%x : memref<4xf32>) outs(%v : memref<4xf32>)
  mind.call_group @norm ins(%x : memref<4xf32>) outs(%v : memref<4xf32>)
  mind.call_group @norm ins(%x : memref<4xf32>) outs(%v : memref<4xf32>)
  return
}

func.func private @layer(%x: memref<4xf32>, %a: memref<4xf32>, %out: memref<4xf32>) attributes {mind.workspace_size = 0 : i64} {
  memref.copy %x, %out : memref<4xf32> to memref<4xf32>
  return
}
func.func private @norm(%x: memref<4xf32>, %out: memref<4xf32>) attributes {mind.workspace_size = 0 : i64} {
  memref.copy %x, %out : memref<4xf32> to memref<4xf32>
  return
}
