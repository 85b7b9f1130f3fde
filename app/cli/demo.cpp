// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/pictures.h"
#include "app/cli/run_training.h"
#include "models/eval/comparison.h"
#include "models/io/whole_file.h"
#include "models/nn/inference_engine.h"
#include "models/types/latent_grid.h"
#include "models/types/reconstruction.h"

namespace zwei::cli {
namespace {

struct DemoOptions {
    std::filesystem::path out = "zwei-demo";
    Machine machine;
    PictureOptions picture;
};

/// Under a minute on two cores.
Recipe demoRecipe() {
    Recipe recipe;
    recipe.epochs = 6;
    return recipe;
}

Result<void> writePictures(const PictureOptions& options, const std::filesystem::path& folder, InferenceEngine& engine,
                           const LabelledImages& test, const std::vector<EpochStatistics>& history) {
    constexpr int kShown = 12;
    const GridRequest request;
    const auto shown = selectImages(test.images, firstIndices(kShown, test.images.count));
    const std::vector<std::pair<const char*, Picture>> pictures = {
        {"grid.png", gridPicture({request, engine.decode(gridPoints(request))})},
        {"scatter.png", scatterPicture(engine.encode(test.images, test.labels), test.labels)},
        {"reconstructions.png", reconstructionPicture(compareImages(shown, engine.reconstruct(shown), {}))},
        {"loss.png", lossPicture(history)}};
    for (const auto& [name, picture] : pictures)
        if (auto saved = options.save(picture, folder / name); !saved) return saved;
    return {};
}

int runDemo(const DemoOptions& options) {
    options.picture.apply();
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    const auto modelFile = options.out / "model.safetensors";
    if (error) return fail(options.out.string() + ": the folder cannot be made (" + error.message() + ").");
    if (auto writable = checkWritable(modelFile); !writable) return fail(writable.error());
    const auto device = options.machine.prepare();
    if (!device) return fail(device.error());
    const auto data = loadDataset(std::string(kEmbeddedDataset), {});
    if (!data) return fail(data.error());

    std::fprintf(stderr, "training a VAE with a two-dimensional code on 60,000 procedural digits\n");
    const auto outcome = runTraining({demoRecipe(), *data, *device, options.machine.threads});
    if (!outcome) return fail(outcome.error());
    auto engine = InferenceEngine::create(demoRecipe(), *outcome->weights, *device);
    if (!engine) return fail(engine.error());
    const Model model{demoRecipe(), outcome->weights, (*data)->name, outcome->history, nullptr, {}};
    if (auto saved = saveModel(modelFile, model); !saved) return fail(saved.error());
    if (auto written = writePictures(options.picture, options.out, *engine, (*data)->test, outcome->history); !written)
        return fail(written.error());
    std::printf("The model and its pictures (grid.png, scatter.png, reconstructions.png, loss.png) are in %s\n",
                std::filesystem::absolute(options.out).c_str());
    return kDone;
}

}  // namespace

void addDemo(CLI::App& program, Action& chosen) {
    auto* command =
        program.add_subcommand("demo", "Train on the embedded digits for under a minute and draw the result");
    auto options = std::make_shared<DemoOptions>();
    command->add_option("--out", options->out, "Folder to write into")->capture_default_str();
    options->picture.add(*command);
    options->machine.addCompute(*command);
    command->callback([options, &chosen] { chosen = [options] { return runDemo(*options); }; });
}

}  // namespace zwei::cli
