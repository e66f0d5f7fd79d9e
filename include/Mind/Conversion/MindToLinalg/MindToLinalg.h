//===- MindToLinalg.h - patterns from mind to linalg -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_CONVERSION_MINDTOLINALG_MINDTOLINALG_H
#define MIND_CONVERSION_MINDTOLINALG_MINDTOLINALG_H

#include "mlir/Transforms/DialectConversion.h"

namespace mind {

/// Turns the element types of the language into those of memory: `i1` and
/// `ui8` tensors become `i8` tensors, every other type stays.
class StorageTypeConverter : public mlir::TypeConverter {
public:
  StorageTypeConverter();
};

/// Adds a pattern for each operation of the language. They expect constant
/// extents.
void populateMindToLinalgPatterns(const mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);

} // namespace mind

#endif // MIND_CONVERSION_MINDTOLINALG_MINDTOLINALG_H
