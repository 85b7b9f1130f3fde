// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <QImage>
#include <filesystem>
#include <vector>

#include "app/session/picture_file.h"
#include "models/types/map_plane.h"
#include "models/types/metrics.h"
#include "models/types/result.h"
#include "models/types/snapshot.h"

namespace zwei::cli {

// What the window shows, as pictures, in the same colours and on the same axes. Each holds what it paints.

/// With a row a class, the classes stand at the rows' left.
Picture gridPicture(const GridSnapshot& grid);

/// The means of the codes in their first two dimensions, each in its class's colour; in one colour where `labels` is
/// empty.
Picture scatterPicture(const Codes& codes, const std::vector<std::uint8_t>& labels);

/// Rows: the clean image where it is not what went in, in, out, and the absolute difference.
Picture reconstructionPicture(const ReconstructionSnapshot& reconstructions);

/// The same of what was upscaled: in, bicubic, Lanczos and out; all [n, 28, 28].
Picture enlargementPicture(const ImageBatch& inputs, const ImageBatch& bicubic, const ImageBatch& lanczos,
                           const ImageBatch& outputs);

/// Images in rows of `columns`.
Picture imageSheet(const ImageBatch& images, int columns);

/// -ELBO by epoch, test and train.
Picture lossPicture(const std::vector<EpochStatistics>& history);

/// Points [n, 2] of the plane as codes.
std::vector<float> codesOf(const MapPlane& plane, const std::vector<float>& points);

/// What `--out` of a picture takes.
inline constexpr const char* kPictureHelp = "PNG to write; or SVG or PDF, with lines, points and text as vectors";

/// `--theme` and `--scale`
struct PictureOptions {
    std::string theme = "light";
    int scale = 1;

    void add(CLI::App& command);
    void apply() const;
    /// Writes a PNG, SVG or PDF whole or not at all.
    [[nodiscard]] Result<void> save(const Picture& picture, const std::filesystem::path& file) const;
};

/// Writes an image as a PNG whole or not at all.
[[nodiscard]] Result<void> savePicture(const QImage& picture, const std::filesystem::path& file);

}  // namespace zwei::cli
