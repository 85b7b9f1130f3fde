// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_source.h"
#include "app/cli/pictures.h"
#include "models/eval/code_space.h"

namespace zwei::cli {
namespace {

struct DreamOptions {
    ModelSource source;
    std::filesystem::path out;
    PictureOptions picture;
    int count = 100;
    std::optional<int> label;
    std::uint64_t seed = 1;
};

int writeDream(const DreamOptions& options) {
    options.picture.apply();
    auto opened = openModelWithCode(options.source);
    if (!opened) return fail(opened.error());
    const auto& recipe = opened->model.recipe;
    if (!hasPrior(recipe)) return fail("This model's codes follow no prior, so there is nothing to draw from.");
    constexpr int kColumns = 10;
    std::vector<std::uint8_t> labels;
    labels.reserve(static_cast<std::size_t>(options.count));
    for (int i = 0; i < options.count; ++i)
        labels.push_back(static_cast<std::uint8_t>(options.label.value_or(i % kClasses)));
    const auto points = normalPoints(options.count, recipe.latentSize, options.seed);
    const auto saved = options.picture.save(imageSheet(opened->engine.decode(points, labels), kColumns), options.out);
    return saved ? kDone : fail(saved.error());
}

}  // namespace

void addDream(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("dream", "Draw digits that were never there: decoded points of the prior");
    auto options = std::make_shared<DreamOptions>();
    options->source.add(*command);
    command->add_option("--out", options->out, std::string(kPictureHelp) + "; ten digits a row")->required();
    command->add_option("--n", options->count, "Digits")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--label", options->label, "Conditional models: this class only; else a column a class")
        ->check(CLI::Range(0, kClasses - 1));
    command->add_option("--seed", options->seed, "Other seeds give other digits")->capture_default_str();
    options->picture.add(*command);
    command->callback([options, &chosen] { chosen = [options] { return writeDream(*options); }; });
}

}  // namespace zwei::cli
