// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <vector>

namespace zwei {

/// The one point of the latent space that every view shows and may move. GUI thread.
class LatentCursor : public QObject {
    Q_OBJECT

public:
    explicit LatentCursor(QObject* parent = nullptr);

    const std::vector<double>& position() const { return m_position; }
    int dimensions() const { return static_cast<int>(m_position.size()); }

    /// Back to the origin of a space of so many dimensions; a space of the same size keeps its point.
    void setDimensions(int dimensions);

    /// Moves to a point; a shorter one moves the first dimensions only. Numbers that are not finite move nothing.
    void moveTo(const std::vector<double>& position);

Q_SIGNALS:
    void moved(const std::vector<double>& position);

private:
    std::vector<double> m_position;
};

}  // namespace zwei
