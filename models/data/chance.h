// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace zwei {

/// One image's chance: SplitMix64 (Steele, Lea and Flood, 2014), with a stream of its own for each seed and number.
///
/// Only + - * / and sqrt touch a float from here to the pixels, which IEEE 754 fixes to the last bit: a seed gives the
/// same digits with every standard library, which sin, exp or std::normal_distribution would not. (A compiler that
/// fuses a multiplication and an addition may still move a few grey values.)
class Chance {
public:
    Chance(std::uint64_t seed, std::uint64_t stream) : m_state(scramble(scramble(seed + kStep) + stream * kStep)) {}

    /// Even over [0, 1), in steps of 2^-24, which a float holds exactly.
    float uniform() { return static_cast<float>(next() >> 40) * 0x1p-24f; }
    float between(float low, float high) { return low + (high - low) * uniform(); }
    int below(int limit) { return static_cast<int>(uniform() * static_cast<float>(limit)); }

    /// Mean 0, variance 1, bell-shaped: the sum of four even numbers of 16 bits (Irwin-Hall). It never goes beyond 3.5,
    /// so that no digit is torn apart.
    float normal() {
        const std::uint64_t bits = next();
        const auto sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
        constexpr float kMean = 2.0f * 65535.0f;
        constexpr float kDeviation = 65536.0f * 0.57735027f;  // sqrt(4 / 12)
        return (static_cast<float>(sum) - kMean) / kDeviation;
    }

private:
    static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;

    static std::uint64_t scramble(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    std::uint64_t next() { return scramble(m_state += kStep); }

    std::uint64_t m_state;
};

}  // namespace zwei
