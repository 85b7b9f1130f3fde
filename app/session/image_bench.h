// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "app/session/mailbox.h"
#include "models/data/dataset.h"
#include "models/types/bench.h"
#include "models/types/noise.h"
#include "models/types/recipe.h"
#include "models/types/shared_processors.h"
#include "models/types/weights.h"

namespace zwei {

/// A page after it was made MNIST-like.
struct BenchPage {
    Framing framing = Framing::Digits;
    NormalisedPage page;
};

/// Works on one image at a time, in a thread of its own with networks of its own: finds its digits, adds noise to them,
/// takes noise off, enlarges, finds their codes in the model in force and searches for better ones. Methods and signals
/// belong to the GUI thread. Of wishes of one kind the latest wins; what belongs to an image that has been replaced is
/// never delivered.
class ImageBench : public QObject {
    Q_OBJECT

public:
    /// A training leaves it one of the `processors`; null: there is no training.
    explicit ImageBench(std::shared_ptr<SharedProcessors> processors = nullptr, QObject* parent = nullptr);
    ~ImageBench() override;

    /// Another image; a null one: none. `tone` is that of its ink, where it is known. Boxes are found anew, and the
    /// first digit is the current one.
    void setImage(const QImage& image, std::optional<InkTone> tone = std::nullopt);
    /// The same image with something changed on it, such as a drawing that goes on.
    void updateImage(const QImage& image);
    void setFraming(Framing framing);
    /// Frames that somebody drew; nothing: those that are found.
    void setBoxes(const std::optional<std::vector<Box>>& boxes);
    void setCurrent(int digit);
    /// Of level 0 is none.
    void setNoise(const Noise& noise, std::uint64_t seed);

    void setModel(const Recipe& recipe, WeightsPtr weights);
    void setWeights(WeightsPtr weights);
    /// Where the model is given one.
    void setLabel(int label);
    /// Labelled images to tell classes by, and principal components to restore by.
    void setKnown(DatasetPtr data);

    /// Whether anybody looks at enlargements: only then are they made.
    void setEnlarging(bool isWanted);

    /// Goes downhill from the code of the current digit, until `stopSearch` or the end.
    void search();
    void stopSearch();
    /// The image with what this restorer made in the place of its digits; `putBack` has it.
    void requestPutBack(Restorer by);

Q_SIGNALS:
    void pageReady(const std::shared_ptr<const zwei::BenchPage>& page);
    void restored(const std::shared_ptr<const zwei::RestoredDigits>& digits);
    void enlarged(const std::shared_ptr<const zwei::EnlargedDigit>& digit);
    /// `isMoved`: the code is another one because of what a person did to the image, or by a step of a search.
    void wayChanged(const std::shared_ptr<const zwei::LatentWay>& way, bool isMoved);
    /// Null where that one has restored nothing.
    void putBack(const QImage& page, zwei::Restorer by);
    void failed(const QString& sentence);

private:
    struct Wishes;
    class Worker;

    /// From the bench's thread: delivered only while image and model are the current ones.
    template <typename Event>
    void post(int image, int model, Event event);

    std::unique_ptr<Mailbox<Wishes>> m_mailbox;
    std::shared_ptr<SharedProcessors> m_processors;
    int m_image = 0;
    int m_model = 0;
    std::thread m_thread;
};

}  // namespace zwei
