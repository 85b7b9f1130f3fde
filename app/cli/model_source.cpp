// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"

namespace zwei::cli {

void ModelSource::add(CLI::App& command) {
    command.add_option("model", file, "Model file, as train writes it")->required();
    machine.addCompute(command);
}

Result<OpenModel> openModel(const ModelSource& source) {
    const auto device = source.machine.prepare();
    if (!device) return failure(device.error());
    auto model = loadModel(source.file);
    if (!model) return failure(model.error());
    auto engine = InferenceEngine::create(model->recipe, *model->weights, *device);
    if (!engine) return failure(source.file.string() + ": " + engine.error());
    return OpenModel{std::move(*model), std::move(*engine), *device};
}

}  // namespace zwei::cli
