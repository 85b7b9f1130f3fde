// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/digit_writing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "models/data/digit_strokes.h"

namespace zwei {

namespace {

// How people's writing varies. The figures are tuned by eye, and against the slant, the aspect and the ink of MNIST's
// training images as a whole.
constexpr float kHandOvershoot = 0.15f;  // a digit may lie this far beyond the two hands it is drawn between
constexpr float kPointSpread = 2.2f;     // standard deviation of a control point, in hundredths of the height
constexpr float kStrokeSpread = 2.0f;    // the same of a whole stroke against the others
constexpr float kAngularity = 0.5f;      // the most sharpness that an angular hand adds to a point
constexpr float kElasticSpread = 7.0f;   // standard deviation of the elastic field's knots, in the same unit
constexpr float kCut = 0.05f;            // a stroke loses up to this share of its length at either end
constexpr float kSlantMean = 0.12f;      // x to the right for y upwards
constexpr float kSlantSpread = 0.26f;
constexpr float kTurnSpread = 0.07f;      // radians
constexpr float kStretchSpread = 0.20f;   // of the width, relative
constexpr float kStretchSkew = 0.05f;     // very wide digits are commoner than very narrow ones
constexpr float kPressureSpread = 0.12f;  // of the radius along a stroke, relative
constexpr float kNib = 0.15f;             // how much a pen that is held askew widens in its broad direction

float distance(const PenPoint& a, const PenPoint& b) {
    return std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

const DigitForm& pickForm(int digit, Chance& chance) {
    const auto& forms = digitForms()[static_cast<std::size_t>(digit)];
    float left = chance.uniform();
    for (const auto& form : forms) {
        left -= form.share;
        if (left < 0) return form;
    }
    return forms.back();
}

/// A hand between two of the form's, or a little beyond, as one person would write it this time.
Hand pickHand(const DigitForm& form, Chance& chance) {
    const auto hands = static_cast<int>(form.hands.size());
    const auto first = static_cast<std::size_t>(chance.below(hands));
    const auto second = static_cast<std::size_t>(chance.below(hands));
    const float share = chance.between(-kHandOvershoot, 1 + kHandOvershoot);
    const float angular = kAngularity * chance.uniform();
    Hand hand = form.hands[first];
    for (std::size_t s = 0; s < hand.size(); ++s) {
        const float dx = kStrokeSpread * chance.normal();
        const float dy = kStrokeSpread * chance.normal();
        for (std::size_t p = 0; p < hand[s].size(); ++p) {
            auto& point = hand[s][p];
            const auto& other = form.hands[second][s][p];
            point.x += share * (other.x - point.x) + dx + kPointSpread * chance.normal();
            point.y += share * (other.y - point.y) + dy + kPointSpread * chance.normal();
            point.sharpness += share * (other.sharpness - point.sharpness) + angular * chance.uniform();
            point.sharpness = std::clamp(point.sharpness, 0.0f, 1.0f);
        }
    }
    return hand;
}

/// Unit-speed directions in which a stroke reaches and leaves each of its points.
struct Tangent {
    float inX = 0, inY = 0, outX = 0, outY = 0;
};

std::vector<Tangent> tangents(const Stroke& stroke) {
    const auto n = stroke.size();
    std::vector<Tangent> result(n);
    const auto chord = [&](std::size_t a, std::size_t b, float length) {
        return std::pair((stroke[b].x - stroke[a].x) / length, (stroke[b].y - stroke[a].y) / length);
    };
    constexpr float kLeast = 1e-3f;  // where two points meet
    for (std::size_t i = 1; i + 1 < n; ++i) {
        const float before = std::max(distance(stroke[i - 1], stroke[i]), kLeast);
        const float after = std::max(distance(stroke[i], stroke[i + 1]), kLeast);
        const auto [inX, inY] = chord(i - 1, i, before);
        const auto [outX, outY] = chord(i, i + 1, after);
        const auto [x, y] = chord(i - 1, i + 1, before + after);
        const float sharp = stroke[i].sharpness;
        result[i] = {x + sharp * (inX - x), y + sharp * (inY - y), x + sharp * (outX - x), y + sharp * (outY - y)};
    }
    // The ends go on as they bend: a parabola through the end point and its neighbour's tangent.
    const float head = std::max(distance(stroke[0], stroke[1]), kLeast);
    const auto [headX, headY] = chord(0, 1, head);
    result[0].outX = 2 * headX - result[1].inX;
    result[0].outY = 2 * headY - result[1].inY;
    const float tail = std::max(distance(stroke[n - 2], stroke[n - 1]), kLeast);
    const auto [tailX, tailY] = chord(n - 2, n - 1, tail);
    result[n - 1].inX = 2 * tailX - result[n - 2].outX;
    result[n - 1].inY = 2 * tailY - result[n - 2].outY;
    return result;
}

/// Lays cubic Hermite curves through the points of a stroke and appends places along them.
void traceStroke(const Stroke& stroke, Trace& trace) {
    constexpr float kSampling = 4.5f;  // hundredths of the height: below a pixel
    const auto slopes = tangents(stroke);
    trace.push_back({stroke[0].x, stroke[0].y, 1, false});
    for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
        const auto& a = stroke[i];
        const auto& b = stroke[i + 1];
        const float length = distance(a, b);
        const int steps = 1 + static_cast<int>(length / kSampling);
        for (int step = 1; step <= steps; ++step) {
            const float t = static_cast<float>(step) / static_cast<float>(steps);
            const float toB = t * t * (3 - 2 * t);
            const float leaveA = length * t * (1 - t) * (1 - t);
            const float reachB = length * t * t * (t - 1);
            trace.push_back({a.x + toB * (b.x - a.x) + leaveA * slopes[i].outX + reachB * slopes[i + 1].inX,
                             a.y + toB * (b.y - a.y) + leaveA * slopes[i].outY + reachB * slopes[i + 1].inY, 1, true});
        }
    }
}

/// Shortens the stroke that starts at `begin` at both ends, as a hurried hand does.
void cutEnds(Trace& trace, std::size_t begin, Chance& chance) {
    const auto length = static_cast<float>(trace.size() - begin);
    const auto head = static_cast<std::ptrdiff_t>(length * chance.between(0, kCut));
    const auto tail = static_cast<std::ptrdiff_t>(length * chance.between(0, kCut));
    const auto start = trace.begin() + static_cast<std::ptrdiff_t>(begin);
    trace.erase(trace.end() - tail, trace.end());
    trace.erase(start, start + head);
    trace[begin].penDown = false;
}

/// The pen's width along the stroke that starts at `begin`: pressure that comes and goes.
void press(Trace& trace, std::size_t begin, Chance& chance) {
    constexpr int kKnots = 4;
    std::array<float, kKnots + 1> pressure{};
    for (auto& knot : pressure) knot = 1 + kPressureSpread * chance.normal();
    const auto last = static_cast<float>(trace.size() - begin);
    for (std::size_t i = begin; i < trace.size(); ++i) {
        const float place = static_cast<float>(i - begin) / last * kKnots;
        const auto knot = static_cast<std::size_t>(place);
        const float share = place - static_cast<float>(knot);
        trace[i].width = pressure[knot] + share * (pressure[knot + 1] - pressure[knot]);
    }
}

/// Widens the pen where it runs across its nib, and thins it where it runs along.
void holdNib(Trace& trace, float strength) {
    constexpr float kNibX = 0.6f;  // of length 1: downwards to the right, as a right hand holds it
    constexpr float kNibY = 0.8f;
    for (std::size_t i = 1; i < trace.size(); ++i) {
        if (!trace[i].penDown) continue;
        const float dx = trace[i].x - trace[i - 1].x;
        const float dy = trace[i].y - trace[i - 1].y;
        const float across = dx * kNibY - dy * kNibX;
        const float share = across * across / std::max(dx * dx + dy * dy, 1e-6f);  // the sine, squared
        trace[i].width *= 1 + strength * (2 * share - 1);
        if (!trace[i - 1].penDown) trace[i - 1].width = trace[i].width;
    }
}

/// A smooth random field of displacements (Simard, Steinkraus and Platt, 2003), here a quadratic B-spline over a coarse
/// lattice, evaluated at the trace only.
class ElasticField {
public:
    explicit ElasticField(Chance& chance) {
        for (auto& knot : m_knots) knot = {kElasticSpread * chance.normal(), kElasticSpread * chance.normal()};
    }

    void move(Sample& sample) const {
        const auto [column, wx] = weights(sample.x);
        const auto [row, wy] = weights(sample.y);
        float dx = 0;
        float dy = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            for (std::size_t i = 0; i < 3; ++i) {
                const auto& knot = m_knots[(row + j) * kSide + column + i];
                dx += wx[i] * wy[j] * knot[0];
                dy += wx[i] * wy[j] * knot[1];
            }
        }
        sample.x += dx;
        sample.y += dy;
    }

private:
    static constexpr std::size_t kCells = 3;  // a side of the lattice
    static constexpr std::size_t kSide = kCells + 2;
    static constexpr float kFrom = -15;  // the lattice reaches from here to 100 - kFrom, in hundredths of the height

    static std::pair<std::size_t, std::array<float, 3>> weights(float place) {
        const float cells = (place - kFrom) / (100 - 2 * kFrom) * static_cast<float>(kCells);
        const float held = std::clamp(cells, 0.0f, static_cast<float>(kCells) - 1e-3f);
        const auto cell = static_cast<std::size_t>(held);
        const float t = held - static_cast<float>(cell);
        return {cell, {0.5f * (1 - t) * (1 - t), 0.5f + t * (1 - t), 0.5f * t * t}};
    }

    std::array<std::array<float, 2>, kSide * kSide> m_knots{};
};

/// Stretches, turns and slants.
void lean(Trace& trace, Chance& chance) {
    const float wish = chance.normal();
    const float stretch = 1 + kStretchSpread * wish + kStretchSkew * wish * wish;
    const float slant = kSlantMean + kSlantSpread * chance.normal();
    const float half = 0.5f * kTurnSpread * chance.normal();  // tangent of half the angle
    const float cosine = (1 - half * half) / (1 + half * half);
    const float sine = 2 * half / (1 + half * half);
    for (auto& sample : trace) {
        const float x = sample.x * stretch;
        const float y = sample.y;
        sample.x = cosine * x - sine * y - slant * y;
        sample.y = sine * x + cosine * y;
    }
}

}  // namespace

Trace writeDigit(int digit, Chance& chance) {
    const Hand hand = pickHand(pickForm(digit, chance), chance);
    const ElasticField field(chance);
    Trace trace;
    trace.reserve(128);  // most digits
    for (const auto& stroke : hand) {
        const auto begin = trace.size();
        traceStroke(stroke, trace);
        cutEnds(trace, begin, chance);
        press(trace, begin, chance);
    }
    for (auto& sample : trace) field.move(sample);
    lean(trace, chance);
    holdNib(trace, kNib * chance.normal());
    return trace;
}

}  // namespace zwei
