//===- CountAllocations.cpp - how often memory is asked for ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program's own malloc and mmap stand before the C library's. A sanitizer
// has a malloc of its own already, and calls a hook.
//
//===----------------------------------------------------------------------===//

#include "CountAllocations.h"
#include <cerrno>
#include <cstddef>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static thread_local unsigned long count;

unsigned long mind::test::countAllocations() { return count; }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

extern "C" int __sanitizer_install_malloc_and_free_hooks(
    void (*onMalloc)(const volatile void *, size_t),
    void (*onFree)(const volatile void *));

[[maybe_unused]] static int installed =
    __sanitizer_install_malloc_and_free_hooks(
        [](const volatile void *, size_t) { ++count; },
        [](const volatile void *) {});

#else

extern "C" {

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t bytes) {
  ++count;
  return __libc_malloc(bytes);
}

void *calloc(size_t number, size_t bytes) {
  ++count;
  return __libc_calloc(number, bytes);
}

void *realloc(void *memory, size_t bytes) {
  ++count;
  return __libc_realloc(memory, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  ++count;
  return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  return memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  *memory = memalign(alignment, bytes);
  return *memory ? 0 : ENOMEM;
}

void *mmap(void *address, size_t bytes, int protection, int flags, int file,
           off_t offset) {
  ++count;
  long result =
      syscall(SYS_mmap, address, bytes, protection, flags, file, offset);
  return reinterpret_cast<void *>(result);
}

} // extern "C"

#endif
