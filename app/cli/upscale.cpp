// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/image_files.h"
#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "app/session/image_conversion.h"
#include "models/data/image_filters.h"

namespace zwei::cli {
namespace {

struct UpscaleOptions {
    ImageFiles files;
    OptionalModel model;
    int factor = 2;
    PictureOptions picture;
};

Result<void> upscaleFile(OpenModel& opened, const PictureOptions& picture, const QImage& image,
                         const std::filesystem::path& stem) {
    const int factor = opened.model.recipe.factor;
    const auto small = shrink(greyImageBatch(image), factor);
    const auto enlarged = opened.engine.reconstruct(repeatPixels(small, factor));
    const auto file = stem.string() + "-" + std::to_string(factor) + "x.png";
    if (const auto saved = savePicture(greyImage(enlarged, 0), file); !saved) return saved;
    return picture.save(enlargementPicture(repeatPixels(small, factor), enlarge(small, factor, EnlargeFilter::Bicubic),
                                           enlarge(small, factor, EnlargeFilter::Lanczos), enlarged),
                        stem.string() + ".png");
}

int writeUpscaled(const UpscaleOptions& options) {
    options.picture.apply();
    auto opened = openModel(options.model, "superres-" + std::to_string(options.factor) + "x");
    if (!opened) return fail(opened.error());
    const auto& recipe = opened->model.recipe;
    if (recipe.input != Input::Small || recipe.factor != options.factor)
        return fail("This model does not enlarge " + std::to_string(options.factor) + " times.");
    if (const auto made = options.files.makeFolder(); !made) return fail(made.error());
    return options.files.forEach([&](const QImage& image, const std::string&, const auto& stem) {
        return upscaleFile(*opened, options.picture, image, stem);
    });
}

}  // namespace

void addUpscale(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand(
        "upscale", "Enlarge images of 14 x 14 or 7 x 7 pixels to 28 x 28; larger ones are made as small first");
    auto options = std::make_shared<UpscaleOptions>();
    options->files.add(*command);
    options->model.add(*command);
    command->add_option("--factor", options->factor, "2 or 4")->check(CLI::IsMember({2, 4}))->capture_default_str();
    options->picture.add(*command);
    command->footer("Writes NAME-2x.png, and NAME.png: in, bicubic, Lanczos and out, one below the other.");
    command->callback([options, &chosen] { chosen = [options] { return writeUpscaled(*options); }; });
}

}  // namespace zwei::cli
