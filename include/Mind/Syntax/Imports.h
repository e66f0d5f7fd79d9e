//===- Imports.h - a file and those that it imports ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `import a.b;` means the file a/b.mind beside the one that says so. So modules
// are known by their paths from the main file's folder, and nothing above that
// folder can be imported.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_IMPORTS_H
#define MIND_SYNTAX_IMPORTS_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Basic/SourceManager.h"
#include "Mind/Syntax/Tree.h"
#include "llvm/Support/ErrorOr.h"

namespace mind {

/// The largest number of files in a program, and of bytes in them all; a larger
/// program is error E1191.
inline constexpr size_t maxFiles = 1024;
inline constexpr uint64_t maxProgramSize = 1u << 30;

/// Where the texts of imported files come from. Paths are relative to whatever
/// the main file's name is relative to.
class ImportLoader {
public:
  virtual ~ImportLoader();

  /// The text of the file at `path`, or why there is none.
  virtual llvm::ErrorOr<std::string> load(llvm::StringRef path) = 0;

  /// What is in the folder at `path` ("" is the current one): names to choose a
  /// suggestion from.
  virtual std::vector<std::string> list(llvm::StringRef path) { return {}; }
};

/// Takes files from disk.
class DiskImports : public ImportLoader {
public:
  llvm::ErrorOr<std::string> load(llvm::StringRef path) override;
  std::vector<std::string> list(llvm::StringRef path) override;
};

/// Takes files that are loaded already, to compile the same program again as it
/// was.
class LoadedImports : public ImportLoader {
public:
  /// `sources` outlives it.
  explicit LoadedImports(const SourceManager &sources) : sources(sources) {}
  llvm::ErrorOr<std::string> load(llvm::StringRef path) override;

private:
  const SourceManager &sources;
};

/// Parses the main file of `sources`, and all files that it imports, directly
/// or not, each once; `loader` finds them, and `sources` owns them from then
/// on. Reports what parse (Parser.h) does, and E2010 for an import of a file
/// that does not exist, that imports its importer, or that is a script.
Tree parseProgram(SourceManager &sources, ImportLoader &loader,
                  Interner &interner, DiagnosticEngine &diags);

/// The same into `tree`, whose contents are replaced, and whose memory is used
/// again.
void parseProgram(SourceManager &sources, ImportLoader &loader,
                  Interner &interner, DiagnosticEngine &diags, Tree &tree);

} // namespace mind

#endif // MIND_SYNTAX_IMPORTS_H
