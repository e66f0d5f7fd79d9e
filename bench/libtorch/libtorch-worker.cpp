//===- libtorch-worker.cpp - warm calls of LibTorch from C++ --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The peer of MIND's C++ rows at depth `steady`: ATen's kernels, called from
// C++ as eager PyTorch calls them, without Python in the process.
//
//   libtorch-worker MODULE INPUTS RESULT THREADS
//
// MODULE is a TorchScript file, INPUTS a list of tensors that torch.save wrote;
// the result of the first call goes to RESULT, an .npy file. Then each line on
// standard input asks for one sample, which is answered by one JSON line with
// `seconds` (a call) and `calls`. The rule of a sample is that of clock.py.
//
//===----------------------------------------------------------------------===//

#include <ATen/Parallel.h>
#include <torch/script.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace {

constexpr int warmCalls = 5;
constexpr double burstSeconds = 0.01, blockSeconds = 100e-6;

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// Seconds a call, over `count` calls.
template <typename Call> double timeCalls(Call call, long count) {
  using Clock = std::chrono::steady_clock;
  auto start = Clock::now();
  for (long i = 0; i != count; ++i)
    call();
  return std::chrono::duration<double>(Clock::now() - start).count() / count;
}

/// Writes an f32 tensor in NumPy's format, version 1.0.
void writeNpy(const char *path, at::Tensor tensor) {
  tensor = tensor.to(at::kFloat).contiguous();
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (int64_t extent : tensor.sizes())
    header += std::to_string(extent) + ", ";
  header += "), }";
  constexpr size_t prefix = 10; // Magic, version, length of the header.
  header.resize((prefix + header.size() + 1 + 63) / 64 * 64 - prefix - 1, ' ');
  header += '\n';
  std::ofstream file(path, std::ios::binary);
  file.write("\x93NUMPY\x01\x00", 8);
  file.put(char(header.size() & 0xff)).put(char(header.size() >> 8));
  file << header;
  file.write(static_cast<const char *>(tensor.data_ptr()),
             std::streamsize(tensor.nbytes()));
  if (!file.flush())
    throw std::runtime_error(std::string("cannot write ") + path);
}

std::vector<torch::jit::IValue> readInputs(const char *path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  torch::jit::IValue list = torch::jit::pickle_load(bytes);
  return list.toListRef().vec();
}

} // namespace

int main(int argc, char **argv) try {
  if (argc != 5) {
    std::fprintf(stderr, "libtorch-worker MODULE INPUTS RESULT THREADS\n");
    return 2;
  }
  at::set_num_threads(std::stoi(argv[4]));
  // Kernel after kernel, as eager does; the graph executor would fuse.
  torch::jit::setGraphExecutorOptimize(false);
  c10::InferenceMode inference;
  torch::jit::Module module = torch::jit::load(argv[1]);
  std::vector<torch::jit::IValue> inputs = readInputs(argv[2]);
  auto call = [&] { return module.forward(inputs).toTensor(); };
  writeNpy(argv[3], call());

  for (std::string line; std::getline(std::cin, line);) {
    std::vector<double> times;
    for (int i = 0; i != warmCalls; ++i)
      times.push_back(timeCalls(call, 1));
    double perCall = std::max(median(times), 1e-9);
    long block = std::max(1L, std::lround(blockSeconds / perCall));
    long blocks = std::max(5L, std::lround(burstSeconds / (block * perCall)));
    times.clear();
    for (long i = 0; i != blocks; ++i)
      times.push_back(timeCalls(call, block));
    std::printf("{\"seconds\": %.9g, \"calls\": %ld}\n", median(times),
                block * blocks);
    std::fflush(stdout);
  }
  return 0;
} catch (const c10::Error &error) {
  std::fprintf(stderr, "libtorch-worker: %s\n", error.what_without_backtrace());
  return 1;
} catch (const std::exception &error) {
  std::fprintf(stderr, "libtorch-worker: %s\n", error.what());
  return 1;
}
