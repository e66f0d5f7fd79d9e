//===- Replay.cpp - a fuzz target without libFuzzer -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Usage: fuzz-TARGET FOLDER MUTATIONS
//
// Runs the target on each file of a folder, then on mutations of them, which
// depend on the folder alone. An input that crashes it, or takes longer than a
// minute, is left in the file crash-input of the working directory.
//
//===----------------------------------------------------------------------===//

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const std::string *currentInput;

/// Leaves the input behind and dies of the signal.
static void onCrash(int signal) {
  std::signal(signal, SIG_DFL);
  if (std::FILE *file = std::fopen("crash-input", "wb")) {
    std::fwrite(currentInput->data(), 1, currentInput->size(), file);
    std::fclose(file);
  }
  std::fprintf(stderr, "signal %d; the input is in crash-input\n", signal);
  std::raise(signal);
}

static void runOn(const std::string &input) {
  constexpr unsigned longestSeconds = 60;
  currentInput = &input;
  alarm(longestSeconds);
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(input.data()),
                         input.size());
  alarm(0);
}

namespace {

/// Makes inputs that are nearly right from inputs of the corpus.
class Mutator {
public:
  explicit Mutator(const std::vector<std::string> &corpus) : corpus(corpus) {}

  std::string next() {
    std::string text = pick(corpus);
    for (size_t edits = 1 + below(6); edits-- > 0;)
      edit(text);
    return text;
  }

private:
  size_t below(size_t limit) { return limit ? random() % limit : 0; }
  const std::string &pick(const std::vector<std::string> &texts) {
    return texts[below(texts.size())];
  }
  /// A short piece of `text`.
  std::pair<size_t, size_t> piece(const std::string &text) {
    size_t begin = below(text.size());
    return {begin, std::min(text.size() - begin, below(24) + 1)};
  }
  void edit(std::string &text) {
    auto [begin, length] = piece(text);
    switch (below(6)) {
    case 0:
      text.erase(begin, length);
      break;
    case 1:
      text.insert(begin, text.substr(begin, length));
      break;
    case 2: {
      const std::string &other = pick(corpus);
      auto [otherBegin, otherLength] = piece(other);
      text.insert(begin, other, otherBegin, otherLength);
      break;
    }
    case 3: {
      const std::string &other = pick(corpus);
      auto [otherBegin, otherLength] = piece(other);
      text.replace(begin, length, other, otherBegin, otherLength);
      break;
    }
    case 4: {
      static constexpr char signs[] = "()[]{}<>,;:.=+-*/!\"\\ \n0129_aT";
      if (!text.empty())
        text[begin] = signs[below(sizeof(signs) - 1)];
      break;
    }
    case 5:
      if (!text.empty())
        text[begin] = char(below(256));
      break;
    }
  }

  const std::vector<std::string> &corpus;
  std::mt19937_64 random; // of the standard's seed: the same everywhere
};

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER MUTATIONS\n", argv[0]);
    return 2;
  }
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM})
    std::signal(signal, onCrash);

  std::vector<std::filesystem::path> paths;
  for (const auto &entry : std::filesystem::directory_iterator(argv[1]))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const std::filesystem::path &path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file),
                        std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "the folder %s is empty\n", argv[1]);
    return 2;
  }
  for (const std::string &input : corpus)
    runOn(input);
  Mutator mutator(corpus);
  long mutations = std::strtol(argv[2], nullptr, 10);
  for (long i = 0; i < mutations; ++i)
    runOn(mutator.next());
  std::printf("%zu inputs, %ld mutations\n", corpus.size(), mutations);
  return 0;
}
