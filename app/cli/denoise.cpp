// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "app/cli/image_files.h"
#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "app/session/image_conversion.h"
#include "models/data/image_filters.h"
#include "models/eval/comparison.h"
#include "models/eval/image_quality.h"
#include "models/imaging/normaliser.h"
#include "models/io/recipe_json.h"
#include "models/nn/image_noise.h"
#include "models/types/reconstruction.h"

namespace zwei::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DenoiseOptions {
    ImageFiles files;
    OptionalModel model;
    std::string noise;
    std::uint64_t seed = 1;
    bool isAsIs = false;
    bool isJson = false;
    int label = 0;
    PictureOptions picture;
};

/// `kind:level`, such as gaussian:0.4; nothing where there is none.
Result<std::optional<Noise>> noiseNamed(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto colon = text.find(':');
    const auto kind = choiceNamed<NoiseKind>(text.substr(0, colon));
    if (!kind) return failure("--noise: " + kind.error());
    const auto levels = colon == std::string::npos ? Result<std::vector<double>>(std::vector<double>())
                                                   : parseNumbers<double>(text.substr(colon + 1), "--noise");
    if (!levels) return failure(levels.error());
    const bool isLevel = levels->size() == 1 && levels->front() >= 0 && levels->front() <= 2;
    if (!isLevel)
        return failure("--noise takes a kind and a level in 0 to 2, such as gaussian:0.4, not \"" + text + "\".");
    return Noise{*kind, levels->front(), 0};
}

/// The digits on an image, or the whole of it as one of 28 x 28.
Result<ImageBatch> digitsOf(const QImage& image, bool isAsIs) {
    if (isAsIs) return greyImageBatch(image);
    auto page = normalise(pageOf(image));
    if (page.boxes.empty()) return failure("no digit was found on it; --as-is takes the image as it is.");
    return std::move(page.digits);
}

Json qualityOf(const ImageBatch& images, const ImageBatch& clean) {
    const auto quality = imageQuality(images, clean);
    return {{"psnr", quality.psnr}, {"ssim", quality.ssim}};
}

Result<void> saveEach(const ImageBatch& images, const std::string& stem, const char* what) {
    for (int i = 0; i < images.count; ++i) {
        const auto file = stem + "-" + std::to_string(i + 1) + "-" + what + ".png";
        if (const auto saved = savePicture(greyImage(images, i), file); !saved) return saved;
    }
    return {};
}

/// Writes what comes of one file and tells of it: of clean images with noise on them, how good it is.
Result<Json> denoiseFile(OpenModel& opened, const DenoiseOptions& options, const std::optional<Noise>& noise,
                         const QImage& image, const std::filesystem::path& stem) {
    auto digits = digitsOf(image, options.isAsIs);
    if (!digits) return failure(digits.error());
    auto noisy = noise ? withNoise(*digits, *noise, options.seed) : *digits;
    const std::vector<std::uint8_t> labels(static_cast<std::size_t>(digits->count),
                                           static_cast<std::uint8_t>(options.label));
    auto denoised = opened.engine.reconstruct(noisy, labels);
    Json told{{"digits", digits->count}};
    if (noise) {
        told["noisy"] = qualityOf(noisy, *digits);
        told["denoised"] = qualityOf(denoised, *digits);
        told["median"] = qualityOf(medianFilter3x3(noisy), *digits);
        if (const auto saved = saveEach(noisy, stem.string(), "noisy"); !saved) return failure(saved.error());
    }
    if (const auto saved = saveEach(denoised, stem.string(), "denoised"); !saved) return failure(saved.error());
    auto shown = firstIndices(digits->count, digits->count);
    const auto compared =
        noise ? compareRestored(std::move(*digits), std::move(noisy), std::move(denoised), std::move(shown))
              : compareImages(std::move(*digits), std::move(denoised), std::move(shown));
    const auto saved = options.picture.save(reconstructionPicture(compared), stem.string() + ".png");
    if (!saved) return failure(saved.error());
    return told;
}

int writeDenoised(const DenoiseOptions& options) {
    options.picture.apply();
    const auto noise = noiseNamed(options.noise);
    if (!noise) return fail(noise.error(), kBadArguments);
    auto opened = openModel(options.model, "denoise");
    if (!opened) return fail(opened.error());
    if (opened->model.recipe.input == Input::Small)
        return fail("A model of small images enlarges; upscale is what it is for.");
    if (const auto made = options.files.makeFolder(); !made) return fail(made.error());
    auto told = Json::array();
    const int status = options.files.forEach([&](const QImage& image, const std::string& file, const auto& stem) {
        return denoiseFile(*opened, options, *noise, image, stem).map([&](Json of) {
            of["file"] = file;
            told.push_back(std::move(of));
        });
    });
    if (options.isJson) std::printf("%s\n", told.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    return status;
}

}  // namespace

void addDenoise(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("denoise", "Find the digits on images and take the noise off each");
    auto options = std::make_shared<DenoiseOptions>();
    options->files.add(*command);
    options->model.add(*command);
    command->add_option("--noise", options->noise,
                        "Noise to add first, kind and level: gaussian:0.4, salt-and-pepper:0.2, blocks:0.3");
    command->add_option("--seed", options->seed, "Seed of that noise")->capture_default_str();
    command->add_flag("--as-is", options->isAsIs,
                      "Take the image as it is, made 28 x 28, rather than the digits on it");
    addLabel(*command, options->label);
    command->add_flag("--json", options->isJson, "End with one line of JSON on standard output");
    options->picture.add(*command);
    command->footer("Writes NAME-1-denoised.png, ... and NAME.png, in which all of an image are side by side.");
    command->callback([options, &chosen] { chosen = [options] { return writeDenoised(*options); }; });
}

}  // namespace zwei::cli
