//===- Thread.h - a thread of the compiler's own ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_THREAD_H
#define MIND_LIB_COMPILER_THREAD_H

#include <csignal>
#include <pthread.h>

namespace mind {

/// Starts a thread that runs `object.*member()`. It gets no signals: these are
/// for the threads of the program. False if the system has no thread to give.
template <auto member, typename T>
bool startThread(pthread_t &thread, T &object) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = pthread_create(
                     &thread, nullptr,
                     [](void *self) -> void * {
                       (static_cast<T *>(self)->*member)();
                       return nullptr;
                     },
                     &object) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

} // namespace mind

#endif // MIND_LIB_COMPILER_THREAD_H
