/*===- Mind.h - the compiler from C --------------------------------*- C
-*-===*\
|*                                                                            *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/
/*
 * From source to something that runs, for C and whatever speaks it:
 *
 *   MindSession *session = mind_session_create();
 *   MindProgram *program =
 *       mind_compile(session, source, strlen(source), "model.mind", NULL);
 *   if (mind_program_ok(program))
 *     code = mind_call(program, inputs, outputs, NULL, NULL, NULL, NULL);
 *   else
 *     fputs(mind_program_diagnostics(program, MIND_TEXT), stderr);
 *   mind_program_destroy(program);
 *   mind_session_destroy(session);
 *
 * Everything here may be called from any thread; compilations of one session
 * take turns, calls of programs do not. Strings are UTF-8, end with a zero
 * byte, belong to what they were asked of and live as long. Indices count from
 * 0 and must be in range; pointers may be null where that is said.
 *
 * What is here stays: functions are added, and fields at the end of
 * MindCompileOptions.
 */

#ifndef MIND_C_MIND_H
#define MIND_C_MIND_H

#include "Mind/Runtime/Abi.h"
#include <stddef.h>
#include <stdint.h>

#define MIND_C_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/** Compiles programs. Dear to make, so make one. */
typedef struct MindSession MindSession;
/** What a compilation leaves: a function, or what is wrong. It outlives its
 * session. */
typedef struct MindProgram MindProgram;
/** What a call refused, or how it failed. */
typedef struct MindFailure MindFailure;

/** What executes a program. */
enum MindTier {
  MIND_TIER_PLAN = 0, /**< Precompiled kernels: microseconds to compile. */
  MIND_TIER_CODE = 1, /**< Machine code of its own: faster to run. */
  MIND_TIER_AUTO = 2  /**< First the one; when the time spent in calls has
                           reached what the other takes to compile, that is done
                           in the background, and later calls are on it. */
};

/** For people, or one JSON object a line. */
enum MindFormat { MIND_TEXT = 0, MIND_JSON = 1 };

/** Options of a compilation; begin with MIND_COMPILE_OPTIONS. */
typedef struct MindCompileOptions {
  size_t size;       /**< sizeof(MindCompileOptions) of the caller. */
  const char *entry; /**< The function; null: `main`, or the only one. */
  const char *cpu;   /**< Null, or "native": of this machine; or a name that
                          LLVM knows, which makes MIND_TIER_AUTO tier 1. */
  int32_t tier;      /**< A MindTier. */
  int32_t kernels;   /**< 0: generate all code of tier 1 instead of calling
                          kernels, which makes MIND_TIER_AUTO tier 1. */
} MindCompileOptions;

#define MIND_COMPILE_OPTIONS                                                   \
  {sizeof(MindCompileOptions), NULL, NULL, MIND_TIER_AUTO, 1}

/** "0.1.0". */
MIND_C_EXPORT const char *mind_version(void);

MIND_C_EXPORT MindSession *mind_session_create(void);
/** Null is nothing to destroy, here and below. */
MIND_C_EXPORT void mind_session_destroy(MindSession *session);
/** Gives up what is compiled in the background, and waits for the phase that is
 * running, a few milliseconds at most; programs stay on the tier where they
 * are. It is for the end of a process that leaves programs undestroyed. */
MIND_C_EXPORT void mind_session_stop_background(MindSession *session);

/** Compiles `length` bytes of source. `file_name` is what messages call it, and
 * imports are looked for beside it. `options` may be null. Never returns null:
 * ask mind_program_ok. */
MIND_C_EXPORT MindProgram *mind_compile(MindSession *session,
                                        const char *source, size_t length,
                                        const char *file_name,
                                        const MindCompileOptions *options);
MIND_C_EXPORT void mind_program_destroy(MindProgram *program);

/** Whether there is a function: all that follows but mind_program_diagnostics
 * and mind_program_internal_error is for programs that have one. */
MIND_C_EXPORT int mind_program_ok(const MindProgram *program);
/** All that is said about the program, in a MindFormat; empty if nothing. */
MIND_C_EXPORT const char *mind_program_diagnostics(const MindProgram *program,
                                                   int32_t format);
/** Null, or which bug of the compiler was met: please report it. */
MIND_C_EXPORT const char *
mind_program_internal_error(const MindProgram *program);

/** "main(x: Tensor<f32, [B, 3]>) -> Tensor<f32, [B]>". */
MIND_C_EXPORT const char *mind_program_signature(const MindProgram *program);
MIND_C_EXPORT const char *mind_program_name(const MindProgram *program);
/** The named sizes, in the order in which calls bind them. */
MIND_C_EXPORT size_t mind_program_num_sizes(const MindProgram *program);
MIND_C_EXPORT const char *mind_program_size_name(const MindProgram *program,
                                                 size_t index);
MIND_C_EXPORT size_t mind_program_num_inputs(const MindProgram *program);
MIND_C_EXPORT const char *mind_program_input_name(const MindProgram *program,
                                                  size_t index);
/** A MindDType. */
MIND_C_EXPORT int32_t mind_program_input_dtype(const MindProgram *program,
                                               size_t index);
MIND_C_EXPORT size_t mind_program_input_rank(const MindProgram *program,
                                             size_t index);
/** Writes the extents, as many as the rank, in a call that binds `sizes` (null
 * if there are none). Returns 0, or 3011 if they are too many
 * for 64 bits. */
MIND_C_EXPORT int32_t mind_program_input_shape(const MindProgram *program,
                                               size_t index,
                                               const int64_t *sizes,
                                               int64_t *shape);
MIND_C_EXPORT size_t mind_program_num_results(const MindProgram *program);
MIND_C_EXPORT int32_t mind_program_result_dtype(const MindProgram *program,
                                                size_t index);
MIND_C_EXPORT size_t mind_program_result_rank(const MindProgram *program,
                                              size_t index);
MIND_C_EXPORT int32_t mind_program_result_shape(const MindProgram *program,
                                                size_t index,
                                                const int64_t *sizes,
                                                int64_t *shape);

/** The tier of calls that begin now: 0 or 1. */
MIND_C_EXPORT unsigned mind_program_tier(const MindProgram *program);
/** Has a program of MIND_TIER_AUTO go on to tier 1 now, and waits for it.
 * Returns whether it is there. */
MIND_C_EXPORT int mind_program_promote(const MindProgram *program);

/** Gets each text that a program prints, in order, during the call. */
typedef void (*MindPrint)(void *user, const char *text, size_t length);

/** Calls the program on memory of the caller: one pointer for each input and
 * each result, dense and row-major, aligned to the elements. Inputs are only
 * read; results may overlap nothing. `sizes` binds each named size to at least
 * 1; null if there are none. `print` may be null: nothing is printed.
 *
 * @return 0, or the number of the diagnostic: 6005 of E6005. Then, unless
 *         `failure` is null, it is set to what mind_failure_destroy frees; else
 *         it is set to null. */
MIND_C_EXPORT int32_t mind_call(const MindProgram *program,
                                const void *const *inputs, void *const *results,
                                const int64_t *sizes, MindPrint print,
                                void *user, MindFailure **failure);
/** What is said about it, in a MindFormat. */
MIND_C_EXPORT const char *mind_failure_diagnostic(const MindFailure *failure,
                                                  int32_t format);
MIND_C_EXPORT void mind_failure_destroy(MindFailure *failure);

#ifdef __cplusplus
}
#endif

#endif /* MIND_C_MIND_H */
