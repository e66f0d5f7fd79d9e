//===- Dim.cpp - an extent, constant or symbolic --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Dim.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringExtras.h"
#include <mutex>
#include <unordered_set>

namespace mind {

/// The sum or product, or none if it overflows. (LLVM's compute in integers of
/// any width.)
static std::optional<int64_t> checkedAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum))
    return std::nullopt;
  return sum;
}
static std::optional<int64_t> checkedMultiply(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    return std::nullopt;
  return product;
}

namespace {
struct HashPolynomial {
  size_t operator()(const Dim::Polynomial &terms) const {
    llvm::hash_code hash(0);
    for (const auto &[monomial, coefficient] : terms)
      hash = llvm::hash_combine(
          hash, llvm::hash_combine_range(monomial.begin(), monomial.end()),
          coefficient);
    return hash;
  }
};
} // namespace

/// The one polynomial that equals `terms`.
static const Dim::Polynomial *intern(Dim::Polynomial terms) {
  // Never destroyed: extents may be looked at until the process ends.
  static auto &mutex = *new std::mutex;
  static auto &known = *new std::unordered_set<Dim::Polynomial, HashPolynomial>;
  std::lock_guard lock(mutex);
  return &*known.insert(std::move(terms)).first;
}

Dim::Dim(Polynomial terms) {
  if (terms.empty())
    return;
  if (terms.size() == 1 && terms.begin()->first.empty()) {
    value = terms.begin()->second;
    return;
  }
  symbolic = intern(std::move(terms));
}

Dim Dim::named(llvm::StringRef name) {
  return Dim(Polynomial{{Monomial{name.str()}, 1}});
}

Dim::Polynomial Dim::polynomial() const {
  if (symbolic)
    return *symbolic;
  return value ? Polynomial{{Monomial{}, value}} : Polynomial{};
}

std::optional<llvm::StringRef> Dim::name() const {
  if (!symbolic || symbolic->size() != 1)
    return std::nullopt;
  const auto &[monomial, coefficient] = *symbolic->begin();
  if (coefficient != 1 || monomial.size() != 1)
    return std::nullopt;
  return llvm::StringRef(monomial.front());
}

std::string Dim::str() const {
  if (isConstant())
    return std::to_string(value);
  std::string text;
  // Names before the constant, as one would write it.
  for (const auto &[monomial, coefficient] : llvm::reverse(*symbolic)) {
    bool negative = coefficient < 0;
    if (!text.empty())
      text += negative ? " - " : " + ";
    else if (negative)
      text += "-";
    uint64_t magnitude =
        negative ? -static_cast<uint64_t>(coefficient) : coefficient;
    if (monomial.empty() || magnitude != 1)
      text += std::to_string(magnitude) + (monomial.empty() ? "" : "*");
    text += llvm::join(monomial, "*");
  }
  return text;
}

std::optional<Dim> Dim::parse(llvm::StringRef text) {
  Dim sum;
  bool negative = false;
  text = text.trim();
  if (text.consume_front("-"))
    negative = true;
  while (true) {
    size_t end = text.find_first_of("+-");
    llvm::SmallVector<llvm::StringRef> factors;
    text.substr(0, end).split(factors, '*');
    Dim term(negative ? -1 : 1);
    for (llvm::StringRef factor : factors) {
      factor = factor.trim();
      int64_t number;
      if (factor.empty())
        return std::nullopt;
      bool isNumber = llvm::isDigit(factor.front());
      if (isNumber && factor.getAsInteger(10, number))
        return std::nullopt;
      std::optional<Dim> product =
          multiply(term, isNumber ? Dim(number) : named(factor));
      if (!product)
        return std::nullopt;
      term = *product;
    }
    std::optional<Dim> next = add(sum, term);
    if (!next)
      return std::nullopt;
    sum = *next;
    if (end == llvm::StringRef::npos)
      return sum;
    negative = text[end] == '-';
    text = text.drop_front(end + 1);
  }
}

bool Dim::isAtLeast(int64_t least) const {
  // A*B is at least B, so that terms may make up for negative ones whose sizes
  // are among theirs. If none is left negative, the sum is least where every
  // size is 1.
  Polynomial terms = polynomial();
  __int128 sum = 0;
  for (const auto &[monomial, coefficient] : terms)
    sum += coefficient;
  for (auto &[monomial, coefficient] : terms) {
    if (monomial.empty())
      continue;
    for (auto &[larger, spare] : terms) {
      if (coefficient >= 0)
        break;
      if (spare <= 0 || !llvm::includes(larger, monomial))
        continue;
      // The one is negative, the other positive.
      int64_t both = coefficient + spare;
      coefficient = std::min<int64_t>(both, 0);
      spare = std::max<int64_t>(both, 0);
    }
    if (coefficient < 0)
      return false;
  }
  return sum >= least;
}

/// Adds `coefficient` times `monomial` to `terms`; false on overflow.
static bool accumulate(Dim::Polynomial &terms, const Dim::Monomial &monomial,
                       int64_t coefficient) {
  auto [it, inserted] = terms.try_emplace(monomial, coefficient);
  if (!inserted) {
    std::optional<int64_t> sum = checkedAdd(it->second, coefficient);
    if (!sum)
      return false;
    it->second = *sum;
  }
  if (it->second == 0)
    terms.erase(it);
  return true;
}

std::optional<Dim> Dim::add(const Dim &a, const Dim &b) {
  if (a.isConstant() && b.isConstant()) {
    std::optional<int64_t> sum = checkedAdd(a.value, b.value);
    return sum ? std::optional<Dim>(*sum) : std::nullopt;
  }
  if (a.isConstant(0))
    return b;
  if (b.isConstant(0))
    return a;
  Polynomial terms = a.polynomial();
  for (const auto &[monomial, coefficient] : b.polynomial())
    if (!accumulate(terms, monomial, coefficient))
      return std::nullopt;
  return Dim(std::move(terms));
}

std::optional<Dim> Dim::subtract(const Dim &a, const Dim &b) {
  std::optional<Dim> negated = multiply(b, -1);
  return negated ? add(a, *negated) : std::nullopt;
}

std::optional<Dim> Dim::scale(const Dim &dim, int64_t factor) {
  if (factor == 0)
    return Dim(0);
  if (factor == 1)
    return dim;
  Polynomial terms = *dim.symbolic;
  for (auto &[monomial, coefficient] : terms) {
    std::optional<int64_t> product = checkedMultiply(coefficient, factor);
    if (!product)
      return std::nullopt;
    coefficient = *product;
  }
  return Dim(std::move(terms));
}

std::optional<Dim> Dim::multiply(const Dim &a, const Dim &b) {
  if (a.isConstant() && b.isConstant()) {
    std::optional<int64_t> product = checkedMultiply(a.value, b.value);
    return product ? std::optional<Dim>(*product) : std::nullopt;
  }
  if (a.isConstant() || b.isConstant())
    return a.isConstant() ? scale(b, a.value) : scale(a, b.value);
  const Polynomial &lefts = *a.symbolic, &rights = *b.symbolic;
  if (lefts.size() * rights.size() > maxTerms)
    return std::nullopt;
  Polynomial terms;
  for (const auto &[left, leftCoefficient] : lefts)
    for (const auto &[right, rightCoefficient] : rights) {
      Monomial monomial = left;
      monomial.insert(monomial.end(), right.begin(), right.end());
      llvm::sort(monomial);
      std::optional<int64_t> coefficient =
          checkedMultiply(leftCoefficient, rightCoefficient);
      if (!coefficient || !accumulate(terms, monomial, *coefficient))
        return std::nullopt;
    }
  return Dim(std::move(terms));
}

std::optional<Dim> Dim::divideExactly(const Dim &a, const Dim &b) {
  if (a.isConstant() && b.isConstant() && b.value > 0)
    return a.value % b.value == 0 ? std::optional<Dim>(a.value / b.value)
                                  : std::nullopt;
  Polynomial divisor = b.polynomial();
  if (divisor.size() != 1)
    return a == b ? std::optional<Dim>(1) : std::nullopt;
  const auto &[by, byCoefficient] = *divisor.begin();
  Polynomial terms;
  for (const auto &[monomial, coefficient] : a.polynomial()) {
    if (byCoefficient == -1 && coefficient == INT64_MIN)
      return std::nullopt;
    if (coefficient % byCoefficient != 0)
      return std::nullopt;
    Monomial rest = monomial;
    for (const std::string &name : by) {
      auto it = llvm::find(rest, name);
      if (it == rest.end())
        return std::nullopt;
      rest.erase(it);
    }
    terms.emplace(std::move(rest), coefficient / byCoefficient);
  }
  return Dim(std::move(terms));
}

std::optional<Dim> Dim::substitute(
    llvm::function_ref<std::optional<Dim>(llvm::StringRef)> value) const {
  if (isConstant())
    return *this;
  if (std::optional<llvm::StringRef> own = name()) {
    std::optional<Dim> known = value(*own);
    return known ? known : *this;
  }
  Dim sum;
  for (const auto &[monomial, coefficient] : *symbolic) {
    std::optional<Dim> term = coefficient;
    for (const std::string &name : monomial) {
      std::optional<Dim> factor = value(name);
      term = multiply(*term, factor ? *factor : named(name));
      if (!term)
        return std::nullopt;
    }
    std::optional<Dim> next = add(sum, *term);
    if (!next)
      return std::nullopt;
    sum = *next;
  }
  return sum;
}

std::string shapeString(llvm::ArrayRef<Dim> dims) {
  std::string text = "[";
  for (const Dim &dim : dims) {
    if (text.size() != 1)
      text += ", ";
    text += dim.str();
  }
  return text + "]";
}

std::optional<Dim> elementCount(llvm::ArrayRef<Dim> dims) {
  // Numbers first: products of names are dear.
  int64_t count = 1;
  std::optional<Dim> symbolic;
  for (const Dim &dim : dims) {
    if (dim.isConstant()) {
      std::optional<int64_t> product = checkedMultiply(count, dim.constant());
      if (!product)
        return std::nullopt;
      count = *product;
      continue;
    }
    symbolic = symbolic ? Dim::multiply(*symbolic, dim) : dim;
    if (!symbolic)
      return std::nullopt;
  }
  return symbolic ? Dim::multiply(*symbolic, count) : Dim(count);
}

bool hasElementCount(llvm::ArrayRef<Dim> dims) {
  int64_t coefficient = 1;
  for (const Dim &dim : dims) {
    if (!dim.isConstant() && dim.symbolic->size() != 1)
      return elementCount(dims).has_value();
    // A product of terms is one term.
    std::optional<int64_t> product = checkedMultiply(
        coefficient,
        dim.isConstant() ? dim.value : dim.symbolic->begin()->second);
    if (!product)
      return false;
    coefficient = *product;
  }
  return true;
}

} // namespace mind
