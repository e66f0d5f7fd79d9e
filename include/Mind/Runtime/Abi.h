/*===- Abi.h - the C face of a compiled MIND function -------------*- C -*-===*\
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
\*===----------------------------------------------------------------------===*/
/* Every compiled MIND function, whatever made it (in-process code, an object
 * file, later a plan of precompiled kernels), has the one type below. The
 * header is plain C, so that it ships beside object files. */

#ifndef MIND_RUNTIME_ABI_H
#define MIND_RUNTIME_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Grows whenever a struct or the calling convention below changes. */
#define MIND_ABI_VERSION 2

/** Alignment, in bytes, that a workspace must have. */
#define MIND_WORKSPACE_ALIGNMENT 64

/** The element types, as MindView names them. */
enum MindDType {
  MIND_BOOL = 0, /**< One byte, 0 or 1. */
  MIND_I8 = 1,
  MIND_U8 = 2,
  MIND_I32 = 3,
  MIND_I64 = 4,
  MIND_F16 = 5,
  MIND_BF16 = 6,
  MIND_F32 = 7,
  MIND_F64 = 8
};

/** A tensor that a call shows to its caller: dense, row-major. */
typedef struct MindView {
  const void *data;
  const int64_t *shape; /**< `rank` extents. */
  int32_t rank;
  int32_t dtype; /**< A MindDType. */
} MindView;

/** What a call reports besides its results, and whom it tells. One per call;
 * not shared between threads. The caller zeroes it, sets `abi_version`, and
 * `print` if it wants to see what the program prints. */
typedef struct MindContext {
  uint32_t abi_version;    /**< MIND_ABI_VERSION of the caller. */
  int32_t error_code;      /**< 0, or the number of a diagnostic: 6005 of
                                E6005. */
  int64_t error_site;      /**< Which operation failed: an index into the
                                executable's table of sites. */
  int64_t error_values[2]; /**< Values to show, by error: for E6001 the index
                                and the extent. */
  /** Called for each `print` and `println` in program order, until there is an
   * error; null: nothing is printed. It must return.
   *
   * @param ctx    this context.
   * @param format UTF-8 text, in which {} stands for each of `values` in turn
   *               and {{ for a brace. The line end of `println` is part of it.
   *               A zero byte follows, and others may be part of it too.
   * @param length how many bytes `format` has.
   * @param values to be read during the call only. */
  void (*print)(struct MindContext *ctx, const char *format, int64_t length,
                const MindView *values);
  void *user; /**< The caller's own, for `print`. */
} MindContext;

/** A compiled function.
 *
 * @param ctx       receives the first error in program order.
 * @param buffers   inputs, then outputs: dense, row-major, aligned to their
 *                  elements, allocated by the caller. Inputs are only read;
 *                  outputs overlap nothing.
 *                  `bool` is one byte, 0 or 1.
 * @param dims      values of the named sizes, in the signature's order. Sizes
 *                  for which a shape in the function has no elements, or too
 *                  many, are an error, and no buffer is touched.
 * @param workspace scratch memory of the planned size, aligned to
 *                  MIND_WORKSPACE_ALIGNMENT; may be null if that size is 0.
 * @return 0, or ctx->error_code. Execution stays defined after an error: the
 *         failing operation clamps or substitutes. */
typedef int32_t (*MindFunction)(MindContext *ctx, void *const *buffers,
                                const int64_t *dims, void *workspace);

#ifdef __cplusplus
}
#endif

#endif /* MIND_RUNTIME_ABI_H */
