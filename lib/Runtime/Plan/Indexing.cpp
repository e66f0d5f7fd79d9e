#include "Bind.h"
using namespace mind::plan;
Bound mind::plan::bindIndexing(const StepReader &) { return nullptr; }
