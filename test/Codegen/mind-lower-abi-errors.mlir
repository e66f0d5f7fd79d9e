// RUN: mind-opt %s --mind-lower-abi --verify-diagnostics

func.func @main(%x: memref<2xf32>) attributes {mind.workspace_size = 0 : i64} {
  %0 = tensor.empty() : tensor<2xf32>
  // expected-error @+1 {{'mind.call_print' op is to be bufferised first}}
  mind.call_print "{}"(%0 : tensor<2xf32>) as [f32]
  return
}
