// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pair_strip.h"

#include <QPainter>
#include <algorithm>
#include <array>

#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"

namespace zwei {

PairStrip::PairStrip(QWidget* parent) : PropertyDrawing({160, 2 * kSmallest + kGap}, parent) {}

void PairStrip::setImages(const ReconstructionSnapshot& images, const QString& description) {
    m_images = images;
    setAccessibleName(description);
    update();
}

void PairStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setFont(Theme::font(11));
    const std::array<QString, 2> names = {tr("in"), tr("out")};
    const int left = painter.fontMetrics().horizontalAdvance(names[1]) + 12;
    const int room = width() - left;
    const int side = tileSide(room);
    const int count = std::min({m_images.inputs.count, m_images.outputs.count, (room + kGap) / (side + kGap)});
    const int top = (height() - 2 * side - kGap) / 2;
    const int pixels = static_cast<int>(side * devicePixelRatioF());
    for (int row = 0; row < 2; ++row) {
        const ImageBatch& images = row == 0 ? m_images.inputs : m_images.outputs;
        const QRect line(0, top + row * (side + kGap), width(), side);
        painter.setPen(theme.muted);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, names[static_cast<std::size_t>(row)]);
        for (int i = 0; i < count; ++i) {
            const QRect box(left + i * (side + kGap), line.top(), side, side);
            painter.drawImage(box, smoothInkImage(images, i, pixels, pixels, theme.text));
        }
    }
}

int PairStrip::tileSide(int room) const {
    const int most = std::min((height() - kGap) / 2, (room - (kFewest - 1) * kGap) / kFewest);
    return std::clamp(most, kSmallest, kLargest);
}

}  // namespace zwei
