// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <QImage>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/types/result.h"

namespace zwei::cli {

/// The image files that a subcommand works on one by one, and the folder that takes what it makes of them.
class ImageFiles {
public:
    void add(CLI::App& command);

    /// Makes the folder that takes what is made.
    [[nodiscard]] Result<void> makeFolder() const;

    /// Calls `work` with each image that can be read and the start of the paths of what it writes, which no two share.
    /// A file that fails, to be read or in `work`, does not stop the rest; they are told at the end. Returns the exit
    /// status.
    using Work =
        std::function<Result<void>(const QImage& image, const std::string& file, const std::filesystem::path& stem)>;
    int forEach(const Work& work) const;

    const std::filesystem::path& folder() const { return m_out; }

private:
    std::vector<std::string> m_named;
    std::filesystem::path m_out;
};

}  // namespace zwei::cli
