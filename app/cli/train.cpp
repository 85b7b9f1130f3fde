// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "app/cli/command.h"
#include "app/cli/report.h"
#include "app/cli/run_training.h"
#include "app/cli/training_film.h"
#include "models/io/recipe_json.h"
#include "models/io/whole_file.h"
#include "models/nn/inference_engine.h"
#include "models/nn/recipe_check.h"
#include "models/types/presets.h"
#include "models/types/recipe_choice.h"

namespace zwei::cli {
namespace {

/// What the command line says of the recipe; what it leaves unsaid is the preset's.
struct RecipeOptions {
    std::string preset = "vae";
    std::optional<int> epochs, batch, latent, patience, factor;
    std::optional<double> learningRate, beta, noiseMean;
    std::optional<std::string> input, bottleneck, backbone, noise, noiseLevel, resampling, targets;
    std::optional<std::string> schedule, activation, loss, hidden, channels;
    std::optional<std::uint64_t> seed;

    void add(CLI::App& command);
    Result<Recipe> recipe() const;
    /// An option that was given and that a run which goes on cannot heed, or none.
    std::string beyondEpochs() const;

    std::vector<CLI::Option*> fixed;  // all but the epochs
};

void RecipeOptions::add(CLI::App& command) {
    std::vector<std::string> names;
    for (const auto& each : presets()) names.emplace_back(each.id);
    const auto before = command.get_options().size();
    command.add_option("--preset", preset, "The recipe to start from")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    command.add_option("--input", input, "clean, noisy (denoising) or small (super-resolution)");
    command.add_option("--noise", noise, "Noisy: gaussian, salt-and-pepper or blocks");
    command.add_option("--noise-level", noiseLevel, "Noisy: least and most, such as 0,0.8; drawn anew for each image");
    command.add_option("--noise-mean", noiseMean, "Noisy: mean of Gaussian noise");
    command.add_option("--factor", factor, "Small: 2 or 4");
    command.add_option("--bottleneck", bottleneck, "plain, gaussian, conditional, adversarial or skip");
    command.add_option("--backbone", backbone, "dense, convolutional or linear (principal components)");
    command.add_option("--batch", batch, "Images a step");
    command.add_option("--lr", learningRate, "Learning rate of Adam; the peak of a one-cycle schedule");
    command.add_option("--schedule", schedule, "constant or one-cycle");
    command.add_option("--beta", beta, "Weight of the KL in the loss, or of the adversary's push");
    command.add_option("--hidden", hidden, "Widths of the encoder's dense layers, such as 512,256, or none");
    command.add_option("--channels", channels, "Channels of a convolutional encoder, such as 16,8,8");
    command.add_option("--resampling", resampling, "Convolutional: pooling or strided");
    command.add_option("--activation", activation, "relu or gelu");
    command.add_option("--loss", loss, "Reconstruction loss: bernoulli or gaussian");
    command.add_option("--targets", targets, "grey, or binarised anew each time an image is seen");
    command.add_option("--latent", latent, "Size of the code");
    command.add_option("--patience", patience, "Stop after so many epochs without a better -ELBO on held-out images");
    command.add_option("--seed", seed, "Seed of all that is random")->check(CLI::NonNegativeNumber);
    const auto all = command.get_options();
    fixed.assign(all.begin() + static_cast<std::ptrdiff_t>(before), all.end());
    command.add_option("--epochs", epochs, "Passes over the training images, those of a run that is resumed included");
}

std::string RecipeOptions::beyondEpochs() const {
    const auto given = std::find_if(fixed.begin(), fixed.end(), [](const auto* option) { return option->count() > 0; });
    return given == fixed.end() ? std::string() : (*given)->get_name();
}

template <typename Value, typename Option>
void override(Value& value, const Option& option) {
    if (option) value = *option;
}

/// Takes a word's choice, or remembers what is wrong with it.
template <typename Axis>
void overrideChoice(Axis& choice, const std::optional<std::string>& word, Sentence& fault) {
    if (!word) return;
    const auto named = choiceNamed<Axis>(*word);
    if (named)
        choice = *named;
    else
        fault = named.error();
}

/// A choice on an axis, to which the other axes give way.
template <typename Choice>
void overrideAxis(Recipe& recipe, Axis axis, Choice& choice, const std::optional<std::string>& word, Sentence& fault) {
    if (!word) return;
    overrideChoice(choice, word, fault);
    recipe = settled(recipe, axis);
}

void overrideLevels(Recipe& recipe, const std::optional<std::string>& text, Sentence& fault) {
    if (!text) return;
    const auto levels = parseNumbers<double>(*text, "--noise-level");
    if (!levels || levels->size() > 2) {
        fault = levels ? "--noise-level takes one level, or the least and the most." : levels.error();
        return;
    }
    recipe.noiseLeast = levels->front();
    recipe.noiseMost = levels->back();
}

void overrideList(std::vector<int>& list, const std::optional<std::string>& text, const char* option, Sentence& fault) {
    if (!text) return;
    if (*text == "none") return list.clear();
    auto numbers = parseNumbers<int>(*text, option);
    if (numbers)
        list = std::move(*numbers);
    else
        fault = numbers.error();
}

Result<Recipe> RecipeOptions::recipe() const {
    Recipe recipe = *presetRecipe(preset);
    override(recipe.epochs, epochs);
    override(recipe.batch, batch);
    override(recipe.latentSize, latent);
    override(recipe.patience, patience);
    override(recipe.learningRate, learningRate);
    override(recipe.beta, beta);
    override(recipe.seed, seed);
    override(recipe.factor, factor);
    override(recipe.noiseMean, noiseMean);
    Sentence fault;
    overrideAxis(recipe, Axis::Input, recipe.input, input, fault);
    overrideAxis(recipe, Axis::Bottleneck, recipe.bottleneck, bottleneck, fault);
    overrideAxis(recipe, Axis::Backbone, recipe.backbone, backbone, fault);
    overrideChoice(recipe.noise, noise, fault);
    overrideLevels(recipe, noiseLevel, fault);
    overrideChoice(recipe.resampling, resampling, fault);
    overrideChoice(recipe.targets, targets, fault);
    overrideList(recipe.hidden, hidden, "--hidden", fault);
    overrideList(recipe.channels, channels, "--channels", fault);
    overrideChoice(recipe.schedule, schedule, fault);
    overrideChoice(recipe.activation, activation, fault);
    overrideChoice(recipe.reconstruction, loss, fault);
    const auto mustHold = [&fault](const char* option, const std::optional<std::string>& asked, auto choice) {
        if (fault.empty() && asked && *asked != wordOf(choice))
            fault = std::string(option) + " " + *asked + " does not go with the other choices.";
    };
    mustHold("--input", input, recipe.input);
    mustHold("--bottleneck", bottleneck, recipe.bottleneck);
    mustHold("--backbone", backbone, recipe.backbone);
    if (!fault.empty()) return failure(fault);
    if (channels && recipe.backbone != Backbone::Convolutional)
        return failure("--channels is for a convolutional network; choose --backbone convolutional.");
    if (auto wrong = recipeFault(recipe)) return failure(*wrong);
    return recipe;
}

struct TrainOptions {
    RecipeOptions recipe;
    Machine machine;
    std::string data;
    std::filesystem::path out;
    std::filesystem::path resume;
    double checkpointEvery = 60;
    FilmOptions film;
    bool json = false;
    bool half = false;
    bool withCodes = false;
};

/// The state that a run goes on from, of the file that was named.
Result<TrainingStatePtr> resumedState(const TrainOptions& options) {
    const auto model = loadModel(options.resume);
    if (!model) return failure(model.error());
    if (!model->state)
        return failure(options.resume.string() +
                       ": the file does not say where its training was (a model that ships, one in half precision, or "
                       "principal components), so that no run can go on from it.");
    return model->state;
}

/// What is to be trained, and from where on.
Result<TrainingJob> jobOf(const TrainOptions& options) {
    TrainingJob job;
    if (options.resume.empty()) {
        const auto recipe = options.recipe.recipe();
        if (!recipe) return failure(recipe.error());
        job.recipe = *recipe;
    } else {
        const auto state = resumedState(options);
        if (!state) return failure(state.error());
        job.from = *state;
        job.recipe = job.from->recipe;
        override(job.recipe.epochs, options.recipe.epochs);
    }
    job.threads = options.machine.threads;
    return job;
}

/// Beside the model file, and a model file itself.
std::filesystem::path checkpointFile(const std::filesystem::path& out) {
    const std::string ending = ".safetensors";
    auto name = out.string();
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    return name + ".checkpoint" + ending;
}

/// What an earlier run left is not written over: it may be all that there is of hours.
Result<void> checkCheckpoint(const std::filesystem::path& checkpoint, const TrainOptions& options) {
    std::error_code error;
    const bool isOwn = std::filesystem::equivalent(checkpoint, options.resume, error);
    if (isOwn || !std::filesystem::exists(checkpoint, error)) return {};
    return failure(checkpoint.string() + " is left from a run that was cut off; go on with it by --resume " +
                   checkpoint.string() + ", or remove it.");
}

/// A run that was stopped, and whose model file will not do to go on from or was not written, goes on from its
/// checkpoint.
Result<void> endCheckpoint(const std::filesystem::path& checkpoint, const TrainOptions& options,
                           const TrainingOutcome& outcome) {
    const bool needsOne = options.half || outcome.history.empty();
    if (needsOne && outcome.reason == StopReason::Stopped && outcome.state) {
        if (auto saved = saveModel(checkpoint, checkpointOf(outcome.state)); !saved) return saved;
        std::fprintf(stderr, "--resume %s goes on from here\n", checkpoint.c_str());
        return {};
    }
    std::error_code ignored;
    std::filesystem::remove(checkpoint, ignored);
    return {};
}

nlohmann::ordered_json report(const TrainingOutcome& outcome) {
    const auto& last = outcome.history.back();
    return {{"epochs", last.epoch},
            {"seconds", last.seconds},
            {"images_per_second", outcome.imagesPerSecond},
            {"train", toJson(last.train)},
            {"test", toJson(last.test)}};
}

Result<void> save(const TrainOptions& options, const Recipe& recipe, const Dataset& data,
                  const TrainingOutcome& outcome, Device device) {
    Model model{recipe, outcome.weights, data.name, outcome.history, nullptr, {}, outcome.state};
    if (options.withCodes && hasCode(recipe)) {
        auto engine = InferenceEngine::create(recipe, *outcome.weights, device);
        if (!engine) return failure(engine.error());
        const auto inputs = engine->inputOf(data.test.images, std::nullopt, recipe.seed);
        model.testCodes = std::make_shared<Codes>(engine->encode(inputs, data.test.labels));
        model.testLabels = data.test.labels;
    }
    return saveModel(options.out, model, options.half ? Precision::Half : Precision::Single);
}

/// Null where none was asked for.
Result<std::unique_ptr<TrainingFilm>> filmOf(const FilmOptions& options, const Recipe& recipe, const DatasetPtr& data,
                                             Device device) {
    if (options.path.empty()) return nullptr;
    return TrainingFilm::create(options, recipe, data, device).map([](TrainingFilm&& film) {
        return std::make_unique<TrainingFilm>(std::move(film));
    });
}

WeightsWatch watchOf(TrainingFilm* film, const FilmOptions& options) {
    if (!film) return {};
    return {[film](const Weights& weights, int epoch) { film->take(weights, epoch); }, options.every};
}

int trainAndSave(const TrainOptions& options) {
    if (const auto given = options.recipe.beyondEpochs(); !options.resume.empty() && !given.empty())
        return fail(given + " cannot be changed where a run goes on; --resume takes all but --epochs from its file.",
                    kBadArguments);
    auto job = jobOf(options);
    if (!job) return fail(job.error(), options.resume.empty() ? kBadArguments : kFailed);
    if (auto writable = checkWritable(options.out); !writable) return fail(writable.error());
    const auto checkpoint = checkpointFile(options.out);
    if (auto free = checkCheckpoint(checkpoint, options); !free) return fail(free.error());
    const auto device = options.machine.prepare();
    if (!device) return fail(device.error());
    const auto data = options.machine.dataset(options.data);
    if (!data) return fail(data.error());
    job->data = *data;
    job->device = *device;
    auto film = filmOf(options.film, job->recipe, *data, *device);
    if (!film) return fail(film.error());
    const auto outcome = runTraining(*job, {options.checkpointEvery > 0 ? checkpoint : "", options.checkpointEvery},
                                     watchOf(film->get(), options.film));
    if (!outcome) return fail(outcome.error());
    if (outcome->history.empty() && !outcome->state)
        return fail((outcome->message.empty() ? "The run was stopped." : outcome->message) + " Nothing was written.");

    const bool isModel = !outcome->history.empty();  // what has learnt for some batches takes nobody's place
    if (isModel)
        if (auto saved = save(options, job->recipe, **data, *outcome, *device); !saved) return fail(saved.error());
    if (auto kept = endCheckpoint(checkpoint, options, *outcome); !kept) return fail(kept.error());
    if (isModel) std::fprintf(stderr, "wrote %s\n", options.out.c_str());
    if (*film) {
        if (auto saved = (*film)->finish(); !saved) return fail(saved.error());
        std::fprintf(stderr, "wrote %s\n", options.film.path.c_str());
    }
    if (!isModel) return fail("Stopped before the first epoch was done; " + options.out.string() + " is not written.");
    if (options.json) printJson(report(*outcome));
    if (outcome->reason != StopReason::Diverged) return kDone;
    return fail(outcome->message + " The file holds the weights of epoch " +
                std::to_string(outcome->history.back().epoch) + ".");
}

}  // namespace

void addTrain(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("train", "Train a model and write it to a file");
    auto options = std::make_shared<TrainOptions>();
    command->add_option("--data", options->data, kDataHelp)->required();
    options->recipe.add(*command);
    options->machine.addDataDir(*command);
    options->machine.addCompute(*command);
    command->add_option("--out", options->out, "Model file to write (safetensors)")->required();
    command->add_option("--resume", options->resume,
                        "Model file or checkpoint to go on from, by its own recipe and on the same images; --epochs is "
                        "the total. On one thread the losses are those of a run that never stopped (a one-cycle "
                        "schedule that was to be shorter takes the new total's cycle from there on)");
    command
        ->add_option("--checkpoint-every", options->checkpointEvery,
                     "Seconds between checkpoints in OUT.checkpoint.safetensors, which goes when OUT is written; 0 "
                     "writes none")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    options->film.add(*command);
    command->add_flag("--json", options->json, "End with one line of JSON on standard output");
    command->add_flag("--half", options->half,
                      "Store the weights in half precision, and not what --resume needs: a sixth of the size");
    command->add_flag("--with-codes", options->withCodes, "Store the codes and labels of the test images as well");
    command->callback([options, &chosen] { chosen = [options] { return trainAndSave(*options); }; });
}

}  // namespace zwei::cli
