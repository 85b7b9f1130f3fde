// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/measuring.h"

#include "app/session/background.h"
#include "models/eval/figures.h"
#include "models/eval/properties.h"

namespace zwei {
namespace {

constexpr auto kStrangeDataset = "kmnist";
constexpr int kLikelihoodImages = 1000;  // a person waits for it

std::string otherThan(const std::string& name, const std::vector<DatasetLocation>& datasets) {
    std::string other;
    for (const auto& set : datasets)
        if (set.name != name && !set.folder.empty() && (other.empty() || set.name == kStrangeDataset)) other = set.name;
    return other;
}

}  // namespace

Measuring::~Measuring() {
    if (m_stop) *m_stop = true;
    m_pool.waitForDone();
}

/// Runs `take(stop)`, which returns a Result, aside; `done` gets its value.
template <typename Take, typename Done>
void Measuring::begin(Take take, Done done) {
    using Answer = std::invoke_result_t<Take, const std::atomic<bool>&>;
    cancel();
    const auto stop = std::make_shared<std::atomic<bool>>(false);
    m_stop = stop;
    inBackground(
        m_pool, this, [take, stop] { return take(*stop); },
        [this, stop, done](const Answer& result) {
            if (stop != m_stop) return;  // cancelled, or begun anew
            m_stop = nullptr;
            Q_EMIT ended();
            if (!result) return Q_EMIT failed(QString::fromStdString(result.error()));
            done(*result);
        });
}

void Measuring::cancel() {
    if (!m_stop) return;
    *m_stop = true;
    m_stop = nullptr;
    Q_EMIT ended();
}

void Measuring::takeFigures(const Model& model, const DatasetPtr& data) {
    const auto tell = [this](const std::atomic<bool>* token, double share) {
        const auto deliver = [this, token, share] {
            if (token == m_stop.get()) Q_EMIT figuresProgressed(share);
        };
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
    };
    begin(
        [recipe = model.recipe, weights = model.weights, data, tell](const std::atomic<bool>& stop) {
            FigureOptions options;
            options.likelihoodImages = kLikelihoodImages;
            return measureFigures(recipe, *weights, *data, options, [&stop, &tell](double share) {
                tell(&stop, share);
                return !stop;
            });
        },
        [this](const Figures& figures) { Q_EMIT figuresReady(figures); });
}

void Measuring::takeProperties(const Model& model, const DatasetPtr& data, const std::vector<DatasetLocation>& datasets,
                               const std::vector<std::filesystem::path>& folders) {
    begin(
        [recipe = model.recipe, weights = model.weights, data, other = otherThan(data->name, datasets),
         folders](const std::atomic<bool>&) -> Result<PropertiesSnapshot> {
            DatasetPtr second;
            if (!other.empty()) {
                const auto loaded = loadDataset(other, folders);
                const bool isUsable = loaded && (!takesLabels(recipe) || (*loaded)->test.isLabelled());
                if (isUsable) second = *loaded;
            }
            return measureProperties(recipe, *weights, *data, second);
        },
        [this](const PropertiesSnapshot& properties) { Q_EMIT propertiesReady(properties); });
}

}  // namespace zwei
