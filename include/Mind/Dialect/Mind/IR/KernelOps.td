//===- KernelOps.td - calls of precompiled kernels -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_KERNELOPS_TD
#define MIND_DIALECT_MIND_IR_KERNELOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"

def Mind_Shaped : AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef],
                            "tensor, or the memory that holds it",
                            "::mlir::ShapedType">;

/// `activation((a * b - mean) / sqrt(variance + eps) * scale + bias + residual)`
/// into `c`, which is only written. `level` is the instruction set
/// (kernels::CpuLevel).
class Mind_ProductKernelOp<string mnemonic, dag attributes>
    : Mind_Op<"kernel." # mnemonic, [
        AttrSizedOperandSegments, DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let arguments = !con(
      (ins Mind_Shaped:$a, Mind_Shaped:$b, Optional<Mind_Shaped>:$mean,
           Optional<Mind_Shaped>:$variance, Optional<Mind_Shaped>:$scale,
           Optional<Mind_Shaped>:$bias, Optional<Mind_Shaped>:$residual,
           Mind_Shaped:$c, Optional<AnyStridedMemRef>:$scratch,
           I64Attr:$level, OptionalAttr<AnyAttrOf<[F32Attr, F64Attr]>>:$eps,
           OptionalAttr<StrAttr>:$activation,
           OptionalAttr<DenseI64ArrayAttr>:$plan), attributes);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `ins` `(` $a `,` $b `:` type($a) `,` type($b) `)`
    (`norm` `(` $mean^ `,` $variance `:` type($mean) `,` type($variance) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`residual` `(` $residual^ `:` type($residual) `)`)?
    `outs` `(` $c `:` type($c) `)`
    (`scratch` `(` $scratch^ `:` type($scratch) `)`)?
    attr-dict (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  code productDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getCMutable(); }
  }];
}

def MatmulKernelOp : Mind_ProductKernelOp<"matmul",
    (ins I64Attr:$batch, UnitAttr:$transposeA, UnitAttr:$transposeB)> {
  let summary = "products of matrices by a precompiled kernel";
  let description = [{
    `c = activation((a * b - mean) / sqrt(variance + eps) * scale + bias +
    residual)`, where what is not there is left out. Elements are f32 or f64.

    `a` is `[batch..., m..., k]`, `b` `[batch..., k, n]` and `c`
    `[batch..., m..., n]`: the first `batch` dimensions say which matrices are
    multiplied, the axes between are the rows. `transposeA` and `transposeB` say
    that the last two axes of an operand are the other way round, of `a` with one
    axis of rows. `c` is only written. `residual` is like `c`, the others have `n`
    elements, one for each column. `activation` is `relu` or, of f32, `gelu`,
    `gelu_tanh`, `silu`, `sigmoid` or `tanh`.

    `mind-select-kernels` makes it on tensors. On memory it has a plan, whose
    words the kernel is called with, and the scratch memory that the plan wants.

    ```mlir
    %c = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x16xf32>)
           bias(%v : tensor<16xf32>) outs(%init : tensor<8x16xf32>)
           {activation = "relu", batch = 0 : i64, level = 2 : i64} -> tensor<8x16xf32>
    ```
  }];
  let extraClassDeclaration = productDeclaration # [{
    /// The extents of one product, and how many there are.
    int64_t getM();
    int64_t getN();
    int64_t getK();
    int64_t getNumProducts();
  }];
}

def Conv2dKernelOp : Mind_ProductKernelOp<"conv2d",
    (ins DenseI64ArrayAttr:$strides, I64Attr:$dilation,
         OptionalAttr<DenseI64ArrayAttr>:$padding)> {
  let summary = "two-dimensional convolution by a precompiled kernel";
  let description = [{
    `a` is `[N, H, W, C]`, `b` `[KH, KW, C, F]` and `c` `[N, OH, OW, F]`, as
    `linalg.conv_2d_nhwc_hwcf` has them; what follows is as in
    `mind.kernel.matmul`. `padding` is how many zeros are above, below, left and
    right of each image. `dilation` is that of the window's rows; its columns lie
    side by side.

    ```mlir
    %c = mind.kernel.conv2d ins(%x, %w : tensor<1x56x56x64xf32>, tensor<3x3x64x32xf32>)
           outs(%init : tensor<1x56x56x32xf32>)
           {dilation = 1 : i64, level = 2 : i64, padding = array<i64: 1, 1, 1, 1>,
            strides = array<i64: 1, 1>} -> tensor<1x56x56x32xf32>
    ```
  }];
  let extraClassDeclaration = productDeclaration;
}

def AttentionKernelOp : Mind_Op<"kernel.attention", [
    AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "attention on elements as memory has them";
  let description = [{
    `mind.attention` from linalg on, where nothing else says as much: `out =
    softmax(q * transpose(k) * scale) * v`. A `mask` of `i8` keeps scores, any
    other is added to them; `scale` is `1 / sqrt(d)` unless stated. `out` is only
    written.

    `maps` say which loops index the dimensions of q, k, v, the mask, if there is
    one, and out, as in linalg. The loops are those over matrices, then over
    queries, keys, the depth of a score and the features of a value.

    With a `level`, of an instruction set (kernels::CpuLevel), it is bound to a
    precompiled kernel, on f32 or f64 and constant extents. `mind-select-kernels`
    does so; `mind-decompose-attention` replaces what has none. On memory it has a
    plan, whose words the kernel is called with, and the scratch memory that the
    plan wants.

    ```mlir
    %o = mind.kernel.attention ins(%q, %k, %v : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<7x3xf32>)
           outs(%init : tensor<2x5x3xf32>)
           {causal, level = 2 : i64, maps = [affine_map<(b, t, s, d, e) -> (b, t, d)>,
            affine_map<(b, t, s, d, e) -> (b, s, d)>, affine_map<(b, t, s, d, e) -> (s, e)>,
            affine_map<(b, t, s, d, e) -> (b, t, e)>]} -> tensor<2x5x3xf32>
    ```
  }];
  let arguments = (ins Mind_Shaped:$q, Mind_Shaped:$k, Mind_Shaped:$v,
      Optional<Mind_Shaped>:$mask, Mind_Shaped:$out,
      Optional<AnyStridedMemRef>:$scratch, AffineMapArrayAttr:$maps,
      UnitAttr:$causal, OptionalAttr<F64Attr>:$scale,
      OptionalAttr<I64Attr>:$level, OptionalAttr<DenseI64ArrayAttr>:$plan);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `ins` `(` $q `,` $k `,` $v `:` type($q) `,` type($k) `,` type($v) `)`
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $out `:` type($out) `)`
    (`scratch` `(` $scratch^ `:` type($scratch) `)`)?
    attr-dict (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutMutable(); }

    /// The loops over matrices come first; these follow.
    unsigned getNumMatrixLoops() {
      return ::llvm::cast<::mlir::AffineMapAttr>(getMaps()[0])
                 .getValue().getNumDims() - 4;
    }
    unsigned getQueryLoop() { return getNumMatrixLoops(); }
    unsigned getKeyLoop() { return getNumMatrixLoops() + 1; }
    unsigned getDepthLoop() { return getNumMatrixLoops() + 2; }
    unsigned getFeatureLoop() { return getNumMatrixLoops() + 3; }

    /// q, k, v, the mask, if there is one, and out, each with its map.
    ::llvm::SmallVector<::std::pair<::mlir::Value, ::mlir::AffineMap>>
    getIndexedOperands();
    /// The extents of the loops; 1 where nothing is indexed by one.
    ::llvm::SmallVector<int64_t> getLoopExtents();
  }];
}

def CallGroupOp : Mind_Op<"call_group", [
    AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls the function that equal groups became";
  let description = [{
    `out` becomes what the function `callee` yields for `inputs`: a group that
    occurs several times in a module, and is compiled once. `mind-share-groups`
    makes it, on tensors of constant extents. On memory, `inputs` and `out` are
    dense, and `scratch` is the workspace of the function, if it has one.

    ```mlir
    %y = mind.call_group @mind.group.0 ins(%x, %w : tensor<8x4xf32>, tensor<4x4xf32>)
           outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee,
      Variadic<Mind_Shaped>:$inputs, Mind_Shaped:$out,
      Optional<AnyStridedMemRef>:$scratch);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $callee (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    `outs` `(` $out `:` type($out) `)`
    (`scratch` `(` $scratch^ `:` type($scratch) `)`)?
    attr-dict (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutMutable(); }
  }];
}

def CallTableOp : Mind_Op<"call_table", [
    MemoryEffects<[MemRead<DefaultResource>, MemWrite<DefaultResource>]>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls the functions of equal groups over and over";
  let description = [{
    Calls `callees`, one after the other, as `mind.call_group` does, and all of
    them again until `table` ends. There stand, for each operand of each call,
    two numbers: which argument of the function around it that is, and by how
    many bytes it lies further. The i-th callee has `arity[i]` operands.
    `mind-roll-calls` makes it, of memory.

    ```mlir
    mind.call_table [@mind.group.0] {arity = array<i64: 2>, table = array<i64: 0, 0, 2, 0, 2, 0, 1, 0>}
    ```
    is
    ```mlir
    mind.call_group @mind.group.0 ins(%x : memref<4xf32>) outs(%start_of_workspace : memref<4xf32>)
    mind.call_group @mind.group.0 ins(%start_of_workspace : memref<4xf32>) outs(%out : memref<4xf32>)
    ```
  }];
  let arguments = (ins TypedArrayAttrBase<FlatSymbolRefAttr, "functions">:$callees,
                       DenseI64ArrayAttr:$arity, DenseI64ArrayAttr:$table);
  let assemblyFormat = "$callees attr-dict";
  let hasVerifier = 1;
}

#endif // MIND_DIALECT_MIND_IR_KERNELOPS_TD
