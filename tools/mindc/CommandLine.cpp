//===- CommandLine.cpp - commands, options, help --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

std::optional<StringRef> Arguments::get(StringRef option) const {
  for (auto &[name, value] : llvm::reverse(options))
    if (name == option)
      return value;
  return std::nullopt;
}

std::vector<StringRef> Arguments::all(StringRef option) const {
  std::vector<StringRef> values;
  for (auto &[name, value] : options)
    if (name == option)
      values.push_back(value);
  return values;
}

std::string mindc::suggestion(StringRef word,
                              llvm::ArrayRef<StringRef> candidates) {
  StringRef best;
  unsigned bestDistance = unsigned(word.size() / 3) + 1;
  for (StringRef candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, true, bestDistance);
    if (distance < bestDistance || (best.empty() && distance == bestDistance)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best.empty() ? "" : ("; did you mean `" + best + "`?").str();
}

std::optional<Arguments>
mindc::parseArguments(const CommandSpec &command,
                      llvm::ArrayRef<const char *> words, std::string &error) {
  Arguments result;
  bool onlyWords = false;
  for (size_t i = 0; i < words.size(); ++i) {
    StringRef word = words[i];
    if (onlyWords || word == "-" || !word.starts_with("-")) {
      result.words.push_back(word);
      continue;
    }
    if (word == "--") {
      onlyWords = true;
      continue;
    }
    if (word == "--help" || word == "-h") {
      result.options.push_back({"--help", ""});
      return result;
    }
    auto [name, value] = word.split('=');
    const OptionSpec *spec = llvm::find_if(
        command.options, [&](const OptionSpec &o) { return o.name == name; });
    if (spec == command.options.end()) {
      std::vector<StringRef> names{"--help"};
      for (const OptionSpec &option : command.options)
        names.push_back(option.name);
      error = ("unknown option `" + name + "`" + suggestion(name, names)).str();
      return std::nullopt;
    }
    bool hasValue = word.size() != name.size();
    if (spec->value.empty() && hasValue) {
      error = ("option `" + name + "` takes no value").str();
      return std::nullopt;
    }
    if (!spec->value.empty() && !hasValue) {
      if (i + 1 == words.size()) {
        error = ("option `" + name + "` wants a value, " + spec->value).str();
        return std::nullopt;
      }
      value = words[++i];
    }
    result.options.push_back({spec->name, value});
  }
  if (result.words.size() < command.minArguments) {
    error = (command.name + " wants " + command.arguments).str();
    return std::nullopt;
  }
  if (result.words.size() > command.maxArguments) {
    error = ("unexpected argument `" + result.words[command.maxArguments] + "`")
                .str();
    return std::nullopt;
  }
  return result;
}

void mindc::printHelp(const CommandSpec &command, llvm::raw_ostream &os) {
  os << "Usage: mindc " << command.name;
  if (!command.arguments.empty())
    os << ' ' << command.arguments;
  if (!command.options.empty())
    os << " [OPTION...]";
  os << "\n\n"
     << llvm::toUpper(command.summary.front()) << command.summary.drop_front()
     << ".\n";
  if (!command.details.empty())
    os << '\n' << command.details;
  os << "\nOptions:\n";
  auto print = [&](const OptionSpec &option) {
    std::string text = option.name.str();
    if (!option.value.empty())
      text += (option.name.starts_with("--") ? "=" : " ") + option.value.str();
    // Later lines of a help text stand below its first.
    llvm::SmallVector<StringRef> lines;
    option.help.split(lines, '\n');
    for (StringRef line : lines) {
      os << llvm::formatv("  {0,-24} {1}\n", text, line);
      text.clear();
    }
  };
  for (const OptionSpec &option : command.options)
    print(option);
  print({"--help", "", "print this"});
}
