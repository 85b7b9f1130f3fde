// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "models/types/result.h"
#include "models/types/snapshot.h"

namespace zwei {

/// The latent grid of a run as it went: a frame at most every half second and, when there are too many, every second
/// of them at twice the distance, so that a long run takes no more room than a short one (40 MB at most).
class RunFilm {
public:
    static constexpr int kMostFrames = 120;
    static constexpr std::int64_t kInterval = 500;  ///< milliseconds

    void clear();
    /// `now` is in milliseconds of a clock that never goes back.
    void take(const GridSnapshot& grid, const QString& caption, std::int64_t now);
    /// However soon after the one before: the last picture of a run.
    void add(const GridSnapshot& grid, const QString& caption);
    const std::vector<QImage>& frames() const { return m_frames; }

private:
    std::vector<QImage> m_frames;
    std::int64_t m_interval = kInterval;
    std::optional<std::int64_t> m_last;
};

/// A GIF or a folder of frames: see `FilmWriter`. Fails where there are no frames.
[[nodiscard]] Result<void> writeFilm(const std::vector<QImage>& frames, const std::filesystem::path& path);

}  // namespace zwei
