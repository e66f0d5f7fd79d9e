//===- CommandLine.h - commands, options, help -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The commands and their options are tables, from which both parsing and the
// help come. LLVM's own option library is global: it would take part in the
// options of every library that is linked in.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_COMMANDLINE_H
#define MIND_TOOLS_MINDC_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace mind::mindc {

class Driver;

struct OptionSpec {
  /// With its dashes: "--entry", "-o".
  llvm::StringRef name;
  /// What stands for its value in the help; empty for a flag.
  llvm::StringRef value;
  llvm::StringRef help;
};

class Arguments;

struct CommandSpec {
  llvm::StringRef name;
  /// What stands for the arguments that are not options, such as "FILE...".
  llvm::StringRef arguments;
  /// What it does, for the list of commands.
  llvm::StringRef summary;
  /// Further paragraphs of its own help.
  llvm::StringRef details;
  llvm::ArrayRef<OptionSpec> options;
  size_t minArguments;
  size_t maxArguments;
  /// Executes it; returns the exit code.
  int (*run)(const Arguments &arguments, Driver &driver);
};

/// What was given to a command.
class Arguments {
public:
  /// Those that are not options.
  llvm::ArrayRef<llvm::StringRef> positional() const { return words; }

  bool has(llvm::StringRef option) const { return get(option).has_value(); }

  /// The value of `option` (empty for a flag), the last one if it was given
  /// several times, or none.
  std::optional<llvm::StringRef> get(llvm::StringRef option) const;

  /// All values of `option`.
  std::vector<llvm::StringRef> all(llvm::StringRef option) const;

private:
  friend std::optional<Arguments> parseArguments(const CommandSpec &,
                                                 llvm::ArrayRef<const char *>,
                                                 std::string &);
  std::vector<llvm::StringRef> words;
  std::vector<std::pair<llvm::StringRef, llvm::StringRef>> options;
};

/// Reads what follows the command's name. A word that starts with a dash is an
/// option (but not "-", which is a file); nothing after "--" is. Values follow
/// after "=" or as the next word. On failure gives none and sets `error`.
/// Stops at "--help".
std::optional<Arguments> parseArguments(const CommandSpec &command,
                                        llvm::ArrayRef<const char *> words,
                                        std::string &error);

/// "; did you mean `check`?" for the candidate that is nearest to `word`, or
/// nothing.
std::string suggestion(llvm::StringRef word,
                       llvm::ArrayRef<llvm::StringRef> candidates);

void printHelp(const CommandSpec &command, llvm::raw_ostream &os);

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_COMMANDLINE_H
