//===- Rules.h - the shape rule of every kind of operation -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Total rules on dtypes and dimensions, the only place that states them. Each
// is named by operations' records (`rule`) and called through inferType, which
// has checked the operands' dtypes against the operation's class.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SHAPE_RULES_H
#define MIND_SHAPE_RULES_H

#include "Mind/Shape/Call.h"

namespace mind::rules {

#define MIND_SHAPE_RULE(name)                                                  \
  std::optional<ShapeError> name(Call &call, TensorType &result)

// Elementwise.cpp
/// Operands of one dtype, broadcast; the result has that dtype (E2004, E3001).
MIND_SHAPE_RULE(elementwise);
/// As elementwise, and the result is bool.
MIND_SHAPE_RULE(predicate);
/// Operand 0 is bool, the others have one dtype, all broadcast (E2005, E2004,
/// E3001).
MIND_SHAPE_RULE(select);
/// The operand's shape in the dtype `dtype`.
MIND_SHAPE_RULE(cast);

// Contraction.cpp
/// Ranks of at least 2 (E3002), equal inner extents (E3003), batch dimensions
/// that broadcast (E3001), one dtype (E2004).
MIND_SHAPE_RULE(matmul);
/// Ranks 1x1, 2x1, 1x2, 2x2 (E3002), equal inner extents (E3003).
MIND_SHAPE_RULE(dot);
/// x [..., in], w [out, in], b [out] (E3002, E3003).
MIND_SHAPE_RULE(linear);
/// x NHWC, w HWCF (E3002, E4009, E4010, E3006).
MIND_SHAPE_RULE(conv2d);

// Reduction.cpp
/// Removes `axes`, or keeps them with extent 1 (E3004, E3005).
MIND_SHAPE_RULE(reduce);
/// As reduce; integers and bool give i64.
MIND_SHAPE_RULE(reduceWide);
/// As reduce, of one axis or, if none is stated, of all at once, to i64
/// (E3004).
MIND_SHAPE_RULE(position);

// Normalization.cpp
/// The operand's type; `axis` must exist (E3004).
MIND_SHAPE_RULE(alongAxis);
/// The type of x; gamma and beta have the extents of `axes` (E2004, E3002,
/// E3003, E3004, E3005).
MIND_SHAPE_RULE(layerNorm);
/// The type of x; the other operands have the extent of its last axis (E2004,
/// E3002, E3003).
MIND_SHAPE_RULE(batchNorm);
/// q [..., T, d], k [..., S, d], v [..., S, e] give [..., T, e]; the mask
/// broadcasts to [..., T, S] (E2004, E2005, E3001, E3002, E3003).
MIND_SHAPE_RULE(attention);

// Window.cpp
/// x NHWC, whose images `window` passes over (E3002, E3006, E4010).
MIND_SHAPE_RULE(pool2d);
/// x NHWC; the result is NC (E3002).
MIND_SHAPE_RULE(globalPool2d);

// Movement.cpp
/// As many elements as the operand (E3007); one extent may be -1.
MIND_SHAPE_RULE(reshape);
/// `axes` is a permutation (E3008).
MIND_SHAPE_RULE(transpose);
/// Inserts extent 1 before `axis`, which may be the rank (E3004).
MIND_SHAPE_RULE(expandDims);
/// Removes `axes`, all of extent 1 (E3004, E3005, E3009).
MIND_SHAPE_RULE(squeeze);
/// One axis of all elements.
MIND_SHAPE_RULE(flatten);
/// The shape `shape`, to which the operand broadcasts (E3001, E3006).
MIND_SHAPE_RULE(broadcastTo);

/// The operand's type.
MIND_SHAPE_RULE(sameType);

// Creation.cpp
/// The shape `shape` in the dtype `dtype` (E3006).
MIND_SHAPE_RULE(filled);
/// The shape `shape` of a rank-0 operand's dtype, unless `dtype` is stated
/// (E3002, E3006).
MIND_SHAPE_RULE(full);
/// The shape [n, m] in the dtype `dtype` (E3006).
MIND_SHAPE_RULE(eye);
/// One axis of ceil((stop - start) / step) elements (E3006).
MIND_SHAPE_RULE(arange);
/// One axis of `n` f32 (E3006).
MIND_SHAPE_RULE(linspace);
/// The shape `shape` of i64; `axis` must exist (E3004, E3006).
MIND_SHAPE_RULE(iota);

// Assembly.cpp
/// One dtype (E2004), one rank of at least 1 (E3002), equal extents but along
/// `axis` (E3003, E3004), where they add up.
MIND_SHAPE_RULE(concat);
/// One dtype and shape (E2004, E3002, E3003); a new axis (E3004).
MIND_SHAPE_RULE(stack);
/// `axis` in `parts` equal parts (E3003, E3004).
MIND_SHAPE_RULE(split);
/// Python's slices with steps of at least 1 (E3006, E4006, E4007, E4008).
MIND_SHAPE_RULE(slice);
/// A pair of counts of at least 0 for each dimension (E4006, E2001).
MIND_SHAPE_RULE(pad);
/// The operand's type; `axes` must exist (E3004, E3005).
MIND_SHAPE_RULE(flip);
/// The operand's type, of rank at least 2 (E3002).
MIND_SHAPE_RULE(triangle);

// Indexing.cpp
/// Removes the axes that rank-0 indices select from, the first ones unless
/// `axes` says which (E3002, E3004, E3005, E4006, E6001).
MIND_SHAPE_RULE(index);
/// The indices' shape in place of `axis` (E3004, E6001).
MIND_SHAPE_RULE(gather);
/// As gather, from axis 0 of a table of rank 2 (E3002, E6001).
MIND_SHAPE_RULE(embedding);
/// The type of x; the updates have the shape that gather gives (E2004, E3002,
/// E3003, E3004, E6001).
MIND_SHAPE_RULE(scatterAdd);
/// The shape of the ids and a last axis of `n` (E2001, E6001).
MIND_SHAPE_RULE(oneHot);

// Effect.cpp
/// Operands of any type, not too many (E1191); no result.
MIND_SHAPE_RULE(printed);
/// The operand has rank 0 (E3002); no result.
MIND_SHAPE_RULE(assertion);

#undef MIND_SHAPE_RULE

} // namespace mind::rules

namespace mind {

/// A failed broadcast: the dimension of the result at which extents `lhs` and
/// `rhs` disagree.
struct BroadcastConflict {
  unsigned dimension;
  Dim lhs, rhs;
};

/// Broadcasts two shapes as NumPy does, aligned at the last dimension; only a
/// constant 1 stretches. Writes `result` or returns the first conflict.
std::optional<BroadcastConflict>
broadcast(llvm::ArrayRef<Dim> lhs, llvm::ArrayRef<Dim> rhs, Dims &result);

/// Broadcasts `dims` to `shape`, whose rank is not less; returns the first
/// conflict.
std::optional<BroadcastConflict> broadcastTo(llvm::ArrayRef<Dim> dims,
                                             llvm::ArrayRef<Dim> shape);

/// Makes `axis` of a tensor of rank `rank` not negative, or returns none if it
/// is out of range.
std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);

} // namespace mind

#endif // MIND_SHAPE_RULES_H
