// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/point_cloud_plottable.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>

#include "models/types/class_colours.h"
#include "widgets/drawing/theme.h"
#include "widgets/exportable_plot.h"

namespace zwei {
namespace {

constexpr double kOpacity = 0.78;
constexpr double kFaintest = 0.02;      // a pixel that is covered less is left alone
constexpr double kUsualCrowd = 10'000;  // points in sight on a map of the usual side that have the size asked for
constexpr double kUsualSide = 340;      // pixels
constexpr double kMostGrowth = 1.5;
constexpr double kSmallestPoint = 1;  // pixels
constexpr unsigned kOrderSeed = 28;

/// The share of the unit pixel with its corner at (left, top) that a disc around the origin covers.
double coverage(double left, double top, double radius) {
    constexpr int kSamples = 8;
    int inside = 0;
    for (int i = 0; i < kSamples * kSamples; ++i) {
        const double x = left + (i % kSamples + 0.5) / kSamples;
        const double y = top + (i / kSamples + 0.5) / kSamples;
        inside += x * x + y * y <= radius * radius ? 1 : 0;
    }
    return static_cast<double>(inside) / (kSamples * kSamples);
}

/// A disc, prepared for every place of its centre inside a pixel to a quarter of a pixel, and blended four pixels at a
/// time.
class Stamp {
public:
    static constexpr int kPixels = 4;  // of a run

    /// How many pixels it may reach from its centre's pixel.
    static int reachOf(double diameter) { return static_cast<int>(std::ceil(diameter / 2)) + 1; }

    /// A black one, for pictures with rows of `stride` pixels.
    Stamp(double diameter, int stride) {
        for (int phase = 0; phase < kPhases * kPhases; ++phase) {
            m_begins[static_cast<std::size_t>(phase)] = m_runs.size();
            addRuns(diameter, {(phase % kPhases + 0.5) / kPhases, (phase / kPhases + 0.5) / kPhases}, stride);
        }
        m_begins.back() = m_runs.size();
    }

    Stamp inColour(std::uint32_t colour) const {
        Stamp coloured = *this;
        for (Run& run : coloured.m_runs)
            for (std::size_t channel = 0; channel < kChannels; ++channel) {
                const auto value = static_cast<std::uint16_t>((colour | kOpaque) >> (8 * (channel % 4)) & 0xff);
                run.own[channel] = static_cast<std::uint16_t>(value * (kWhole - run.rest[channel]));
            }
        return coloured;
    }

    /// Blends it over a picture. The disc's centre is at (x, y) inside pixel `centre`, both in [0, 1).
    void press(std::uint32_t* centre, float x, float y) const {
        const auto phase =
            static_cast<std::size_t>(static_cast<int>(y * kPhases) * kPhases + static_cast<int>(x * kPhases));
        const Run* end = m_runs.data() + m_begins[phase + 1];
        for (const Run* run = m_runs.data() + m_begins[phase]; run != end; ++run) {
            Bytes bytes;
            std::memcpy(&bytes, centre + run->offset, sizeof bytes);
            const Words words = (run->own + __builtin_convertvector(bytes, Words) * run->rest) >> 8;
            bytes = __builtin_convertvector(words, Bytes);
            std::memcpy(centre + run->offset, &bytes, sizeof bytes);
        }
    }

private:
    static constexpr int kPhases = 4;
    static constexpr std::size_t kChannels = 4 * kPixels;
    static constexpr int kWhole = 256;
    static constexpr std::uint32_t kOpaque = 0xff000000;

    using Bytes [[gnu::vector_size(kChannels)]] = std::uint8_t;
    using Words [[gnu::vector_size(2 * kChannels)]] = std::uint16_t;

    struct Run {
        Words rest = {};          ///< share of what lies below, of 256: one for each channel of each pixel
        Words own = {};           ///< colour times its own share
        std::int32_t offset = 0;  ///< of its first pixel from the centre's
    };

    /// The share of 256 that is left of what lies below a pixel.
    static int restOf(int column, int row, double diameter, QPointF centre) {
        const double share = kOpacity * coverage(column - centre.x(), row - centre.y(), diameter / 2);
        return share < kFaintest ? kWhole : static_cast<int>(std::lround(kWhole * (1 - share)));
    }

    void addRuns(double diameter, QPointF centre, int stride) {
        const int reach = reachOf(diameter);
        for (int row = -reach; row <= reach; ++row)
            for (int column = -reach; column <= reach; ++column) {
                if (restOf(column, row, diameter, centre) == kWhole) continue;
                Run run;
                run.offset = row * stride + column;
                for (std::size_t channel = 0; channel < kChannels; ++channel)
                    run.rest[channel] = static_cast<std::uint16_t>(
                        restOf(column + static_cast<int>(channel / 4), row, diameter, centre));
                m_runs.push_back(run);
                column += kPixels - 1;
            }
    }

    std::vector<Run> m_runs;
    std::array<std::size_t, kPhases * kPhases + 1> m_begins{};
};

std::vector<Stamp> groupStamps(double diameter, int stride) {
    const Stamp stamp(diameter, stride);
    std::vector<Stamp> stamps;
    stamps.reserve(kClassColours.size() + 1);
    for (const auto colour : kClassColours) stamps.push_back(stamp.inColour(colour));
    stamps.push_back(stamps.front());  // of points without a class
    return stamps;
}

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
    m_margin = 2 * Stamp::reachOf(size);  // discs reach over the edge from both sides
    const int extent = m_side + 2 * m_margin;
    const auto stamps = groupStamps(size, extent);
    // A run of a stamp may read and write back a few pixels after the last.
    m_picture.assign(static_cast<std::size_t>(extent) * static_cast<std::size_t>(extent) + Stamp::kPixels,
                     Theme::current().card.rgb() | 0xff000000u);

    const double left = m_plane.horizontal().from;
    const double top = m_plane.vertical().to;
    const double scale = m_side / (m_plane.horizontal().to - left);
    const double over = m_margin / scale;
    // Single precision does: a point lies within a picture of a few thousand pixels, or nowhere.
    const auto perUnit = static_cast<float>(scale);
    const auto originX = static_cast<float>(m_margin - left * scale);
    const auto originY = static_cast<float>(m_margin + top * scale);
    const auto first = static_cast<float>(Stamp::reachOf(size));
    const auto last = static_cast<float>(extent - Stamp::reachOf(size));
    const auto drawRun = [&](std::span<const CloudPoint> points) {
        for (const CloudPoint& point : points) {
            const float x = originX + point.x * perUnit;
            const float y = originY - point.y * perUnit;
            if (!(x >= first && x < last && y >= first && y < last) || !m_isVisible[point.group]) continue;
            const auto column = static_cast<int>(x);
            const auto row = static_cast<int>(y);
            stamps[point.group].press(m_picture.data() + row * extent + column, x - static_cast<float>(column),
                                      y - static_cast<float>(row));
        }
    };
    m_index.forEachRun(left - over, m_plane.vertical().from - over, m_plane.horizontal().to + over, top + over,
                       drawRun);
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
        colour.setAlphaF(kOpacity);
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
