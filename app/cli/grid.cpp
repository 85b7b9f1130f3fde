// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "models/types/latent_grid.h"

namespace zwei::cli {
namespace {

struct GridOptions {
    ModelSource source;
    std::filesystem::path out;
    PictureOptions picture;
    int side = 20;
    double range = 3;
    bool quantiles = false;
};

int writeGrid(const GridOptions& options) {
    if (!std::isfinite(options.range)) return fail("--range takes a finite number.", kBadArguments);
    options.picture.apply();
    auto opened = openModel(options.source);
    if (!opened) return fail(opened.error());
    if (opened->model.recipe.latentSize != 2)
        return fail("A latent grid needs a code of size 2; this model's has " +
                    std::to_string(opened->model.recipe.latentSize) + ".");
    GridRequest request{options.side,
                        {-options.range, -options.range, options.range, options.range},
                        options.quantiles ? GridSpacing::GaussianQuantiles : GridSpacing::Even};
    const auto saved = savePicture(gridPicture({request, opened->engine.decode(gridPoints(request))}), options.out);
    return saved ? kDone : fail(saved.error());
}

}  // namespace

void addGrid(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("grid", "Draw the latent grid: decoded images over the plane");
    auto options = std::make_shared<GridOptions>();
    options->source.add(*command);
    command->add_option("--out", options->out, "PNG to write")->required();
    command->add_option("--n", options->side, "Images a side")->check(CLI::Range(1, 100))->capture_default_str();
    command->add_option("--range", options->range, "The plane from -range to +range")
        ->check(CLI::Range(0.01, 100.0))
        ->capture_default_str();
    options->picture.add(*command);
    command->add_flag("--quantiles", options->quantiles, "Space the images by the quantiles of the prior");
    command->callback([options, &chosen] { chosen = [options] { return writeGrid(*options); }; });
}

}  // namespace zwei::cli
