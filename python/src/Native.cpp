//===- Native.cpp - the extension behind the Python package -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thin layer over Session and Executable. What Python can say as well (the
// classes that people see, where sources come from) is in mind/_api.py.
//
//===----------------------------------------------------------------------===//

#include "Array.h"
#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/Compiler/RuntimeDiagnostic.h"
#include "Mind/Compiler/Session.h"
#include "Mind/Runtime/TieredExecutable.h"
#include "Number.h"
#include "llvm/ADT/SmallVector.h"
#include <mutex>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mind;
using runtime::Executable;

namespace {

/// What Session::compile leaves, copied out of it.
struct Compiled {
  bool ok;
  /// One JSON object a line, and the text for people.
  std::string diagnosticsJson, diagnosticsText;
  /// Empty unless the compiler itself failed.
  std::string internalError, reproducer;
  std::shared_ptr<const Executable> executable;
  std::vector<std::pair<std::string, double>> timings;
  /// What the last phase left, if that was asked for.
  std::string text;
};

/// A Session that any thread may use, one at a time.
class SharedSession {
public:
  Compiled compile(nb::bytes source, const std::string &fileName,
                   const std::string &entry, const std::string &stopAfter,
                   const std::string &cpu, const std::string &tier,
                   unsigned threads, bool kernels, bool print) {
    CompileOptions options;
    options.entry = entry;
    options.cpu = cpu;
    options.threads = threads;
    options.kernels = kernels;
    options.timePhases = true;
    if (std::optional<Tier> known = parseTier(tier))
      options.tier = *known;
    else
      throw nb::value_error(("there is no tier '" + tier + "'").c_str());
    if (std::optional<Phase> phase = parsePhase(stopAfter))
      options.stopAfter = *phase;
    else
      throw nb::value_error(("there is no phase '" + stopAfter + "'").c_str());

    llvm::StringRef text(source.c_str(), source.size());
    nb::gil_scoped_release release;
    std::lock_guard lock(mutex);
    CompileResult result = session.compile(text, fileName, options);
    Compiled compiled;
    compiled.ok = result.ok();
    llvm::raw_string_ostream json(compiled.diagnosticsJson);
    renderJson(result.diagnostics(), result.sources(), json);
    llvm::raw_string_ostream rendered(compiled.diagnosticsText);
    renderText(result.diagnostics(), result.sources(), rendered);
    if (const InternalError *error = result.internalError()) {
      compiled.internalError =
          std::string(phaseName(error->phase)) + ": " + error->message;
      compiled.reproducer = error->reproducer;
    }
    compiled.executable = result.executable();
    for (const PhaseInfo &info : phases)
      if (leadsTo(info.phase, result.lastPhase()))
        compiled.timings.emplace_back(info.name,
                                      result.timings()[size_t(info.phase)]);
    if (print && result.ok()) {
      llvm::raw_string_ostream os(compiled.text);
      result.print(os);
    }
    return compiled;
  }

  void stop() {
    nb::gil_scoped_release release;
    session.stopBackgroundCompilation();
  }

private:
  std::mutex mutex;
  Session session;
};

bool promote(const Executable &executable, bool wait) {
  nb::gil_scoped_release release;
  return runtime::promote(executable, wait);
}

/// Raises mind.RunError: Python's part knows how to make one of these.
[[noreturn]] void raise(const runtime::RuntimeError &error) {
  auto [diagnostic, sources] = describe(error);
  std::string text;
  llvm::raw_string_ostream os(text);
  renderText(diagnostic, sources, os);
  nb::object type = nb::module_::import_("mind._api").attr("RunError");
  nb::object value = type(error.code, error.message, error.fileName, error.line,
                          error.column, text);
  PyErr_SetObject(type.ptr(), value.ptr());
  throw nb::python_error();
}

void check(const runtime::Status &status) {
  if (!status.ok())
    raise(status.error());
}

/// Writes what a call prints to sys.stdout, whatever that is at the time. The
/// first exception ends this, and is raised after the call.
class PythonOutput {
public:
  void operator()(std::string_view text) {
    nb::gil_scoped_acquire acquire;
    if (failure)
      return;
    try {
      nb::object stream = nb::module_::import_("sys").attr("stdout");
      if (!stream.is_none()) // as for Python's own print
        stream.attr("write")(nb::str(text.data(), text.size()));
    } catch (...) {
      failure = std::current_exception();
    }
  }

  void rethrow() const {
    if (failure)
      std::rethrow_exception(failure);
  }

private:
  std::exception_ptr failure;
};

[[noreturn]] void refuse(const runtime::Signature &signature,
                         const std::string &what) {
  throw nb::type_error((signature.spelling() + " " + what).c_str());
}

[[noreturn]] void refuseCount(const runtime::Signature &signature,
                              size_t count) {
  refuse(signature, "takes " + std::to_string(signature.parameters.size()) +
                        " arguments, not " + std::to_string(count));
}

/// f(*args): results as NumPy arrays, or as torch tensors if an argument is
/// one. One result is returned alone, several as a tuple. The caller keeps the
/// arguments alive.
nb::object call(const Executable &executable, std::span<PyObject *const> args) {
  const runtime::Signature &signature = executable.signature();
  const size_t numInputs = signature.parameters.size();
  if (args.size() != numInputs)
    refuseCount(signature, args.size());

  // Few enough for the stack, mostly.
  llvm::SmallVector<runtime::Tensor, 1> copies; // that inputs point to
  llvm::SmallVector<const void *, 8> inputs;
  llvm::SmallVector<int64_t, 8> sizes(signature.sizes.size(), -1);
  python::InputArrays arrays;
  for (size_t i = 0; i != numInputs; ++i) {
    const std::string &name = signature.parameters[i].name;
    std::optional<python::ArrayView> array;
    // It takes long to find out that a number is no array; NumPy's are.
    if (!PyFloat_CheckExact(args[i]) && !PyLong_CheckExact(args[i]))
      array = arrays.read(args[i]);
    if (!array) {
      DType wanted = signature.parameters[i].type.dtype;
      if (std::optional<DType> dtype = python::dtypeOfNumber(args[i], wanted)) {
        check(executable.checkInput(i, *dtype, {}, sizes));
        copies.push_back(python::tensorOfNumber(args[i], *dtype, name));
        inputs.push_back(copies.back().data());
        continue;
      }
      throw nb::type_error(("'" + name +
                            "' is not an array in the CPU's memory "
                            "(a NumPy array or a torch tensor), nor a number")
                               .c_str());
    }
    if (!array->dtype)
      throw nb::type_error(
          ("'" + name + "' has a dtype that MIND does not have").c_str());
    check(executable.checkInput(i, *array->dtype, array->shape, sizes));
    if (runtime::isAligned(array->data, *array->dtype)) {
      inputs.push_back(array->data);
    } else {
      copies.push_back(python::copyOf(*array));
      inputs.push_back(copies.back().data());
    }
  }

  check(executable.checkSizes(sizes));
  llvm::SmallVector<runtime::Tensor, 1> results;
  llvm::SmallVector<void *, 8> outputs;
  for (size_t i = 0; i != signature.results.size(); ++i) {
    std::vector<int64_t> shape;
    check(executable.resultShape(i, sizes, shape));
    runtime::Tensor &result = results.emplace_back(
        signature.results[i].dtype, std::move(shape), executable.memoryPool());
    if (!result.valid())
      throw std::bad_alloc();
    outputs.push_back(result.data());
  }

  runtime::Status status;
  PythonOutput printed;
  {
    nb::gil_scoped_release release;
    status = executable.run(inputs, outputs, sizes, std::ref(printed));
  }
  printed.rethrow();
  check(status);

  if (results.size() == 1)
    return python::toPython(std::move(results.front()), arrays.haveTorch());
  nb::list list;
  for (runtime::Tensor &result : results)
    list.append(python::toPython(std::move(result), arrays.haveTorch()));
  return nb::tuple(list);
}

/// f(*args, **named).
nb::object callNamed(const Executable &executable,
                     std::span<PyObject *const> args, const nb::dict &named) {
  const runtime::Signature &signature = executable.signature();
  const size_t numInputs = signature.parameters.size();
  if (args.size() + named.size() != numInputs)
    refuseCount(signature, args.size() + named.size());
  std::vector<PyObject *> ordered(numInputs);
  std::copy(args.begin(), args.end(), ordered.begin());
  for (auto [key, value] : named) {
    auto name = nb::cast<std::string>(key);
    auto parameter = std::find_if(
        signature.parameters.begin(), signature.parameters.end(),
        [&](const runtime::Parameter &p) { return p.name == name; });
    if (parameter == signature.parameters.end())
      refuse(signature, "has no parameter '" + name + "'");
    PyObject *&input = ordered[parameter - signature.parameters.begin()];
    if (input)
      refuse(signature, "got '" + name + "' twice");
    input = value.ptr();
  }
  return call(executable, ordered);
}

/// What mind.Function derives from, for its call: Python would take as long to
/// pass the arguments on as a small operation takes.
struct Callable {
  std::shared_ptr<const Executable> executable;
};

/// Callable's tp_call: `args` is a tuple, `named` a dictionary or null.
PyObject *callSlot(PyObject *self, PyObject *args, PyObject *named) noexcept {
  try {
    if (!nb::inst_ready(self))
      throw nb::type_error("the function has not been initialised");
    const Executable &executable = *nb::inst_ptr<Callable>(self)->executable;
    std::span<PyObject *const> positional(
        reinterpret_cast<PyTupleObject *>(args)->ob_item,
        size_t(PyTuple_GET_SIZE(args)));
    nb::object result =
        named && PyDict_GET_SIZE(named)
            ? callNamed(executable, positional, nb::borrow<nb::dict>(named))
            : call(executable, positional);
    return result.release().ptr();
  } catch (nb::python_error &error) {
    error.restore();
  } catch (nb::builtin_exception &error) { // the only one that we throw
    PyErr_SetString(PyExc_TypeError, error.what());
  } catch (std::bad_alloc &) {
    PyErr_NoMemory();
  } catch (std::exception &error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

} // namespace

NB_MODULE(_native, module) {
  module.doc() = "The MIND compiler; use it through the package mind.";

  std::vector<std::string> names;
  for (const PhaseInfo &info : phases)
    names.emplace_back(info.name);
  module.attr("phases") = nb::cast(names);

  nb::class_<Executable>(module, "Executable")
      .def_prop_ro("tier", &Executable::tier)
      .def("promote", &promote, nb::arg("wait") = true)
      .def_prop_ro("name",
                   [](const Executable &e) { return e.signature().name; })
      .def_prop_ro("signature",
                   [](const Executable &e) { return e.signature().spelling(); })
      .def_prop_ro("parameters",
                   [](const Executable &e) {
                     const runtime::Signature &signature = e.signature();
                     std::vector<std::pair<std::string, std::string>> list;
                     for (const runtime::Parameter &p : signature.parameters)
                       list.emplace_back(p.name, signature.spelling(p.type));
                     return list;
                   })
      .def_prop_ro("results", [](const Executable &e) {
        std::vector<std::string> list;
        for (const runtime::TensorType &type : e.signature().results)
          list.push_back(e.signature().spelling(type));
        return list;
      });

  const PyType_Slot callableSlots[] = {
      {Py_tp_call, reinterpret_cast<void *>(callSlot)}, {0, nullptr}};
  nb::class_<Callable>(module, "Callable", nb::type_slots(callableSlots))
      .def(nb::init<std::shared_ptr<const Executable>>());

  nb::class_<Compiled>(module, "Compiled")
      .def_ro("ok", &Compiled::ok)
      .def_ro("diagnostics_json", &Compiled::diagnosticsJson)
      .def_ro("diagnostics_text", &Compiled::diagnosticsText)
      .def_ro("internal_error", &Compiled::internalError)
      .def_ro("reproducer", &Compiled::reproducer)
      .def_ro("executable", &Compiled::executable)
      .def_ro("timings", &Compiled::timings)
      .def_ro("text", &Compiled::text);

  nb::class_<SharedSession>(module, "Session")
      .def(nb::init<>())
      .def("stop_background_compilation", &SharedSession::stop)
      .def("compile", &SharedSession::compile, nb::arg("source"),
           nb::arg("file_name"), nb::arg("entry"), nb::arg("stop_after"),
           nb::arg("cpu"), nb::arg("tier"), nb::arg("threads"),
           nb::arg("kernels"), nb::arg("print"));
}
