// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/inference_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "models/eval/code_space.h"
#include "models/eval/comparison.h"
#include "models/eval/neighbours.h"
#include "models/nn/inference_engine.h"
#include "models/runtime/environment.h"
#include "models/types/latent_grid.h"
#include "models/types/reconstruction.h"

namespace zwei {
namespace {

constexpr int kNearest = 6;
constexpr int kEncodeChunk = 500;  // images between two looks at the inbox: a moved slider never waits for more
constexpr int kJittered = 6;
constexpr std::uint64_t kInputSeed = 5;   // of the noise on the images that are shown
constexpr std::uint64_t kJitterSeed = 8;  // and on the code: a slider that moves makes the same noise stronger
constexpr int kRollingShare = 10;         // of the test images, one in so many is encoded anew at a live refresh

struct NewModel {
    Recipe recipe;
    WeightsPtr weights;
    DatasetPtr data;
    CodesPtr storedCodes;
    int id = 0;
};

struct NewWeights {
    WeightsPtr weights;
    bool allCodes = false;
};

}  // namespace

/// What the GUI thread has asked for and the worker has not yet taken.
struct InferenceService::Inbox {
    bool quit = false;
    std::optional<NewModel> model;
    std::optional<NewWeights> weights;
    std::optional<DatasetPtr> images;
    std::optional<GridRequest> grid;
    std::optional<MapAxes> axes;
    std::optional<std::vector<double>> cursor;
    std::optional<int> label;
    std::optional<double> jitter;
    std::optional<std::vector<int>> reconstructions;
    std::optional<std::optional<Noise>> noise;
    std::optional<DreamRequest> dream;
};

/// The inference thread's side: it owns the network and all that is derived from its weights.
class InferenceService::Worker {
public:
    explicit Worker(InferenceService& service)
        : m_service(service), m_use(service.m_processors, ProcessorUse::By::Other) {}
    void run();

private:
    bool takeInbox(bool takesWeights);
    void takeWishes(Inbox wishes);
    void moveCursor(const std::vector<double>& position);
    void adopt(const NewModel& model);
    void invalidate(bool allCodes);
    void giveUp(const QString& sentence);
    int imageCount() const { return m_data ? m_data->test.images.count : 0; }
    bool hasWork() const;
    void doNext();
    void answerPoint();
    void answerGrid();
    void answerReconstructions();
    void answerCodes();
    void answerDream();
    void encodeChunk();
    void finishRefresh();
    template <typename Signal, typename Answer>
    void post(Signal signal, Answer answer);
    std::vector<float> gridCodes() const;
    std::vector<int> nearestImages(const std::vector<double>& z) const;
    ImageBatch jitteredImages(const std::vector<double>& z);
    CodesPtr codesInForce() const { return m_data ? std::make_shared<const Codes>(m_codes) : m_storedCodes; }

    InferenceService& m_service;
    ProcessorUse m_use;
    std::optional<InferenceEngine> m_engine;
    DatasetPtr m_data;    // whose test images are encoded
    ImageBatch m_inputs;  // what the model is fed for these
    DatasetPtr m_images;  // whose test images are reconstructed
    CodesPtr m_storedCodes;
    ViewRequest m_wanted;
    int m_model = 0;

    bool m_pointDue = false;
    bool m_isPointAwaited = false;  // by whoever moves a slider, and not only by the picture
    bool m_gridDue = false;
    bool m_reconstructionsDue = false;
    bool m_codesDue = false;
    bool m_dreamDue = false;
    bool m_refreshDue = false;
    std::vector<std::function<void()>> m_picture;  // answers of the refresh, which reach the window together
    Codes m_codes;                                 // of all test images, some by older weights of a live training
    int m_nextImage = 0;                           // to encode
    int m_imagesLeft = 0;                          // to encode before the codes are answered
    CodesPtr m_mappedCodes;                        // those on the map; none where some are not finite
    MapPlane m_plane;
    double m_spent = 0;  // seconds on the weights in force
};

InferenceService::InferenceService(std::shared_ptr<SharedProcessors> processors, QObject* parent)
    : QObject(parent), m_inbox(std::make_unique<Mailbox<Inbox>>()), m_processors(std::move(processors)) {
    m_thread = std::thread([this] { Worker(*this).run(); });
}

InferenceService::~InferenceService() {
    m_inbox->change([](Inbox& inbox) { inbox.quit = true; });
    m_thread.join();
}

template <typename Event>
void InferenceService::post(int model, Event event) {
    QMetaObject::invokeMethod(
        this,
        [this, model, event = std::move(event)] {
            if (model == m_model) event();
        },
        Qt::QueuedConnection);
}

void InferenceService::setModel(const Recipe& recipe, WeightsPtr weights, DatasetPtr data, CodesPtr storedCodes) {
    ++m_model;
    m_inbox->change([&](Inbox& inbox) {
        inbox.model = NewModel{recipe, std::move(weights), std::move(data), std::move(storedCodes), m_model};
        inbox.weights.reset();
    });
}

void InferenceService::setWeights(WeightsPtr weights, Coverage coverage) {
    m_inbox->change([&](Inbox& inbox) {
        const bool allCodes = coverage == Coverage::AllCodes || (inbox.weights && inbox.weights->allCodes);
        inbox.weights = NewWeights{std::move(weights), allCodes};
    });
}

void InferenceService::setImages(DatasetPtr imagesToReconstruct) {
    m_inbox->change([&](Inbox& inbox) { inbox.images = std::move(imagesToReconstruct); });
}

void InferenceService::setGrid(const GridRequest& request) {
    m_inbox->change([&](Inbox& inbox) { inbox.grid = request; });
}

void InferenceService::setCursor(const std::vector<double>& position) {
    m_inbox->change([&](Inbox& inbox) { inbox.cursor = position; });
}

void InferenceService::setAxes(const MapAxes& axes) {
    m_inbox->change([&](Inbox& inbox) { inbox.axes = axes; });
}

void InferenceService::setLabel(int label) {
    m_inbox->change([&](Inbox& inbox) { inbox.label = label; });
}

void InferenceService::setJitter(double deviation) {
    m_inbox->change([&](Inbox& inbox) { inbox.jitter = deviation; });
}

void InferenceService::setReconstructions(const std::vector<int>& indices) {
    m_inbox->change([&](Inbox& inbox) { inbox.reconstructions = indices; });
}

void InferenceService::setNoise(const std::optional<Noise>& noise) {
    m_inbox->change([&](Inbox& inbox) { inbox.noise = noise; });
}

void InferenceService::dream(const DreamRequest& request) {
    m_inbox->change([&](Inbox& inbox) { inbox.dream = request; });
}

void InferenceService::Worker::run() {
    const int threads = defaultThreads();
    for (;;) {
        try {
            m_use.setWorking(m_engine && hasWork());
            if (!takeInbox(!m_refreshDue)) return;
            m_use.setWorking(true);
            setInferenceThreads(m_use.threadsOf(threads), 1);
            if (m_engine && hasWork()) doNext();
        } catch (const std::exception& error) {  // LibTorch's, and want of memory
            giveUp(QString::fromUtf8(error.what()).section(QLatin1Char('\n'), 0, 0));
        }
    }
}

/// Waits for something to do and takes what has come. Newer weights stay in the inbox until the views have all been
/// served with those in force, so that each picture of a training is complete. False: it is time to quit.
bool InferenceService::Worker::takeInbox(bool takesWeights) {
    const bool isBusy = m_engine && hasWork();
    auto& inbox = *m_service.m_inbox;
    auto wishes = isBusy ? inbox.take(Mailbox<Inbox>::Clock::now()) : inbox.take();
    if (wishes.quit) return false;
    if (!takesWeights && !wishes.model)
        if (auto early = std::exchange(wishes.weights, std::nullopt))
            inbox.change([&early](Inbox& later) {
                if (later.weights)
                    later.weights->allCodes |= early->allCodes;
                else if (!later.model)
                    later.weights = std::move(early);
            });
    takeWishes(std::move(wishes));
    return true;
}

void InferenceService::Worker::takeWishes(Inbox wishes) {
    if (wishes.images) m_images = *wishes.images;
    if (wishes.grid) m_wanted.grid = *wishes.grid;
    if (wishes.axes) m_wanted.axes = *wishes.axes;
    if (wishes.label) m_wanted.label = *wishes.label;
    if (wishes.jitter) m_wanted.jitter = *wishes.jitter;
    if (wishes.reconstructions) m_wanted.reconstructions = *wishes.reconstructions;
    if (wishes.noise) m_wanted.noise = *wishes.noise;
    if (wishes.dream) m_wanted.dream = *wishes.dream;
    if (wishes.cursor) moveCursor(*wishes.cursor);
    m_gridDue |= wishes.grid.has_value();
    if (wishes.label || wishes.jitter) m_pointDue = m_isPointAwaited = true;
    m_codesDue |= wishes.axes.has_value();
    m_reconstructionsDue |= wishes.images || wishes.reconstructions || wishes.noise;
    m_dreamDue |= wishes.dream.has_value();
    if (wishes.model) adopt(*wishes.model);
    if (wishes.weights && m_engine && m_engine->load(*wishes.weights->weights)) invalidate(wishes.weights->allCodes);
}

/// In a code wider than the plane, what of the cursor lies outside of it says where the plane of the grid is.
void InferenceService::Worker::moveCursor(const std::vector<double>& position) {
    const auto outside = [this](const std::vector<double>& z) { return m_plane.moved(z, {0, 0}); };
    const auto isNear = [](double a, double b) { return std::abs(a - b) < 1e-9; };
    const auto before = outside(m_wanted.cursor);
    const auto after = outside(position);
    m_gridDue |=
        m_wanted.grid.hasRowALabel || !std::equal(before.begin(), before.end(), after.begin(), after.end(), isNear);
    m_wanted.cursor = position;
    m_pointDue = m_isPointAwaited = true;
}

void InferenceService::Worker::adopt(const NewModel& model) {
    m_model = model.id;
    m_picture.clear();  // of the model before
    m_data = model.data;
    m_storedCodes = model.storedCodes;
    m_wanted.cursor.resize(static_cast<std::size_t>(model.recipe.latentSize));
    m_mappedCodes.reset();
    if (std::max(m_wanted.axes.x, m_wanted.axes.y) >= model.recipe.latentSize) m_wanted.axes = MapAxes();
    m_plane = MapPlane::ofDimensions(model.recipe.latentSize, 0, 1);
    const auto size = static_cast<std::size_t>(imageCount()) * static_cast<std::size_t>(model.recipe.latentSize);
    m_codes = Codes{imageCount(), model.recipe.latentSize, std::vector<float>(size), {}};
    m_nextImage = 0;
    auto engine = InferenceEngine::create(model.recipe, *model.weights);
    if (engine) {
        m_engine.emplace(std::move(*engine));
        m_inputs = m_data ? m_engine->inputOf(m_data->test.images, std::nullopt, kInputSeed) : ImageBatch();
        m_pointDue = m_isPointAwaited = true;
        invalidate(/*allCodes=*/true);
    } else {
        giveUp(QString::fromStdString(engine.error()));
    }
}

/// This model can't be shown; the next one may.
void InferenceService::Worker::giveUp(const QString& sentence) {
    m_engine.reset();
    m_pointDue = m_gridDue = m_reconstructionsDue = m_codesDue = m_dreamDue = m_refreshDue = false;
    m_picture.clear();
    m_service.post(m_model, [&service = m_service, sentence] { Q_EMIT service.failed(sentence); });
}

/// The point comes after the codes, since its neighbours are among them.
void InferenceService::Worker::invalidate(bool allCodes) {
    m_gridDue = m_reconstructionsDue = m_codesDue = m_refreshDue = true;
    // A full set that is still under way is finished with the newer weights.
    m_imagesLeft = allCodes ? imageCount() : std::max(m_imagesLeft, (imageCount() + kRollingShare - 1) / kRollingShare);
    m_spent = 0;
}

bool InferenceService::Worker::hasWork() const {
    return m_pointDue || m_gridDue || m_reconstructionsDue || m_codesDue || m_dreamDue || m_refreshDue;
}

/// One piece of work; the inbox is looked at between two.
void InferenceService::Worker::doNext() {
    const auto start = std::chrono::steady_clock::now();
    if (!hasCode(m_engine->recipe())) m_pointDue = m_gridDue = m_codesDue = m_dreamDue = false;
    if (m_pointDue)
        answerPoint();
    else if (m_gridDue)
        answerGrid();
    else if (m_reconstructionsDue)
        answerReconstructions();
    else if (m_codesDue)
        encodeChunk();
    else if (m_dreamDue)
        answerDream();
    m_spent += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const bool isDone = !m_pointDue && !m_gridDue && !m_reconstructionsDue && !m_codesDue && !m_dreamDue;
    if (isDone && m_refreshDue) finishRefresh();
}

template <typename Signal, typename Answer>
void InferenceService::Worker::post(Signal signal, Answer answer) {
    auto event = [&service = m_service, signal, answer] { Q_EMIT(service.*signal)(answer); };
    if (m_refreshDue)
        m_picture.push_back(event);
    else
        m_service.post(m_model, event);
}

void InferenceService::Worker::answerPoint() {
    m_pointDue = false;
    auto point = std::make_shared<PointSnapshot>();
    point->z = m_wanted.cursor;
    point->z.resize(static_cast<std::size_t>(m_engine->recipe().latentSize));
    const std::vector<std::uint8_t> label{static_cast<std::uint8_t>(m_wanted.label)};
    point->decoded = m_engine->decode(std::vector<float>(point->z.begin(), point->z.end()), label);
    if (m_wanted.jitter > 0) point->jittered = jitteredImages(point->z);
    if (m_mappedCodes) point->nearest = nearestImages(point->z);
    auto event = [&service = m_service, point = std::shared_ptr<const PointSnapshot>(point)] {
        Q_EMIT service.pointReady(point);
    };
    const bool isOfPicture = m_refreshDue && !m_codesDue;  // or else another one comes after the codes
    if (isOfPicture) m_picture.push_back(event);
    if (!isOfPicture || m_isPointAwaited) m_service.post(m_model, event);
    m_isPointAwaited = false;
}

/// Where the decoder is given a label, only images of that class lie near the point in what they look like.
std::vector<int> InferenceService::Worker::nearestImages(const std::vector<double>& z) const {
    const bool isOneClass = m_data && takesLabels(m_engine->recipe());
    return nearestCodes(*m_mappedCodes, z, kNearest, [&](int image) {
        return !isOneClass || m_data->test.labels[static_cast<std::size_t>(image)] == m_wanted.label;
    });
}

/// What the decoder makes of a point with noise on it.
ImageBatch InferenceService::Worker::jitteredImages(const std::vector<double>& z) {
    auto codes = normalPoints(kJittered, static_cast<int>(z.size()), kJitterSeed);
    for (std::size_t i = 0; i < codes.size(); ++i)
        codes[i] = static_cast<float>(z[i % z.size()] + m_wanted.jitter * codes[i]);
    return m_engine->decode(codes, std::vector<std::uint8_t>(kJittered, static_cast<std::uint8_t>(m_wanted.label)));
}

/// The grid's points in the whole latent space: the plane of the map through the cursor.
std::vector<float> InferenceService::Worker::gridCodes() const {
    const auto height = m_plane.project(m_wanted.cursor)[1];
    const auto points = gridPoints(m_wanted.grid, height);
    const bool isWhole = m_wanted.axes == MapAxes() && m_engine->recipe().latentSize == 2;
    if (isWhole) return points;
    std::vector<float> codes;
    for (std::size_t i = 0; i < points.size(); i += 2) {
        const auto z = m_plane.moved(m_wanted.cursor, {points[i], points[i + 1]});
        codes.insert(codes.end(), z.begin(), z.end());
    }
    return codes;
}

void InferenceService::Worker::answerGrid() {
    m_gridDue = false;
    post(&InferenceService::gridReady, std::make_shared<const GridSnapshot>(GridSnapshot{
                                           m_wanted.grid, m_engine->decode(gridCodes(), gridLabels(m_wanted.grid))}));
}

void InferenceService::Worker::answerReconstructions() {
    m_reconstructionsDue = false;
    if (!m_images) return;
    const auto& test = m_images->test;
    if (takesLabels(m_engine->recipe()) && !test.isLabelled()) return;
    auto indices = m_wanted.reconstructions;
    std::erase_if(indices, [&test](int index) { return index < 0 || index >= test.images.count; });
    std::vector<std::uint8_t> labels;
    if (test.isLabelled())
        for (const int index : indices) labels.push_back(test.labels[static_cast<std::size_t>(index)]);
    const auto clean = selectImages(test.images, indices);
    auto inputs = m_engine->inputOf(clean, m_wanted.noise, kInputSeed);
    auto outputs = m_engine->reconstruct(inputs, labels);
    post(&InferenceService::reconstructionsReady,
         std::make_shared<const ReconstructionSnapshot>(
             m_engine->recipe().input == Input::Clean
                 ? compareImages(clean, std::move(outputs), std::move(indices))
                 : compareRestored(clean, std::move(inputs), std::move(outputs), std::move(indices))));
}

/// Points of the prior, or of a Gaussian like the codes where the model has no prior; then the codes must be there.
void InferenceService::Worker::answerDream() {
    m_dreamDue = false;
    const auto& recipe = m_engine->recipe();
    const int count = m_wanted.dream.count;
    auto codes = normalPoints(count, recipe.latentSize, m_wanted.dream.seed);
    auto dream = std::make_shared<DreamSnapshot>();
    dream->isFromPrior = hasPrior(recipe);
    if (!dream->isFromPrior) {
        if (!m_mappedCodes || m_mappedCodes->count < 2) return;
        codes = fittedTo(*m_mappedCodes, codes);
    }
    if (takesLabels(recipe))
        for (int i = 0; i < count; ++i) dream->labels.push_back(static_cast<std::uint8_t>(i % kClasses));
    dream->images = m_engine->decode(codes, dream->labels);
    const auto size = static_cast<std::ptrdiff_t>(recipe.latentSize);
    for (auto z = codes.begin(); z != codes.end(); z += size) dream->codes.emplace_back(z, z + size);
    post(&InferenceService::dreamReady, std::shared_ptr<const DreamSnapshot>(dream));
}

void InferenceService::Worker::encodeChunk() {
    if (m_imagesLeft == 0) return answerCodes();
    const int count = std::min({kEncodeChunk, m_imagesLeft, imageCount() - m_nextImage});
    const auto chunk = m_engine->encode(m_inputs, m_data->test.labels, m_nextImage, count);
    std::copy(chunk.mu.begin(), chunk.mu.end(), m_codes.mu.begin() + std::ptrdiff_t{m_nextImage} * m_codes.dimensions);
    m_nextImage += count;
    if (m_nextImage == imageCount()) m_nextImage = 0;
    m_imagesLeft -= count;
    if (m_imagesLeft == 0) answerCodes();
}

void InferenceService::Worker::answerCodes() {
    m_codesDue = false;
    m_pointDue = true;  // whose neighbours are other ones now
    const auto codes = codesInForce();
    if (!codes) return;
    // Not of a training that goes astray.
    const bool isFinite =
        std::all_of(codes->mu.begin(), codes->mu.end(), [](float value) { return std::isfinite(value); });
    m_mappedCodes = isFinite ? codes : nullptr;
    const auto before = m_plane;
    const auto& axes = m_wanted.axes;
    if (axes.isPrincipal && isFinite && codes->count > 1)
        m_plane = principalPlane(*codes, m_plane);
    else if (!axes.isPrincipal)
        m_plane = MapPlane::ofDimensions(codes->dimensions, axes.x, axes.y);
    m_gridDue |= m_plane != before;
    const bool isFlat = codes->dimensions == 2 && axes == MapAxes();
    post(&InferenceService::codesReady,
         MapOfCodes{codes, m_plane, isFlat ? codes : std::make_shared<const Codes>(onPlane(*codes, m_plane))});
}

void InferenceService::Worker::finishRefresh() {
    m_refreshDue = false;
    m_service.post(m_model, [&service = m_service, spent = m_spent, picture = std::exchange(m_picture, {})] {
        for (const auto& answer : picture) answer();
        Q_EMIT service.refreshed(spent);
    });
}

}  // namespace zwei
