/*===- Calls.h - the compiler from C, in C -------------------------*- C
-*-===*\
|*                                                                            *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef MIND_TEST_UNIT_C_CALLS_H
#define MIND_TEST_UNIT_C_CALLS_H

#ifdef __cplusplus
extern "C" {
#endif

const char *testSignature(void);
const char *testTiers(void);
const char *testErrors(void);

#ifdef __cplusplus
}
#endif

#endif /* MIND_TEST_UNIT_C_CALLS_H */
