//===- Torch.cpp - tensors of PyTorch -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Torch.h"
#include "llvm/ADT/SmallVector.h"

namespace nb = nanobind;
using namespace mind;
using namespace mind::python;

/// The table that `type` publishes, or null if it is none that we know.
static const dlpack::ExchangeApi *exchangeApi(nb::handle type) {
  nb::object capsule =
      nb::getattr(type, "__dlpack_c_exchange_api__", nb::none());
  if (!PyCapsule_IsValid(capsule.ptr(), dlpack::exchangeName))
    return nullptr;
  auto *api = static_cast<const dlpack::ExchangeApi *>(
      PyCapsule_GetPointer(capsule.ptr(), dlpack::exchangeName));
  while (api && api->version.major != dlpack::majorVersion)
    api = api->previous;
  return api && api->wrap && api->view ? api : nullptr;
}

Torch::Torch(nb::handle module) {
  nb::object tensor = module.attr("Tensor");
  nb::object parameter = module.attr("nn").attr("Parameter");
  nb::object negated = tensor.attr("is_neg");
  if (!PyType_Check(tensor.ptr()) || !PyType_Check(parameter.ptr()))
    throw nb::type_error("torch is not PyTorch");
  api = exchangeApi(tensor);
  tensorType = reinterpret_cast<PyTypeObject *>(tensor.release().ptr());
  parameterType = reinterpret_cast<PyTypeObject *>(parameter.release().ptr());
  isNegated = negated.release().ptr();
}

const Torch *Torch::loaded() {
  // A process has one PyTorch, which stays.
  static const Torch *torch = nullptr;
  if (torch)
    return torch;
  nb::handle modules = PyImport_GetModuleDict(); // borrowed
  nb::handle module = PyDict_GetItemString(modules.ptr(), "torch");
  try {
    if (module.is_valid())
      torch = new Torch(module);
  } catch (std::exception &) {
    torch = nullptr; // It is being imported, or something else of that name.
  }
  return torch;
}

nb::object Torch::resolved(nb::handle tensor) const {
  PyObject *argument = tensor.ptr();
  nb::object negated =
      nb::steal(PyObject_Vectorcall(isNegated, &argument, 1, nullptr));
  if (!negated.is_valid())
    PyErr_Clear();
  if (negated.ptr() != Py_True)
    return nb::borrow(tensor);
  return tensor.attr("resolve_neg")();
}

static bool isDense(const nb::dlpack::dltensor &tensor) {
  int64_t stride = 1;
  for (int32_t i = tensor.ndim; i-- != 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != stride)
      return false;
    stride *= tensor.shape[i];
  }
  return true;
}

std::optional<ArrayView> Torch::view(nb::object &tensor) const {
  if (!api || !isPlain(tensor))
    return std::nullopt;
  nb::dlpack::dltensor view;
  for (bool copied = false;; copied = true) {
    if (api->view(tensor.ptr(), &view) != 0) {
      PyErr_Clear();
      return std::nullopt;
    }
    if (view.device.device_type != nb::device::cpu::value)
      return std::nullopt;
    if (view.ndim == 0 || (view.strides && isDense(view)))
      break;
    if (copied)
      return std::nullopt;
    tensor = tensor.attr("contiguous")();
  }
  return ArrayView{static_cast<const char *>(view.data) + view.byte_offset,
                   dtypeOf(view.dtype),
                   {view.shape, size_t(view.ndim)}};
}

namespace {
/// A tensor of ours while PyTorch has it. Its deleter needs no GIL.
struct Wrapped {
  explicit Wrapped(runtime::Tensor ours) : memory(std::move(ours)) {
    size_t rank = memory.rank();
    strides.resize_for_overwrite(rank);
    int64_t stride = 1;
    for (size_t i = rank; i-- != 0;) {
      strides[i] = stride;
      stride *= memory.shape()[i];
    }
    managed.version = {dlpack::majorVersion, 0};
    managed.context = this;
    managed.deleter = [](dlpack::ManagedTensor *self) {
      delete static_cast<Wrapped *>(self->context);
    };
    managed.flags = 0;
    managed.tensor.data = memory.data();
    managed.tensor.device = {nb::device::cpu::value, 0};
    managed.tensor.ndim = int32_t(rank);
    managed.tensor.dtype = dlpackType(memory.dtype());
    managed.tensor.shape = const_cast<int64_t *>(memory.shape().data());
    managed.tensor.strides = strides.data();
    managed.tensor.byte_offset = 0;
  }

  dlpack::ManagedTensor managed;
  runtime::Tensor memory;
  llvm::SmallVector<int64_t, 6> strides;
};
} // namespace

nb::object Torch::wrap(runtime::Tensor tensor) const {
  auto *wrapped = new Wrapped(std::move(tensor));
  void *result = nullptr;
  // Whatever the outcome, `wrapped` is PyTorch's.
  if (api->wrap(&wrapped->managed, &result) != 0)
    throw nb::python_error();
  return nb::steal(static_cast<PyObject *>(result));
}
