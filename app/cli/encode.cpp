// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/code_table.h"
#include "app/cli/model_source.h"
#include "app/cli/quiet_standard_error.h"
#include "app/session/image_conversion.h"

namespace zwei::cli {
namespace {

struct EncodeOptions {
    ModelSource source;
    std::string data;
    std::vector<std::string> images;
    int label = 0;
    std::filesystem::path out;
};

/// The images that the command line names, one after the other.
Result<ImageBatch> readImages(const std::vector<std::string>& files) {
    const QuietStandardError quiet;
    ImageBatch batch;
    for (const auto& file : files) {
        const auto image = readGreyImage(QString::fromStdString(file));
        if (!image) return failure(image.error());
        batch.pixels.insert(batch.pixels.end(), image->pixels.begin(), image->pixels.end());
        ++batch.count;
    }
    return batch;
}

/// What a person brings may have its own noise, and gets no more.
ImageBatch inputOf(const OpenModel& opened, const ImageBatch& images) {
    return opened.model.recipe.input == Input::Small ? opened.engine.inputOf(images, std::nullopt, 0) : images;
}

int told(const Result<void>& saved) { return saved ? kDone : fail(saved.error()); }

int encode(const EncodeOptions& options) {
    if (options.data.empty() == options.images.empty())
        return fail("encode takes either --data or images, one of the two.", kBadArguments);
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    if (options.data.empty()) {
        const auto images = readImages(options.images);
        if (!images) return fail(images.error());
        const std::vector<std::uint8_t> labels(options.images.size(), static_cast<std::uint8_t>(options.label));
        const auto inputs = inputOf(*opened, *images);
        return told(writeCodes(options.out, opened->engine.encode(inputs, labels), options.images, {}));
    }
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    const auto codes = encodeTestImages(*opened, (*data)->test);
    if (!codes) return fail(codes.error());
    return told(writeCodes(options.out, *codes, {}, (*data)->test.labels));
}

}  // namespace

void addEncode(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand(
        "encode", "Write the codes of a data set's test images, or of image files, as CSV or NPY");
    auto options = std::make_shared<EncodeOptions>();
    options->source.add(*command);
    command->add_option("--data", options->data, kDataHelp);
    options->source.machine.addDataDir(*command);
    command->add_option("images", options->images, "Image files; made 28 x 28 and grey, light ink on dark paper");
    addLabel(*command, options->label);
    command->add_option("--out", options->out, kCodesHelp)->required();
    command->callback([options, &chosen] { chosen = [options] { return encode(*options); }; });
}

}  // namespace zwei::cli
