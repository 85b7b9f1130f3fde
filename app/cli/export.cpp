// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"
#include "app/session/model_export.h"
#include "models/io/whole_file.h"
#include "models/io/whole_folder.h"

namespace zwei::cli {
namespace {

struct ExportOptions {
    ModelSource source;
    std::string to;
    std::string data;
    std::filesystem::path out;
    bool mayReplace = false;
};

int done(const Result<void>& written, const ExportOptions& options) {
    if (!written) return fail(written.error());
    std::fprintf(stderr, "wrote %s\n", options.out.c_str());
    return kDone;
}

/// The same bytes: the half precision of a file stays what it is.
int writeTorch(const ExportOptions& options) {
    if (!options.data.empty()) return fail("--to torch takes no --data.", kBadArguments);
    const auto model = loadModel(options.source.file);
    if (!model) return fail(model.error());
    const auto bytes = readWholeFile(options.source.file);
    if (!bytes) return fail(bytes.error());
    return done(writeWholeFolder(options.out, torchFolder(*bytes), options.mayReplace), options);
}

int writeNpz(const ExportOptions& options) {
    if (options.data.empty()) {
        const auto model = loadModel(options.source.file);
        if (!model) return fail(model.error());
        const auto npz = npzOf(*model->weights, nullptr, {});
        return npz ? done(writeWholeFile(options.out, *npz), options) : fail(npz.error());
    }
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    const auto codes = encodeTestImages(*opened, (*data)->test);
    if (!codes) return fail(codes.error());
    const auto npz = npzOf(*opened->model.weights, &*codes, (*data)->test.labels);
    return npz ? done(writeWholeFile(options.out, *npz), options) : fail(npz.error());
}

int writeTensorboard(const ExportOptions& options) {
    if (options.data.empty()) return fail("--to tensorboard needs --data: the images to show.", kBadArguments);
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    const auto& test = (*data)->test;
    const auto codes = encodeTestImages(*opened, test);
    if (!codes) return fail(codes.error());
    if (test.images.count > kMostProjected)
        std::fprintf(stderr, "The projector's sprite has room for the first %d of the %d test images.\n",
                     kMostProjected, test.images.count);
    const auto title = "codes of " + (*data)->name + " by " + options.source.file.stem().string();
    const auto files = projectorFolder(title, *codes, test, (*data)->classNames);
    return done(writeWholeFolder(options.out, files, options.mayReplace), options);
}

int writeExport(const ExportOptions& options) {
    if (options.to == "torch") return writeTorch(options);
    return options.to == "npz" ? writeNpz(options) : writeTensorboard(options);
}

}  // namespace

void addExport(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("export", "Take a model to PyTorch, NumPy or TensorBoard");
    auto options = std::make_shared<ExportOptions>();
    options->source.add(*command);
    command
        ->add_option("--to", options->to,
                     "torch: a folder with the model and model.py, which runs it; npz: its weights, and with --data "
                     "the codes of the test images, as arrays; tensorboard: a folder for the Embedding Projector")
        ->required()
        ->check(CLI::IsMember({"torch", "npz", "tensorboard"}));
    command->add_option("--data", options->data, kDataHelp);
    options->source.machine.addDataDir(*command);
    command->add_option("--out", options->out, "Folder to write into; with --to npz, the file to write")->required();
    command->add_flag("--overwrite", options->mayReplace, "Replace files that are in the folder already");
    command->footer(
        "python3 FOLDER/model.py image.png reconstructs an image; it needs PyTorch, NumPy and Pillow.\n"
        "tensorboard --logdir FOLDER shows the codes with their images.");
    command->callback([options, &chosen] { chosen = [options] { return writeExport(*options); }; });
}

}  // namespace zwei::cli
