//===- Executable.h - a compiled function, ready to call -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One interface over all that can execute a MIND function: plans of precompiled
// kernels, machine code made in memory, and a program that goes from one to the
// other (TieredExecutable).
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_EXECUTABLE_H
#define MIND_RUNTIME_EXECUTABLE_H

#include "Mind/Runtime/Abi.h"
#include "Mind/Runtime/Signature.h"
#include "Mind/Runtime/Status.h"
#include "Mind/Runtime/Tensor.h"
#include "Mind/Runtime/WorkspacePool.h"
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace mind::runtime {

/// An operation that may fail, as its site number in MindContext names it.
struct ErrorSite {
  /// What is said; {0} and {1} stand for MindContext::error_values.
  std::string message;
  /// How many of these values it shows.
  size_t numValues = 0;
  std::string fileName;
  /// Both from 1.
  uint32_t line = 0;
  uint32_t column = 0;
  /// How many characters of the line are meant, at least 1.
  uint32_t length = 1;
  /// The text of that line, without its line end.
  std::string lineText;
};

/// What the sizes of a call must satisfy so that a function can be computed for
/// them.
struct SizeRequirement {
  /// Their product fits in 64 bits, and is at least `least`.
  std::vector<Dim> extents;
  int64_t least = INT64_MIN;
  /// The number of the diagnostic if it does not, and what is said of the
  /// product and where, as a site number.
  int32_t code = 0;
  size_t site = 0;
};

/// What is known of a function whatever executes it.
struct FunctionDescription {
  Signature signature;
  /// Bytes of scratch memory that a call uses, if nothing else says so.
  Dim workspaceSize;
  std::vector<SizeRequirement> requirements;
  std::vector<ErrorSite> sites;
  /// Where results and scratch memory come from that are large; null if from
  /// the system.
  std::shared_ptr<MemoryPool> memory;
};

/// Where a call's `print` and `println` go: it is given the text of each, in
/// program order, and may not throw. An empty one drops them, unformatted.
using Output = std::function<void(std::string_view text)>;

/// Writes `text` to the process's standard output.
void writeToStandardOutput(std::string_view text);

/// A function of a MIND program. Calls are const and may come from several
/// threads at once. It keeps alive what it executes; the Session that made it
/// may be gone.
class Executable {
public:
  virtual ~Executable();

  const Signature &signature() const { return description->signature; }
  /// Bytes of scratch memory that a call uses that binds the named sizes so.
  virtual size_t workspaceSize(std::span<const int64_t> sizes = {}) const;
  /// What executes calls now. 0: precompiled kernels; 1: generated code.
  virtual unsigned tier() const = 0;

  /// Calls the function on memory of the caller, one pointer for each
  /// parameter and result, dense and row-major with the signature's shapes,
  /// and aligned to its elements. `sizes` binds the named sizes, each to at
  /// least 1. Inputs are only read. Refuses other alignments, and outputs that
  /// overlap an input or one another. Allocates nothing once every concurrent
  /// caller has called before with sizes that need as much scratch memory.
  virtual Status run(std::span<const void *const> inputs,
                     std::span<void *const> outputs,
                     std::span<const int64_t> sizes = {},
                     const Output &output = writeToStandardOutput) const;

  /// Calls the function on tensors after checking their number, element types
  /// and shapes against the signature, and puts fresh ones into `results`.
  virtual Status run(std::span<const Tensor> inputs,
                     std::vector<Tensor> &results,
                     const Output &output = writeToStandardOutput) const;

  /// Checks one input as the second `run` does, and binds the named sizes it
  /// determines in `sizes` (-1: not bound yet; as many as signature().sizes).
  Status checkInput(size_t index, DType dtype, std::span<const int64_t> shape,
                    std::span<int64_t> sizes) const;

  /// Whether the function can be computed for `sizes`, as each `run` checks:
  /// all shapes in it have elements, and not too many, and what is sliced is
  /// long enough.
  Status checkSizes(std::span<const int64_t> sizes) const;

  /// The shape of a result in a call that binds `sizes`, which have been
  /// checked, and an error if it has too many elements.
  Status resultShape(size_t index, std::span<const int64_t> sizes,
                     std::vector<int64_t> &shape) const;

  /// Where results and scratch memory come from that are large, and go back to;
  /// null if from the system. Programs of one Session share it.
  const std::shared_ptr<MemoryPool> &memoryPool() const {
    return description->memory;
  }
  /// Gives up the scratch memory that earlier calls left for later ones.
  void releaseWorkspaces() const { workspaces.clear(); }

protected:
  explicit Executable(std::shared_ptr<const FunctionDescription> description);
  /// The function of `other`, executed in another way.
  explicit Executable(const Executable *other)
      : description(other->description) {}

  /// Executes; the contract is MindFunction's.
  virtual int32_t invoke(MindContext &context, void *const *buffers,
                         const int64_t *sizes, void *workspace) const = 0;

private:
  class Frame;

  Status checkCount(size_t numInputs) const;
  /// The caller's memory: its alignment, and that no result overlaps anything.
  Status checkBuffers(void *const *buffers,
                      std::span<const int64_t> sizes) const;
  /// Calls the function on the buffers of `frame`, which have been checked.
  Status execute(const Frame &frame, std::span<const int64_t> sizes,
                 const Output &output) const;
  RuntimeError describe(const MindContext &context) const;

  std::shared_ptr<const FunctionDescription> description;
  mutable WorkspacePool workspaces;
};

/// A function in machine code.
class NativeExecutable final : public Executable {
public:
  /// `code` owns the memory that `function` is in.
  NativeExecutable(FunctionDescription description, MindFunction function,
                   std::shared_ptr<const void> code);

  unsigned tier() const override { return 1; }
  MindFunction function() const { return entry; }

private:
  int32_t invoke(MindContext &context, void *const *buffers,
                 const int64_t *sizes, void *workspace) const override;

  MindFunction entry;
  std::shared_ptr<const void> code;
};

} // namespace mind::runtime

#endif // MIND_RUNTIME_EXECUTABLE_H
