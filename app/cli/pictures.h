// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <QImage>
#include <filesystem>
#include <vector>

#include "models/types/metrics.h"
#include "models/types/result.h"
#include "models/types/snapshot.h"

namespace zwei::cli {

// What the window shows, as pictures, in the same colours and on the same axes.

/// With a row a class, the classes stand at the rows' left.
QImage gridPicture(const GridSnapshot& grid);

/// The means of the codes in their first two dimensions, each in its class's colour; in one colour where `labels` is
/// empty.
QImage scatterPicture(const Codes& codes, const std::vector<std::uint8_t>& labels);

/// Rows: the clean image where it is not what went in, in, out, and the absolute difference.
QImage reconstructionPicture(const ReconstructionSnapshot& reconstructions);

/// The same of what was upscaled: in, bicubic, Lanczos and out; all [n, 28, 28].
QImage enlargementPicture(const ImageBatch& inputs, const ImageBatch& bicubic, const ImageBatch& lanczos,
                          const ImageBatch& outputs);

/// Images in rows of `columns`.
QImage imageSheet(const ImageBatch& images, int columns);

/// -ELBO by epoch, test and train.
QImage lossPicture(const std::vector<EpochStatistics>& history);

/// `--theme`
struct PictureOptions {
    std::string theme = "light";

    void add(CLI::App& command);
    void apply() const;
};

/// Writes a PNG whole or not at all.
[[nodiscard]] Result<void> savePicture(const QImage& picture, const std::filesystem::path& file);

}  // namespace zwei::cli
