//===- Commands.h - the commands of mindc ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_COMMANDS_H
#define MIND_TOOLS_MINDC_COMMANDS_H

#include "CommandLine.h"

namespace mind::mindc {

extern const CommandSpec runCommand;
extern const CommandSpec checkCommand;
extern const CommandSpec emitCommand;
extern const CommandSpec buildCommand;
extern const CommandSpec fmtCommand;
extern const CommandSpec explainCommand;
extern const CommandSpec phasesCommand;
extern const CommandSpec opsCommand;

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_COMMANDS_H
