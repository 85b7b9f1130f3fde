// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"
#include "app/cli/report.h"
#include "models/eval/likelihood.h"

namespace zwei::cli {
namespace {

struct EvalOptions {
    ModelSource source;
    std::string data;
    bool json = false;
};

int evaluate(const EvalOptions& options) {
    const auto opened = openModel(options.source);
    if (!opened) return fail(opened.error());
    const auto data = options.source.machine.dataset(options.data);
    if (!data) return fail(data.error());
    const auto& images = (*data)->test.images;
    const auto terms = evaluateElbo(opened->model.recipe, *opened->model.weights, images, opened->device);
    if (!terms) return fail(terms.error());
    if (options.json) {
        printJson({{"data", (*data)->name}, {"images", images.count}, {"test", toJson(*terms)}});
        return kDone;
    }
    std::printf("%s, %d test images, nats an image (1 sample, fixed seed):\n", (*data)->name.c_str(), images.count);
    std::printf("  -ELBO          %8.3f\n  reconstruction %8.3f\n  KL             %8.3f\n", terms->negElbo(),
                terms->reconstruction, terms->kl);
    return kDone;
}

}  // namespace

void addEval(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("eval", "Measure a model on the test images of a data set");
    auto options = std::make_shared<EvalOptions>();
    options->source.add(*command);
    command->add_option("--data", options->data, "Data set: mnist, kmnist, digits, or any folder's name")->required();
    options->source.machine.addDataDir(*command);
    command->add_flag("--json", options->json, "One line of JSON");
    command->callback([options, &chosen] { chosen = [options] { return evaluate(*options); }; });
}

}  // namespace zwei::cli
