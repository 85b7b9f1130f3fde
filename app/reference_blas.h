// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace zwei {

/// What a person should know where `usesReferenceBlas`.
inline constexpr const char* kReferenceBlas =
    QT_TRANSLATE_NOOP("zwei",
                      "This computer uses the reference BLAS: installing libopenblas0-openmp makes training "
                      "15 to 30 times faster.");

}  // namespace zwei
