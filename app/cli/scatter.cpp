// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/code_table.h"
#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "models/eval/code_space.h"

namespace zwei::cli {
namespace {

struct ScatterOptions {
    ModelSource source;
    std::string data;
    std::filesystem::path out;
    PictureOptions picture;
};

/// Codes as they are, or along their first two principal components where they are wider than a picture.
Codes onMap(const Codes& codes) { return codes.dimensions > 2 ? onPlane(codes, principalPlane(codes, {})) : codes; }

int writeScatter(const ScatterOptions& options) {
    options.picture.apply();
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    const auto& labels = (*data)->test.labels;
    const auto codes = encodeTestImages(*opened, (*data)->test);
    if (!codes) return fail(codes.error());
    const bool isTable = options.out.extension() == ".csv" || options.out.extension() == ".npy";
    const auto saved = isTable ? writeCodes(options.out, *codes, {}, labels)
                               : options.picture.save(scatterPicture(onMap(*codes), labels), options.out);
    return saved ? kDone : fail(saved.error());
}

}  // namespace

void addScatter(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand(
        "scatter", "Draw the codes of the test images, a colour a class; wide codes along their principal components");
    auto options = std::make_shared<ScatterOptions>();
    options->source.add(*command);
    command->add_option("--data", options->data, kDataHelp)->required();
    options->source.machine.addDataDir(*command);
    command->add_option("--out", options->out, std::string(kPictureHelp) + "; or the codes as CSV or NPY (see encode)")
        ->required();
    options->picture.add(*command);
    command->callback([options, &chosen] { chosen = [options] { return writeScatter(*options); }; });
}

}  // namespace zwei::cli
