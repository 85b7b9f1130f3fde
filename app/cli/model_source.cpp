// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"

#include "app/session/trained_models.h"

namespace zwei::cli {
namespace {

Result<OpenModel> opened(Result<Model> model, const Machine& machine, const std::string& name) {
    const auto device = machine.prepare();
    if (!device) return failure(device.error());
    if (!model) return failure(model.error());
    auto engine = InferenceEngine::create(model->recipe, *model->weights, *device);
    if (!engine) return failure(name + ": " + engine.error());
    return OpenModel{std::move(*model), std::move(*engine), *device};
}

}  // namespace

void ModelSource::add(CLI::App& command) {
    command.add_option("model", file, "Model file, as train writes it")->required();
    machine.addCompute(command);
}

void OptionalModel::add(CLI::App& command) {
    command.add_option("--model", file, "Model file, in place of the one that ships with the program");
    machine.addCompute(command);
}

Result<OpenModel> openModel(const ModelSource& source) {
    return opened(loadModel(source.file), source.machine, source.file.string());
}

Result<OpenModel> openModel(const OptionalModel& source, const std::string& shipped) {
    if (source.file.empty()) return opened(readTrainedModel(shipped), source.machine, shipped);
    return openModel(ModelSource{source.file, source.machine});
}

Result<OpenModel> openModelWithCode(const ModelSource& source) {
    auto opened = openModel(source);
    if (opened && !hasCode(opened->model.recipe))
        return failure(source.file.string() +
                       ": this network has skip connections, and no code to look at; reconstruct shows what it does.");
    return opened;
}

Result<Codes> encodeTestImages(OpenModel& opened, const LabelledImages& test) {
    if (auto labelled = checkLabels(opened.model.recipe, test); !labelled) return failure(labelled.error());
    const auto inputs = opened.engine.inputOf(test.images, std::nullopt, opened.model.recipe.seed);
    return opened.engine.encode(inputs, test.labels);
}

Result<void> checkLabels(const Recipe& recipe, const LabelledImages& images) {
    if (!takesLabels(recipe) || images.isLabelled()) return {};
    return failure("This model is given the label of each image, and these images have none.");
}

void addLabel(CLI::App& command, int& label) {
    command.add_option("--label", label, "Conditional models: the class to decode, 0 to 9")
        ->check(CLI::Range(0, kClasses - 1))
        ->capture_default_str();
}

}  // namespace zwei::cli
