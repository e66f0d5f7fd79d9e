//===- Passes.td - passes of code generation -----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_CODEGEN_PASSES_TD
#define MIND_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def SelectKernels : Pass<"mind-select-kernels", "::mlir::func::FuncOp"> {
  let summary = "Binds contractions to precompiled kernels";
  let description = [{
    Replaces products of matrices and convolutions of f32 or f64, and what follows
    them in a layer (batch normalisation, scale, bias, residual, activation), by
    `mind.kernel.matmul` and `mind.kernel.conv2d`; gives `mind.kernel.attention` a
    level. A transposition of an operand, or of what attention yields, and axes
    that are rows in all but name, cost nothing; zeros around images are the
    kernel's affair. Whatever is left is generated, as all is without this pass.
  }];
  let options = [
    Option<"level", "level", "int64_t", "2",
           "Instruction set of the kernels: x86-64-v3 (1), -v4 (2), or less (0)">,
  ];
  let dependentDialects = ["::mind::MindDialect",
                           "::mlir::tensor::TensorDialect"];
}

def Vectorize : Pass<"mind-vectorize", "::mlir::func::FuncOp"> {
  let summary = "Tiles, fuses and vectorises the linalg operations of groups";
  let description = [{
    Replaces the linalg and tensor operations in each `mind.group`, or in a
    function that has them in its body, by loops over tiles on one-dimensional
    vectors. What a group computes becomes as few nests of loops as possible:
    elementwise operations are evaluated where their elements are needed, those
    after a contraction or reduction on its accumulators in registers; stages
    over the same rows (softmax) share the loops over rows.

    Any extent is served by one copy of the code: the last tile along a
    dimension is moved back to fit, and a dimension shorter than a vector, or
    what remains of a reduced one, runs under a mask. Where only a call knows
    the extent, as an expression over the named sizes, whole tiles are followed
    by a loop over what is left, in single vectors along the lanes and at last
    in single elements. What cannot be a vector operation is done lane by lane;
    what is not understood is left alone.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "unsigned", "256",
           "Width of a vector register in bits">,
    Option<"registers", "registers", "unsigned", "16",
           "Number of vector registers">,
  ];
  let dependentDialects = ["::mind::MindDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::vector::VectorDialect"];
}

def InlineGroups : Pass<"mind-inline-groups", "::mlir::func::FuncOp"> {
  let summary = "Moves what groups contain into the function around them";
  let description = [{
    What one group puts into a tensor of rank 0, and another takes out, then
    stays in a register. Types of tensors no longer say what symbolic extents
    are: from here on operations on the sizes do.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def DestinationPassing : Pass<"mind-destination-passing", "::mlir::func::FuncOp"> {
  let summary = "Gives what functions, branches and loops yield a buffer";
  let description = [{
    Each tensor result of a function becomes a further argument, a memref into
    which the result is materialised. Tensor arguments are marked as not
    writable, so that bufferisation never computes in place of an input, and a
    result that is an input is copied.

    No tensor enters or leaves the regions of `scf` afterwards. The branches of
    an `scf.if` materialise their values in one buffer, that in which the value
    ends if there is one. A loop carries two buffers for each tensor: one is
    read, the other written, and they change places. Tensors of rank 0 go by
    their element.
  }];
  let dependentDialects = ["::mind::MindDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

def Bufferize : Pass<"mind-bufferize", "::mlir::ModuleOp"> {
  let summary = "Gives every tensor a buffer";
  let description = [{
    Tensors that end in a result are bound to its buffer, which is reshaped where
    the tensor is. Where each tensor that is written over is not read any more, as
    one walk can tell of most programs, every operation then writes in place; other
    modules go through one-shot analysis, which copies where it must. Operations on
    linalg that no earlier pass turned into loops are turned into loops here.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def PlanWorkspace : Pass<"mind-plan-workspace", "::mlir::ModuleOp"> {
  let summary = "Places the buffers of each function in one workspace";
  let description = [{
    Each `memref.alloc` becomes a view, at an offset aligned to 64 bytes, into one
    more argument, the workspace. Buffers that do not live at the same time share
    memory; one that is allocated in a loop lives within an iteration. Those of
    constant size are placed first fit, by time or by decreasing size, whichever
    takes less; each other one takes the first that is free of those of its size.
    The size is recorded as the attribute `mind.workspace_size` of the function.
    If it is a number, `mind.workspace_live` says how many bytes are in use at
    once, at most: no plan is smaller. The workspace of a function that
    `mind.call_group` calls is a buffer of the caller.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::arith::ArithDialect"];
}

def RollCalls : Pass<"mind-roll-calls", "::mlir::func::FuncOp"> {
  let summary = "Makes a loop over a table of calls that repeat";
  let description = [{
    Where the same functions are called in the same order several times,
    `mind.call_group` becomes `mind.call_table`: a loop, whose operands are data.
    So a model that is ten times as deep has no more code. Operands are arguments
    of the function, or views into one: runs after `mind-plan-workspace`. A few
    calls stay as they are.
  }];
  let options = [
    Option<"leastSaved", "least-saved", "unsigned", /*default=*/"6",
           "How many calls fewer make a loop worth it">,
  ];
}

def Prefetch : Pass<"mind-prefetch", "::mlir::func::FuncOp"> {
  let summary = "Asks for memory that loops will read";
  let description = [{
    Where a loop goes through a megabyte or more, in small steps, each vector read
    is preceded by a `memref.prefetch` of what lies 1 KiB further. While a long
    chain of arithmetic fills the processor's window, it does not see the next
    reads by itself.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ExpandMath : Pass<"mind-expand-math", "::mlir::ModuleOp"> {
  let summary = "Expands mathematical functions into arithmetic";
  let description = [{
    `exp`, `log`, `tanh`, `erf` and `log1p` on f32 become polynomials, which
    hold for every argument, denormals, infinities and NaN included, within 4
    units in the last place. Functions that LLVM has no intrinsic for become
    calls of the C library, lane by lane; the others stay. Conversions of bf16
    become integer operations.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::vector::VectorDialect"];
}

def LowerAbi : Pass<"mind-lower-abi", "::mlir::ModuleOp"> {
  let summary = "Gives functions the type of Mind/Runtime/Abi.h";
  let description = [{
    A function on memrefs, whose last argument is its workspace, becomes one on
    four pointers that returns the error code; `mind_` goes in front of its name.
    Pointers to inputs and outputs are loaded where they are first used. A function
    that `mind.call_group` calls takes the pointers of its memrefs, and yields
    nothing. `mind.record_error` stores into the context; where these
    operations stand, and what they say, is collected in the attribute
    `mind.sites`, in the order of the site numbers. `mind.call_print` becomes a
    call through the context, with views of the tensors on the stack. An
    `scf.while` that may record an error ends once there is one: what is computed
    after it may never fulfil the condition. A function with `mind.require`
    returns before it reads or writes a buffer if one does not hold; what is
    required is collected in the attribute `mind.requirements`.
  }];
  let dependentDialects = ["::mlir::cf::ControlFlowDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::scf::SCFDialect"];
}

def OutlineLoops : Pass<"mind-outline-loops", "::mlir::ModuleOp"> {
  let summary = "Makes functions of loops, one of equal ones";
  let description = [{
    Loops that are equal but for buffers and numbers from outside become one
    function, to which buffers go by their pointers, so that what a model repeats
    is compiled once. So does a loop of some length that is alone, unless it is all
    that its function does: it is then a *part* of the module, which may be
    compiled beside the others, or be there already from another module. Small loops
    stay where they are: a function more would cost more than it saves.

    A part is a function that calls none of the module. Its attribute `mind.part`
    says how much code it will become, about: in operations, where mathematical
    functions count as what they expand to.
  }];
  let options = [
    Option<"leastSaved", "least-saved", "unsigned", /*default=*/"64",
           "How many operations fewer make a function worth it">,
    Option<"leastAlone", "least-alone", "unsigned", /*default=*/"64",
           "How large a loop is that becomes a function though no other is equal">,
  ];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ConvertToLLVM : Pass<"mind-convert-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Converts bufferised code to the LLVM dialect";
  let description = [{
    Loops become branches; then one full conversion does the rest. A memref
    becomes a bare pointer: its shape and strides are static, and become
    constants in the addresses.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::cf::ControlFlowDialect"];
}

#endif // MIND_CODEGEN_PASSES_TD
