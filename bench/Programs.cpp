//===- Programs.cpp - the programs that the suites compile ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Programs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace mind::bench;

std::vector<Program> mind::bench::loadPrograms() {
  std::vector<Program> programs;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(MIND_PROGRAMS_DIR, error), end;
       it != end && !error; it.increment(error)) {
    auto buffer = llvm::MemoryBuffer::getFile(it->path() + "/program.mind");
    if (buffer)
      programs.push_back({llvm::sys::path::filename(it->path()).str(),
                          (*buffer)->getBuffer().str()});
  }
  if (programs.empty()) {
    llvm::errs() << "no programs in " << MIND_PROGRAMS_DIR << '\n';
    std::exit(2);
  }
  llvm::sort(programs, [](const Program &a, const Program &b) {
    return a.name < b.name;
  });
  return programs;
}

std::string mind::bench::makeLongSource(unsigned numFunctions) {
  std::string source;
  llvm::raw_string_ostream os(source);
  for (unsigned i = 0; i != numFunctions; ++i)
    os << "// Layer " << i << ": an affine map and its activation.\n"
       << "fn layer" << i << "(x: Tensor<f32,[8,64]>, w: Tensor<f32,[64,64]>, "
       << "b: Tensor<f32,[64]>) -> Tensor<f32,[8,64]> {\n"
       << "    let h = matmul(x, w) + b * 0.5;\n"
       << "    relu(h - mean(h, axes=[1], keepdims=true))\n}\n\n";
  return source;
}
