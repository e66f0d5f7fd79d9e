//===- Aot.cpp - machine code for programs in C and C++ ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Aot/Aot.h"

#include "Mind/Basic/DeferredConstructors.h"
#include "Mind/Runtime/Abi.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mind {

//===----------------------------------------------------------------------===//
// The header
//===----------------------------------------------------------------------===//

/// `name` in capitals, every other character an underscore.
static std::string toMacro(StringRef name) {
  std::string macro = name.upper();
  for (char &c : macro)
    if (!isAlnum(c))
      c = '_';
  return macro;
}

/// The element types and their numbers.
static void writeDTypes(raw_ostream &os) {
  os << "enum MindDType {";
  for (size_t i = 0; i != numDTypes; ++i)
    os << (i ? "," : "") << "\n  MIND_" << toMacro(dtypeName(DType(i))) << " = "
       << i;
  os << "\n};\n";
}

/// The ABI as in Mind/Runtime/Abi.h, which need not be at hand.
static void writeAbi(raw_ostream &os) {
  os << "#ifndef MIND_RUNTIME_ABI_H\n"
        "#define MIND_RUNTIME_ABI_H\n"
        "#define MIND_ABI_VERSION "
     << MIND_ABI_VERSION << "\n#define MIND_WORKSPACE_ALIGNMENT "
     << MIND_WORKSPACE_ALIGNMENT << '\n';
  writeDTypes(os);
  os << "/* A tensor that a call shows: dense, row-major. */\n"
        "typedef struct MindView {\n"
        "  const void *data;\n"
        "  const int64_t *shape; /* rank extents */\n"
        "  int32_t rank;\n"
        "  int32_t dtype; /* a MindDType */\n"
        "} MindView;\n"
        "/* Zero it and set abi_version to MIND_ABI_VERSION before a call. */\n"
        "typedef struct MindContext {\n"
        "  uint32_t abi_version;\n"
        "  int32_t error_code;      /* 0, or 6005 for E6005... */\n"
        "  int64_t error_site;      /* which operation failed */\n"
        "  int64_t error_values[2]; /* what the message shows */\n"
        "  /* Null, or called for each print and println until there is an\n"
        "   * error. In format, text of so many bytes and a zero byte, {} "
        "stands\n"
        "   * for each of values in turn, {{ for a brace. */\n"
        "  void (*print)(struct MindContext *context, const char *format,\n"
        "                int64_t length, const MindView *values);\n"
        "  void *user; /* for print */\n"
        "} MindContext;\n"
        "/* A place that context->error_site tells: an element of an array "
        "that\n"
        " * a function's _SITES initialises. */\n"
        "typedef struct MindErrorSite {\n"
        "  const char *file;\n"
        "  uint32_t line, column; /* from 1 */\n"
        "  uint32_t num_values;   /* how many of error_values it shows */\n"
        "  const char *message;   /* where {0} and {1} stand for them */\n"
        "} MindErrorSite;\n"
        "#endif\n\n";
}

/// `text` as a string literal of C.
static std::string toLiteral(StringRef text) {
  std::string literal = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      literal += '\\';
    // Three digits, so that one that follows is not taken for a part of it.
    if (isASCII(c) && !isPrint(c))
      for (char digit : {char('\\'), char('0' + c / 64), char('0' + c / 8 % 8),
                         char('0' + c % 8)})
        literal += digit;
    else
      literal += c;
  }
  return literal + '"';
}

static void writeSites(raw_ostream &os, const AotFunction &function) {
  if (function.sites.empty())
    return;
  os << "#define " << toMacro(function.symbol) << "_SITES {";
  for (const runtime::ErrorSite &site : function.sites)
    os << " \\\n  {" << toLiteral(site.fileName) << ", " << site.line << ", "
       << site.column << ", " << site.numValues << ", "
       << toLiteral(site.message) << "},";
  os << " \\\n}\n";
}

/// `dim` in C, where the sizes are parameters d0, d1... of a macro.
static std::string cExpression(const runtime::Dim &dim) {
  std::string text = std::to_string(dim.extent);
  for (const runtime::Dim::Term &term : dim.terms) {
    text += " + INT64_C(" + std::to_string(term.coefficient) + ")";
    for (uint32_t size : term.sizes)
      text += "*(d" + std::to_string(size) + ")";
  }
  return dim.isConstant() ? text : "(" + text + ")";
}

std::string makeHeader(StringRef name, ArrayRef<AotFunction> functions) {
  std::string text;
  raw_string_ostream os(text);
  std::string guard = toMacro(name);
  os << "/* " << name << " - functions compiled from MIND */\n"
     << "#ifndef " << guard << "\n#define " << guard
     << "\n\n#include <stdint.h>\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  writeAbi(os);
  for (const AotFunction &function : functions) {
    const runtime::Signature &signature = function.signature;
    os << "/* " << signature.spelling() << "\n *\n";
    unsigned number = 0;
    for (const runtime::Parameter &parameter : signature.parameters)
      os << " * buffers[" << number++ << "]: " << parameter.name << ": "
         << signature.spelling(parameter.type) << '\n';
    for (const runtime::TensorType &result : signature.results)
      os << " * buffers[" << number++
         << "]: result: " << signature.spelling(result) << '\n';
    for (auto [position, size] : llvm::enumerate(signature.sizes))
      os << " * dims[" << position << "]: " << size << '\n';
    os << " *\n * Buffers are dense and row-major; a bool is a byte. Returns 0 "
          "or\n * context->error_code. */\n"
       << "#define " << toMacro(function.symbol) << "_WORKSPACE_SIZE";
    // With sizes, a macro of them, in the order of dims.
    std::vector<std::string> macroParameters;
    for (size_t i = 0; i < signature.sizes.size(); ++i)
      macroParameters.push_back("d" + std::to_string(i));
    if (!macroParameters.empty())
      os << '(' << llvm::join(macroParameters, ", ") << ')';
    os << ' ' << cExpression(function.workspaceSize) << '\n';
    writeSites(os, function);
    os << "int32_t " << function.symbol
       << "(MindContext *context, void *const *buffers, const int64_t *dims,\n"
       << std::string(function.symbol.size() + 9, ' ')
       << "void *workspace);\n\n";
  }
  os << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return text;
}

//===----------------------------------------------------------------------===//
// Libraries
//===----------------------------------------------------------------------===//

Expected<Bytes> makeArchive(StringRef name, ArrayRef<char> object) {
  runDeferredConstructors();
  MemoryBufferRef buffer(StringRef(object.data(), object.size()), name);
  NewArchiveMember members[] = {NewArchiveMember(buffer)};
  Expected<std::unique_ptr<MemoryBuffer>> archive = writeArchiveToBuffer(
      members, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU,
      /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  StringRef bytes = (*archive)->getBuffer();
  return Bytes(bytes.begin(), bytes.end());
}

/// The command that links `object` into `library`, or an empty one.
static SmallVector<std::string> makeLinkCommand(StringRef object,
                                                StringRef library) {
  for (StringRef compiler : {"cc", "clang", "clang-22", "gcc"})
    if (ErrorOr<std::string> path = sys::findProgramByName(compiler))
      return {*path, "-shared", "-o", library.str(), object.str(), "-lm"};
  for (StringRef linker : {"ld.lld", "ld.lld-22", "ld"})
    if (ErrorOr<std::string> path = sys::findProgramByName(linker))
      return {*path, "-shared", "-o", library.str(), object.str()};
  return {};
}

Expected<Bytes> makeSharedLibrary(ArrayRef<char> object) {
  int descriptor;
  SmallString<128> objectPath, libraryPath;
  if (std::error_code error =
          sys::fs::createTemporaryFile("mind", "o", descriptor, objectPath))
    return createStringError(error, "cannot make a temporary file: " +
                                        error.message());
  llvm::scope_exit removeObject([&] { sys::fs::remove(objectPath); });
  {
    raw_fd_ostream os(descriptor, /*shouldClose=*/true);
    os.write(object.data(), object.size());
    os.flush();
    if (os.has_error()) {
      std::error_code error = os.error();
      os.clear_error();
      return createStringError(error, "cannot write '" + objectPath.str() +
                                          "': " + error.message());
    }
  }
  if (std::error_code error =
          sys::fs::createTemporaryFile("mind", "so", libraryPath))
    return createStringError(error, "cannot make a temporary file: " +
                                        error.message());
  llvm::scope_exit removeLibrary([&] { sys::fs::remove(libraryPath); });

  SmallVector<std::string> command = makeLinkCommand(objectPath, libraryPath);
  if (command.empty())
    return createStringError(
        "no C compiler or linker found, which a shared library needs; build "
        "a .o or .a instead");
  SmallVector<StringRef> arguments(command.begin(), command.end());
  std::string message;
  if (sys::ExecuteAndWait(command.front(), arguments, std::nullopt, {}, 0, 0,
                          &message) != 0)
    return createStringError("'" + command.front() +
                             "' could not link the shared library" +
                             (message.empty() ? "" : ": " + message));
  ErrorOr<std::unique_ptr<MemoryBuffer>> library =
      MemoryBuffer::getFile(libraryPath);
  if (!library)
    return createStringError(library.getError(),
                             "cannot read '" + libraryPath.str() +
                                 "': " + library.getError().message());
  StringRef bytes = (*library)->getBuffer();
  return Bytes(bytes.begin(), bytes.end());
}

} // namespace mind
