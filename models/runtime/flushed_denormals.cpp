// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runtime/flushed_denormals.h"

#include <ATen/Context.h>

namespace zwei {
namespace {

/// A thread that comes to them later takes this over from the one that starts it.
void flush(bool on) {
#pragma omp parallel
    at::globalContext().setFlushDenormal(on);
}

}  // namespace

FlushedDenormals::FlushedDenormals() { flush(true); }

FlushedDenormals::~FlushedDenormals() { flush(false); }

}  // namespace zwei
