// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/point_cloud_plottable.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "models/types/class_colours.h"
#include "widgets/disc_stamps.h"
#include "widgets/drawing/theme.h"
#include "widgets/exportable_plot.h"

namespace zwei {
namespace {

constexpr double kUsualCrowd = 10'000;  // points in sight on a map of the usual side that have the size asked for
constexpr double kUsualSide = 340;      // pixels
constexpr double kMostGrowth = 1.5;
constexpr double kSmallestPoint = 1;  // pixels
constexpr unsigned kOrderSeed = 28;

}  // namespace

PointCloudPlottable::PointCloudPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis)
    : QCPAbstractPlottable(keyAxis, valueAxis), m_plane({0, 0, 1, 1}, {}) {
    m_isVisible.fill(true);
    setSelectable(QCP::stNone);
    setAntialiased(false);  // with it QCustomPlot moves its painter by half a pixel
}

void PointCloudPlottable::shuffle(int count) {
    if (m_order.size() == static_cast<std::size_t>(count)) return;
    m_order.resize(static_cast<std::size_t>(count));
    std::iota(m_order.begin(), m_order.end(), 0u);
    std::shuffle(m_order.begin(), m_order.end(), std::mt19937(kOrderSeed));
}

void PointCloudPlottable::setCodes(const Codes& codes, int x, int y, std::span<const std::uint8_t> labels) {
    shuffle(codes.count);
    std::vector<CloudPoint> points;
    points.reserve(m_order.size());
    for (const std::uint32_t index : m_order) {
        const auto mean = codes.mean(static_cast<int>(index));
        const float across = x < codes.dimensions ? mean[static_cast<std::size_t>(x)] : 0;
        const float upwards = y < codes.dimensions ? mean[static_cast<std::size_t>(y)] : 0;
        if (!std::isfinite(across) || !std::isfinite(upwards)) continue;
        const bool hasClass = index < labels.size() && labels[index] < kClasses;
        points.push_back(
            {across, upwards, static_cast<int>(index), hasClass ? labels[index] : static_cast<std::uint8_t>(kClasses)});
    }
    m_index = PointIndex(points);
    forgetPicture();
}

void PointCloudPlottable::setPlane(const LatentPlane& plane) {
    if (plane == m_plane) return;
    m_plane = plane;
    mKeyAxis->setRange(plane.horizontal().from, plane.horizontal().to);
    mValueAxis->setRange(plane.vertical().from, plane.vertical().to);
    forgetPicture();
}

void PointCloudPlottable::setGroupVisible(int group, bool visible) {
    m_isVisible[static_cast<std::size_t>(group)] = visible;
    forgetPicture();
}

void PointCloudPlottable::setPointSize(double pixels) {
    m_pointSize = std::clamp(pixels, kSmallestPoint, 24.0);
    forgetPicture();
}

/// Points shrink slowly as a map gets crowded, and grow where there is room: on a larger map, or after zooming in.
double PointCloudPlottable::diameter() const {
    const double area = m_plane.horizontal().to - m_plane.horizontal().from;
    const double zoom = std::min(1.0, area / LatentRect{}.width());
    const double inSight = std::max(1.0, static_cast<double>(m_index.points().size()) * zoom * zoom);
    const double room = std::pow(m_plane.square().width() / kUsualSide, 2);
    const double growth = std::pow(kUsualCrowd * room / inSight, 0.25);
    return std::max(kSmallestPoint, m_pointSize * std::min(kMostGrowth, growth));
}

double PointCloudPlottable::unitsPerPixel() const {
    return (m_plane.horizontal().to - m_plane.horizontal().from) / m_plane.square().width();
}

int PointCloudPlottable::indexAt(QPointF pixel, double reach) const {
    const QPointF z = m_plane.toLatent(pixel);
    const CloudPoint* found = m_index.nearest(z.x(), z.y(), reach * unitsPerPixel(), m_isVisible);
    return found == nullptr ? -1 : found->index;
}

void PointCloudPlottable::render(double devicePixelRatio) {
    const double size = diameter() * devicePixelRatio;
    m_ratio = devicePixelRatio;
    m_side = static_cast<int>(std::lround(m_plane.square().width() * devicePixelRatio));
    const int reach = DiscStamps::reachOf(size);
    m_margin = 2 * reach;  // discs reach over the edge from both sides
    const int extent = m_side + 2 * m_margin;
    const DiscStamps stamps(size, extent);
    m_picture.assign(static_cast<std::size_t>(extent) * static_cast<std::size_t>(extent) + DiscStamps::kBeyond,
                     Theme::current().card.rgb() | 0xff000000u);

    const double left = m_plane.horizontal().from;
    const double top = m_plane.vertical().to;
    const double scale = m_side / (m_plane.horizontal().to - left);
    const double over = m_margin / scale;
    // Single precision does: a point lies within a picture of a few thousand pixels, or nowhere.
    const DiscStamps::Place place{static_cast<float>(m_margin - left * scale),
                                  static_cast<float>(m_margin + top * scale),
                                  static_cast<float>(scale),
                                  static_cast<float>(reach),
                                  static_cast<float>(extent - reach),
                                  m_isVisible};
    m_index.forEachRun(left - over, m_plane.vertical().from - over, m_plane.horizontal().to + over, top + over,
                       [&](std::span<const CloudPoint> points) { stamps.press(points, place, m_picture.data()); });
}

void PointCloudPlottable::drawDiscs(QCPPainter& painter) const {
    const double radius = diameter() / 2;
    const QRectF square(m_plane.square());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (const CloudPoint& point : m_index.points()) {
        const QPointF at = m_plane.toPixel({point.x, point.y});
        if (!m_isVisible[point.group] || !square.contains(at)) continue;
        QColor colour = QColor::fromRgb(kClassColours[point.group < kClasses ? point.group : 0]);
        colour.setAlphaF(DiscStamps::kOpacity);
        painter.setBrush(colour);
        painter.drawEllipse(at, radius, radius);
    }
}

void PointCloudPlottable::draw(QCPPainter* painter) {
    if (painter->modes().testFlag(QCPPainter::pmVectorized)) return drawDiscs(*painter);
    const double ratio = targetPixelRatio(*painter);
    if (m_picture.empty() || ratio != m_ratio) render(ratio);
    const int extent = m_side + 2 * m_margin;
    const std::uint32_t* corner = m_picture.data() + m_margin * extent + m_margin;
    QImage inside(reinterpret_cast<const uchar*>(corner), m_side, m_side, extent * 4, QImage::Format_RGB32);
    inside.setDevicePixelRatio(ratio);
    painter->setClipping(false);
    painter->drawImage(m_plane.square().topLeft(), inside);
}

void PointCloudPlottable::drawLegendIcon(QCPPainter* painter, const QRectF& rect) const {
    painter->setPen(Qt::NoPen);
    painter->setBrush(QColor::fromRgb(kClassColours[0]));
    painter->drawEllipse(rect.center(), m_pointSize, m_pointSize);
}

double PointCloudPlottable::selectTest(const QPointF& pos, bool, QVariant* details) const {
    const int index = indexAt(pos, 2 * m_pointSize);
    if (index >= 0 && details != nullptr) details->setValue(index);
    return index >= 0 ? 0 : -1;
}

QCPRange PointCloudPlottable::getKeyRange(bool& foundRange, QCP::SignDomain) const {
    const auto points = m_index.points();
    const auto [low, high] = std::ranges::minmax_element(points, {}, &CloudPoint::x);
    foundRange = !points.empty();
    return foundRange ? QCPRange(low->x, high->x) : QCPRange();
}

QCPRange PointCloudPlottable::getValueRange(bool& foundRange, QCP::SignDomain, const QCPRange&) const {
    const auto points = m_index.points();
    const auto [low, high] = std::ranges::minmax_element(points, {}, &CloudPoint::y);
    foundRange = !points.empty();
    return foundRange ? QCPRange(low->y, high->y) : QCPRange();
}

}  // namespace zwei
