//===- Npy.cpp - NumPy's file format --------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The format: "\x93NUMPY", two bytes of version, the header's length (2 bytes
// in version 1, else 4), the header (a Python dictionary with the keys descr,
// fortran_order and shape, padded to a multiple of 64 bytes), the elements.
//
//===----------------------------------------------------------------------===//

#include "Npy.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <cstring>
#include <optional>

using namespace mind;
using llvm::StringRef;
using runtime::Tensor;

static constexpr StringRef magic("\x93NUMPY", 6);

/// NumPy's word for `dtype`.
static StringRef descrOf(DType dtype) {
  switch (dtype) {
  case DType::Bool:
    return "|b1";
  case DType::I8:
    return "|i1";
  case DType::U8:
    return "|u1";
  case DType::I32:
    return "<i4";
  case DType::I64:
    return "<i8";
  case DType::F16:
    return "<f2";
  case DType::BF16:
    return "<V2";
  case DType::F32:
    return "<f4";
  case DType::F64:
    return "<f8";
  }
  llvm_unreachable("not a dtype");
}

static std::optional<DType> dtypeOf(StringRef descr, DType expected) {
  if (expected == DType::BF16 && (descr == "<u2" || descr == "|V2"))
    return DType::BF16;
  for (size_t i = 0; i < numDTypes; ++i)
    if (descrOf(DType(i)) == descr)
      return DType(i);
  return std::nullopt;
}

/// The text after `'key':` in the header's dictionary.
static StringRef valueOf(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "'").str());
  if (at == StringRef::npos)
    return "";
  return header.drop_front(at).split(':').second.ltrim();
}

/// Reads "(2, 3)", "(2,)" or "()".
static bool parseShape(StringRef text, std::vector<int64_t> &shape) {
  if (!text.consume_front("("))
    return false;
  size_t end = text.find(')');
  if (end == StringRef::npos)
    return false;
  llvm::SmallVector<StringRef> extents;
  text.take_front(end).split(extents, ',', /*MaxSplit=*/-1,
                             /*KeepEmpty=*/false);
  for (StringRef extent : extents) {
    int64_t value;
    if (extent.trim().empty())
      continue;
    if (extent.trim().getAsInteger(10, value) || value < 0)
      return false;
    shape.push_back(value);
  }
  return true;
}

Tensor mindc::readNpy(StringRef bytes, DType expected, std::string &error,
                      std::shared_ptr<const void> keeper) {
  auto fail = [&](const llvm::Twine &message) {
    error = message.str();
    return Tensor();
  };
  if (!bytes.consume_front(magic) || bytes.size() < 6)
    return fail("is not a .npy file");
  unsigned version = static_cast<unsigned char>(bytes[0]);
  if (version < 1 || version > 3)
    return fail("has version " + llvm::Twine(version) +
                " of the .npy format, which is not known");
  size_t lengthSize = version == 1 ? 2 : 4;
  const char *lengthAt = bytes.data() + 2;
  size_t headerSize = version == 1 ? llvm::support::endian::read16le(lengthAt)
                                   : llvm::support::endian::read32le(lengthAt);
  bytes = bytes.drop_front(2 + lengthSize);
  if (headerSize > bytes.size())
    return fail("ends within its header");
  StringRef header = bytes.take_front(headerSize);
  bytes = bytes.drop_front(headerSize);

  StringRef descr = valueOf(header, "descr");
  if (!descr.consume_front("'"))
    return fail("holds no plain array");
  descr = descr.take_until([](char c) { return c == '\''; });
  std::optional<DType> dtype = dtypeOf(descr, expected);
  if (!dtype)
    return fail("holds elements of type '" + descr + "', which MIND lacks");
  std::vector<int64_t> shape;
  if (!parseShape(valueOf(header, "shape"), shape))
    return fail("has no readable shape");
  if (!valueOf(header, "fortran_order").starts_with("False") &&
      shape.size() > 1)
    return fail("is in Fortran order; save numpy.ascontiguousarray(array)");

  int64_t count = runtime::elementCount(shape);
  size_t size = bytes.size() / sizeInBytes(*dtype);
  if (count < 0 || size_t(count) > size)
    return fail("ends before its last element");
  if (keeper && *dtype != DType::Bool &&
      runtime::isAligned(bytes.data(), *dtype))
    return Tensor(*dtype, std::move(shape), bytes.data(), std::move(keeper));
  Tensor tensor(*dtype, std::move(shape));
  if (!tensor.valid())
    return fail("does not fit in memory");
  std::memcpy(tensor.data(), bytes.data(), tensor.sizeInBytes());
  if (*dtype == DType::Bool) // Any byte but 0 means true; MIND wants 1.
    for (int64_t i = 0; i < count; ++i)
      tensor.as<uint8_t>()[i] = tensor.as<uint8_t>()[i] != 0;
  return tensor;
}

void mindc::writeNpy(const Tensor &tensor, llvm::raw_ostream &os) {
  std::string header;
  llvm::raw_string_ostream dictionary(header);
  dictionary << "{'descr': '" << descrOf(tensor.dtype())
             << "', 'fortran_order': False, 'shape': ("
             << llvm::join(llvm::map_range(tensor.shape(),
                                           [](int64_t extent) {
                                             return std::to_string(extent);
                                           }),
                           ", ")
             << (tensor.rank() == 1 ? ",)" : ")") << ", }";
  size_t prefix = magic.size() + 4;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';
  char length[2];
  llvm::support::endian::write16le(length, uint16_t(header.size()));
  os << magic << StringRef("\x01\x00", 2) << StringRef(length, 2) << header;
  os.write(tensor.as<char>(), tensor.sizeInBytes());
}
