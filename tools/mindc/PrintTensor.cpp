//===- PrintTensor.cpp - tensors as text ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layout is that of numpy.array2string with its defaults. Two passes: the
// first formats every element that is shown, to find the width they have in
// common; the second lays them out.
//
//===----------------------------------------------------------------------===//

#include "PrintTensor.h"
#include "Elements.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

using namespace mind;
using namespace mind::mindc;
using runtime::Tensor;

namespace {
constexpr int64_t summaryThreshold = 1000;
constexpr int64_t edgeItems = 3;
constexpr size_t lineWidth = 75;
constexpr int maxFraction = 8;
} // namespace

//===----------------------------------------------------------------------===//
// Shortest digits
//===----------------------------------------------------------------------===//

/// Scientific notation with the fewest digits that `dtype` reads back as
/// `value`, such as "1.25e-03" or "1e+00".
static std::string shortestScientific(DType dtype, double value) {
  char text[64];
  auto text32 = [&] {
    return std::to_chars(text, std::end(text), float(value),
                         std::chars_format::scientific);
  };
  auto text64 = [&] {
    return std::to_chars(text, std::end(text), value,
                         std::chars_format::scientific);
  };
  if (dtype == DType::F32)
    return {text, text32().ptr};
  if (dtype == DType::F64)
    return {text, text64().ptr};
  for (int digits = 0;; ++digits) { // 16 bits: at most 5 digits are needed.
    auto end = std::to_chars(text, std::end(text), value,
                             std::chars_format::scientific, digits);
    double back = 0;
    std::from_chars(text, end.ptr, back);
    if (roundTo(dtype, back) == value)
      return {text, end.ptr};
  }
}

/// Digits after the point of the mantissa of a scientific notation.
static int fractionDigits(llvm::StringRef scientific) {
  llvm::StringRef mantissa = scientific.split('e').first;
  size_t point = mantissa.find('.');
  return point == llvm::StringRef::npos ? 0 : int(mantissa.size() - point - 1);
}

static int exponentOf(llvm::StringRef scientific) {
  llvm::StringRef exponent = scientific.split('e').second;
  exponent.consume_front("+");
  int result = 0;
  exponent.getAsInteger(10, result);
  return result;
}

/// `value` with `digits` digits after the point in either notation.
static std::string withDigits(double value, std::chars_format format,
                              int digits) {
  char text[512];
  return {text, std::to_chars(text, std::end(text), value, format, digits).ptr};
}

/// A finite value without exponent: the shortest digits, at most `maxDigits`
/// after the point; always with a point, such as "2.".
static std::string positional(DType dtype, double value, int maxDigits) {
  std::string shortest = shortestScientific(dtype, value);
  int digits = std::max(0, fractionDigits(shortest) - exponentOf(shortest));
  std::string text =
      withDigits(value, std::chars_format::fixed, std::min(digits, maxDigits));
  if (text.find('.') == std::string::npos)
    return text + '.';
  while (text.back() == '0')
    text.pop_back();
  return text;
}

/// As `positional`, with an exponent, such as "1.5e-05".
static std::string scientific(DType dtype, double value, int maxDigits) {
  std::string text = shortestScientific(dtype, value);
  if (fractionDigits(text) > maxDigits) {
    text = withDigits(value, std::chars_format::scientific, maxDigits);
    auto [mantissa, exponent] = llvm::StringRef(text).split('e');
    return (mantissa.rtrim('0') + "e" + exponent).str();
  }
  if (fractionDigits(text) == 0)
    text.insert(text.find('e'), ".");
  return text;
}

//===----------------------------------------------------------------------===//
// One format for all elements
//===----------------------------------------------------------------------===//

namespace {
using Formatter = std::function<std::string(int64_t index)>;
} // namespace

static std::string padded(std::string text, size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text
                             : text;
}

/// Every element padded to the width of the widest.
static Formatter
alignRight(llvm::ArrayRef<int64_t> shown,
           std::function<std::string(int64_t index)> formatElement) {
  size_t width = 0;
  for (int64_t index : shown)
    width = std::max(width, formatElement(index).size());
  return [=](int64_t index) { return padded(formatElement(index), width); };
}

/// From where on whole numbers no longer have all their digits.
static double largestPlain(DType dtype, double largestDouble) {
  return dtype == DType::F64 ? largestDouble : dtype == DType::F32 ? 1e6 : 1e3;
}

/// Whether elements are shown with exponents.
static bool wantsExponent(const Tensor &tensor, llvm::ArrayRef<int64_t> shown) {
  DType dtype = tensor.dtype();
  double largest = 0, smallest = INFINITY;
  for (int64_t index : shown) {
    double magnitude = std::fabs(loadFloat(tensor, index));
    if (!std::isfinite(magnitude) || magnitude == 0)
      continue;
    largest = std::max(largest, magnitude);
    smallest = std::min(smallest, magnitude);
  }
  if (largest == 0)
    return false;
  return largest >= largestPlain(dtype, 1e8) ||
         smallest < roundTo(dtype, 1e-4) ||
         roundTo(dtype, largest / smallest) > 1000;
}

namespace {
/// The widths that aligned floats have in common.
struct FloatLayout {
  size_t left = 0;  ///< before the point, the sign included
  size_t right = 0; ///< after the point, without exponent
};
} // namespace

static FloatLayout
commonLayout(const Tensor &tensor, llvm::ArrayRef<int64_t> shown,
             llvm::function_ref<std::string(double)> format) {
  FloatLayout layout;
  for (int64_t index : shown) {
    double value = loadFloat(tensor, index);
    if (!std::isfinite(value))
      continue;
    std::string text = format(value);
    size_t point = text.find('.');
    size_t end = std::min(text.find('e'), text.size());
    layout.left = std::max(layout.left, point);
    layout.right = std::max(layout.right, end - point - 1);
  }
  return layout;
}

static std::string nonFinite(double value) {
  return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

static Formatter floatFormatter(const Tensor &tensor,
                                llvm::ArrayRef<int64_t> shown) {
  DType dtype = tensor.dtype();
  if (wantsExponent(tensor, shown)) {
    FloatLayout layout = commonLayout(tensor, shown, [=](double value) {
      return scientific(dtype, value, maxFraction);
    });
    // All get as many digits as the one that wants most.
    size_t exponentSize = 2;
    for (int64_t index : shown)
      if (double value = loadFloat(tensor, index); std::isfinite(value)) {
        std::string text = scientific(dtype, value, maxFraction);
        exponentSize = std::max(exponentSize, text.size() - text.find('e') - 2);
      }
    return alignRight(shown, [=, &tensor](int64_t index) {
      double value = loadFloat(tensor, index);
      if (!std::isfinite(value))
        return nonFinite(value);
      std::string text =
          withDigits(value, std::chars_format::scientific, int(layout.right));
      size_t e = text.find('e');
      if (layout.right == 0)
        text.insert(e++, ".");
      size_t exponent = text.size() - e - 2;
      text.insert(e + 2, exponentSize - exponent, '0');
      return text;
    });
  }

  FloatLayout layout = commonLayout(tensor, shown, [=](double value) {
    return positional(dtype, value, maxFraction);
  });
  return alignRight(shown, [=, &tensor](int64_t index) {
    double value = loadFloat(tensor, index);
    if (!std::isfinite(value))
      return nonFinite(value);
    // Points stand under points.
    std::string text = positional(dtype, value, maxFraction);
    size_t fraction = text.size() - text.find('.') - 1;
    return text + std::string(layout.right - fraction, ' ');
  });
}

static Formatter makeFormatter(const Tensor &tensor,
                               llvm::ArrayRef<int64_t> shown) {
  if (isFloat(tensor.dtype()))
    return floatFormatter(tensor, shown);
  return alignRight(shown, [&tensor](int64_t index) -> std::string {
    int64_t value = loadInt(tensor, index);
    if (isBool(tensor.dtype()))
      return value ? " True" : "False";
    return std::to_string(value);
  });
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

namespace {
/// Lays out the elements; holds what the recursion over the axes shares.
class Layout {
public:
  explicit Layout(const Tensor &tensor)
      : shape(tensor.shape()), summarise(tensor.size() > summaryThreshold) {
    collect(0, 0);
    format = makeFormatter(tensor, shown);
  }

  std::string text() { return nested(0, 0, " ", lineWidth); }

private:
  bool leavesOut(size_t axis) const {
    return summarise && shape[axis] > 2 * edgeItems;
  }

  /// The positions along `axis` that are shown; -1 stands for those left out.
  std::vector<int64_t> positions(size_t axis) const {
    std::vector<int64_t> result;
    for (int64_t i = 0; i < shape[axis]; ++i) {
      if (leavesOut(axis) && i == edgeItems) {
        result.push_back(-1);
        i = shape[axis] - edgeItems;
      }
      result.push_back(i);
    }
    return result;
  }

  /// Fills `shown` with the elements below `base`.
  void collect(size_t axis, int64_t base) {
    if (axis == shape.size()) {
      shown.push_back(base);
      return;
    }
    for (int64_t position : positions(axis))
      if (position >= 0)
        collect(axis + 1, base * shape[axis] + position);
  }

  /// The part below `base`; `indent` leads its further lines, and `width` is
  /// left for a line, closing brackets of the outer parts considered.
  std::string nested(size_t axis, int64_t base, std::string indent,
                     size_t width) {
    if (axis + 1 == shape.size())
      return row(base, indent, width - 1);
    std::string result;
    std::string separator(shape.size() - axis - 1, '\n');
    for (int64_t position : positions(axis)) {
      result += result.empty() ? "[" : separator + indent;
      result += position < 0 ? "..."
                             : nested(axis + 1, base * shape[axis] + position,
                                      indent + " ", width - 1);
    }
    return result + "]";
  }

  /// The innermost axis: as many elements a line as fit.
  std::string row(int64_t base, const std::string &indent, size_t width) {
    size_t axis = shape.size() - 1;
    std::string result, line = indent;
    for (int64_t position : positions(axis)) {
      std::string word =
          position < 0 ? "..." : format(base * shape[axis] + position);
      if (line.size() > indent.size()) {
        if (line.size() + 1 + word.size() > width) {
          result += llvm::StringRef(line).rtrim(' ').str() + "\n";
          line = indent;
        } else {
          line += ' ';
        }
      }
      line += word;
    }
    result += line;
    return "[" + result.substr(indent.size()) + "]";
  }

  const std::vector<int64_t> &shape;
  bool summarise;
  std::vector<int64_t> shown;
  Formatter format;
};
} // namespace

static std::string formatScalar(const Tensor &tensor) {
  DType dtype = tensor.dtype();
  if (isBool(dtype))
    return loadInt(tensor, 0) ? "True" : "False";
  if (!isFloat(dtype))
    return std::to_string(loadInt(tensor, 0));
  double value = loadFloat(tensor, 0);
  if (!std::isfinite(value))
    return nonFinite(value);
  double magnitude = std::fabs(value);
  if (magnitude >= largestPlain(dtype, 1e16) ||
      (magnitude != 0 && magnitude < 1e-4))
    return shortestScientific(dtype, value);
  std::string text = positional(dtype, value, 400);
  return text.back() == '.' ? text + "0" : text;
}

void mindc::printTensor(const Tensor &tensor, llvm::raw_ostream &os) {
  os << (tensor.rank() == 0 ? formatScalar(tensor) : Layout(tensor).text())
     << '\n';
}
