// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "app/cli/report.h"
#include "models/eval/comparison.h"
#include "models/types/reconstruction.h"

namespace zwei::cli {
namespace {

struct ReconstructOptions {
    ModelSource source;
    std::string data;
    std::filesystem::path out;
    PictureOptions picture;
    int count = 12;
    std::optional<double> level;
    std::uint64_t seed = 1;
};

/// Noise of the recipe's kind, of a level that was asked for.
std::optional<Noise> noiseOf(const ReconstructOptions& options, const Recipe& recipe) {
    if (!options.level) return std::nullopt;
    return Noise{recipe.noise, *options.level, recipe.noiseMean};
}

int writeReconstructions(const ReconstructOptions& options) {
    options.picture.apply();
    auto opened = openModel(options.source);
    if (!opened) return fail(opened.error());
    const auto& recipe = opened->model.recipe;
    if (options.level && recipe.input != Input::Noisy) return fail("--noise-level is for a model of noisy images.");
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    const auto& test = (*data)->test;
    if (auto labelled = checkLabels(recipe, test); !labelled) return fail(labelled.error());

    auto shown = firstIndices(options.count, test.images.count);
    auto clean = selectImages(test.images, shown);
    auto inputs = opened->engine.inputOf(clean, noiseOf(options, recipe), options.seed);
    auto outputs = opened->engine.reconstruct(inputs, test.labels);
    const auto compared =
        recipe.input == Input::Clean
            ? compareImages(std::move(clean), std::move(outputs), std::move(shown))
            : compareRestored(std::move(clean), std::move(inputs), std::move(outputs), std::move(shown));
    const auto saved = options.picture.save(reconstructionPicture(compared), options.out);
    return saved ? kDone : fail(saved.error());
}

}  // namespace

void addReconstruct(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("reconstruct", "Draw test images beside what the model makes of them");
    auto options = std::make_shared<ReconstructOptions>();
    options->source.add(*command);
    command->add_option("--data", options->data, kDataHelp)->required();
    options->source.machine.addDataDir(*command);
    command->add_option("--out", options->out, kPictureHelp)->required();
    command->add_option("--n", options->count, "Images")->check(CLI::Range(1, 100))->capture_default_str();
    command->add_option("--noise-level", options->level, "Models of noisy images: this level for all")
        ->check(CLI::Range(0.0, 2.0));
    command->add_option("--seed", options->seed, "Seed of the noise")->capture_default_str();
    options->picture.add(*command);
    command->callback([options, &chosen] { chosen = [options] { return writeReconstructions(*options); }; });
}

}  // namespace zwei::cli
