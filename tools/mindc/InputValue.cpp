//===- InputValue.cpp - the inputs of `mindc run` -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InputValue.h"
#include "Elements.h"
#include "Npy.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;
using llvm::Twine;
using runtime::Parameter;
using runtime::Signature;
using runtime::Tensor;

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

namespace {
/// A literal: its elements as they were written, in row-major order.
struct Literal {
  std::vector<int64_t> shape;
  std::vector<StringRef> elements;
};

/// Reads nested lists. Depth is limited by the rank that could fit.
class LiteralParser {
public:
  LiteralParser(StringRef text, Literal &literal)
      : rest(text), literal(literal) {}

  /// Empty on success, else what is wrong with the text.
  std::string parse() {
    std::string error = parseValue(0);
    rest = rest.ltrim();
    if (error.empty() && !rest.empty())
      error = ("nothing may follow the value, found `" + rest + "`").str();
    return error;
  }

  /// The shapes of two elements of one list that differ, if any do.
  std::optional<std::pair<std::vector<int64_t>, std::vector<int64_t>>> ragged;

private:
  std::string parseValue(unsigned depth) {
    constexpr unsigned maxDepth = 64;
    rest = rest.ltrim();
    if (!rest.consume_front("["))
      return parseElement();
    if (depth == maxDepth)
      return "lists nest too deeply";
    std::vector<int64_t> first;
    int64_t count = 0;
    do {
      rest = rest.ltrim();
      if (count && rest.starts_with("]")) // A comma after the last element.
        break;
      if (std::string error = parseValue(depth + 1); !error.empty())
        return error;
      if (count++ == 0)
        first = literal.shape;
      else if (literal.shape != first && !ragged)
        ragged = {first, literal.shape};
      rest = rest.ltrim();
    } while (rest.consume_front(","));
    if (!rest.consume_front("]"))
      return "expected `,` or `]`, found " +
             (rest.empty() ? "the end"
                           : ("`" + rest.take_front(1) + "`").str());
    literal.shape = std::move(first);
    literal.shape.insert(literal.shape.begin(), count);
    return "";
  }

  std::string parseElement() {
    StringRef word = rest.take_while([](char c) {
      return llvm::isAlnum(c) || c == '+' || c == '-' || c == '.' || c == '_';
    });
    if (word.empty())
      return "expected a number or `[`, found " +
             (rest.empty() ? "the end"
                           : ("`" + rest.take_front(1) + "`").str());
    rest = rest.drop_front(word.size());
    literal.shape.clear();
    literal.elements.push_back(word);
    return "";
  }

  StringRef rest;
  Literal &literal;
};
} // namespace

/// Stores an element as it was written. Returns an exit code.
static int storeElement(Tensor &tensor, int64_t index, StringRef word,
                        Driver &driver) {
  DType dtype = tensor.dtype();
  std::string dtypeText(dtypeName(dtype));
  bool isTrue = word == "true" || word == "True";
  bool isFalse = word == "false" || word == "False";
  auto mismatch = [&](StringRef expected) {
    return driver.dataError(DiagKind::TypeMismatch,
                            {expected.str(), "`" + word.str() + "`"});
  };
  if (isBool(dtype)) {
    if (!isTrue && !isFalse)
      return mismatch("true or false");
    storeInt(tensor, index, isTrue);
    return exitSuccess;
  }
  if (isFloat(dtype)) {
    if (!storeText(tensor, index, word))
      return mismatch("a number");
    return exitSuccess;
  }
  llvm::APInt wide;
  StringRef digits = word;
  bool isNegative = digits.consume_front("-");
  if (!isNegative)
    digits.consume_front("+");
  if (digits.getAsInteger(0, wide)) {
    double value;
    if (isTrue || isFalse || word.getAsDouble(value))
      return mismatch("an integer");
    return driver.dataError(DiagKind::FloatLiteralForInteger,
                            {word.str(), dtypeText});
  }
  IntRange range = intRange(dtype);
  // One bit of room for the sign, and enough for the comparison.
  wide = wide.zext(std::max(wide.getBitWidth() + 1, 65u));
  if (isNegative)
    wide.negate();
  if (wide.slt(llvm::APInt(wide.getBitWidth(), range.min, true)) ||
      wide.sgt(llvm::APInt(wide.getBitWidth(), range.max, true)))
    return driver.dataError(DiagKind::LiteralOutOfRange,
                            {word.str(), dtypeText});
  storeInt(tensor, index, wide.getSExtValue());
  return exitSuccess;
}

//===----------------------------------------------------------------------===//
// Generated values
//===----------------------------------------------------------------------===//

static constexpr StringRef generatorWords[] = {"zeros", "ones", "random",
                                               "arange"};

/// Whether `word` is a number or a bool, and no misspelt word.
static bool looksLikeElement(StringRef word) {
  return !llvm::isAlpha(word.front()) || word == "inf" || word == "nan" ||
         word.equals_insensitive("true") || word.equals_insensitive("false");
}

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and the same everywhere.
static uint64_t nextRandom(uint64_t &state) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Floats from [-1, 1), integers from 0 to 9, either bool.
static void fillRandom(Tensor &tensor, uint64_t seed) {
  uint64_t state = seed;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    uint64_t bits = nextRandom(state);
    if (isFloat(tensor.dtype()))
      storeFloat(tensor, i, double(bits >> 11) * 0x1p-52 - 1);
    else
      storeInt(tensor, i, isBool(tensor.dtype()) ? bits >> 63 : bits % 10);
  }
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

namespace {
class InputMaker {
public:
  InputMaker(const runtime::Executable &executable, Driver &driver)
      : executable(executable), signature(executable.signature()),
        driver(driver), sizes(signature.sizes.size(), -1) {}

  int bindSizes(llvm::ArrayRef<StringRef> texts);
  int make(llvm::ArrayRef<StringRef> texts, std::vector<Tensor> &inputs);

private:
  int assignTexts(llvm::ArrayRef<StringRef> texts);
  int makeGiven(size_t index, Tensor &input);
  int makeFilled(size_t index, Tensor &input);
  int makeLiteral(size_t index, Tensor &input);
  int readFile(size_t index, Tensor &input);
  int check(size_t index, const Tensor &input);
  std::vector<int64_t> shapeOf(const Parameter &parameter) const;

  int invalid(size_t index, const Twine &why) {
    return driver.usageError("cannot read the value of input `" +
                             signature.parameters[index].name + "`: " + why);
  }
  std::string parameterList() const;

  const runtime::Executable &executable;
  const Signature &signature;
  Driver &driver;
  /// The named sizes, as far as inputs bind them; -1: not yet.
  std::vector<int64_t> sizes;
  std::vector<std::optional<StringRef>> values;
};
} // namespace

std::string InputMaker::parameterList() const {
  std::string list;
  for (const Parameter &parameter : signature.parameters)
    list += "\n  " + parameter.name + ": " + signature.spelling(parameter.type);
  return list;
}

/// Reads texts NAME=N.
int InputMaker::bindSizes(llvm::ArrayRef<StringRef> texts) {
  for (StringRef text : texts) {
    auto [name, value] = text.split('=');
    const auto *found = std::find(signature.sizes.data(),
                                  signature.sizes.data() + sizes.size(), name);
    size_t index = found - signature.sizes.data();
    if (index == sizes.size())
      return driver.usageError(
          "`" + signature.name + "` has no size `" + name + "`" +
          suggestion(name, std::vector<StringRef>(signature.sizes.begin(),
                                                  signature.sizes.end())));
    if (value.getAsInteger(10, sizes[index]) || sizes[index] < 1)
      return driver.usageError("expected NAME=N after --size, with a whole "
                               "number of at least 1, found `" +
                               text + "`");
  }
  return exitSuccess;
}

/// Sorts NAME=VALUE texts to their parameters.
int InputMaker::assignTexts(llvm::ArrayRef<StringRef> texts) {
  values.resize(signature.parameters.size());
  for (StringRef text : texts) {
    auto [name, value] = text.split('=');
    if (name.size() == text.size())
      return driver.usageError("expected NAME=VALUE after --input, found `" +
                               text + "`");
    const auto *found = std::find_if(
        signature.parameters.data(),
        signature.parameters.data() + values.size(),
        [&, name = name](const Parameter &p) { return p.name == name; });
    size_t index = found - signature.parameters.data();
    if (index == values.size()) {
      std::vector<StringRef> names;
      for (const Parameter &parameter : signature.parameters)
        names.push_back(parameter.name);
      return driver.usageError("`" + signature.name + "` has no parameter `" +
                               name + "`" + suggestion(name, names));
    }
    if (values[index])
      return driver.usageError("input `" + name + "` is given twice");
    values[index] = value.trim();
  }

  std::vector<std::string> missing;
  for (size_t i = 0; i < values.size(); ++i)
    if (!values[i])
      missing.push_back("`" + signature.parameters[i].name + "`");
  if (missing.empty())
    return exitSuccess;
  return driver.usageError(
      Twine(missing.size() == 1 ? "input " : "inputs ") +
      llvm::join(missing, ", ") + (missing.size() == 1 ? " is" : " are") +
      " missing; `" + signature.name +
      "` wants one --input NAME=VALUE for each of" + parameterList());
}

std::vector<int64_t> InputMaker::shapeOf(const Parameter &parameter) const {
  std::vector<int64_t> shape;
  for (const runtime::Dim &dim : parameter.type.dims)
    shape.push_back(dim.evaluate(sizes).value_or(-1));
  return shape;
}

int InputMaker::check(size_t index, const Tensor &input) {
  runtime::Status status =
      executable.checkInput(index, input.dtype(), input.shape(), sizes);
  return status.ok() ? exitSuccess : driver.runtimeError(status.error());
}

int InputMaker::readFile(size_t index, Tensor &input) {
  StringRef path = values[index]->drop_front();
  std::shared_ptr<llvm::MemoryBuffer> file = driver.readFile(path);
  if (!file)
    return exitWrongUsage;
  std::string error;
  input = readNpy(file->getBuffer(), signature.parameters[index].type.dtype,
                  error, file);
  if (!input.valid())
    return driver.usageError("`" + path + "` " + error);
  return check(index, input);
}

int InputMaker::makeLiteral(size_t index, Tensor &input) {
  const Parameter &parameter = signature.parameters[index];
  Literal literal;
  LiteralParser parser(*values[index], literal);
  if (std::string error = parser.parse(); !error.empty())
    return invalid(index, error);
  if (parser.ragged)
    return driver.dataError(DiagKind::RaggedLiteral,
                            {runtime::shapeString(parser.ragged->first),
                             runtime::shapeString(parser.ragged->second)});
  // A number alone fills the tensor, and thus is no statement of its shape.
  bool fills = literal.shape.empty() && !parameter.type.dims.empty();
  if (fills)
    return makeFilled(index, input);
  bool fits = literal.shape.size() == parameter.type.dims.size();
  for (size_t i = 0; fits && i < literal.shape.size(); ++i) {
    const runtime::Dim &dim = parameter.type.dims[i];
    fits = !dim.isConstant() || dim.extent == literal.shape[i];
  }
  if (!fits)
    return driver.dataError(DiagKind::InputLiteralShape,
                            {parameter.name,
                             runtime::shapeString(literal.shape),
                             signature.spelling(parameter.type)});
  input = Tensor(parameter.type.dtype, literal.shape);
  for (int64_t i = 0; i < input.size(); ++i)
    if (int code = storeElement(input, i, literal.elements[i], driver))
      return code;
  return check(index, input);
}

/// Makes inputs that bind named sizes: files and lists.
int InputMaker::makeGiven(size_t index, Tensor &input) {
  if (values[index]->starts_with("@"))
    return readFile(index, input);
  if (values[index]->starts_with("["))
    return makeLiteral(index, input);
  return exitSuccess;
}

/// Makes inputs whose shape comes from the parameter.
int InputMaker::makeFilled(size_t index, Tensor &input) {
  const Parameter &parameter = signature.parameters[index];
  StringRef value = *values[index];
  std::vector<int64_t> shape = shapeOf(parameter);
  for (size_t i = 0; i < shape.size(); ++i)
    if (shape[i] < 0) {
      std::string size = signature.spelling(parameter.type.dims[i]);
      return invalid(index, "no other input tells the size of `" + size +
                                "`; give it as --size " + size + "=N");
    }
  input = Tensor(parameter.type.dtype, std::move(shape));
  if (!input.valid())
    return driver.dataError(DiagKind::AllocationFailure,
                            {std::to_string(input.sizeInBytes())});
  auto [word, seedText] = value.split(':');
  if (value == "zeros" || value == "ones" || value == "arange") {
    for (int64_t i = 0; i < input.size(); ++i)
      storeInt(input, i, value == "arange" ? i : value == "ones");
    return exitSuccess;
  }
  if (word == "random") {
    uint64_t seed = 0;
    if (word.size() != value.size() && seedText.getAsInteger(0, seed))
      return invalid(index, "seed `" + seedText + "` is not a whole number");
    // Parameters differ under one seed.
    fillRandom(input, seed * signature.parameters.size() + index);
    return exitSuccess;
  }

  Literal literal;
  if (std::string error = LiteralParser(value, literal).parse(); !error.empty())
    return invalid(index, error);
  if (!looksLikeElement(literal.elements[0]))
    return invalid(index, "`" + value +
                              "` is none of @FILE.npy, zeros, ones, random, "
                              "arange and a literal" +
                              suggestion(word, generatorWords));
  if (int code = storeElement(input, 0, literal.elements[0], driver))
    return code;
  size_t elementSize = sizeInBytes(input.dtype());
  for (int64_t i = 1; i < input.size(); ++i)
    std::memcpy(input.as<char>() + i * elementSize, input.data(), elementSize);
  return exitSuccess;
}

int InputMaker::make(llvm::ArrayRef<StringRef> texts,
                     std::vector<Tensor> &inputs) {
  if (int code = assignTexts(texts))
    return code;
  inputs.resize(values.size());
  for (size_t i = 0; i < values.size(); ++i)
    if (int code = makeGiven(i, inputs[i]))
      return code;
  for (size_t i = 0; i < values.size(); ++i)
    if (!inputs[i].valid())
      if (int code = makeFilled(i, inputs[i]))
        return code;
  return exitSuccess;
}

int mindc::makeInputs(const runtime::Executable &executable,
                      llvm::ArrayRef<StringRef> values,
                      llvm::ArrayRef<StringRef> sizes, Driver &driver,
                      std::vector<Tensor> &inputs) {
  InputMaker maker(executable, driver);
  if (int code = maker.bindSizes(sizes))
    return code;
  return maker.make(values, inputs);
}
