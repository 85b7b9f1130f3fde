// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <chrono>
#include <future>
#include <span>
#include <string>
#include <utility>

#include "app/session/image_bench.h"
#include "models/eval/code_search.h"
#include "models/imaging/normaliser.h"
#include "models/nn/inference_engine.h"
#include "models/types/reconstruction.h"

namespace zwei {

inline constexpr std::array kRestorers{Restorer::Denoiser, Restorer::Model, Restorer::Components, Restorer::Median};
inline constexpr int kAnyModel = -1;  ///< an answer that is the same by all of them

/// What a wish holds beside a plain value; ids count what a person has asked for.
struct NewImage {
    QImage image;
    int id = 0;
};

struct NewModel {
    Recipe recipe;
    WeightsPtr weights;
    int id = 0;
};

/// Principal components, and of what.
struct FittedComponents {
    DatasetPtr known;
    std::shared_ptr<InferenceEngine> engine;
};

struct NoiseWish {
    Noise noise{.level = 0};
    std::uint64_t seed = 1;
};

/// What the GUI thread has asked for and the worker has not yet taken.
struct ImageBench::Wishes {
    bool quit = false;
    std::optional<NewImage> image;
    std::optional<QImage> update;
    std::optional<std::optional<InkTone>> tone;
    std::optional<Framing> framing;
    std::optional<std::optional<std::vector<Box>>> boxes;
    std::optional<int> current;
    std::optional<NoiseWish> noise;
    std::optional<NewModel> model;
    std::optional<WeightsPtr> weights;
    std::optional<int> label;
    std::optional<DatasetPtr> known;
    std::optional<FittedComponents> components;
    std::optional<bool> enlarging;
    std::optional<bool> search;
    std::optional<Restorer> putBack;
};

/// The bench's thread. What depends on what: page -> digits -> noisy digits -> restored ones, and the current one's
/// enlargements and its way.
class ImageBench::Worker {
public:
    explicit Worker(ImageBench& bench) : m_bench(bench), m_use(bench.m_processors, ProcessorUse::By::Other) {}
    void run();

private:
    void take(Wishes wishes);
    void adoptModel(const NewModel& model);
    bool hasWork() const;
    void setDue(Restorer by) { m_restoreDue.set(static_cast<std::size_t>(by)); }
    void doNext();
    void findDigits();
    void addNoise();
    void beginWay();
    ImageBatch imagesBy(Restorer by);
    void restore(Restorer by);
    void restoreAll();
    bool placeDenoised();
    void fitToKnown();
    void enlargeCurrent();
    Slope errorAt(const std::vector<double>& z);
    void searchAtOnce();
    void findNearest();
    void adoptNewerWeights();
    void forget();
    void tellPage();
    void tellDigits();
    void beginSearch();
    void advanceSearch();
    void endSearch();
    void decodeEnds();
    void answerPutBack();
    void tellWay(bool isMoved);
    std::optional<InferenceEngine> shipped(const std::string& id);
    ImageBatch currentOf(const ImageBatch& images) const {
        return selectImages(images, {std::clamp(m_current, 0, images.count - 1)});
    }
    std::vector<double> codeOf(const ImageBatch& image);
    std::optional<int> classOf(const ImageBatch& images, int index) const;
    std::span<const std::uint8_t> label() const { return {&m_label, 1}; }

    ImageBench& m_bench;
    ProcessorUse m_use;
    int m_id = 0;
    int m_modelId = 0;
    QImage m_image;
    NormaliserChoices m_choices;
    Framing m_framing = Framing::Digits;
    NoiseWish m_noise;
    int m_current = 0;
    std::uint8_t m_label = 0;
    DatasetPtr m_known;

    std::optional<InferenceEngine> m_model, m_denoiser;
    WeightsPtr m_weights, m_newerWeights;           // of m_model
    std::shared_ptr<InferenceEngine> m_components;  // of m_known
    std::future<void> m_fitting;
    std::vector<InferenceEngine> m_enlargers;  // twice and four times
    NormalisedPage m_page;
    RestoredDigits m_digits;
    LatentWay m_way;
    std::optional<CodeSearch> m_search;
    std::chrono::steady_clock::time_point m_nextStep;
    std::optional<Restorer> m_putBack;

    bool m_pageDue = false;
    bool m_noiseDue = false;
    bool m_wayDue = false;
    std::bitset<std::size(kRestorers)> m_restoreDue;
    bool m_enlargeDue = false;
    bool m_isEnlarging = false;
    bool m_nearestDue = false;
    bool m_fitDue = false;
    bool m_isMoved = false;  // by a person: the way that comes is that of something else
};

template <typename Event>
void ImageBench::post(int image, int model, Event event) {
    QMetaObject::invokeMethod(
        this,
        [this, image, model, event = std::move(event)] {
            if (image == m_image && (model == kAnyModel || model == m_model)) event();
        },
        Qt::QueuedConnection);
}

}  // namespace zwei
