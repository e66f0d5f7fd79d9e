//===- Mind.cpp - the compiler from C -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/C/Mind.h"
#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/Compiler/RuntimeDiagnostic.h"
#include "Mind/Compiler/Session.h"
#include "Mind/Runtime/TieredExecutable.h"
#include <cstring>
#include <mutex>

using namespace mind;
using runtime::Executable;
using runtime::TensorType;

/// In both formats.
struct Texts {
  std::string text, json;

  const char *get(int32_t format) const {
    return (format == MIND_JSON ? json : text).c_str();
  }
};

struct MindSession {
  std::mutex mutex;
  Session session;
};

struct MindProgram {
  std::shared_ptr<const Executable> executable;
  Texts diagnostics;
  std::string internalError;
  std::string spelling;

  const runtime::Signature &signature() const {
    return executable->signature();
  }
};

struct MindFailure {
  Texts diagnostic;
};

// One enumeration for both languages.
static_assert(int(DType::Bool) == MIND_BOOL && int(DType::I8) == MIND_I8 &&
              int(DType::U8) == MIND_U8 && int(DType::I32) == MIND_I32 &&
              int(DType::I64) == MIND_I64 && int(DType::F16) == MIND_F16 &&
              int(DType::BF16) == MIND_BF16 && int(DType::F32) == MIND_F32 &&
              int(DType::F64) == MIND_F64);
static_assert(int(Tier::Plan) == MIND_TIER_PLAN &&
              int(Tier::Code) == MIND_TIER_CODE &&
              int(Tier::Auto) == MIND_TIER_AUTO);

const char *mind_version(void) { return MIND_VERSION; }

//===----------------------------------------------------------------------===//
// Sessions
//===----------------------------------------------------------------------===//

MindSession *mind_session_create(void) { return new MindSession; }

void mind_session_destroy(MindSession *session) { delete session; }

void mind_session_stop_background(MindSession *session) {
  session->session.stopBackgroundCompilation();
}

/// The caller may be older than this library, and know fewer options.
static CompileOptions fromC(const MindCompileOptions *given) {
  MindCompileOptions known = MIND_COMPILE_OPTIONS;
  if (given)
    std::memcpy(&known, given, std::min(given->size, sizeof(known)));
  CompileOptions options;
  if (known.entry)
    options.entry = known.entry;
  if (known.cpu)
    options.cpu = known.cpu;
  options.tier = Tier(known.tier);
  options.kernels = known.kernels != 0;
  return options;
}

MindProgram *mind_compile(MindSession *session, const char *source,
                          size_t length, const char *file_name,
                          const MindCompileOptions *options) {
  auto program = std::make_unique<MindProgram>();
  std::lock_guard lock(session->mutex);
  CompileResult result =
      session->session.compile({source, length}, file_name, fromC(options));
  llvm::raw_string_ostream text(program->diagnostics.text);
  renderText(result.diagnostics(), result.sources(), text);
  llvm::raw_string_ostream json(program->diagnostics.json);
  renderJson(result.diagnostics(), result.sources(), json);
  if (const InternalError *error = result.internalError())
    program->internalError = error->message;
  program->executable = result.executable();
  if (program->executable)
    program->spelling = program->signature().spelling();
  return program.release();
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

void mind_program_destroy(MindProgram *program) { delete program; }

int mind_program_ok(const MindProgram *program) {
  return program->executable != nullptr;
}

const char *mind_program_diagnostics(const MindProgram *program,
                                     int32_t format) {
  return program->diagnostics.get(format);
}

const char *mind_program_internal_error(const MindProgram *program) {
  return program->internalError.empty() ? nullptr
                                        : program->internalError.c_str();
}

const char *mind_program_signature(const MindProgram *program) {
  return program->spelling.c_str();
}

const char *mind_program_name(const MindProgram *program) {
  return program->signature().name.c_str();
}

size_t mind_program_num_sizes(const MindProgram *program) {
  return program->signature().sizes.size();
}

const char *mind_program_size_name(const MindProgram *program, size_t index) {
  return program->signature().sizes[index].c_str();
}

static int32_t shapeOf(const MindProgram *program, const TensorType &type,
                       const int64_t *sizes, int64_t *shape) {
  std::span<const int64_t> bound(sizes, program->signature().sizes.size());
  for (const runtime::Dim &dim : type.dims) {
    std::optional<int64_t> extent = dim.evaluate(bound);
    if (!extent)
      return 3011;
    *shape++ = *extent;
  }
  return 0;
}

size_t mind_program_num_inputs(const MindProgram *program) {
  return program->signature().parameters.size();
}

const char *mind_program_input_name(const MindProgram *program, size_t index) {
  return program->signature().parameters[index].name.c_str();
}

int32_t mind_program_input_dtype(const MindProgram *program, size_t index) {
  return int32_t(program->signature().parameters[index].type.dtype);
}

size_t mind_program_input_rank(const MindProgram *program, size_t index) {
  return program->signature().parameters[index].type.dims.size();
}

int32_t mind_program_input_shape(const MindProgram *program, size_t index,
                                 const int64_t *sizes, int64_t *shape) {
  return shapeOf(program, program->signature().parameters[index].type, sizes,
                 shape);
}

size_t mind_program_num_results(const MindProgram *program) {
  return program->signature().results.size();
}

int32_t mind_program_result_dtype(const MindProgram *program, size_t index) {
  return int32_t(program->signature().results[index].dtype);
}

size_t mind_program_result_rank(const MindProgram *program, size_t index) {
  return program->signature().results[index].dims.size();
}

int32_t mind_program_result_shape(const MindProgram *program, size_t index,
                                  const int64_t *sizes, int64_t *shape) {
  return shapeOf(program, program->signature().results[index], sizes, shape);
}

unsigned mind_program_tier(const MindProgram *program) {
  return program->executable->tier();
}

int mind_program_promote(const MindProgram *program) {
  return runtime::promote(*program->executable);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

int32_t mind_call(const MindProgram *program, const void *const *inputs,
                  void *const *results, const int64_t *sizes, MindPrint print,
                  void *user, MindFailure **failure) {
  const runtime::Signature &signature = program->signature();
  runtime::Output output;
  if (print)
    output = [=](std::string_view text) {
      print(user, text.data(), text.size());
    };
  runtime::Status status =
      program->executable->run({inputs, signature.parameters.size()},
                               {results, signature.results.size()},
                               {sizes, signature.sizes.size()}, output);
  if (failure)
    *failure = nullptr;
  if (status.ok())
    return 0;
  if (failure) {
    *failure = new MindFailure;
    auto [diagnostic, sources] = describe(status.error());
    llvm::raw_string_ostream text((*failure)->diagnostic.text);
    renderText(diagnostic, sources, text);
    llvm::raw_string_ostream json((*failure)->diagnostic.json);
    renderJson(diagnostic, sources, json);
  }
  return std::atoi(status.error().code.c_str() + 1);
}

const char *mind_failure_diagnostic(const MindFailure *failure,
                                    int32_t format) {
  return failure->diagnostic.get(format);
}

void mind_failure_destroy(MindFailure *failure) { delete failure; }
