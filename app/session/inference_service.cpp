// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/inference_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "models/eval/neighbours.h"
#include "models/nn/inference_engine.h"
#include "models/types/latent_grid.h"
#include "models/types/reconstruction.h"

namespace zwei {
namespace {

constexpr int kNearest = 6;
constexpr int kEncodeChunk = 500;  // images between two looks at the inbox: a moved slider never waits for more
constexpr int kRollingShare = 10;  // of the test images, one in so many is encoded anew at a live refresh

struct NewModel {
    Recipe recipe;
    WeightsPtr weights;
    DatasetPtr data;
    CodesPtr storedCodes;
    int id = 0;
};

}  // namespace

/// What the GUI thread has asked for and the worker has not yet taken.
struct InferenceService::Inbox {
    bool quit = false;
    std::optional<NewModel> model;
    WeightsPtr weights;
    bool allCodes = false;  // goes with weights
    std::optional<DatasetPtr> images;
    std::optional<GridRequest> grid;
    std::optional<std::vector<double>> cursor;
    std::optional<std::vector<int>> reconstructions;

    bool isEmpty() const { return !quit && !model && !weights && !images && !grid && !cursor && !reconstructions; }
};

/// The inference thread's side: it owns the network and all that is derived from its weights.
class InferenceService::Worker {
public:
    explicit Worker(InferenceService& service) : m_service(service) {}
    void run();

private:
    bool takeInbox(bool takesWeights);
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
    void encodeChunk();
    void finishRefresh();
    std::vector<float> gridCodes() const;

    InferenceService& m_service;
    std::optional<InferenceEngine> m_engine;
    DatasetPtr m_data;    // whose test images are encoded
    DatasetPtr m_images;  // whose test images are reconstructed
    CodesPtr m_storedCodes;
    ViewRequest m_wanted;
    int m_model = 0;

    bool m_pointDue = false;
    bool m_gridDue = false;
    bool m_reconstructionsDue = false;
    bool m_codesDue = false;
    bool m_refreshDue = false;
    Codes m_codes;         // of all test images, some by older weights of a live training
    int m_nextImage = 0;   // to encode
    int m_imagesLeft = 0;  // to encode before the codes are answered
    std::optional<NeighbourIndex> m_neighbours;
    double m_spent = 0;  // seconds on the weights in force
};

InferenceService::InferenceService(QObject* parent) : QObject(parent), m_inbox(std::make_unique<Inbox>()) {
    m_thread = std::thread([this] { Worker(*this).run(); });
}

InferenceService::~InferenceService() {
    change([](Inbox& inbox) { inbox.quit = true; });
    m_thread.join();
}

template <typename Change>
void InferenceService::change(Change change) {
    const std::lock_guard lock(m_mutex);
    change(*m_inbox);
    m_changed.notify_one();
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
    change([&](Inbox& inbox) {
        inbox.model = NewModel{recipe, std::move(weights), std::move(data), std::move(storedCodes), m_model};
        inbox.weights = nullptr;
    });
}

void InferenceService::setWeights(WeightsPtr weights, Coverage coverage) {
    change([&](Inbox& inbox) {
        inbox.weights = std::move(weights);
        inbox.allCodes |= coverage == Coverage::AllCodes;
    });
}

void InferenceService::setImages(DatasetPtr imagesToReconstruct) {
    change([&](Inbox& inbox) { inbox.images = std::move(imagesToReconstruct); });
}

void InferenceService::setGrid(const GridRequest& request) {
    change([&](Inbox& inbox) { inbox.grid = request; });
}

void InferenceService::setCursor(const std::vector<double>& position) {
    change([&](Inbox& inbox) { inbox.cursor = position; });
}

void InferenceService::setReconstructions(const std::vector<int>& indices) {
    change([&](Inbox& inbox) { inbox.reconstructions = indices; });
}

void InferenceService::Worker::run() {
    setInferenceThreads(1);
    for (;;) {
        try {
            if (!takeInbox(!m_refreshDue)) return;
            if (m_engine && hasWork()) doNext();
        } catch (const std::exception& error) {  // LibTorch's, and want of memory
            giveUp(QString::fromUtf8(error.what()).section(QLatin1Char('\n'), 0, 0));
        }
    }
}

/// Waits for something to do and takes what has come. Newer weights stay in the inbox until the views have all been
/// served with those in force, so that each picture of a training is complete. False: it is time to quit.
bool InferenceService::Worker::takeInbox(bool takesWeights) {
    std::unique_lock lock(m_service.m_mutex);
    auto& inbox = *m_service.m_inbox;
    if (!(m_engine && hasWork())) m_service.m_changed.wait(lock, [&inbox] { return !inbox.isEmpty(); });
    if (inbox.quit) return false;

    const auto model = std::exchange(inbox.model, std::nullopt);
    const auto weights = takesWeights || model ? std::exchange(inbox.weights, nullptr) : nullptr;
    const bool allCodes = weights && std::exchange(inbox.allCodes, false);
    const auto images = std::exchange(inbox.images, std::nullopt);
    const auto grid = std::exchange(inbox.grid, std::nullopt);
    const auto cursor = std::exchange(inbox.cursor, std::nullopt);
    const auto reconstructions = std::exchange(inbox.reconstructions, std::nullopt);
    lock.unlock();

    if (images) m_images = *images;
    if (grid) m_wanted.grid = *grid;
    if (reconstructions) m_wanted.reconstructions = *reconstructions;
    if (cursor) moveCursor(*cursor);
    m_gridDue |= grid.has_value();
    m_reconstructionsDue |= images || reconstructions;
    if (model) adopt(*model);
    if (weights && m_engine && m_engine->load(*weights)) invalidate(allCodes);
    return true;
}

/// In a code wider than the plane, the cursor's other dimensions say where the plane of the grid lies.
void InferenceService::Worker::moveCursor(const std::vector<double>& position) {
    const auto others = [](const std::vector<double>& z) {
        return std::vector<double>(z.begin() + std::min<std::ptrdiff_t>(2, std::ssize(z)), z.end());
    };
    if (others(position) != others(m_wanted.cursor)) m_gridDue = true;
    m_wanted.cursor = position;
    m_pointDue = true;
}

void InferenceService::Worker::adopt(const NewModel& model) {
    m_model = model.id;
    m_data = model.data;
    m_storedCodes = model.storedCodes;
    m_wanted.cursor.resize(static_cast<std::size_t>(model.recipe.latentSize));
    m_neighbours.reset();
    const auto size = static_cast<std::size_t>(imageCount()) * static_cast<std::size_t>(model.recipe.latentSize);
    m_codes = Codes{imageCount(), model.recipe.latentSize, std::vector<float>(size), std::vector<float>(size)};
    m_nextImage = 0;
    auto engine = InferenceEngine::create(model.recipe, *model.weights);
    if (engine) {
        m_engine.emplace(std::move(*engine));
        invalidate(/*allCodes=*/true);
    } else {
        giveUp(QString::fromStdString(engine.error()));
    }
}

/// This model can't be shown; the next one may.
void InferenceService::Worker::giveUp(const QString& sentence) {
    m_engine.reset();
    m_pointDue = m_gridDue = m_reconstructionsDue = m_codesDue = m_refreshDue = false;
    m_service.post(m_model, [&service = m_service, sentence] { Q_EMIT service.failed(sentence); });
}

void InferenceService::Worker::invalidate(bool allCodes) {
    m_pointDue = m_gridDue = m_reconstructionsDue = m_codesDue = m_refreshDue = true;
    // A full set that is still under way is finished with the newer weights.
    m_imagesLeft = allCodes ? imageCount() : std::max(m_imagesLeft, (imageCount() + kRollingShare - 1) / kRollingShare);
    m_spent = 0;
}

bool InferenceService::Worker::hasWork() const {
    return m_pointDue || m_gridDue || m_reconstructionsDue || m_codesDue || m_refreshDue;
}

/// One piece of work; the inbox is looked at between two.
void InferenceService::Worker::doNext() {
    const auto start = std::chrono::steady_clock::now();
    if (m_pointDue)
        answerPoint();
    else if (m_gridDue)
        answerGrid();
    else if (m_reconstructionsDue)
        answerReconstructions();
    else if (m_codesDue)
        encodeChunk();
    m_spent += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const bool isDone = !m_pointDue && !m_gridDue && !m_reconstructionsDue && !m_codesDue;
    if (isDone && m_refreshDue) finishRefresh();
}

void InferenceService::Worker::answerPoint() {
    m_pointDue = false;
    auto point = std::make_shared<PointSnapshot>();
    point->z = m_wanted.cursor;
    point->z.resize(static_cast<std::size_t>(m_engine->recipe().latentSize));
    point->decoded = m_engine->decode(std::vector<float>(point->z.begin(), point->z.end()));
    if (m_neighbours) point->nearest = m_neighbours->nearest(point->z, kNearest);
    m_service.post(m_model, [&service = m_service, point = std::shared_ptr<const PointSnapshot>(point)] {
        Q_EMIT service.pointReady(point);
    });
}

/// The grid's points in the whole latent space: the plane of the first two dimensions through the cursor.
std::vector<float> InferenceService::Worker::gridCodes() const {
    const auto plane = gridPoints(m_wanted.grid);
    const auto size = static_cast<std::size_t>(m_engine->recipe().latentSize);
    if (size == 2) return plane;
    std::vector<float> codes;
    codes.reserve(plane.size() / 2 * size);
    for (std::size_t i = 0; i < plane.size(); i += 2)
        for (std::size_t d = 0; d < size; ++d)
            codes.push_back(d < 2 ? plane[i + d]
                                  : static_cast<float>(d < m_wanted.cursor.size() ? m_wanted.cursor[d] : 0));
    return codes;
}

void InferenceService::Worker::answerGrid() {
    m_gridDue = false;
    const auto grid = std::make_shared<const GridSnapshot>(GridSnapshot{m_wanted.grid, m_engine->decode(gridCodes())});
    m_service.post(m_model, [&service = m_service, grid] { Q_EMIT service.gridReady(grid); });
}

void InferenceService::Worker::answerReconstructions() {
    m_reconstructionsDue = false;
    if (!m_images) return;
    auto indices = m_wanted.reconstructions;
    std::erase_if(indices, [this](int index) { return index < 0 || index >= m_images->test.images.count; });
    auto inputs = selectImages(m_images->test.images, indices);
    auto outputs = m_engine->reconstruct(inputs);
    const auto compared = std::make_shared<const ReconstructionSnapshot>(
        compareImages(std::move(inputs), std::move(outputs), std::move(indices)));
    m_service.post(m_model, [&service = m_service, compared] { Q_EMIT service.reconstructionsReady(compared); });
}

void InferenceService::Worker::encodeChunk() {
    if (m_imagesLeft == 0) return answerCodes();
    const int count = std::min({kEncodeChunk, m_imagesLeft, imageCount() - m_nextImage});
    const auto chunk = m_engine->encode(m_data->test.images, m_nextImage, count);
    const auto at = std::ptrdiff_t{m_nextImage} * m_codes.dimensions;
    std::copy(chunk.mu.begin(), chunk.mu.end(), m_codes.mu.begin() + at);
    std::copy(chunk.logVar.begin(), chunk.logVar.end(), m_codes.logVar.begin() + at);
    m_nextImage += count;
    if (m_nextImage == imageCount()) m_nextImage = 0;
    m_imagesLeft -= count;
    if (m_imagesLeft == 0) answerCodes();
}

void InferenceService::Worker::answerCodes() {
    m_codesDue = false;
    const auto codes = m_data ? std::make_shared<const Codes>(m_codes) : m_storedCodes;
    if (!codes) return;
    // A training that goes astray has codes that no tree can hold.
    if (std::all_of(codes->mu.begin(), codes->mu.end(), [](float value) { return std::isfinite(value); }))
        m_neighbours.emplace(codes);
    else
        m_neighbours.reset();
    m_pointDue = true;  // whose neighbours are other ones now
    m_service.post(m_model, [&service = m_service, codes] { Q_EMIT service.codesReady(codes); });
}

void InferenceService::Worker::finishRefresh() {
    m_refreshDue = false;
    m_service.post(m_model, [&service = m_service, spent = m_spent] { Q_EMIT service.refreshed(spent); });
}

}  // namespace zwei
