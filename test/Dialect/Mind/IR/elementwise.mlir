// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// CHECK-LABEL: func @unary
func.func @unary(%f: tensor<3x4xf32>, %i: tensor<3x4xi32>, %b: tensor<3x4xi1>) {
  // CHECK: mind.neg %{{.*}} : (tensor<3x4xi32>) -> tensor<3x4xi32>
  %neg = mind.neg %i : (tensor<3x4xi32>) -> tensor<3x4xi32>
  // CHECK: mind.abs %{{.*}} : (tensor<3x4xi32>) -> tensor<3x4xi32>
  %abs = mind.abs %i : (tensor<3x4xi32>) -> tensor<3x4xi32>
  // CHECK: mind.sign %{{.*}} : (tensor<3x4xi32>) -> tensor<3x4xi32>
  %sign = mind.sign %i : (tensor<3x4xi32>) -> tensor<3x4xi32>
  // CHECK: mind.not %{{.*}} : (tensor<3x4xi1>) -> tensor<3x4xi1>
  %not = mind.not %b : (tensor<3x4xi1>) -> tensor<3x4xi1>
  // CHECK: mind.exp %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %exp = mind.exp %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.expm1 %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %expm1 = mind.expm1 %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.log %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %log = mind.log %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.log2 %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %log2 = mind.log2 %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.log10 %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %log10 = mind.log10 %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.log1p %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %log1p = mind.log1p %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.sqrt %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %sqrt = mind.sqrt %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.rsqrt %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %rsqrt = mind.rsqrt %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.reciprocal %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %reciprocal = mind.reciprocal %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.sin %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %sin = mind.sin %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.cos %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %cos = mind.cos %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.tan %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %tan = mind.tan %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.asin %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %asin = mind.asin %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.acos %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %acos = mind.acos %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.atan %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %atan = mind.atan %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.sinh %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %sinh = mind.sinh %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.cosh %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %cosh = mind.cosh %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.tanh %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %tanh = mind.tanh %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.erf %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %erf = mind.erf %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.sigmoid %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %sigmoid = mind.sigmoid %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.silu %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %silu = mind.silu %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.relu %{{.*}} : (tensor<3x4xi32>) -> tensor<3x4xi32>
  %relu = mind.relu %i : (tensor<3x4xi32>) -> tensor<3x4xi32>
  // CHECK: mind.gelu %{{.*}} {approximate = "tanh"} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %gelu = mind.gelu %f {approximate = "tanh"} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.floor %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %floor = mind.floor %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.ceil %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %ceil = mind.ceil %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.round %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %round = mind.round %f : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.isnan %{{.*}} : (tensor<3x4xf32>) -> tensor<3x4xi1>
  %isnan = mind.isnan %f : (tensor<3x4xf32>) -> tensor<3x4xi1>
  return
}

// CHECK-LABEL: func @binary
func.func @binary(%f: tensor<3x4xf32>, %fr: tensor<4xf32>, %i: tensor<3x4xi32>, %ir: tensor<1x1xi32>, %b: tensor<3x4xi1>, %br: tensor<i1>,
                  %l: tensor<3x4xi64>, %lr: tensor<4xi64>) {
  // CHECK: mind.add %{{.*}}, %{{.*}} : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  %add = mind.add %i, %ir : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  // CHECK: mind.sub %{{.*}}, %{{.*}} : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  %sub = mind.sub %i, %ir : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  // CHECK: mind.mul %{{.*}}, %{{.*}} : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  %mul = mind.mul %i, %ir : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  // CHECK: mind.div %{{.*}}, %{{.*}} : (tensor<3x4xi64>, tensor<4xi64>) -> tensor<3x4xi64>
  %div = mind.div %l, %lr : (tensor<3x4xi64>, tensor<4xi64>) -> tensor<3x4xi64>
  // CHECK: mind.rem %{{.*}}, %{{.*}} : (tensor<3x4xi64>, tensor<4xi64>) -> tensor<3x4xi64>
  %rem = mind.rem %l, %lr : (tensor<3x4xi64>, tensor<4xi64>) -> tensor<3x4xi64>
  // CHECK: mind.pow %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %pow = mind.pow %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.minimum %{{.*}}, %{{.*}} : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  %minimum = mind.minimum %i, %ir : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  // CHECK: mind.maximum %{{.*}}, %{{.*}} : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  %maximum = mind.maximum %i, %ir : (tensor<3x4xi32>, tensor<1x1xi32>) -> tensor<3x4xi32>
  // CHECK: mind.atan2 %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %atan2 = mind.atan2 %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.and %{{.*}}, %{{.*}} : (tensor<3x4xi1>, tensor<i1>) -> tensor<3x4xi1>
  %and = mind.and %b, %br : (tensor<3x4xi1>, tensor<i1>) -> tensor<3x4xi1>
  // CHECK: mind.or %{{.*}}, %{{.*}} : (tensor<3x4xi1>, tensor<i1>) -> tensor<3x4xi1>
  %or = mind.or %b, %br : (tensor<3x4xi1>, tensor<i1>) -> tensor<3x4xi1>
  // CHECK: mind.xor %{{.*}}, %{{.*}} : (tensor<3x4xi1>, tensor<i1>) -> tensor<3x4xi1>
  %xor = mind.xor %b, %br : (tensor<3x4xi1>, tensor<i1>) -> tensor<3x4xi1>
  // CHECK: mind.eq %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  %eq = mind.eq %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  // CHECK: mind.ne %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  %ne = mind.ne %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  // CHECK: mind.lt %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  %lt = mind.lt %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  // CHECK: mind.le %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  %le = mind.le %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  // CHECK: mind.gt %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  %gt = mind.gt %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  // CHECK: mind.ge %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  %ge = mind.ge %f, %fr : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xi1>
  return
}

// CHECK-LABEL: func @ternary
func.func @ternary(%c: tensor<3x1xi1>, %x: tensor<4xf32>, %y: tensor<f32>) {
  // CHECK: mind.where %{{.*}}, %{{.*}}, %{{.*}} : (tensor<3x1xi1>, tensor<4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %0 = mind.where %c, %x, %y : (tensor<3x1xi1>, tensor<4xf32>, tensor<f32>) -> tensor<3x4xf32>
  // CHECK: mind.clamp %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4xf32>, tensor<f32>, tensor<f32>) -> tensor<4xf32>
  %1 = mind.clamp %x, %y, %y : (tensor<4xf32>, tensor<f32>, tensor<f32>) -> tensor<4xf32>
  // CHECK: mind.cast %{{.*}} : (tensor<4xf32>) -> tensor<4xui8>
  %2 = mind.cast %x : (tensor<4xf32>) -> tensor<4xui8>
  return
}
