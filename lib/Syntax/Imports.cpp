//===- Imports.cpp - a file and those that it imports ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Imports.h"
#include "Mind/Basic/Suggestion.h"
#include "Mind/Syntax/Lexer.h"
#include "ParserImpl.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mind;
using llvm::StringRef;
namespace path = llvm::sys::path;

static constexpr llvm::StringLiteral extension = ".mind";

//===----------------------------------------------------------------------===//
// Loaders
//===----------------------------------------------------------------------===//

ImportLoader::~ImportLoader() = default;

llvm::ErrorOr<std::string> DiskImports::load(StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return buffer.getError();
  return (*buffer)->getBuffer().str();
}

std::vector<std::string> DiskImports::list(StringRef folder) {
  std::vector<std::string> names;
  std::error_code error;
  llvm::sys::fs::directory_iterator entry(folder.empty() ? "." : folder, error),
      end;
  for (; !error && entry != end; entry.increment(error))
    names.push_back(path::filename(entry->path()).str());
  return names;
}

llvm::ErrorOr<std::string> LoadedImports::load(StringRef file) {
  if (const SourceFile *known = sources.find(file))
    return known->text().str();
  return std::make_error_code(std::errc::no_such_file_or_directory);
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

namespace {

class ProgramParser {
public:
  ProgramParser(SourceManager &sources, ImportLoader &loader,
                Interner &interner, DiagnosticEngine &diags, Tree &tree)
      : sources(sources), loader(loader), interner(interner), diags(diags),
        tree(tree) {}

  /// Parses what the main file imports, which has been parsed, and what those
  /// files import.
  void followImports();

private:
  /// A file whose imports are being followed.
  struct Open {
    uint32_t module;
    /// The import that led here, in the file before.
    SourceRange import;
    llvm::SmallVector<StmtId, 4> imports;
    unsigned numFollowed = 0;
  };
  /// What an import names, as it is written and as a file.
  struct Target {
    SourceRange range;
    /// From the main file's folder: "a.b".
    std::string modulePath;
    std::string filePath;
    /// In messages: `a.b` as the importer says it.
    std::string written;
  };

  /// Parses a file of which `modulePath` is the path, and notes its imports.
  void enter(const SourceFile &file, const std::string &modulePath,
             SourceRange import);
  /// Notes the imports of the last module; `import` led there.
  void noteImports(SourceRange import);
  /// Finds the module that `import` of module `importer` means, and enters it
  /// if it is new; reports why it cannot be imported.
  void follow(StmtId import, uint32_t importer);
  Target target(StmtId import, uint32_t importer) const;
  /// Adds the file to `sources`; null if that cannot be, which is reported.
  const SourceFile *load(const Target &target, uint32_t importer);
  void reportCycle(const Target &target, uint32_t module);
  void reportMissing(const Target &target, uint32_t importer,
                     std::error_code error);
  /// "did you mean `a.c`?" where a file or folder of a similar name exists.
  std::string suggestion(const Target &target, StringRef folder) const;
  /// Whether `module` is a script, which is reported.
  bool isScript(const Target &target, uint32_t module);

  SourceManager &sources;
  ImportLoader &loader;
  Interner &interner;
  DiagnosticEngine &diags;
  Tree &tree;
  /// The modules that have been parsed, by path.
  llvm::StringMap<uint32_t> modules;
  /// From the main file to the one whose imports are being followed.
  llvm::SmallVector<Open> open;
};

} // namespace

void ProgramParser::followImports() {
  noteImports({});
  if (StringRef name = sources.mainFile().name();
      path::extension(name) == extension)
    modules[path::stem(name)] = 0;
  // A stack of our own: chains of imports may be longer than the machine's.
  while (!open.empty()) {
    Open &last = open.back();
    if (last.numFollowed == last.imports.size())
      open.pop_back();
    else
      follow(last.imports[last.numFollowed++], last.module);
  }
}

void ProgramParser::enter(const SourceFile &file, const std::string &modulePath,
                          SourceRange import) {
  bool hasImports = ParserImpl(tree, file, interner, diags).run();
  TreeBuilder::setPath(tree, modulePath);
  if (hasImports)
    noteImports(import);
}

void ProgramParser::noteImports(SourceRange import) {
  Open &last = open.emplace_back();
  last.module = uint32_t(tree.modules().size() - 1);
  last.import = import;
  for (StmtId statement : tree.block(tree.modules().back().root).statements)
    if (tree.kind(statement) == NodeKind::Import)
      last.imports.push_back(statement);
}

ProgramParser::Target ProgramParser::target(StmtId import,
                                            uint32_t importer) const {
  const SourceModule &from = tree.modules()[importer];
  StringRef folder = from.path;
  folder = folder.take_front(folder.rfind('.') + 1);
  llvm::SmallString<128> filePath = path::parent_path(from.file->name());
  ImportView view = tree.importItem(import);
  std::string written;
  for (Symbol name : view.path) {
    written += (written.empty() ? "" : ".") + tree.text(name).str();
    path::append(filePath, tree.text(name));
  }
  return {view.pathRange, folder.str() + written, (filePath + extension).str(),
          written};
}

void ProgramParser::follow(StmtId import, uint32_t importer) {
  Target wanted = target(import, importer);
  uint32_t module = uint32_t(tree.modules().size());
  if (auto known = modules.find(wanted.modulePath); known != modules.end()) {
    module = known->second;
    if (llvm::any_of(open,
                     [&](const Open &file) { return file.module == module; }))
      return reportCycle(wanted, module);
  } else if (const SourceFile *file = load(wanted, importer)) {
    modules[wanted.modulePath] = module;
    enter(*file, wanted.modulePath, wanted.range);
  } else {
    return;
  }
  if (!isScript(wanted, module))
    TreeBuilder::resolve(tree, import, module);
}

const SourceFile *ProgramParser::load(const Target &target, uint32_t importer) {
  llvm::ErrorOr<std::string> text = loader.load(target.filePath);
  if (!text) {
    reportMissing(target, importer, text.getError());
    return nullptr;
  }
  auto isBeyond = [&](uint64_t number, uint64_t limit, std::string what,
                      std::string unit) {
    if (number > limit)
      diags.report(DiagKind::LimitExceeded, target.range,
                   {what + " with " + std::to_string(number) + unit,
                    std::to_string(limit)});
    return number > limit;
  };
  if (isBeyond(sources.numFiles() + 1, maxFiles, "a program", " files") ||
      isBeyond(text->size(), maxFileSize, "`" + target.filePath + "`",
               " bytes") ||
      isBeyond(sources.endOffset() + text->size(), maxProgramSize, "a program",
               " bytes"))
    return nullptr;
  return &sources.add(target.filePath, *text);
}

//===----------------------------------------------------------------------===//
// What cannot be imported
//===----------------------------------------------------------------------===//

void ProgramParser::reportCycle(const Target &target, uint32_t module) {
  // The files from the one that is imported again to the one that does it.
  constexpr size_t shown = 8;
  llvm::ArrayRef<Open> cycle = open;
  cycle =
      cycle.drop_while([&](const Open &file) { return file.module != module; });
  auto nameOf = [&](const Open &file) {
    return tree.modules()[file.module].file->name().str();
  };
  std::string chain;
  for (const Open &file : cycle.take_front(shown))
    chain += nameOf(file) + " -> ";
  if (cycle.size() > shown)
    chain += "... -> ";
  std::string name = nameOf(cycle.front());
  Diagnostic &diag =
      diags.report(DiagKind::ImportCycle, target.range, {name, chain + name});
  for (const Open &file : cycle.drop_front().take_front(shown))
    diag.note(file.import, "`" + nameOf(file) + "` is imported here");
  diag.help("move what both need to a file of its own");
}

void ProgramParser::reportMissing(const Target &target, uint32_t importer,
                                  std::error_code error) {
  // By number: LLVM's library may have categories of its own, unequal to ours.
  bool isMissing = error.value() == int(std::errc::no_such_file_or_directory) ||
                   error.value() == int(std::errc::not_a_directory);
  Diagnostic &diag = diags.report(
      DiagKind::ImportNotFound, target.range,
      {target.written, isMissing ? "there is no file `" + target.filePath + "`"
                                 : "`" + target.filePath +
                                       "` cannot be read: " + error.message()});
  if (isMissing)
    diag.help(suggestion(
        target, path::parent_path(tree.modules()[importer].file->name())));
}

std::string ProgramParser::suggestion(const Target &target,
                                      StringRef folder) const {
  llvm::SmallString<128> current = folder;
  llvm::SmallVector<StringRef> words;
  StringRef(target.written).split(words, '.');
  for (auto [index, word] : llvm::enumerate(words)) {
    // What may stand at this place of the path: folders, at its end files.
    bool isLast = index + 1 == words.size();
    std::vector<std::string> names = loader.list(current);
    llvm::SmallVector<StringRef> candidates;
    for (StringRef name : names)
      if (isLast ? name.consume_back(extension) : !name.contains('.'))
        candidates.push_back(name);
    if (!llvm::is_contained(candidates, word)) {
      StringRef nearest = nearestName(word, candidates);
      if (nearest.empty())
        return {};
      word = nearest;
      return "did you mean `" + llvm::join(words, ".") + "`?";
    }
    path::append(current, word);
  }
  return {};
}

bool ProgramParser::isScript(const Target &target, uint32_t index) {
  const SourceModule &module = tree.modules()[index];
  BlockView body = tree.block(module.root);
  SourceRange statement;
  for (StmtId item : body.statements)
    if (!isItem(tree.kind(item))) {
      statement = tree.range(item);
      break;
    }
  if (!statement.isValid() && body.result.isValid() &&
      tree.kind(body.result) != NodeKind::ErrorExpr)
    statement = tree.range(body.result);
  if (!statement.isValid())
    return false;
  diags
      .report(DiagKind::ImportOfScript, target.range,
              {target.written, module.file->name().str()})
      .note(statement, "this is no item")
      .help("a file that is imported holds functions, constants and type "
            "aliases only");
  return true;
}

Tree mind::parseProgram(SourceManager &sources, ImportLoader &loader,
                        Interner &interner, DiagnosticEngine &diags) {
  Tree tree;
  parseProgram(sources, loader, interner, diags, tree);
  return tree;
}

void mind::parseProgram(SourceManager &sources, ImportLoader &loader,
                        Interner &interner, DiagnosticEngine &diags,
                        Tree &tree) {
  TreeBuilder::reset(tree, interner);
  if (ParserImpl(tree, sources.mainFile(), interner, diags).run())
    ProgramParser(sources, loader, interner, diags, tree).followImports();
}
