// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/settings_panel.h"

#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "models/types/recipe_choice.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/recipe_text.h"
#include "widgets/settings_rows.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

using Options = SettingsRows::Options;

// The limits are those of models/nn/recipe_check.h, which the sentences below name too.
constexpr int kMostLayers = 8;
constexpr int kWidest = 8192;
constexpr int kMostChannels = 512;
constexpr int kMostLatent = 256;
constexpr int kMostRounds = 100000;
constexpr double kMostLearningRate = 1e6;

/// 28 pixels halve to one in five stages, and skip connections do without the last.
int mostStages(const Recipe& recipe) { return hasCode(recipe) ? 5 : 4; }

/// One choice: what it is called and what it means.
template <typename Value>
struct Option {
    Value value;
    const char* title;
    const char* tip;
};

// One entry in such a table is all that a new choice costs.
template <typename Value, std::size_t count>
Options optionsOf(const Option<Value> (&table)[count], Value Recipe::*member) {
    Options options;
    for (const Option<Value>& option : table) {
        options.titles << SettingsPanel::tr(option.title);
        options.tips << SettingsPanel::tr(option.tip);
    }
    options.indexIn = [&table, member](const Recipe& recipe) {
        const auto is = [&](const Option<Value>& option) { return option.value == recipe.*member; };
        const auto found = std::find_if(std::begin(table), std::end(table), is);
        return found == std::end(table) ? -1 : static_cast<int>(found - std::begin(table));
    };
    options.choose = [&table, member](Recipe& recipe, int index) { recipe.*member = table[index].value; };
    return options;
}

/// On an axis, the others give way to what is chosen.
Options settling(Options options, Axis axis) {
    options.choose = [choose = options.choose, axis](Recipe& recipe, int index) {
        choose(recipe, index);
        recipe = settled(std::move(recipe), axis);
        const auto most = static_cast<std::size_t>(mostStages(recipe));
        if (recipe.channels.size() > most) recipe.channels.resize(most);
    };
    return options;
}

SettingsRows::Words always(const QString& text) {
    return [text](const Recipe&) { return text; };
}

double highestLevel(const Recipe& recipe) { return recipe.noise == NoiseKind::Gaussian ? 2 : 1; }
bool isNoisy(const Recipe& recipe) { return recipe.input == Input::Noisy; }
bool hasNoiseMean(const Recipe& recipe) { return isNoisy(recipe) && recipe.noise == NoiseKind::Gaussian; }
bool isSmall(const Recipe& recipe) { return recipe.input == Input::Small; }
bool isTrained(const Recipe& recipe) { return recipe.backbone != Backbone::Linear; }
bool isFitted(const Recipe& recipe) { return !isTrained(recipe); }
bool isConvolutional(const Recipe& recipe) { return recipe.backbone == Backbone::Convolutional; }
bool hasWidths(const Recipe& recipe) { return isTrained(recipe) && hasCode(recipe); }
bool hasResampling(const Recipe& recipe) { return isConvolutional(recipe) && hasCode(recipe); }

}  // namespace

SettingsPanel::SettingsPanel(QWidget* parent)
    : QWidget(parent), m_rows(new SettingsRows(this)), m_foot(new QLabel(this)) {
    m_foot->setWordWrap(true);
    m_foot->setFont(Theme::font(11));
    m_foot->setAccessibleName(tr("Note on the settings"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_rows, 1);
    layout->addWidget(m_foot);

    addInputRows();
    addBottleneckRows();
    addBackboneRows();
    addTrainingRows();
    m_rows->finish();
    showFoot();
    connect(m_rows, &SettingsRows::edited, this, &SettingsPanel::recipeEdited);
    connect(m_rows, &SettingsRows::complaintChanged, this, &SettingsPanel::showFoot);
}

void SettingsPanel::setRecipe(const Recipe& recipe) {
    // Beta moves in the bar, and moving it is no reason to end what is being typed here.
    m_rows->setBeta(recipe.beta);
    if (recipe != m_rows->recipe()) m_rows->setRecipe(recipe);
}

const Recipe& SettingsPanel::recipe() const { return m_rows->recipe(); }

void SettingsPanel::setRunning(bool running) {
    if (running == m_isRunning) return;
    m_isRunning = running;
    m_rows->setLocked(running, tr("Locked while a run is under way: Reset ends it."));
    showFoot();
}

void SettingsPanel::commit() { m_rows->commit(); }

QString SettingsPanel::complaint() const { return m_rows->complaint(); }

QSize SettingsPanel::sizeHint() const { return {192, 400}; }

QSize SettingsPanel::minimumSizeHint() const { return {m_rows->minimumColumnWidth(), 120}; }

void SettingsPanel::addInputRows() {
    static constexpr Option<Input> kInputs[] = {
        {Input::Clean, QT_TR_NOOP("clean"), QT_TR_NOOP("The model sees the images as they are.")},
        {Input::Noisy, QT_TR_NOOP("noisy"),
         QT_TR_NOOP("Denoising: the model sees fresh noise on every image and has to find the clean one.")},
        {Input::Small, QT_TR_NOOP("small"),
         QT_TR_NOOP("Super-resolution: the model sees every image made smaller and has to find the full one.")},
    };
    static constexpr Option<int> kFactors[] = {
        {2, "2×", QT_TR_NOOP("From 14 × 14 pixels to 28 × 28.")},
        {4, "4×", QT_TR_NOOP("From 7 × 7 pixels to 28 × 28.")},
    };
    m_rows->addSegments(tr("Input"), settling(optionsOf(kInputs, &Recipe::input), Axis::Input));
    addNoiseRows();
    m_rows->addChoice(
        {tr("factor"), always(tr("How much smaller, in each direction, the model sees an image.")), isSmall},
        optionsOf(kFactors, &Recipe::factor));
}

void SettingsPanel::addNoiseRows() {
    static constexpr Option<NoiseKind> kNoises[] = {
        {NoiseKind::Gaussian, "Gaussian", QT_TR_NOOP("Something is added to every pixel; level is its deviation.")},
        {NoiseKind::SaltAndPepper, QT_TR_NOOP("salt & pepper"),
         QT_TR_NOOP("Some pixels turn black or white; level is their share.")},
        {NoiseKind::Blocks, QT_TR_NOOP("blocks"),
         QT_TR_NOOP("Some squares of 7 × 7 pixels are wiped out; level is their share.")},
    };
    auto noises = optionsOf(kNoises, &Recipe::noise);
    noises.choose = [choose = noises.choose](Recipe& recipe, int index) {
        choose(recipe, index);
        recipe.noiseMost = std::min(recipe.noiseMost, highestLevel(recipe));
        recipe.noiseLeast = std::min(recipe.noiseLeast, recipe.noiseMost);
    };
    m_rows->addChoice({tr("noise"), always(tr("What is done to a clean image.")), isNoisy}, noises);

    const auto readLevels = [](Recipe& recipe, const QString& text) {
        const auto levels = parseLevels(text, highestLevel(recipe));
        if (levels) std::tie(recipe.noiseLeast, recipe.noiseMost) = *levels;
        return levels.has_value();
    };
    const auto allowed = [](const Recipe& recipe) {
        return tr("Level takes one or two numbers from 0 to %1, the smaller one first, such as 0, 0.8.")
            .arg(highestLevel(recipe));
    };
    m_rows->addText(
        {tr("level"), always(tr("The least and the most; each image gets a level between them.")), isNoisy},
        {allowed, [](const Recipe& recipe) { return levelsText(recipe.noiseLeast, recipe.noiseMost); }, readLevels});

    const auto readMean = [](Recipe& recipe, const QString& text) {
        const auto mean = parseNumber(text);
        if (!mean || std::abs(*mean) > 1) return false;
        recipe.noiseMean = *mean;
        return true;
    };
    m_rows->addText(
        {tr("mean"), always(tr("What the noise adds on average; above 0 it brightens the paper.")), hasNoiseMean},
        {always(tr("Mean takes a number from −1 to 1, such as 0.3.")),
         [](const Recipe& recipe) { return shortText(recipe.noiseMean); }, readMean});
}

void SettingsPanel::addBottleneckRows() {
    static constexpr Option<Bottleneck> kBottlenecks[] = {
        {Bottleneck::Plain, QT_TR_NOOP("plain"), QT_TR_NOOP("A point an image: an autoencoder.")},
        {Bottleneck::Gaussian, QT_TR_NOOP("Gaussian"), QT_TR_NOOP("A cloud an image, kept near the prior: a VAE.")},
        {Bottleneck::Conditional, QT_TR_NOOP("conditional"),
         QT_TR_NOOP("A VAE that is told the label, so that the code is left with the style.")},
        {Bottleneck::Adversarial, QT_TR_NOOP("adversarial"),
         QT_TR_NOOP("A point an image, pushed onto the prior by a discriminator.")},
        {Bottleneck::Skip, QT_TR_NOOP("skip connections"),
         QT_TR_NOOP("A wide middle with detours around it, for mending images: there is no code to look at.")},
    };
    m_rows->addWideChoice(tr("Bottleneck"), settling(optionsOf(kBottlenecks, &Recipe::bottleneck), Axis::Bottleneck));
    m_rows->addInteger({tr("code size"), always(tr("How many numbers an image is squeezed into.")), hasCode},
                       always(tr("Code size takes a whole number from 1 to 256.")), 1, kMostLatent,
                       &Recipe::latentSize);
}

void SettingsPanel::addBackboneRows() {
    static constexpr Option<Backbone> kBackbones[] = {
        {Backbone::Dense, QT_TR_NOOP("dense"), QT_TR_NOOP("Every pixel is connected to every unit.")},
        {Backbone::Convolutional, QT_TR_NOOP("conv"), QT_TR_NOOP("Small filters that slide over the image.")},
        {Backbone::Linear, QT_TR_NOOP("PCA"),
         QT_TR_NOOP("Principal components: the best that a linear encoder and decoder can do.")},
    };
    static constexpr Option<Resampling> kResamplings[] = {
        {Resampling::Pooling, QT_TR_NOOP("pooling"),
         QT_TR_NOOP("The largest of four on the way in, repeated on the way out.")},
        {Resampling::Strided, QT_TR_NOOP("strided"), QT_TR_NOOP("Learnt on the way in and on the way out.")},
    };
    static constexpr Option<Activation> kActivations[] = {
        {Activation::ReLU, "ReLU", QT_TR_NOOP("Cuts off at zero: fast.")},
        {Activation::GELU, "GELU", QT_TR_NOOP("Bends smoothly at zero: smoother images.")},
    };
    m_rows->addSegments(tr("Backbone"), settling(optionsOf(kBackbones, &Recipe::backbone), Axis::Backbone));
    addLayerRows();
    m_rows->addChoice(
        {tr("resampling"), always(tr("How the stages halve the image, and double it again.")), hasResampling},
        optionsOf(kResamplings, &Recipe::resampling));
    m_rows->addChoice({tr("activation"), always(tr("How a unit answers to what it is fed.")), isTrained},
                      optionsOf(kActivations, &Recipe::activation));
}

void SettingsPanel::addLayerRows() {
    const auto readChannels = [](Recipe& recipe, const QString& text) {
        auto channels = parseLayers(text, mostStages(recipe), kMostChannels);
        if (channels) recipe.channels = std::move(*channels);
        return channels.has_value();
    };
    const auto allowedChannels = [](const Recipe& recipe) {
        return tr("Channels take 1 to %1 whole numbers from 1 to 512, such as 16, 8, 8.").arg(mostStages(recipe));
    };
    m_rows->addText({tr("channels"), always(tr("Filters in each stage of the encoder; the decoder mirrors them.")),
                     isConvolutional},
                    {allowedChannels, [](const Recipe& recipe) { return layersText(recipe.channels); }, readChannels});

    const auto readWidths = [](Recipe& recipe, const QString& text) {
        const bool isNone = text.trimmed().compare(tr("none"), Qt::CaseInsensitive) == 0;
        if (isNone && isConvolutional(recipe)) return recipe.hidden.clear(), true;
        auto widths = parseLayers(text, kMostLayers, kWidest);
        if (widths) recipe.hidden = std::move(*widths);
        return widths.has_value();
    };
    const auto allowedWidths = [](const Recipe& recipe) {
        return isConvolutional(recipe) ? tr("Widths take none, or up to 8 whole numbers from 1 to 8192, such as 256.")
                                       : tr("Widths take 1 to 8 whole numbers from 1 to 8192, such as 512, 256.");
    };
    const auto showWidths = [](const Recipe& recipe) {
        return recipe.hidden.empty() ? tr("none") : layersText(recipe.hidden);
    };
    const auto tip = [](const Recipe& recipe) {
        return isConvolutional(recipe) ? tr("Units in each dense layer between the stages and the code, or none.")
                                       : tr("Units in each layer of the encoder; the decoder mirrors them.");
    };
    m_rows->addText({tr("widths"), tip, hasWidths}, {allowedWidths, showWidths, readWidths});
}

void SettingsPanel::addTrainingRows() {
    static constexpr Option<Reconstruction> kLosses[] = {
        {Reconstruction::Bernoulli, "Bernoulli", QT_TR_NOOP("Cross-entropy of each pixel.")},
        {Reconstruction::Gaussian, "Gaussian", QT_TR_NOOP("Squared error of each pixel.")},
    };
    static constexpr Option<Targets> kTargets[] = {
        {Targets::Grey, QT_TR_NOOP("grey"), QT_TR_NOOP("The image as it is.")},
        {Targets::Binarised, QT_TR_NOOP("binarised"),
         QT_TR_NOOP("Black or white pixels, drawn anew each time: the figure that papers report.")},
    };
    m_rows->addHeading(tr("Training"));
    m_rows->addNote(tr("Fitted, not trained."), isFitted);
    m_rows->addChoice({tr("loss"), always(tr("How a wrong pixel counts.")), isTrained},
                      optionsOf(kLosses, &Recipe::reconstruction));
    m_rows->addChoice({tr("targets"), always(tr("What the decoded image is compared with.")), isTrained},
                      optionsOf(kTargets, &Recipe::targets));
    addRunRows();
}

void SettingsPanel::addRunRows() {
    static constexpr Option<Schedule> kSchedules[] = {
        {Schedule::Constant, QT_TR_NOOP("constant"), QT_TR_NOOP("The same learning rate throughout.")},
        {Schedule::OneCycle, QT_TR_NOOP("one-cycle"),
         QT_TR_NOOP("Up to the learning rate, then down to almost nothing.")},
    };
    const auto readRate = [](Recipe& recipe, const QString& text) {
        const auto rate = parseNumber(text);
        if (!rate || *rate <= 0 || *rate > kMostLearningRate) return false;
        recipe.learningRate = *rate;
        return true;
    };
    const auto readSeed = [](Recipe& recipe, const QString& text) {
        bool isInteger = false;
        const qulonglong seed = text.trimmed().toULongLong(&isInteger);
        if (!isInteger || text.contains(u'-')) return false;
        recipe.seed = seed;
        return true;
    };
    const auto tip = always(tr("How far each step of Adam goes; the peak of a one-cycle schedule."));
    m_rows->addText({tr("learning rate"), tip, isTrained},
                    {always(tr("Learning rate takes a number above 0 and at most 1,000,000, such as 0.003.")),
                     [](const Recipe& recipe) { return rateText(recipe.learningRate); }, readRate});
    m_rows->addChoice({tr("schedule"), always(tr("How the learning rate changes over the run.")), isTrained},
                      optionsOf(kSchedules, &Recipe::schedule));
    m_rows->addInteger({tr("batch"), always(tr("How many images a step learns from.")), isTrained},
                       always(tr("Batch takes a whole number from 1 to 100,000.")), 1, kMostRounds, &Recipe::batch);
    m_rows->addInteger({tr("epochs"), always(tr("How often the run goes through all training images.")), isTrained},
                       always(tr("Epochs take a whole number from 1 to 100,000.")), 1, kMostRounds, &Recipe::epochs);
    const auto stopTip = tr("Ends the run after so many epochs without a better validation figure; 0 is off.");
    m_rows->addInteger({tr("early stop"), always(stopTip), isTrained},
                       always(tr("Early stop takes a whole number of epochs from 0 (off) to 100,000.")), 0, kMostRounds,
                       &Recipe::patience);
    m_rows->addText({tr("seed"), always(tr("The same seed gives the same run again.")), isTrained},
                    {always(tr("Seed takes a whole number from 0 to 18,446,744,073,709,551,615.")),
                     [](const Recipe& recipe) { return QString::number(recipe.seed); }, readSeed});
}

void SettingsPanel::showFoot() {
    const QString wrong = complaint();
    const QString text = !wrong.isEmpty() ? wrong : m_isRunning ? tr("Locked while training: Reset first.") : QString();
    setStyleProperty(*m_foot, "role", wrong.isEmpty() ? QStringLiteral("muted") : QStringLiteral("warning"));
    m_foot->setText(text);
    m_foot->setVisible(!text.isEmpty());
}

}  // namespace zwei
