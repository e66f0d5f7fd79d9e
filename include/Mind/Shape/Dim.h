//===- Dim.h - an extent, constant or symbolic -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The extent of a dimension is a polynomial with integer coefficients over
// named sizes: 3, B, 4*B, B*T + 1. Constants, by far the most frequent, cost
// one integer.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SHAPE_DIM_H
#define MIND_SHAPE_DIM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace mind {

/// An extent. Values are immutable, and copied as two words: a polynomial that
/// is no constant is kept by the process, once, and for good.
class Dim {
public:
  /// A product of named sizes, sorted; the empty one is the constant term.
  using Monomial = std::vector<std::string>;
  /// Coefficients by monomial, none of them 0.
  using Polynomial = std::map<Monomial, int64_t>;

  /// Products of sums grow fast; nobody writes one that reaches this.
  static constexpr size_t maxTerms = 256;

  Dim(int64_t value = 0) : value(value) {}

  /// The size called `name`.
  static Dim named(llvm::StringRef name);

  /// The expression that str() prints, or none if `text` is not one.
  static std::optional<Dim> parse(llvm::StringRef text);

  bool isConstant() const { return !symbolic; }
  bool isConstant(int64_t expected) const {
    return isConstant() && value == expected;
  }
  /// The value of a constant.
  int64_t constant() const { return value; }

  /// The name, if the extent is one name and nothing else.
  std::optional<llvm::StringRef> name() const;

  /// "3", "B", "4*B", "B*T + 1".
  std::string str() const;

  /// Equal as polynomials. Different expressions never compare equal, whatever
  /// sizes they may take.
  friend bool operator==(const Dim &a, const Dim &b) {
    return a.value == b.value && a.symbolic == b.symbolic;
  }
  friend bool operator!=(const Dim &a, const Dim &b) { return !(a == b); }
  friend bool hasElementCount(llvm::ArrayRef<Dim> dims);

  /// Whether the extent is seen to be at least `least` whatever the sizes are,
  /// each of which is at least 1.
  bool isAtLeast(int64_t least) const;

  /// The sum, or none if a coefficient overflows 64 bits.
  static std::optional<Dim> add(const Dim &a, const Dim &b);
  /// The difference, or none if a coefficient overflows 64 bits.
  static std::optional<Dim> subtract(const Dim &a, const Dim &b);
  /// The product, or none if a coefficient overflows 64 bits or there would
  /// be more than maxTerms terms.
  static std::optional<Dim> multiply(const Dim &a, const Dim &b);
  /// The quotient, if `a` is a whole multiple of `b` for every value of the
  /// sizes; `b` is a constant or a single term.
  static std::optional<Dim> divideExactly(const Dim &a, const Dim &b);

  /// The extent with each named size replaced by `value` of it, or by itself
  /// where that is none; none if a coefficient overflows 64 bits.
  std::optional<Dim> substitute(
      llvm::function_ref<std::optional<Dim>(llvm::StringRef)> value) const;

  /// Its terms.
  Polynomial polynomial() const;

private:
  explicit Dim(Polynomial polynomial);

  /// `factor` times `dim`, which is not constant.
  static std::optional<Dim> scale(const Dim &dim, int64_t factor);

  /// 0 if the extent is not constant.
  int64_t value = 0;
  /// Set only if the extent is not constant; the same for equal polynomials.
  const Polynomial *symbolic = nullptr;
};
static_assert(std::is_trivially_copyable_v<Dim>);

/// The extents of a tensor, outermost first.
using Dims = llvm::SmallVector<Dim, 4>;

/// "[2, 3]", as diagnostics show a shape.
std::string shapeString(llvm::ArrayRef<Dim> dims);

/// The number of elements, or none if it does not fit in 63 bits.
std::optional<Dim> elementCount(llvm::ArrayRef<Dim> dims);

/// Whether there is an elementCount, which this does not make.
bool hasElementCount(llvm::ArrayRef<Dim> dims);

} // namespace mind

#endif // MIND_SHAPE_DIM_H
