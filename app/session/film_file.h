// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <filesystem>
#include <memory>

#include "models/types/result.h"
#include "models/types/snapshot.h"

namespace zwei {

/// The tiles of a latent grid side by side and `caption` below them, in dark ink on white paper: Grayscale8, at most
/// `kFilmSide` pixels wide and as high without the caption.
QImage filmFrame(const GridSnapshot& grid, const QString& caption);
inline constexpr int kFilmSide = 560;
inline constexpr int kFilmCaption = 24;

/// A film on its way into a file: an animated GIF that runs in a loop where the path ends in `.gif`, or else a folder
/// of frame-0001.png, ... What is added is packed at once. GUI thread or none: a caption takes a font.
class FilmWriter {
public:
    /// Before hours of work: fails where the file or the folder could not be written, or has frames already.
    [[nodiscard]] static Result<FilmWriter> create(const std::filesystem::path& path);
    FilmWriter(FilmWriter&&) noexcept;
    ~FilmWriter();

    /// Grayscale8, or Indexed8 with at most 256 colours; all of one size.
    void add(const QImage& frame);
    int count() const;
    /// Writes all of it whole or not at all; the last frame of a GIF stays for a while.
    [[nodiscard]] Result<void> finish();

private:
    struct Reel;
    explicit FilmWriter(std::unique_ptr<Reel> reel);
    std::unique_ptr<Reel> m_reel;
};

}  // namespace zwei
