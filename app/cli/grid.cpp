// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "models/types/latent_grid.h"
#include "models/types/map_plane.h"

namespace zwei::cli {
namespace {

struct GridOptions {
    ModelSource source;
    std::filesystem::path out;
    PictureOptions picture;
    int side = 20;
    double range = 3;
    bool quantiles = false;
    std::string dimensions = "1,2";
    int label = 0;
    bool hasRowALabel = false;
};

/// The plane of two dimensions of the code through the origin.
Result<MapPlane> planeOf(const GridOptions& options, const Recipe& recipe) {
    const auto numbers = parseNumbers<int>(options.dimensions, "--dimensions");
    if (!numbers) return failure(numbers.error());
    const auto isOne = [&recipe](int d) { return d >= 1 && d <= std::max(2, recipe.latentSize); };
    if (numbers->size() != 2 || !isOne(numbers->front()) || !isOne(numbers->back()) ||
        numbers->front() == numbers->back())
        return failure("--dimensions takes two of the code's " + std::to_string(recipe.latentSize) +
                       " dimensions, such as 1,2.");
    return MapPlane::ofDimensions(recipe.latentSize, numbers->front() - 1, numbers->back() - 1);
}

int writeGrid(const GridOptions& options) {
    if (!std::isfinite(options.range)) return fail("--range takes a finite number.", kBadArguments);
    options.picture.apply();
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    const auto& recipe = opened->model.recipe;
    const auto plane = planeOf(options, recipe);
    if (!plane) return fail(plane.error(), kBadArguments);
    if (options.hasRowALabel && !takesLabels(recipe)) return fail("--row-a-label is for a conditional model.");
    const GridRequest request{options.side,
                              {-options.range, -options.range, options.range, options.range},
                              options.quantiles ? GridSpacing::GaussianQuantiles : GridSpacing::Even,
                              options.label,
                              options.hasRowALabel};
    auto tiles = opened->engine.decode(codesOf(*plane, gridPoints(request)), gridLabels(request));
    const auto saved = options.picture.save(gridPicture({request, std::move(tiles)}), options.out);
    return saved ? kDone : fail(saved.error());
}

}  // namespace

void addGrid(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("grid", "Draw the latent grid: decoded images over the plane");
    auto options = std::make_shared<GridOptions>();
    options->source.add(*command);
    command->add_option("--out", options->out, kPictureHelp)->required();
    command->add_option("--n", options->side, "Images a side")->check(CLI::Range(1, 100))->capture_default_str();
    command->add_option("--range", options->range, "The plane from -range to +range")
        ->check(CLI::Range(0.01, 100.0))
        ->capture_default_str();
    command->add_option("--dimensions", options->dimensions, "Wide codes: which to draw to the right and upwards")
        ->capture_default_str();
    addLabel(*command, options->label);
    command->add_flag("--row-a-label", options->hasRowALabel, "Conditional models: a row a class, style along it");
    options->picture.add(*command);
    command->add_flag("--quantiles", options->quantiles, "Space the images by the quantiles of the prior");
    command->callback([options, &chosen] { chosen = [options] { return writeGrid(*options); }; });
}

}  // namespace zwei::cli
