// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session.h"

#include <QFileInfo>
#include <algorithm>

#include "app/session/background.h"
#include "app/session/trained_models.h"
#include "models/types/presets.h"
#include "models/types/reconstruction.h"

namespace zwei {
namespace {

constexpr auto kFirstModel = "vae";
constexpr auto kFavouriteDataset = "mnist";

// Five live pictures a second, of which each waits some milliseconds for the end of a batch; fewer where each is so
// much work that they would take more than a fourth of one processor.
constexpr double kPictureEvery = 0.192;  // seconds
constexpr double kRestPerWork = 3;

constexpr std::chrono::seconds kAutosaveEvery{60};

/// The one the person had last, else MNIST, else the embedded digits.
QString bestOf(const std::vector<DatasetLocation>& datasets, const QString& preferred) {
    const auto has = [&datasets](const QString& name) {
        return std::any_of(datasets.begin(), datasets.end(),
                           [&](const auto& set) { return set.hasTrain && set.name == name.toStdString(); });
    };
    if (has(preferred)) return preferred;
    return has(kFavouriteDataset) ? QString::fromLatin1(kFavouriteDataset) : QString::fromUtf8(kEmbeddedDataset);
}

QString trainedModelTitle(const QString& id) {
    for (const auto& preset : presets())
        if (id == QLatin1String(preset.id.data(), static_cast<qsizetype>(preset.id.size())))
            return Session::tr("%1, trained").arg(QString::fromUtf8(preset.title));
    return id;
}

}  // namespace

Session::Session(std::vector<std::filesystem::path> dataFolders, const QString& autosaves, QObject* parent)
    : QObject(parent),
      m_newDatasets(folderForNewDatasets(dataFolders)),
      m_store(std::move(dataFolders)),
      m_autosave(autosaves),
      m_inference(m_processors),
      m_eventWork(m_processors) {
    m_writing.setMaxThreadCount(1);
    connect(&m_autosaveTimer, &QTimer::timeout, &m_training, &TrainingSession::requestState);
    connect(&m_autosave, &Autosave::found, this, &Session::runFound);
    connect(&m_autosave, &Autosave::failed, this, &Session::failed);
    m_refreshTimer.setSingleShot(true);
    connect(&m_refreshTimer, &QTimer::timeout, &m_training, &TrainingSession::requestWeights);
    connect(&m_cursor, &LatentCursor::moved, &m_inference, &InferenceService::setCursor);
    connect(&m_store, &DatasetStore::loaded, this, &Session::setDataset);
    connect(&m_store, &DatasetStore::failed, this, &Session::loseDataset);
    connect(&m_store, &DatasetStore::adopted, this, [this](const QString& name, const QString& folder) {
        Q_EMIT dataFolderOpened(folder);
        searchDatasets(name);
    });
    connect(&m_store, &DatasetStore::folderProgressed, this, &Session::folderProgressed);
    connect(&m_store, &DatasetStore::folderRead, this, [this](const ImageFolder& folder) {
        m_folders[QString::fromStdString(folder.dataset->name)] = folder.dataset;
        Q_EMIT folderRead(folder);
    });
    connect(&m_store, &DatasetStore::cancelled, this, [this] {
        m_isLoading = false;
        m_wishedSteps.reset();
        if (!m_data) return loadDataset(QString::fromUtf8(kEmbeddedDataset));
        Q_EMIT datasetChanged(m_data);
    });
    connectTraining();
    connectInference();
    connect(&m_measuring, &Measuring::figuresProgressed, this, &Session::figuresProgressed);
    connect(&m_measuring, &Measuring::figuresReady, this, &Session::figuresReady);
    connect(&m_measuring, &Measuring::propertiesReady, this, &Session::propertiesReady);
    connect(&m_measuring, &Measuring::ended, this, &Session::measuringEnded);
    connect(&m_measuring, &Measuring::failed, this, &Session::failed);
}

// What is under way must not answer somebody who is gone.
Session::~Session() { m_pool.waitForDone(); }

void Session::connectTraining() {
    connect(&m_training, &TrainingSession::progressed, this, &Session::progressed);
    connect(&m_training, &TrainingSession::weightsPublished, this, &Session::takeWeights);
    connect(&m_training, &TrainingSession::stateCaptured, this, &Session::takeState);
    connect(&m_training, &TrainingSession::epochFinished, this, [this](const EpochStatistics& epoch) {
        m_history.push_back(epoch);
        Q_EMIT historyChanged(m_history);
    });
    connect(&m_training, &TrainingSession::paused, this, [this] {
        setState(RunState::Paused);
        m_training.requestState();  // what is shown and kept at rest is what there is
    });
    connect(&m_training, &TrainingSession::finished, this, [this](StopReason reason, const TrainingOutcome& outcome) {
        endRun(outcome);
        Q_EMIT runEnded(reason);
    });
    connect(&m_training, &TrainingSession::failed, this,
            [this](const QString& sentence, const TrainingOutcome& outcome) {
                endRun(outcome);
                Q_EMIT failed(sentence);
            });
}

void Session::connectInference() {
    connect(&m_inference, &InferenceService::pointReady, this, &Session::pointReady);
    connect(&m_inference, &InferenceService::gridReady, this, &Session::gridReady);
    connect(&m_inference, &InferenceService::reconstructionsReady, this, &Session::reconstructionsReady);
    connect(&m_inference, &InferenceService::codesReady, this, &Session::deliverCodes);
    connect(&m_inference, &InferenceService::dreamReady, this, &Session::dreamReady);
    connect(&m_inference, &InferenceService::refreshed, this, &Session::refreshLater);
    connect(&m_inference, &InferenceService::failed, this, &Session::failed);
}

void Session::begin(const QString& preferredDataset) {
    inBackground(
        m_pool, this, [] { return readTrainedModel(kFirstModel); },
        [this](const Result<Model>& model) {
            if (m_model.weights || m_state != RunState::Idle) return;
            const auto remembered = m_recipe;
            adoptModel(model, trainedModelTitle(QString::fromLatin1(kFirstModel)));
            setRecipe(remembered);
        });
    connect(&m_store, &DatasetStore::found, this,
            [this, preferredDataset](const std::vector<DatasetLocation>& datasets) {
                m_datasets = datasets;
                Q_EMIT datasetsFound(datasets);
                if (const auto chosen = std::exchange(m_selectWhenFound, {});
                    !chosen.isEmpty() && m_state == RunState::Idle)
                    return selectDataset(chosen);
                if (!m_datasetWasChosen && !m_data) loadDataset(bestOf(datasets, preferredDataset));
            });
    m_store.search();
    m_autosave.search();
}

void Session::setState(RunState state) {
    if (state == m_state) return;
    m_state = state;
    if (state == RunState::Running)
        m_autosaveTimer.start(kAutosaveEvery);
    else
        m_autosaveTimer.stop();
    Q_EMIT stateChanged(state);
}

void Session::setRecipe(const Recipe& recipe) {
    if (m_state != RunState::Idle) return;
    m_recipe = recipe;
    Q_EMIT recipeChanged(m_recipe);
    tellContinuation();
}

void Session::setBeta(double beta) {
    m_recipe.beta = beta;
    m_training.setBeta(beta);
    if (m_state == RunState::Idle || m_isFresh) return;
    m_model.recipe.beta = beta;
    m_info.recipe.beta = beta;
}

void Session::selectDataset(const QString& name) {
    m_datasetWasChosen = true;
    if (const auto folder = m_folders.find(name); folder != m_folders.end()) {
        m_store.forget();
        return setDataset(folder->second);
    }
    loadDataset(name);
}

void Session::searchDatasets(const QString& thenSelect) {
    m_selectWhenFound = thenSelect;
    m_store.search();
}

void Session::openDataFolder(const QString& folder) {
    m_datasetWasChosen = true;
    m_isLoading = true;
    Q_EMIT datasetLoading(QFileInfo(folder).fileName());
    m_store.adopt(folder);
}

void Session::openFolder(const QString& folder) {
    m_datasetWasChosen = true;
    m_isLoading = true;
    Q_EMIT datasetLoading(QFileInfo(folder).fileName());
    m_store.loadFolder(folder);
}

void Session::loadDataset(const QString& name) {
    m_isLoading = true;
    Q_EMIT datasetLoading(name);
    m_store.load(name);
}

void Session::loseDataset(const QString& name, const QString& sentence) {
    m_isLoading = false;
    m_wishedSteps.reset();
    Q_EMIT failed(sentence);
    const auto embedded = QString::fromUtf8(kEmbeddedDataset);
    if (m_data)
        Q_EMIT datasetChanged(m_data);
    else if (name != embedded)
        loadDataset(embedded);
}

void Session::setDataset(const DatasetPtr& dataset) {
    m_isLoading = false;
    m_data = dataset;
    Q_EMIT datasetChanged(m_data);
    m_inference.setImages(m_data);
    m_shownImages = nullptr;
    m_reconstructions = firstIndices(m_reconstructionCount, m_data->test.images.count);
    m_inference.setReconstructions(m_reconstructions);
    // The map that came with the model stays until the person asks for another data set: offline, the first start
    // shows MNIST's codes although MNIST is not on this machine.
    const bool isOwn = m_model.dataset == m_data->name;
    if (m_model.weights && m_state == RunState::Idle && (isOwn || m_datasetWasChosen || !m_model.testCodes))
        showModel(m_data);
    tellContinuation();
    if (const auto steps = std::exchange(m_wishedSteps, std::nullopt); steps && m_state == RunState::Idle)
        startRun(*steps);
}

void Session::openModel(const QString& file) {
    open([path = file.toStdString()] { return loadModel(path); }, QFileInfo(file).fileName(), file);
}

void Session::openTrainedModel(const QString& id) {
    open([id] { return readTrainedModel(id.toStdString()); }, trainedModelTitle(id));
}

bool Session::mayOpen() {
    if (m_state == RunState::Idle) return true;
    Q_EMIT failed(tr("A model can be opened when no training is under way: Reset first."));
    return false;
}

/// In place of the model that is in force now: what has been learnt while the file was read stays.
void Session::open(const std::function<Result<Model>()>& load, const QString& name, const QString& file) {
    if (!mayOpen()) return;
    inBackground(m_pool, this, load, [this, name, file, before = m_model.weights](const Result<Model>& model) {
        if (!mayOpen()) return;
        if (hasUnsaved() && m_model.weights != before)
            return Q_EMIT failed(tr("%1 was not opened: what has been learnt meanwhile is not saved.").arg(name));
        adoptModel(model, name, file);
    });
}

void Session::adoptModel(const Result<Model>& model, const QString& name, const QString& file) {
    if (!model) return Q_EMIT failed(QString::fromStdString(model.error()));
    m_training.abandon();
    m_autosave.forget();
    m_learning.invalidate();
    m_isFresh = false;
    ++m_modelNumber;
    m_model = *model;
    m_history = m_model.history;
    setRecipe(m_model.recipe);
    m_info = {name, false, QString::fromStdString(m_model.dataset), m_model.recipe, file};
    const bool isOwn = m_data && m_model.dataset == m_data->name;
    showModel(isOwn || !m_model.testCodes ? m_data : nullptr);
    Q_EMIT modelChanged(m_info);
    Q_EMIT historyChanged(m_history);
    tellContinuation();
}

void Session::openLeftRun(const LeftRun& run) {
    if (!mayOpen()) return;
    adoptModel(run.model, tr("recovered model"));
    m_autosave.adopt(run);
    m_info.isModified = true;
    Q_EMIT modelChanged(m_info);
    const auto isItsOwn = [this](const auto& set) { return set.hasTrain && set.name == m_model.dataset; };
    const auto name = QString::fromStdString(m_model.dataset);
    if (std::any_of(m_datasets.begin(), m_datasets.end(), isItsOwn)) return selectDataset(name);
    Q_EMIT failed(
        tr("%1 is not open: the model can be looked at and saved, and goes on training once it is.").arg(name));
}

bool Session::canContinue() const {
    const auto& state = m_model.state;
    return !m_isFresh && state && m_data && m_data->name == state->dataset && continues(*state, m_recipe) &&
           state->epoch < m_recipe.epochs;
}

void Session::tellContinuation() {
    const bool isOpen = m_state == RunState::Idle && canContinue();
    Q_EMIT continuationChanged(isOpen ? std::optional(m_model.state->epoch) : std::nullopt);
}

/// Computes all views of the model in force; `mapped` has the test images of the map.
void Session::showModel(DatasetPtr mapped) {
    m_mapped = std::move(mapped);
    if (m_mapped && takesLabels(m_model.recipe) && !m_mapped->test.isLabelled()) {
        Q_EMIT failed(tr("This model is given the label of each image, and those of %1 have none.")
                          .arg(QString::fromStdString(m_mapped->name)));
        m_mapped = nullptr;
    }
    m_measuring.cancel();
    const int size = m_model.recipe.latentSize;
    if (m_axes.x >= size || m_axes.y >= size) m_axes = MapAxes();
    if (size > 2 && m_axes == MapAxes()) m_axes.isPrincipal = true;
    if (size <= 2) m_axes = MapAxes();
    // First of all: a cursor of another size is nothing to ask the old model about.
    m_inference.setModel(m_model.recipe, m_model.weights, m_mapped, m_model.testCodes);
    m_inference.setAxes(m_axes);
    m_cursor.setDimensions(size);
    m_inference.setCursor(m_cursor.position());
    setPlane(MapPlane::ofDimensions(size, m_axes.x, m_axes.y));
    applyNoise();
    Q_EMIT modelReplaced();
}

void Session::saveModel(const QString& file) {
    if (!m_model.weights) return;
    if (!m_training.isRunning() || m_isFresh) return writeModel(file);
    m_saveTo += file;  // once the thread of the run has told where it is
    m_training.requestState();
}

void Session::savePending() {
    for (const auto& file : std::exchange(m_saveTo, {})) writeModel(file);
}

void Session::writeModel(const QString& file) {
    auto model = m_model;
    model.history = m_history;
    inBackground(
        m_writing, this, [model, path = file.toStdString()] { return zwei::saveModel(path, model); },
        [this, file, number = m_modelNumber, step = model.weights->step](const Result<void>& result) {
            Q_EMIT saveEnded(file, result.has_value());
            if (!result) return Q_EMIT failed(QString::fromStdString(result.error()));
            Q_EMIT saved(file);
            if (number != m_modelNumber) return;  // another model has come meanwhile
            m_info.name = QFileInfo(file).fileName();
            m_info.file = file;
            m_info.isModified = step != m_model.weights->step;
            if (!m_info.isModified) m_autosave.forget();
            Q_EMIT modelChanged(m_info);
        });
}

TrainingJob Session::job() const { return {m_recipe, m_data, Device::Auto, 0, nullptr, m_processors}; }

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
    if (m_isLoading || !m_data) {
        m_wishedSteps = steps;
        return;
    }
    m_job = job();
    if (canContinue()) {
        m_job.from = m_model.state;
        m_model.recipe = m_info.recipe = m_recipe;
        m_history = m_job.from->history;
        Q_EMIT historyChanged(m_history);
    } else {
        m_isFresh = true;
    }
    setState(RunState::Running);
    m_training.start(m_job, steps);
}

void Session::reset() {
    m_wishedSteps.reset();
    if (!m_data) return;
    savePending();
    m_refreshTimer.stop();
    m_isFresh = true;
    m_job = job();
    m_training.reset(m_job);
    setState(RunState::Idle);
    tellContinuation();
    Q_EMIT wasReset();
}

void Session::takeWeights(const WeightsPtr& weights) {
    if (std::exchange(m_isFresh, false)) return beginModel(weights);
    const auto coverage =
        m_state == RunState::Running ? InferenceService::Coverage::SomeCodes : InferenceService::Coverage::AllCodes;
    m_inference.setWeights(weights, coverage);
    m_sincePicture.start();
    // The weights of a pause are those of its last batch, published once more.
    const bool isNewer = weights->step != m_model.weights->step;
    m_model.weights = weights;
    if (isNewer) {
        m_model.testCodes = nullptr;  // of the weights that are left behind
        m_model.testLabels.clear();
        m_measuring.cancel();
        Q_EMIT weightsChanged();
    }
    if (isNewer && !m_info.isModified) {
        m_info.isModified = true;
        Q_EMIT modelChanged(m_info);
    }
}

void Session::takeState(const TrainingStatePtr& state) {
    m_model.state = state;
    m_model.recipe = state->recipe;
    takeWeights(state->weights);
    savePending();
    m_autosave.keep(checkpointOf(state));
}

/// The first weights of a run, or of a reset: from here on the views are those of its own model.
void Session::beginModel(const WeightsPtr& weights) {
    ++m_modelNumber;
    m_autosave.forget();
    m_learning.start();
    const auto dataset = QString::fromStdString(m_job.data->name);
    m_model = Model{m_job.recipe, weights, m_job.data->name, {}, nullptr, {}};
    m_model.recipe.beta = m_recipe.beta;
    m_info = {tr("unsaved model"), true, dataset, m_model.recipe, {}};
    m_history.clear();
    showModel(m_job.data);
    Q_EMIT modelChanged(m_info);
    Q_EMIT historyChanged(m_history);
    tellContinuation();
}

void Session::endRun(const TrainingOutcome& outcome) {
    m_refreshTimer.stop();
    setState(RunState::Idle);
    m_isFresh = false;
    if (outcome.weights) {
        m_history = outcome.history;
        Q_EMIT historyChanged(m_history);
        takeWeights(outcome.weights);
        m_model.state = outcome.state;
        m_model.history = m_history;
        m_autosave.keep(m_model);
    } else if (m_job.from) {  // which could not go on with these images: it can with its own
        m_history = m_model.state->history;
        Q_EMIT historyChanged(m_history);
    }
    savePending();
    tellContinuation();
}

void Session::refreshLater(double cost) {
    if (m_state != RunState::Running) return;
    const double since = m_sincePicture.isValid() ? static_cast<double>(m_sincePicture.elapsed()) / 1000 : 0;
    const double rest = std::max(kPictureEvery - since, kRestPerWork * cost);
    m_refreshTimer.start(std::chrono::milliseconds(static_cast<int>(1000 * rest)));
}

void Session::deliverCodes(const MapOfCodes& map) {
    MappedCodes mapped{map.codes, map.flat, map.plane, m_model.testLabels, nullptr, m_info.dataset};
    if (m_mapped) {
        mapped.labels = m_mapped->test.labels;
        mapped.images = std::shared_ptr<const ImageBatch>(m_mapped, &m_mapped->test.images);
        mapped.dataset = QString::fromStdString(m_mapped->name);
    }
    setPlane(map.plane);
    Q_EMIT codesReady(mapped);
}

void Session::setPlane(const MapPlane& plane) {
    if (plane == m_plane) return;
    m_plane = plane;
    Q_EMIT planeChanged(plane);
}

void Session::setAxes(const MapAxes& axes) {
    m_axes = axes;
    m_inference.setAxes(axes);
}

void Session::moveOnMap(double x, double y) { m_cursor.moveTo(m_plane.moved(m_cursor.position(), {x, y})); }

void Session::setNoiseLevel(double level) {
    m_noiseLevel = level;
    applyNoise();
}

/// The level that the person chose, or the middle of what the model learnt from.
void Session::applyNoise() {
    const auto& recipe = m_model.recipe;
    const double level = m_noiseLevel.value_or((recipe.noiseLeast + recipe.noiseMost) / 2);
    const Noise noise{recipe.noise, level, recipe.noiseMean};
    m_inference.setNoise(noise);
    Q_EMIT noiseChanged(recipe.input == Input::Noisy ? std::optional(noise) : std::nullopt);
}

void Session::dream(int count) {
    m_dream = {count, m_random()};
    m_inference.dream(m_dream);
}

void Session::setLabel(int label) {
    m_label = label;
    m_inference.setLabel(label);
    Q_EMIT labelChanged(label);
}

/// What figures are taken on: the model's own data where it is here, else what there is; null: none can be taken.
DatasetPtr Session::measuredDataset() {
    if (m_state == RunState::Running) {
        Q_EMIT failed(tr("The weights change as long as a training runs: Pause first."));
        return nullptr;
    }
    if (!m_model.weights) return nullptr;
    return m_mapped ? m_mapped : m_data;
}

void Session::measureFigures() {
    const auto data = measuredDataset();
    if (!data) return Q_EMIT measuringEnded();
    m_measuring.takeFigures(m_model, data);
}

void Session::measureProperties() {
    const auto data = measuredDataset();
    if (!data) return Q_EMIT measuringEnded();
    m_measuring.takeProperties(m_model, data, m_datasets, m_store.folders());
}

void Session::setReconstructionCount(int count) {
    m_reconstructionCount = std::max(1, count);
    requestReconstructions();
}

void Session::drawOtherImages() {
    m_reconstructions.clear();
    requestReconstructions();
}

void Session::reconstructOwn(const ImageBatch& image) {
    if (!m_data) return;
    auto shown = std::make_shared<Dataset>();
    shown->test = m_shownImages ? m_shownImages->test : m_data->test;
    auto& images = shown->test.images;
    images.pixels.insert(images.pixels.end(), image.pixels.begin(), image.pixels.end());
    if (shown->test.isLabelled()) shown->test.labels.push_back(static_cast<std::uint8_t>(m_label));
    m_reconstructions.insert(m_reconstructions.begin(), images.count++);
    m_shownImages = shown;
    m_inference.setImages(m_shownImages);
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
