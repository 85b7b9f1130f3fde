// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "app/session/film_file.h"
#include "models/data/dataset.h"
#include "models/nn/inference_engine.h"
#include "models/types/weights.h"

namespace zwei::cli {

/// `--film` and what goes with it.
struct FilmOptions {
    std::filesystem::path path;  ///< empty: no film
    int every = 0;               ///< batches; 0: a frame an epoch
    std::string of = "grid";

    void add(CLI::App& command);
};

/// A film of what the weights of a run decode to, or of where they put the test images.
class TrainingFilm {
public:
    /// Fails where the recipe has no code or the film no place.
    [[nodiscard]] static Result<TrainingFilm> create(const FilmOptions& options, const Recipe& recipe, DatasetPtr data,
                                                     Device device);

    /// Of the initial weights, of those after each epoch and of every so many batches; those that are not asked for
    /// are not looked at.
    void take(const Weights& weights, int epoch);
    /// Writes it; fails with the first thing that went wrong.
    [[nodiscard]] Result<void> finish();

private:
    TrainingFilm(const FilmOptions& options, const Recipe& recipe, DatasetPtr data, Device device, FilmWriter writer);
    QImage frame(const QString& caption);

    FilmOptions m_options;
    Recipe m_recipe;
    DatasetPtr m_data;
    Device m_device;
    FilmWriter m_writer;
    std::optional<InferenceEngine> m_engine;
    std::int64_t m_firstStep = -1;
    std::int64_t m_lastStep = -1;
    Sentence m_fault;
};

}  // namespace zwei::cli
