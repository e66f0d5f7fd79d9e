//===- CrashReport.h - the last words of a process -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_CRASHREPORT_H
#define MIND_TOOLS_MINDC_CRASHREPORT_H

#include <string>

namespace mind::mindc {

/// From now on a crash, an overflow of the stack and a fatal error of LLVM end
/// the process with exit code 70, after saying what to report: the command
/// line. Called once.
void installCrashReport(const std::string &commandLine);

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_CRASHREPORT_H
