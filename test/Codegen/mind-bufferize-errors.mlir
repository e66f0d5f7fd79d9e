// RUN: mind-opt %s --mind-bufferize --verify-diagnostics

// Attention that is neither bound to a kernel nor decomposed.
func.func @unbound(%q: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %e = tensor.empty() : tensor<5x4xf32>
  // expected-error @+2 {{is bound to no kernel}}
  // expected-error @+1 {{failed to bufferize op}}
  %0 = mind.kernel.attention ins(%q, %q, %q : tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x4xf32>) outs(%e : tensor<5x4xf32>)
      {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x4xf32>
  return %0 : tensor<5x4xf32>
}
