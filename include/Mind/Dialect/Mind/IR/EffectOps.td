//===- EffectOps.td - what a call does besides its results ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_EFFECTOPS_TD
#define MIND_DIALECT_MIND_IR_EFFECTOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

/// An operation without results that the world sees: it is neither removed nor
/// moved past another one, or past one that may fail.
class Mind_EffectOp<string mnemonic, string rule, string dtypes,
                    list<Trait> traits = []>
    : Mind_LanguageOp<mnemonic, "Effect", rule, dtypes,
        !listconcat([MemoryEffects<[MemWrite<DefaultResource>]>], traits)> {
  let results = (outs);
}

class Mind_PrintOp<string mnemonic>
    : Mind_EffectOp<mnemonic, "printed", "Any",
        [PredOpTrait<"the format has a place for each value",
                     CPred<"::mind::countPlaces(getFormat()) == "
                           "getValues().size()">>]> {
  let arguments = (ins StrAttr:$format, Mind_Values:$values);
  let parameters = (ins Mind_Values:$values);
  let assemblyFormat = "$format (`(` $values^ `:` type($values) `)`)? attr-dict";
}

def PrintOp : Mind_PrintOp<"print"> {
  let summary = "prints values and strings, separated by spaces";
  let description = [{
    Tensors of any dtype are printed as NumPy prints them, strings as they are. No
    line end follows. After an error at run time nothing is printed.

    ```mlir
    mind.print "x = {}"(%x : tensor<2xf32>)
    ```
  }];
  let example = [{
    print("one, ");
    print("two: ");
    println([1, 2]);
    // one, two: [1 2]
  }];
}

def PrintlnOp : Mind_PrintOp<"println"> {
  let summary = "prints values and strings, separated by spaces, and a line end";
  let description = [{
    As `print`, with a line end; without arguments, an empty line.

    ```mlir
    mind.println "x = {}"(%x : tensor<2xf32>)
    ```
  }];
  let example = [{
    let x = [[1.5, 2.0], [3.0, 4.0]];
    println("the sum of");
    println(x, "is", sum(x));
    // the sum of
    // [[1.5 2. ]
    //  [3.  4. ]] is 10.5
  }];
}

def AssertOp : Mind_EffectOp<"assert", "assertion", "Bool"> {
  let summary = "fails with E6006 unless a condition holds";
  let description = [{
    The condition has rank 0; `all(x)` or `any(x)` makes one of a tensor. If it does
    not hold, the call reports E6006 with the message, if there is one.

    ```mlir
    mind.assert %c, "negative input" : tensor<i1>
    ```
  }];
  let arguments = (ins Mind_Tensor:$condition,
                       OptionalAttr<Mind_String<"none">>:$message);
  let parameters = (ins Mind_Tensor:$condition, Mind_String<"none">:$message);
  let assemblyFormat =
      "$condition (`,` $message^)? attr-dict `:` type($condition)";
  let hasCanonicalizeMethod = 1;
  let example = [{
    let x = [4.0, 9.0];
    assert(all(x >= 0), "negative input");
    sqrt(x)
    // [2. 3.]
  }];
}

#endif // MIND_DIALECT_MIND_IR_EFFECTOPS_TD
