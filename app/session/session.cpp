// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session.h"

#include <QFile>
#include <QFileInfo>
#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <numeric>

#include "models/types/reconstruction.h"

namespace zwei {
namespace {

constexpr auto kShippedModel = ":/models/mnist-vae.safetensors";
constexpr auto kFavouriteDataset = "mnist";

// The live view takes a share of one processor: it rests this many times as long as it worked.
constexpr double kRestPerWork = 3;
constexpr double kShortestRest = 0.08;  // seconds

/// Runs in another thread.
Result<Model> readShippedModel() {
    QFile file(kShippedModel);
    if (!file.open(QIODevice::ReadOnly)) return failure("The model that ships with Zwei cannot be read.");
    const auto bytes = file.readAll();
    return parseModel({bytes.begin(), bytes.end()}, "The model that ships with Zwei");
}

}  // namespace

Session::Session(std::vector<std::filesystem::path> dataFolders, QObject* parent)
    : QObject(parent), m_store(std::move(dataFolders)) {
    m_refreshTimer.setSingleShot(true);
    connect(&m_refreshTimer, &QTimer::timeout, &m_training, &TrainingSession::requestWeights);
    connect(&m_cursor, &LatentCursor::moved, &m_inference, &InferenceService::setCursor);
    connect(&m_store, &DatasetStore::loaded, this, &Session::setDataset);
    connect(&m_store, &DatasetStore::failed, this, [this](const QString&, const QString& sentence) {
        m_trainWhenLoaded = false;
        Q_EMIT failed(sentence);
        if (m_data) Q_EMIT datasetChanged(m_data);
    });
    connectTraining();
    connectInference();
}

void Session::connectTraining() {
    connect(&m_training, &TrainingSession::progressed, this, &Session::progressed);
    connect(&m_training, &TrainingSession::weightsPublished, this, &Session::takeWeights);
    connect(&m_training, &TrainingSession::epochFinished, this, [this](const EpochStatistics& epoch) {
        m_history.push_back(epoch);
        Q_EMIT historyChanged(m_history);
    });
    connect(&m_training, &TrainingSession::paused, this, [this] {
        setState(RunState::Paused);
        m_training.requestWeights();  // what is shown at rest is what there is
    });
    connect(&m_training, &TrainingSession::finished, this, [this](StopReason reason, const WeightsPtr& weights) {
        endRun(weights);
        Q_EMIT runEnded(reason);
    });
    connect(&m_training, &TrainingSession::failed, this, [this](const QString& sentence, const WeightsPtr& lastGood) {
        endRun(lastGood);
        Q_EMIT failed(sentence);
    });
}

void Session::connectInference() {
    connect(&m_inference, &InferenceService::pointReady, this, &Session::pointReady);
    connect(&m_inference, &InferenceService::gridReady, this, &Session::gridReady);
    connect(&m_inference, &InferenceService::reconstructionsReady, this, &Session::reconstructionsReady);
    connect(&m_inference, &InferenceService::codesReady, this, &Session::deliverCodes);
    connect(&m_inference, &InferenceService::refreshed, this, &Session::refreshLater);
    connect(&m_inference, &InferenceService::failed, this, &Session::failed);
}

void Session::begin(const QString& preferredDataset) {
    QtConcurrent::run(readShippedModel).then(this, [this](const Result<Model>& model) {
        if (!m_model.weights && m_state == RunState::Idle) adoptModel(model, tr("MNIST VAE, bundled"));
    });
    connect(&m_store, &DatasetStore::found, this,
            [this, preferredDataset](const std::vector<DatasetLocation>& datasets) {
                Q_EMIT datasetsFound(datasets);
                if (m_datasetWasChosen) return;
                const auto has = [&datasets](const QString& name) {
                    return std::any_of(datasets.begin(), datasets.end(),
                                       [&](const auto& set) { return set.hasTrain && set.name == name.toStdString(); });
                };
                const QString name = has(preferredDataset)    ? preferredDataset
                                     : has(kFavouriteDataset) ? QString::fromLatin1(kFavouriteDataset)
                                                              : QString::fromUtf8(kEmbeddedDataset);
                Q_EMIT datasetLoading(name);
                m_store.load(name);
            });
    m_store.search();
}

void Session::setState(RunState state) {
    if (state == m_state) return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void Session::setRecipe(const Recipe& recipe) {
    if (m_state != RunState::Idle) return;
    m_recipe = recipe;
    Q_EMIT recipeChanged(m_recipe);
}

void Session::setBeta(double beta) {
    m_recipe.beta = beta;
    m_training.setBeta(beta);
}

void Session::selectDataset(const QString& name) {
    m_datasetWasChosen = true;
    Q_EMIT datasetLoading(name);
    m_store.load(name);
}

void Session::setDataset(const DatasetPtr& dataset) {
    m_data = dataset;
    Q_EMIT datasetChanged(m_data);
    m_inference.setImages(m_data);
    m_reconstructions = firstIndices(m_reconstructionCount, m_data->test.images.count);
    m_inference.setReconstructions(m_reconstructions);
    // The map that came with the model stays until the person asks for another data set: offline, the first start
    // shows MNIST's codes although MNIST is not on this machine.
    const bool isOwn = m_model.dataset == m_data->name;
    if (m_model.weights && m_state == RunState::Idle && (isOwn || m_datasetWasChosen || !m_model.testCodes))
        showModel(m_data);
    if (std::exchange(m_trainWhenLoaded, false)) train();
}

void Session::openModel(const QString& file) {
    QtConcurrent::run([path = file.toStdString()] {
        return loadModel(path);
    }).then(this, [this, name = QFileInfo(file).fileName()](const Result<Model>& model) {
        if (m_state == RunState::Idle)
            adoptModel(model, name);
        else
            Q_EMIT failed(tr("A model can be opened when no training is under way: Reset first."));
    });
}

void Session::adoptModel(const Result<Model>& model, const QString& name) {
    if (!model) return Q_EMIT failed(QString::fromStdString(model.error()));
    m_model = *model;
    m_history = m_model.history;
    m_info = {name, false, QString::fromStdString(m_model.dataset), m_model.recipe};
    m_cursor.setDimensions(m_model.recipe.latentSize);
    const bool isOwn = m_data && m_model.dataset == m_data->name;
    showModel(isOwn || !m_model.testCodes ? m_data : nullptr);
    Q_EMIT modelChanged(m_info);
    Q_EMIT historyChanged(m_history);
}

/// Computes all views of the model in force; `mapped` has the test images of the map.
void Session::showModel(DatasetPtr mapped) {
    m_mapped = std::move(mapped);
    m_inference.setModel(m_model.recipe, m_model.weights, m_mapped, m_model.testCodes);
    m_inference.setCursor(m_cursor.position());
}

void Session::saveModel(const QString& file) {
    if (!m_model.weights) return;
    auto model = m_model;
    model.history = m_history;
    QtConcurrent::run([model, path = file.toStdString()] {
        return zwei::saveModel(path, model);
    }).then(this, [this, file, weights = model.weights](const Result<void>& result) {
        if (!result) return Q_EMIT failed(QString::fromStdString(result.error()));
        m_info.name = QFileInfo(file).fileName();
        m_info.isModified = weights != m_model.weights;
        Q_EMIT modelChanged(m_info);
        Q_EMIT saved(file);
    });
}

TrainingJob Session::job() const { return {m_recipe, m_data, Device::Auto, 0}; }

void Session::train() {
    if (m_state == RunState::Paused) {
        m_training.requestResume();
        setState(RunState::Running);
        m_training.requestWeights();
    } else if (m_state == RunState::Idle) {
        startRun(0);
    }
}

void Session::pause() {
    if (m_state == RunState::Running) m_training.requestPause();
}

void Session::step() {
    if (m_state == RunState::Idle)
        startRun(1);
    else if (m_state == RunState::Paused)
        m_training.requestStep();
    else
        m_training.requestPause();
}

void Session::startRun(int steps) {
    if (!m_data) {
        m_trainWhenLoaded = steps == 0;
        return;
    }
    beginFreshModel();
    setState(RunState::Running);
    m_training.start(job(), steps);
}

void Session::reset() {
    if (!m_data) return;
    m_refreshTimer.stop();
    beginFreshModel();
    m_training.reset(job());
    setState(RunState::Idle);
}

/// A run starts over: its views are those of its own model from the first weights on.
void Session::beginFreshModel() {
    m_isFresh = true;
    m_history.clear();
    Q_EMIT historyChanged(m_history);
}

void Session::takeWeights(const WeightsPtr& weights) {
    m_model.weights = weights;
    if (std::exchange(m_isFresh, false)) {
        m_model = Model{m_recipe, weights, m_data->name, {}, nullptr, {}};
        m_info = {tr("unsaved model"), true, QString::fromStdString(m_data->name), m_recipe};
        m_cursor.setDimensions(m_recipe.latentSize);
        showModel(m_data);
        Q_EMIT modelChanged(m_info);
        return;
    }
    const auto coverage =
        m_state == RunState::Running ? InferenceService::Coverage::SomeCodes : InferenceService::Coverage::AllCodes;
    m_inference.setWeights(weights, coverage);
}

void Session::endRun(const WeightsPtr& weights) {
    m_refreshTimer.stop();
    setState(RunState::Idle);
    if (weights) takeWeights(weights);
}

void Session::refreshLater(double cost) {
    if (m_state != RunState::Running) return;
    m_refreshTimer.start(
        std::chrono::milliseconds(static_cast<int>(1000 * std::max(kShortestRest, kRestPerWork * cost))));
}

void Session::deliverCodes(const CodesPtr& codes) {
    MappedCodes mapped{codes, m_model.testLabels, nullptr, m_info.dataset};
    if (m_mapped) {
        mapped.labels = m_mapped->test.labels;
        mapped.images = std::shared_ptr<const ImageBatch>(m_mapped, &m_mapped->test.images);
        mapped.dataset = QString::fromStdString(m_mapped->name);
    }
    Q_EMIT codesReady(mapped);
}

void Session::setReconstructionCount(int count) {
    m_reconstructionCount = std::max(1, count);
    requestReconstructions();
}

void Session::drawOtherImages() {
    m_reconstructions.clear();
    requestReconstructions();
}

/// As many images as fit, of which those that are shown already stay.
void Session::requestReconstructions() {
    if (!m_data) return;
    const int available = m_data->test.images.count;
    std::uniform_int_distribution<int> any(0, available - 1);
    while (std::ssize(m_reconstructions) < m_reconstructionCount) m_reconstructions.push_back(any(m_random));
    m_inference.setReconstructions({m_reconstructions.begin(), m_reconstructions.begin() + m_reconstructionCount});
}

}  // namespace zwei
