/*===- Calls.c - the compiler from C, in C -------------------------*- C
-*-===*\
|*                                                                            *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/
/* Each function is a test, which CTest.cpp runs: it returns null, or the text
 * of the first condition that does not hold. */

#include "Calls.h"
#include "Mind/C/Mind.h"
#include <string.h>

#define STRING(x) #x
#define LINE(x) STRING(x)
#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition))                                                          \
      return __FILE__ ":" LINE(__LINE__) ": " #condition;                      \
  } while (0)

static const char *const rows = "fn rows(x: Tensor<i32,[B,2]>, y: i32) {\n"
                                "  println(\"y =\", y);\n"
                                "  reshape(x / y, [2 * B, 1])\n"
                                "}\n";

static MindProgram *compile(MindSession *session, const char *source,
                            int32_t tier) {
  MindCompileOptions options = MIND_COMPILE_OPTIONS;
  options.tier = tier;
  return mind_compile(session, source, strlen(source), "rows.mind", &options);
}

const char *testSignature(void) {
  MindSession *session = mind_session_create();
  MindProgram *program =
      mind_compile(session, rows, strlen(rows), "rows.mind", NULL);
  int64_t sizes[] = {5}, shape[] = {-1, -1, -1}, huge[] = {INT64_MAX};
  mind_session_destroy(session); /* Programs outlive it. */
  CHECK(mind_program_ok(program));
  CHECK(strcmp(mind_program_diagnostics(program, MIND_TEXT), "") == 0);
  CHECK(mind_program_internal_error(program) == NULL);
  CHECK(strcmp(mind_program_signature(program),
               "rows(x: Tensor<i32, [B, 2]>, y: i32) -> "
               "Tensor<i32, [2*B, 1]>") == 0);
  CHECK(strcmp(mind_program_name(program), "rows") == 0);
  CHECK(mind_program_num_sizes(program) == 1);
  CHECK(strcmp(mind_program_size_name(program, 0), "B") == 0);
  CHECK(mind_program_num_inputs(program) == 2);
  CHECK(strcmp(mind_program_input_name(program, 1), "y") == 0);
  CHECK(mind_program_input_dtype(program, 0) == MIND_I32);
  CHECK(mind_program_input_rank(program, 0) == 2);
  CHECK(mind_program_input_rank(program, 1) == 0);
  CHECK(mind_program_input_shape(program, 0, sizes, shape) == 0);
  CHECK(shape[0] == 5 && shape[1] == 2 && shape[2] == -1);
  CHECK(mind_program_num_results(program) == 1);
  CHECK(mind_program_result_dtype(program, 0) == MIND_I32);
  CHECK(mind_program_result_rank(program, 0) == 2);
  CHECK(mind_program_result_shape(program, 0, sizes, shape) == 0);
  CHECK(shape[0] == 10 && shape[1] == 1 && shape[2] == -1);
  CHECK(mind_program_result_shape(program, 0, huge, shape) == 3011);
  CHECK(mind_version()[0] != 0);
  mind_program_destroy(program);
  return NULL;
}

static void append(void *user, const char *text, size_t length) {
  strncat((char *)user, text, length);
}

/** Calls it, and checks what comes of it. */
static const char *callRows(const MindProgram *program) {
  const int32_t x[] = {2, 4, 6, 8}, one = 1, two = 2, zero = 0;
  int32_t result[4] = {0};
  const void *inputs[] = {x, &two};
  void *results[] = {result};
  int64_t sizes[] = {2}, none[] = {0};
  char printed[64] = "";
  MindFailure *failure = NULL;
  CHECK(mind_call(program, inputs, results, sizes, append, printed, &failure) ==
        0);
  CHECK(failure == NULL);
  CHECK(result[0] == 1 && result[3] == 4);
  CHECK(strcmp(printed, "y = 2\n") == 0);
  inputs[1] = &one;
  CHECK(mind_call(program, inputs, results, sizes, NULL, NULL, NULL) == 0);
  CHECK(result[0] == 2 && result[3] == 8);

  inputs[1] = &zero;
  CHECK(mind_call(program, inputs, results, sizes, NULL, NULL, &failure) ==
        6005);
  CHECK(strstr(mind_failure_diagnostic(failure, MIND_TEXT), "rows.mind:3:"));
  CHECK(strstr(mind_failure_diagnostic(failure, MIND_JSON), "\"E6005\""));
  mind_failure_destroy(failure);
  CHECK(mind_call(program, inputs, results, none, NULL, NULL, NULL) != 0);
  results[0] = (void *)x;
  CHECK(mind_call(program, inputs, results, sizes, NULL, NULL, NULL) != 0);
  return NULL;
}

const char *testTiers(void) {
  MindSession *session = mind_session_create();
  int32_t tier;
  for (tier = MIND_TIER_PLAN; tier <= MIND_TIER_AUTO; ++tier) {
    MindProgram *program = compile(session, rows, tier);
    const char *problem;
    CHECK(mind_program_ok(program));
    CHECK(mind_program_tier(program) == (tier == MIND_TIER_CODE));
    problem = callRows(program);
    if (problem)
      return problem;
    CHECK(mind_program_promote(program) == (tier != MIND_TIER_PLAN));
    CHECK(mind_program_tier(program) == (tier != MIND_TIER_PLAN));
    problem = callRows(program);
    if (problem)
      return problem;
    mind_program_destroy(program);
  }
  mind_session_stop_background(session);
  mind_session_destroy(session);
  return NULL;
}

const char *testErrors(void) {
  MindSession *session = mind_session_create();
  MindProgram *program = compile(session, "1 +", MIND_TIER_AUTO);
  MindCompileOptions options = MIND_COMPILE_OPTIONS;
  CHECK(!mind_program_ok(program));
  CHECK(strstr(mind_program_diagnostics(program, MIND_TEXT), "rows.mind:1:"));
  CHECK(strstr(mind_program_diagnostics(program, MIND_JSON), "\"E1102\""));
  mind_program_destroy(program);
  /* Options of a caller who knows fewer: the others have their defaults. */
  options.size = offsetof(MindCompileOptions, cpu);
  options.entry = "none";
  options.tier = 77;
  program = mind_compile(session, rows, strlen(rows), "rows.mind", &options);
  CHECK(!mind_program_ok(program));
  CHECK(strstr(mind_program_diagnostics(program, MIND_TEXT), "none"));
  mind_program_destroy(program);
  mind_program_destroy(NULL);
  mind_failure_destroy(NULL);
  mind_session_destroy(session);
  mind_session_destroy(NULL);
  return NULL;
}
