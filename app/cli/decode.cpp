// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>

#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "app/session/image_conversion.h"

namespace zwei::cli {
namespace {

struct DecodeOptions {
    ModelSource source;
    std::string z;
    std::filesystem::path out;
    int label = 0;
    int scale = 1;
};

int writeDecoded(const DecodeOptions& options) {
    const auto z = parseNumbers<float>(options.z, "--z");
    if (!z) return fail(z.error(), kBadArguments);
    for (const float value : *z)
        if (!std::isfinite(value)) return fail("--z takes finite numbers.", kBadArguments);
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    if (z->size() != static_cast<std::size_t>(opened->model.recipe.latentSize))
        return fail("--z has " + std::to_string(z->size()) + " numbers, and this model's code has " +
                        std::to_string(opened->model.recipe.latentSize) + ".",
                    kBadArguments);
    const auto label = static_cast<std::uint8_t>(options.label);
    const auto image = greyImage(opened->engine.decode(*z, std::array{label}), 0);
    const auto saved = savePicture(
        image.scaled(image.size() * options.scale, Qt::IgnoreAspectRatio, Qt::SmoothTransformation), options.out);
    return saved ? kDone : fail(saved.error());
}

}  // namespace

void addDecode(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("decode", "Decode a point of the latent space to an image");
    auto options = std::make_shared<DecodeOptions>();
    options->source.add(*command);
    command->add_option("--z", options->z, "The point, such as 0.3,-1.2")->required();
    addLabel(*command, options->label);
    command->add_option("--out", options->out, "PNG to write, white ink on black as in MNIST")->required();
    command->add_option("--scale", options->scale, "Enlarge so many times")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->callback([options, &chosen] { chosen = [options] { return writeDecoded(*options); }; });
}

}  // namespace zwei::cli
