// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/disc_stamps.h"

#include <QPointF>
#include <array>
#include <cstring>

#include "models/types/class_colours.h"
#include "models/types/vectorised.h"

namespace zwei {
namespace {

constexpr double kFaintest = 0.02;  // a pixel that is covered less is left alone

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

}  // namespace

/// A disc, prepared for every place of its centre inside a pixel to a quarter of a pixel, and blended four pixels at a
/// time.
class DiscStamps::Stamp {
public:
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
    [[gnu::always_inline]] void press(std::uint32_t* centre, float x, float y) const {
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
    static constexpr int kPixels = DiscStamps::kBeyond;  // of a run
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
        const double share = DiscStamps::kOpacity * coverage(column - centre.x(), row - centre.y(), diameter / 2);
        return share < kFaintest ? kWhole : static_cast<int>(std::lround(kWhole * (1 - share)));
    }

    void addRuns(double diameter, QPointF centre, int stride) {
        const int reach = DiscStamps::reachOf(diameter);
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

DiscStamps::DiscStamps(double diameter, int stride) : m_stride(stride) {
    const Stamp stamp(diameter, stride);
    m_stamps.reserve(kClassColours.size() + 1);
    for (const auto colour : kClassColours) m_stamps.push_back(stamp.inColour(colour));
    m_stamps.push_back(m_stamps.front());
}

DiscStamps::~DiscStamps() = default;

ZWEI_VECTORISED void DiscStamps::pressAll(const Stamp* stamps, int stride, std::span<const CloudPoint> points,
                                          const Place& place, std::uint32_t* picture) {
    const auto [left, top, perUnit, first, last, isVisible] = place;
    for (const CloudPoint& point : points) {
        const float x = left + point.x * perUnit;
        const float y = top - point.y * perUnit;
        if (!(x >= first && x < last && y >= first && y < last) || !isVisible[point.group]) continue;
        const auto column = static_cast<int>(x);
        const auto row = static_cast<int>(y);
        stamps[point.group].press(picture + row * stride + column, x - static_cast<float>(column),
                                  y - static_cast<float>(row));
    }
}

void DiscStamps::press(std::span<const CloudPoint> points, const Place& place, std::uint32_t* picture) const {
    pressAll(m_stamps.data(), m_stride, points, place, picture);
}

}  // namespace zwei
