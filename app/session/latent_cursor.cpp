// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/latent_cursor.h"

#include <algorithm>
#include <cmath>

namespace zwei {

LatentCursor::LatentCursor(QObject* parent) : QObject(parent), m_position(2, 0.0) {}

void LatentCursor::setDimensions(int dimensions) {
    if (dimensions == this->dimensions()) return;
    m_position.assign(static_cast<std::size_t>(dimensions), 0.0);
    Q_EMIT moved(m_position);
}

void LatentCursor::moveTo(const std::vector<double>& position) {
    if (!std::all_of(position.begin(), position.end(), [](double value) { return std::isfinite(value); })) return;
    auto target = m_position;
    std::copy_n(position.begin(), std::min(position.size(), target.size()), target.begin());
    if (target == m_position) return;
    m_position = std::move(target);
    Q_EMIT moved(m_position);
}

}  // namespace zwei
