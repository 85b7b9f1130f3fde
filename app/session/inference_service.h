// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <thread>

#include "app/session/mailbox.h"
#include "models/data/dataset.h"
#include "models/types/map_plane.h"
#include "models/types/noise.h"
#include "models/types/recipe.h"
#include "models/types/shared_processors.h"
#include "models/types/snapshot.h"
#include "models/types/weights.h"

namespace zwei {

/// Some images from points of the prior.
struct DreamRequest {
    int count = 0;
    std::uint64_t seed = 0;
};

/// What the views are to show of a model.
struct ViewRequest {
    GridRequest grid;
    MapAxes axes;
    std::vector<double> cursor;        ///< the point to decode; for codes wider than 2 also where the grid's plane lies
    int label = 0;                     ///< conditional: of which class that point is
    double jitter = 0;                 ///< standard deviation of the noise on that point; 0 is none
    std::vector<int> reconstructions;  ///< indices of test images
    std::optional<Noise> noise;        ///< on those; the recipe's own range where it is not said
    DreamRequest dream;
};

/// Codes, and how they lie on the map.
struct MapOfCodes {
    CodesPtr codes;
    MapPlane plane;
    CodesPtr flat;  ///< the same codes on that plane, of size 2
};

/// Decodes the grid, encodes the test images, reconstructs and decodes the cursor's point, in a thread of its own with
/// a network of its own. Methods and signals belong to the GUI thread. Of requests of one kind the latest wins; the
/// cursor comes before all others; what belongs to a model that has been replaced is never delivered.
class InferenceService : public QObject {
    Q_OBJECT

public:
    /// It gives way to nobody, and takes all `processors` that a training leaves it; null: there is no training.
    explicit InferenceService(std::shared_ptr<SharedProcessors> processors = nullptr, QObject* parent = nullptr);
    ~InferenceService() override;

    /// Another model: everything is computed anew. `storedCodes` stand in for the codes of test images where `data`
    /// is null.
    void setModel(const Recipe& recipe, WeightsPtr weights, DatasetPtr data, CodesPtr storedCodes);

    /// How many of the test images newer weights encode: all of them, or, so that a live view stays cheap, a tenth of
    /// them each time, in turn.
    enum class Coverage { AllCodes, SomeCodes };

    /// Newer weights of the model: everything is computed anew, and `refreshed` says when.
    void setWeights(WeightsPtr weights, Coverage coverage);

    void setImages(DatasetPtr imagesToReconstruct);
    void setGrid(const GridRequest& request);
    void setAxes(const MapAxes& axes);
    void setCursor(const std::vector<double>& position);
    void setLabel(int label);
    void setJitter(double deviation);
    void setReconstructions(const std::vector<int>& indices);
    void setNoise(const std::optional<Noise>& noise);
    void dream(const DreamRequest& request);

Q_SIGNALS:
    void pointReady(const std::shared_ptr<const zwei::PointSnapshot>& point);
    void gridReady(const std::shared_ptr<const zwei::GridSnapshot>& grid);
    void reconstructionsReady(const std::shared_ptr<const zwei::ReconstructionSnapshot>& reconstructions);
    /// Codes of the test images of the model's data, or the stored ones.
    void codesReady(const zwei::MapOfCodes& codes);
    void dreamReady(const std::shared_ptr<const zwei::DreamSnapshot>& dream);
    /// All views show the weights that were set last; `seconds` is what that cost this thread.
    void refreshed(double seconds);
    void failed(const QString& sentence);

private:
    struct Inbox;
    class Worker;

    /// From the inference thread: delivered only while model `model` is the current one.
    template <typename Event>
    void post(int model, Event event);

    std::unique_ptr<Mailbox<Inbox>> m_inbox;
    std::shared_ptr<SharedProcessors> m_processors;
    int m_model = 0;
    std::thread m_thread;
};

}  // namespace zwei
