//===- RulesTest.cpp - result types and rejections ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "Mind/Shape/Operation.h"
#include "gtest/gtest.h"
#include <random>

using namespace mind;

namespace {

TensorType f32(Dims dims) { return {DType::F32, std::move(dims)}; }

bool isTensor(const ParamInfo &param) {
  return param.isOperand() && param.isRequired();
}

/// Applies the operation called `name`, with some arguments set, and gives the
/// type's text or the error's code and message.
std::string
infer(llvm::StringRef name, llvm::SmallVector<TensorType, 3> operands,
      std::vector<std::pair<llvm::StringRef, Argument>> arguments = {}) {
  const OpInfo *op = nullptr;
  for (const OpInfo *candidate : operationsNamed(name))
    if (size_t(llvm::count_if(candidate->params, &isTensor)) ==
            operands.size() &&
        !op)
      op = candidate;
  if (!op)
    return "no such operation";
  Call call(*op);
  call.operands = std::move(operands);
  for (auto &[param, argument] : arguments)
    call.arg(param) = std::move(argument);
  TensorType result;
  if (std::optional<ShapeError> error = inferType(call, result))
    return diagnosticCode(error->kind).str() + " " + error->message();
  return result.str();
}

TEST(Rules, ElementwiseBroadcasts) {
  EXPECT_EQ(infer("add", {f32({3, 4}), f32({4})}), "Tensor<f32, [3, 4]>");
  EXPECT_EQ(infer("add", {f32({3, 1}), f32({1, 5})}), "Tensor<f32, [3, 5]>");
  EXPECT_EQ(infer("add", {f32({}), f32({})}), "f32");
  EXPECT_EQ(
      infer("add", {f32({3, 4}), f32({3, 5})}),
      "E3001 cannot broadcast [3, 4] with [3, 5]: dimension 1 is 4 and 5");
  EXPECT_EQ(infer("lt", {f32({2}), f32({2})}), "Tensor<bool, [2]>");
  EXPECT_EQ(infer("add", {f32({2}), {DType::I32, {2}}}).substr(0, 5), "E2004");
  EXPECT_EQ(infer("exp", {{DType::I32, {2}}}).substr(0, 5), "E2005");
  EXPECT_EQ(infer("add", {{DType::Bool, {}}, {DType::Bool, {}}}).substr(0, 5),
            "E2005");
}

TEST(Rules, OnlyALiteralOneStretches) {
  Dim B = Dim::named("B"), T = Dim::named("T");
  EXPECT_EQ(infer("add", {f32({B, 3}), f32({1, 3})}), "Tensor<f32, [B, 3]>");
  EXPECT_EQ(infer("add", {f32({B}), f32({T})}).substr(0, 5), "E3001");
  EXPECT_EQ(infer("add", {f32({B}), f32({4})}).substr(0, 5), "E3001");
}

TEST(Rules, BroadcastNamesTheOperandsAtFault) {
  EXPECT_EQ(infer("clamp", {f32({2, 3}), f32({3}), f32({4})}),
            "E3001 cannot broadcast [2, 3] with [4]: dimension 1 is 3 and 4");
  EXPECT_EQ(infer("clamp", {f32({}), f32({3}), f32({4})}),
            "E3001 cannot broadcast [3] with [4]: dimension 0 is 3 and 4");
}

TEST(Rules, SelectWantsACondition) {
  TensorType condition{DType::Bool, {2, 1}};
  EXPECT_EQ(infer("where", {condition, f32({3}), f32({})}),
            "Tensor<f32, [2, 3]>");
  EXPECT_EQ(infer("where", {f32({2}), f32({2}), f32({2})}).substr(0, 5),
            "E2005");
}

TEST(Rules, Contractions) {
  EXPECT_EQ(infer("matmul", {f32({5, 1, 2, 3}), f32({7, 3, 4})}),
            "Tensor<f32, [5, 7, 2, 4]>");
  EXPECT_EQ(infer("matmul", {f32({3}), f32({3, 4})}).substr(0, 5), "E3002");
  EXPECT_EQ(
      infer("matmul", {f32({2, 5}), f32({13, 5})}),
      "E3003 `matmul` of [2, 5] with [13, 5]: the inner dimension is 5 and 13");
  EXPECT_EQ(infer("matmul", {f32({2, 2, 3}), f32({3, 3, 4})}).substr(0, 5),
            "E3001");
  EXPECT_EQ(infer("dot", {f32({3}), f32({3})}), "f32");
  EXPECT_EQ(infer("dot", {f32({2, 3}), f32({3})}), "Tensor<f32, [2]>");
  EXPECT_EQ(infer("dot", {f32({3}), f32({3, 4})}), "Tensor<f32, [4]>");
  EXPECT_EQ(infer("dot", {f32({2, 3}), f32({3, 4})}), "Tensor<f32, [2, 4]>");
  EXPECT_EQ(infer("dot", {f32({1, 2, 3}), f32({3})}).substr(0, 5), "E3002");
  EXPECT_EQ(infer("linear", {f32({8, 20}), f32({30, 20}), f32({30})}),
            "Tensor<f32, [8, 30]>");
  EXPECT_EQ(
      infer("linear", {f32({8, 20}), f32({20, 30}), f32({30})}).substr(0, 5),
      "E3003");
}

TEST(Rules, Convolution) {
  TensorType image = f32({1, 56, 56, 64}), filter = f32({3, 3, 64, 32});
  EXPECT_EQ(infer("conv2d", {image, filter}), "Tensor<f32, [1, 54, 54, 32]>");
  EXPECT_EQ(infer("conv2d", {image, filter}, {{"padding", "Same"}}),
            "Tensor<f32, [1, 56, 56, 32]>");
  EXPECT_EQ(infer("conv2d", {image, filter},
                  {{"padding", "Same"}, {"strides", Ints{3, 2}}}),
            "Tensor<f32, [1, 19, 28, 32]>");
  EXPECT_EQ(infer("conv2d", {image, filter},
                  {{"padding", Ints{1, 0, 2, 0}}, {"dilation", Ints{2, 1}}}),
            "Tensor<f32, [1, 53, 56, 32]>");
  EXPECT_EQ(
      infer("conv2d", {image, f32({3, 3, 16, 32})}, {{"groups", int64_t(4)}}),
      "Tensor<f32, [1, 54, 54, 32]>");
  EXPECT_EQ(infer("conv2d", {image, f32({3, 3, 16, 32})}).substr(0, 5),
            "E4009");
  EXPECT_EQ(
      infer("conv2d", {image, filter}, {{"strides", Ints{0, 1}}}).substr(0, 5),
      "E4010");
  EXPECT_EQ(infer("conv2d", {f32({1, 2, 2, 64}), filter}).substr(0, 5),
            "E3006");
  // The odd padding goes after.
  Call call(operationInfo(OpKind::Conv2d));
  call.operands = {f32({1, 6, 6, 1}), f32({2, 4, 1, 1})};
  call.arg("padding") = std::string("Same");
  TensorType result;
  ASSERT_FALSE(inferType(call, result));
  EXPECT_EQ(std::get<Ints>(call.arg("padding")), (Ints{0, 1, 1, 2}));
}

TEST(Rules, Reductions) {
  TensorType x = f32({2, 3, 4});
  EXPECT_EQ(infer("sum", {x}), "f32");
  EXPECT_EQ(infer("sum", {x}, {{"axes", Ints{-1}}}), "Tensor<f32, [2, 3]>");
  EXPECT_EQ(infer("sum", {x}, {{"axes", Ints{0, 2}}, {"keepdims", true}}),
            "Tensor<f32, [1, 3, 1]>");
  EXPECT_EQ(infer("sum", {{DType::I8, {4}}}), "i64");
  EXPECT_EQ(infer("max", {{DType::I8, {4}}}), "i8");
  EXPECT_EQ(infer("mean", {{DType::I8, {4}}}).substr(0, 5), "E2005");
  EXPECT_EQ(infer("sum", {x}, {{"axes", Ints{3}}}).substr(0, 5), "E3004");
  EXPECT_EQ(infer("sum", {x}, {{"axes", Ints{0, -3}}}).substr(0, 5), "E3005");
  EXPECT_EQ(infer("softmax", {x}), "Tensor<f32, [2, 3, 4]>");
  EXPECT_EQ(infer("softmax", {f32({})}).substr(0, 5), "E3004");
}

TEST(Rules, Movement) {
  TensorType x = f32({2, 6});
  EXPECT_EQ(infer("reshape", {x}, {{"shape", Dims{3, -1}}}),
            "Tensor<f32, [3, 4]>");
  EXPECT_EQ(infer("reshape", {x}, {{"shape", Dims{5, -1}}}).substr(0, 5),
            "E3007");
  EXPECT_EQ(infer("reshape", {x}, {{"shape", Dims{5}}}),
            "E3007 cannot reshape [2, 6] (12 elements) to [5] (5 elements)");
  EXPECT_EQ(infer("reshape", {x}, {{"shape", Dims{-1, -1}}}).substr(0, 5),
            "E3006");
  EXPECT_EQ(infer("reshape", {x}, {{"shape", Dims{0}}}).substr(0, 5), "E3006");
  EXPECT_EQ(infer("transpose", {x}), "Tensor<f32, [6, 2]>");
  EXPECT_EQ(infer("transpose", {x}, {{"axes", Ints{-2, 1}}}),
            "Tensor<f32, [2, 6]>");
  EXPECT_EQ(infer("transpose", {x}, {{"axes", Ints{0, 0}}}).substr(0, 5),
            "E3008");
  EXPECT_EQ(infer("expand_dims", {x}, {{"axis", int64_t(-1)}}),
            "Tensor<f32, [2, 6, 1]>");
  EXPECT_EQ(infer("expand_dims", {x}, {{"axis", int64_t(3)}}).substr(0, 5),
            "E3004");
  EXPECT_EQ(infer("squeeze", {f32({1, 3, 1})}), "Tensor<f32, [3]>");
  EXPECT_EQ(infer("squeeze", {x}, {{"axes", Ints{0}}}).substr(0, 5), "E3009");
  EXPECT_EQ(infer("flatten", {x}), "Tensor<f32, [12]>");
  EXPECT_EQ(infer("broadcast_to", {f32({6})}, {{"shape", Dims{2, 6}}}),
            "Tensor<f32, [2, 6]>");
  EXPECT_EQ(infer("broadcast_to", {x}, {{"shape", Dims{6}}}).substr(0, 5),
            "E3002");
  EXPECT_EQ(infer("broadcast_to", {x}, {{"shape", Dims{2, 1}}}).substr(0, 5),
            "E3001");
}

TEST(Rules, EffectsHaveNoResult) {
  EXPECT_EQ(infer("assert", {f32({})}).substr(0, 5), "E2005");
  EXPECT_EQ(infer("assert", {{DType::Bool, {3}}}).substr(0, 5), "E3002");
  Call print(operationInfo(OpKind::Println));
  EXPECT_EQ(print.numResults(), 0u);
  print.operands.assign(170, f32({2, 2}));
  TensorType unused;
  EXPECT_FALSE(inferType(print, unused));
  print.operands.push_back(f32({2, 2}));
  std::optional<ShapeError> error = inferType(print, unused);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message(),
            "the number of values of `println`, their dimensions included, is "
            "beyond the limit of 512");
}

TEST(Rules, PlacesForValuesAreCounted) {
  EXPECT_EQ(countPlaces(""), 0u);
  EXPECT_EQ(countPlaces("{} and {}"), 2u);
  EXPECT_EQ(countPlaces("{{} {{{} } { {"), 1u);
}

TEST(Rules, SymbolicSizesStayExpressions) {
  Dim B = Dim::named("B");
  EXPECT_EQ(infer("reshape", {f32({B, 4, 3})}, {{"shape", Dims{-1, 3}}}),
            "Tensor<f32, [4*B, 3]>");
  EXPECT_EQ(infer("reshape", {f32({B, 4})}, {{"shape", Dims{B, 2, -1}}}),
            "Tensor<f32, [B, 2, 2]>");
  EXPECT_EQ(infer("flatten", {f32({B, 2, B})}), "Tensor<f32, [2*B*B]>");
  EXPECT_EQ(infer("matmul", {f32({B, 784}), f32({784, 10})}),
            "Tensor<f32, [B, 10]>");
}

TEST(Rules, ElementCountsFitIn63Bits) {
  TensorType huge = f32({int64_t(1) << 40, 1});
  EXPECT_EQ(infer("add", {huge, f32({1, int64_t(1) << 40})}).substr(0, 5),
            "E3011");
}

/// Broadcasting agrees with its definition, element by element of the shape.
TEST(Rules, BroadcastIsSymmetricAndIdempotent) {
  std::mt19937 random(3);
  for (int i = 0; i != 2000; ++i) {
    auto randomShape = [&] {
      Dims dims;
      for (unsigned rank = random() % 5; rank; --rank)
        dims.push_back(int64_t(random() % 3 + 1));
      return dims;
    };
    Dims a = randomShape(), b = randomShape(), ab, ba, again;
    auto left = broadcast(a, b, ab), right = broadcast(b, a, ba);
    ASSERT_EQ(left.has_value(), right.has_value());
    if (left) {
      EXPECT_EQ(left->dimension, right->dimension);
      EXPECT_EQ(left->lhs, right->rhs);
      continue;
    }
    EXPECT_EQ(ab, ba);
    EXPECT_FALSE(broadcast(ab, a, again));
    EXPECT_EQ(again, ab);
  }
}

/// Whatever the arguments, a rule answers; with its own normalised arguments
/// it gives the same type again.
TEST(Rules, AreTotalAndNormaliseOnce) {
  std::mt19937 random(4);
  auto integer = [&] { return int64_t(random() % 9) - 3; };
  unsigned accepted = 0;
  for (const OpInfo &op : operations())
    for (int round = 0; round != 300; ++round) {
      Call call(op);
      for (const ParamInfo &param : op.params) {
        Argument &argument = call.args[&param - op.params.begin()];
        bool leftOut = !param.isRequired() && random() % 2;
        if (param.isOperand()) {
          if (leftOut && param.defaultText == "none")
            continue;
          TensorType type{DType(random() % numDTypes), {}};
          for (unsigned rank = random() % 5; rank; --rank)
            type.dims.push_back(int64_t(random() % 4 + 1));
          if (!call.operands.empty() && random() % 2)
            type.dtype = call.operands.front().dtype;
          call.operands.push_back(type);
        } else if (leftOut) {
          continue;
        } else if (param.kind == ParamKind::Axis ||
                   param.kind == ParamKind::Int) {
          argument = integer();
        } else if (param.kind == ParamKind::Float) {
          argument = double(integer());
        } else if (param.kind == ParamKind::Number) {
          argument = random() % 2 ? Argument(integer())
                                  : Argument(double(integer()) / 2);
        } else if (param.kind == ParamKind::String) {
          argument = std::string("text");
        } else if (param.kind == ParamKind::Bool) {
          argument = bool(random() % 2);
        } else if (param.kind == ParamKind::DType) {
          argument = DType(random() % numDTypes);
        } else if (param.kind == ParamKind::Choice) {
          argument = param.defaultText.str();
        } else if (param.kind == ParamKind::Shape) {
          argument = Dims(random() % 4, Dim(integer()));
        } else {
          Ints values;
          for (unsigned count = random() % 5; count; --count)
            values.push_back(integer());
          argument = values;
        }
      }
      TensorType first, second;
      if (std::optional<ShapeError> error = inferType(call, first)) {
        EXPECT_EQ(error->message().find("{"), std::string::npos)
            << error->message();
        for (unsigned operand : error->operands)
          EXPECT_LT(operand, call.operands.size());
        continue;
      }
      ++accepted;
      auto arguments = call.args;
      ASSERT_FALSE(inferType(call, second)) << op.name().str();
      EXPECT_EQ(first, second) << op.name().str();
      EXPECT_EQ(arguments, call.args) << op.name().str();
    }
  EXPECT_GT(accepted, operations().size() * 10);
}

TEST(Operations, TableIsConsistent) {
  for (const OpInfo &op : operations()) {
    EXPECT_EQ(&operationInfo(op.kind), &op);
    EXPECT_FALSE(op.summary.empty()) << op.name().str();
    // Operands can be told apart by their number.
    EXPECT_LE(llvm::count_if(
                  op.params,
                  [](const ParamInfo &param) { return param.isVariable(); }),
              1)
        << op.name().str();
    // What stands behind the rest goes by name, and may be left out.
    bool isBehindRest = false;
    for (const ParamInfo &param : op.params) {
      EXPECT_FALSE(isBehindRest && param.isRequired()) << op.name().str();
      isBehindRest |= param.takesRest();
    }
    for (llvm::StringRef name : op.names)
      EXPECT_TRUE(llvm::is_contained(operationsNamed(name), &op));
  }
  EXPECT_EQ(operationForSymbol("@"), &operationInfo(OpKind::Matmul));
  EXPECT_EQ(operationForSymbol("="), nullptr);
  // With two tensors `min` is elementwise, with one a reduction.
  ASSERT_EQ(operationsNamed("min").size(), 2u);
  EXPECT_EQ(operationsNamed("min")[0]->kind, OpKind::Minimum);
  EXPECT_EQ(operationsNamed("min")[1]->kind, OpKind::Min);
  EXPECT_TRUE(operationsNamed("nothing").empty());
}

TEST(Operations, SuggestsWhatResembles) {
  auto names = similarOperations("sofmax");
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.front(), "softmax");
  EXPECT_TRUE(similarOperations("zzzzzz").empty());
}

TEST(Operations, PrintsSignatures) {
  EXPECT_EQ(operationInfo(OpKind::Softmax).signature(), "softmax(x, axis=-1)");
  EXPECT_EQ(operationInfo(OpKind::Sum).signature(),
            "sum(x, axes=none, keepdims=false)");
}

} // namespace
