// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"
#include "app/cli/progress_line.h"
#include "app/cli/report.h"
#include "models/eval/figures.h"

namespace zwei::cli {
namespace {

struct EvalOptions {
    ModelSource source;
    std::string data;
    FigureOptions figures;
    bool json = false;
};

int evaluate(EvalOptions options) {
    const auto device = options.source.machine.prepare();
    if (!device) return fail(device.error());
    const auto model = loadModel(options.source.file);
    if (!model) return fail(model.error());
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    options.figures.device = *device;
    ProgressLine line;
    const auto figures = measureFigures(model->recipe, *model->weights, **data, options.figures, [&](double share) {
        line.show("measuring", share);
        return true;
    });
    line.clear();
    if (!figures) return fail(options.source.file.string() + ": " + figures.error());
    if (options.json)
        printJson(toJson(*figures));
    else
        std::fputs(figureTable(*figures).c_str(), stdout);
    return kDone;
}

}  // namespace

void addEval(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("eval", "Measure a model on the test images of a data set");
    auto options = std::make_shared<EvalOptions>();
    options->source.add(*command);
    command->add_option("--data", options->data, kDataHelp)->required();
    options->source.machine.addDataDir(*command);
    command->add_flag(
        "--quick", options->figures.quick,
        "Only the -ELBO and the reconstruction: no neighbours, no log-likelihood, no comparison with filters");
    command->add_option("--samples", options->figures.samples, "Samples an image of the log-likelihood")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command->add_option("--images", options->figures.likelihoodImages, "Images, at most, of the log-likelihood")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command->add_flag("--json", options->json, "One line of JSON");
    command->callback([options, &chosen] { chosen = [options] { return evaluate(*options); }; });
}

}  // namespace zwei::cli
