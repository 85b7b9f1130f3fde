// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_bench.h"

#include "app/session/image_bench_worker.h"

namespace zwei {

ImageBench::ImageBench(std::shared_ptr<SharedProcessors> processors, QObject* parent)
    : QObject(parent), m_mailbox(std::make_unique<Mailbox<Wishes>>()), m_processors(std::move(processors)) {
    m_thread = std::thread([this] { Worker(*this).run(); });
}

ImageBench::~ImageBench() {
    m_mailbox->change([](Wishes& wishes) { wishes.quit = true; });
    m_thread.join();
}

void ImageBench::setImage(const QImage& image, std::optional<InkTone> tone) {
    ++m_image;
    m_mailbox->change([&](Wishes& wishes) {
        wishes.image = NewImage{image, m_image};
        wishes.update.reset();
        wishes.tone = tone;
        wishes.boxes = std::optional<std::vector<Box>>();
        wishes.current = 0;
        wishes.search = false;
        wishes.putBack.reset();
    });
}

void ImageBench::updateImage(const QImage& image) {
    m_mailbox->change([&](Wishes& wishes) { wishes.update = image; });
}

void ImageBench::setFraming(Framing framing) {
    m_mailbox->change([&](Wishes& wishes) { wishes.framing = framing; });
}

void ImageBench::setBoxes(const std::optional<std::vector<Box>>& boxes) {
    m_mailbox->change([&](Wishes& wishes) { wishes.boxes = boxes; });
}

void ImageBench::setCurrent(int digit) {
    m_mailbox->change([&](Wishes& wishes) { wishes.current = digit; });
}

void ImageBench::setNoise(const Noise& noise, std::uint64_t seed) {
    m_mailbox->change([&](Wishes& wishes) { wishes.noise = NoiseWish{noise, seed}; });
}

void ImageBench::setModel(const Recipe& recipe, WeightsPtr weights) {
    ++m_model;
    m_mailbox->change([&](Wishes& wishes) {
        wishes.model = NewModel{recipe, std::move(weights), m_model};
        wishes.weights.reset();
    });
}

void ImageBench::setWeights(WeightsPtr weights) {
    m_mailbox->change([&](Wishes& wishes) { wishes.weights = std::move(weights); });
}

void ImageBench::setLabel(int label) {
    m_mailbox->change([&](Wishes& wishes) { wishes.label = label; });
}

void ImageBench::setKnown(DatasetPtr data) {
    m_mailbox->change([&](Wishes& wishes) { wishes.known = std::move(data); });
}

void ImageBench::setEnlarging(bool isWanted) {
    m_mailbox->change([&](Wishes& wishes) { wishes.enlarging = isWanted; });
}

void ImageBench::search() {
    m_mailbox->change([](Wishes& wishes) { wishes.search = true; });
}

void ImageBench::stopSearch() {
    m_mailbox->change([](Wishes& wishes) { wishes.search = false; });
}

void ImageBench::requestPutBack(Restorer by) {
    m_mailbox->change([&](Wishes& wishes) { wishes.putBack = by; });
}

}  // namespace zwei
