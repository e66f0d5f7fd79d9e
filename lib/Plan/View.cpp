//===- View.cpp - a tensor in a buffer ------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "View.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

Dims mind::denseStrides(llvm::ArrayRef<Dim> extents) {
  Dims strides(extents.size(), 1);
  for (size_t i = extents.size(); i-- > 1;)
    strides[i - 1] = product(strides[i], extents[i]);
  return strides;
}

bool mind::isDense(const View &view) {
  Dim expected = 1;
  for (size_t i = view.rank(); i-- > 0;) {
    if (view.extents[i].isConstant(1))
      continue;
    if (view.strides[i] != expected)
      return false;
    expected = product(expected, view.extents[i]);
  }
  return true;
}

View mind::transposed(const View &view, llvm::ArrayRef<int64_t> axes) {
  View result = view;
  for (auto [to, from] : llvm::enumerate(axes)) {
    result.extents[to] = view.extents[from];
    result.strides[to] = view.strides[from];
  }
  return result;
}

std::optional<View> mind::reshaped(const View &view,
                                   llvm::ArrayRef<Dim> extents) {
  View result{view.buffer, view.dtype, view.offset,
              Dims(extents.begin(), extents.end()), Dims(extents.size(), 1)};
  if (isDense(view)) {
    result.strides = denseStrides(extents);
    return result;
  }
  // Axes of both sides whose products agree stand for one another; extents of 1
  // stand for nothing.
  size_t from = 0, to = 0;
  auto skipOnes = [&] {
    while (from < view.rank() && view.extents[from].isConstant(1))
      ++from;
    while (to < extents.size() && extents[to].isConstant(1))
      ++to;
  };
  for (skipOnes(); from < view.rank() && to < extents.size(); skipOnes()) {
    size_t fromEnd = from + 1, toEnd = to + 1;
    Dim fromCount = view.extents[from], toCount = extents[to];
    // Which of two extents with names is larger is not known: take both sides
    // on, one after the other, until they agree.
    while (fromCount != toCount) {
      bool fromIsLess = fromCount.isConstant() && toCount.isConstant()
                            ? fromCount.constant() < toCount.constant()
                            : fromEnd - from <= toEnd - to;
      if (fromIsLess && fromEnd < view.rank())
        fromCount = product(fromCount, view.extents[fromEnd++]);
      else if (toEnd < extents.size())
        toCount = product(toCount, extents[toEnd++]);
      else
        return std::nullopt;
    }
    // The source axes must be one axis in all but name.
    Dim stride = view.strides[fromEnd - 1], covered = stride;
    for (size_t i = fromEnd; i-- > from;) {
      if (view.extents[i].isConstant(1))
        continue;
      if (view.strides[i] != covered)
        return std::nullopt;
      covered = product(covered, view.extents[i]);
    }
    for (size_t i = toEnd; i-- > to;) {
      result.strides[i] = stride;
      stride = product(stride, extents[i]);
    }
    from = fromEnd;
    to = toEnd;
  }
  return result;
}

View mind::broadcast(const View &view, llvm::ArrayRef<Dim> extents) {
  View result{view.buffer, view.dtype, view.offset,
              Dims(extents.begin(), extents.end()), Dims(extents.size(), 0)};
  size_t shift = extents.size() - view.rank();
  for (size_t i = 0; i < view.rank(); ++i)
    if (!view.extents[i].isConstant(1) || extents[shift + i].isConstant(1))
      result.strides[shift + i] = view.strides[i];
  return result;
}

View mind::sliced(const View &view, llvm::ArrayRef<Dim> starts,
                  llvm::ArrayRef<int64_t> steps, llvm::ArrayRef<Dim> extents) {
  View result = view;
  for (size_t i = 0; i < view.rank(); ++i) {
    result.offset = sum(result.offset, product(starts[i], view.strides[i]));
    result.extents[i] = extents[i];
    result.strides[i] = product(view.strides[i], steps[i]);
  }
  return result;
}

View mind::flipped(const View &view, llvm::ArrayRef<int64_t> axes) {
  View result = view;
  for (int64_t axis : axes) {
    result.offset = sum(result.offset, product(sum(view.extents[axis], -1),
                                               view.strides[axis]));
    result.strides[axis] = product(view.strides[axis], -1);
  }
  return result;
}

View mind::selected(const View &view, int64_t axis, const Dim &position) {
  View result = view;
  result.offset = sum(result.offset, product(position, view.strides[axis]));
  result.extents.erase(result.extents.begin() + axis);
  result.strides.erase(result.strides.begin() + axis);
  return result;
}

View mind::expanded(const View &view, int64_t axis) {
  View result = view;
  result.extents.insert(result.extents.begin() + axis, Dim(1));
  result.strides.insert(result.strides.begin() + axis, Dim(1));
  return result;
}
