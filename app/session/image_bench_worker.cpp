// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_bench_worker.h"

#include <algorithm>
#include <cmath>

#include "app/session/image_conversion.h"
#include "app/session/trained_models.h"
#include "models/data/image_filters.h"
#include "models/eval/image_quality.h"
#include "models/eval/nearest_class.h"
#include "models/imaging/put_back.h"
#include "models/nn/image_noise.h"
#include "models/train/linear_fit.h"

namespace zwei {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFittedImages = 10'000;  // of a data set: enough for its components
constexpr int kMostSteps = 200;        // of a search
constexpr int kNearest = 5;
constexpr auto kStepEvery = std::chrono::milliseconds(60);  // of a search, so that it can be watched

/// An image as it is, made 28 x 28, as a page that has it for its one digit.
NormalisedPage asIsPage(const QImage& image) {
    const int side = std::max(image.width(), image.height());
    NormalisedPage page;
    page.digits = greyImageBatch(image);
    page.ink = page.digits;
    page.boxes = {{0, 0, image.width(), image.height()}};
    page.fits = {
        {{(image.width() - side) / 2, (image.height() - side) / 2, side, side}, {0, 0, kImageSide, kImageSide}}};
    return page;
}

ColourPage colourPage(const QImage& image) {
    const auto rgb = image.convertToFormat(QImage::Format_RGB888);
    ColourPage page{rgb.width(), rgb.height(), {}};
    page.rgb.reserve(std::size_t{3} * static_cast<std::size_t>(rgb.width()) * static_cast<std::size_t>(rgb.height()));
    for (int y = 0; y < rgb.height(); ++y)
        page.rgb.insert(page.rgb.end(), rgb.constScanLine(y), rgb.constScanLine(y) + 3 * rgb.width());
    return page;
}

Enlargement enlargedTo(const ImageBatch& digit, int factor, InferenceEngine& network) {
    Enlargement enlargement;
    enlargement.factor = factor;
    enlargement.small = shrink(digit, factor);
    const auto& small = enlargement.small;
    enlargement.bicubic = enlarge(small, factor, EnlargeFilter::Bicubic);
    enlargement.lanczos = enlarge(small, factor, EnlargeFilter::Lanczos);
    enlargement.network = network.reconstruct(repeatPixels(small, factor));
    enlargement.bicubicQuality = imageQuality(enlargement.bicubic, digit);
    enlargement.lanczosQuality = imageQuality(enlargement.lanczos, digit);
    enlargement.networkQuality = imageQuality(enlargement.network, digit);
    return enlargement;
}

}  // namespace

void ImageBench::Worker::run() {
    setInferenceThreads(1, 1);
    for (;;) {
        std::optional<Clock::time_point> latest;
        if (hasWork())
            latest = Clock::now();
        else if (m_search)
            latest = m_nextStep;
        m_use.setWorking(hasWork());
        auto wishes = m_bench.m_mailbox->take(latest);
        if (wishes.quit) return;
        m_use.setWorking(true);
        try {
            take(std::move(wishes));
            doNext();
        } catch (const std::exception& error) {  // LibTorch's and OpenCV's, and want of memory
            forget();
            const auto why = QString::fromUtf8(error.what()).section(QLatin1Char('\n'), 0, 0);
            m_bench.post(m_id, kAnyModel, [&bench = m_bench, why] {
                Q_EMIT bench.failed(tr("This image could not be worked on (%1).").arg(why));
            });
        }
    }
}

/// Nothing of the image before stays in force or in sight.
void ImageBench::Worker::forget() {
    m_pageDue = m_noiseDue = m_wayDue = m_enlargeDue = m_nearestDue = false;
    m_restoreDue.reset();
    m_search.reset();
    m_putBack.reset();
    m_page = {};
    m_digits = {};
    m_way = {};
    tellPage();
    tellDigits();
    tellWay(false);
}

void ImageBench::Worker::take(Wishes wishes) {
    if (wishes.image) {
        m_id = wishes.image->id;
        m_image = wishes.image->image;
        m_search.reset();
        m_way = {};
    }
    if (wishes.update) m_image = *wishes.update;
    if (wishes.tone) m_choices.tone = *wishes.tone;
    if (wishes.boxes) m_choices.boxes = *wishes.boxes;
    if (wishes.framing) m_framing = *wishes.framing;
    if (wishes.noise) m_noise = *wishes.noise;
    if (wishes.current) m_current = *wishes.current;
    if (wishes.label) m_label = static_cast<std::uint8_t>(*wishes.label);
    if (wishes.known && *wishes.known != m_known) {
        m_known = *wishes.known;
        m_components.reset();
        m_fitDue = m_wayDue = true;
        setDue(Restorer::Components);
    }
    if (wishes.components && wishes.components->known == m_known) {
        m_components = wishes.components->engine;
        setDue(Restorer::Components);
    }
    if (wishes.model) adoptModel(*wishes.model);
    if (wishes.weights) m_newerWeights = *wishes.weights;
    if (!m_search) adoptNewerWeights();
    if (wishes.enlarging) {
        m_isEnlarging = *wishes.enlarging;
        m_enlargeDue |= m_isEnlarging;
    }
    if (wishes.putBack) m_putBack = wishes.putBack;

    const bool isOtherPage = wishes.image || wishes.update || wishes.boxes || wishes.framing;
    m_pageDue |= isOtherPage;
    m_noiseDue |= wishes.noise.has_value();
    if (wishes.label) setDue(Restorer::Model);
    m_enlargeDue |= wishes.current.has_value();
    m_wayDue |= wishes.current || wishes.label;
    m_isMoved |= isOtherPage || wishes.noise || wishes.current || wishes.label;
    if (wishes.search) *wishes.search ? beginSearch() : endSearch();
    if (wishes.image && m_image.isNull()) forget();
}

/// Those that come during a search wait for its end: it goes downhill in one function.
void ImageBench::Worker::adoptNewerWeights() {
    const auto weights = std::exchange(m_newerWeights, nullptr);
    if (!weights || weights == m_weights || !m_model || !m_model->load(*weights)) return;
    m_weights = weights;
    m_wayDue = true;
    setDue(Restorer::Model);
}

void ImageBench::Worker::beginSearch() {
    if (!m_model || m_way.steps.empty()) return;
    m_way.steps.resize(1);
    m_search.emplace([this](const std::vector<double>& z) { return errorAt(z); }, m_way.steps.front().z);
    m_nextStep = Clock::now();
}

void ImageBench::Worker::endSearch() {
    if (!m_search) return;
    m_search.reset();
    m_way.isOver = true;
    tellWay(false);
    adoptNewerWeights();
}

void ImageBench::Worker::adoptModel(const NewModel& model) {
    m_model.reset();
    m_modelId = model.id;
    m_weights = model.weights;
    m_newerWeights = nullptr;
    m_search.reset();
    m_way = {};
    if (model.recipe.input != Input::Small)  // a model of small images enlarges
        if (auto engine = InferenceEngine::create(model.recipe, *model.weights)) m_model.emplace(std::move(*engine));
    m_wayDue = true;
    setDue(Restorer::Model);
}

bool ImageBench::Worker::hasWork() const {
    return !m_image.isNull() && (m_pageDue || m_noiseDue || m_wayDue || m_restoreDue.any() ||
                                 (m_enlargeDue && m_isEnlarging) || m_nearestDue || m_fitDue || m_putBack);
}

/// One piece of work; wishes are looked at between two. What a person sees move comes first.
void ImageBench::Worker::doNext() {
    if (m_image.isNull()) return;
    if (m_pageDue) return findDigits();
    if (m_noiseDue) return addNoise();
    if (m_wayDue) return beginWay();
    if (m_restoreDue.any()) return restoreAll();
    if (m_enlargeDue && m_isEnlarging) return enlargeCurrent();
    if (m_putBack) return answerPutBack();
    if (m_nearestDue) return findNearest();
    if (m_fitDue) return fitToKnown();
    if (m_search && Clock::now() >= m_nextStep) advanceSearch();
}

void ImageBench::Worker::findDigits() {
    m_pageDue = false;
    auto choices = m_choices;
    if (m_framing == Framing::OneDigit && !choices.boxes) choices.boxes = {{0, 0, m_image.width(), m_image.height()}};
    m_page = m_framing == Framing::AsIs ? asIsPage(m_image) : normalise(pageOf(m_image), choices);
    m_current = std::clamp(m_current, 0, std::max(0, m_page.digits.count - 1));
    m_noiseDue = true;
    tellPage();
}

void ImageBench::Worker::tellPage() {
    const auto page = std::make_shared<const BenchPage>(BenchPage{m_framing, m_page});
    m_bench.post(m_id, kAnyModel, [&bench = m_bench, page] { Q_EMIT bench.pageReady(page); });
}

void ImageBench::Worker::tellDigits() {
    const auto digits = std::make_shared<const RestoredDigits>(m_digits);
    m_bench.post(m_id, m_modelId, [&bench = m_bench, digits] { Q_EMIT bench.restored(digits); });
}

void ImageBench::Worker::addNoise() {
    m_noiseDue = false;
    m_digits = {};
    m_digits.digits = m_page.digits;
    if (m_noise.noise.level > 0 && m_page.digits.count > 0) {
        m_digits.noisy = withNoise(m_page.digits, m_noise.noise, m_noise.seed);
        m_digits.noisyQuality = imageQuality(m_digits.noisy, m_digits.digits);
    }
    m_restoreDue.set();
    m_enlargeDue = m_wayDue = true;
}

std::optional<InferenceEngine> ImageBench::Worker::shipped(const std::string& id) {
    const auto model = readTrainedModel(id);
    if (!model) return std::nullopt;
    auto engine = InferenceEngine::create(model->recipe, *model->weights);
    return engine ? std::optional(std::move(*engine)) : std::nullopt;
}

/// Of the digits as they are, or with noise; empty where there is nobody to do it.
ImageBatch ImageBench::Worker::imagesBy(Restorer by) {
    const auto& inputs = m_digits.inputs();
    switch (by) {
        case Restorer::Denoiser:
            if (!m_denoiser) m_denoiser = shipped("denoise");
            return m_denoiser ? m_denoiser->reconstruct(inputs) : ImageBatch();
        case Restorer::Model: {
            const std::vector<std::uint8_t> labels(static_cast<std::size_t>(inputs.count), m_label);
            return m_model ? m_model->reconstruct(inputs, labels) : ImageBatch();
        }
        case Restorer::Components:
            return m_components ? m_components->reconstruct(inputs) : ImageBatch();
        case Restorer::Median:
            return medianFilter3x3(inputs);
    }
    return {};
}

/// By one of them; newer weights of the model change nothing of what the others make.
void ImageBench::Worker::restore(Restorer by) {
    m_restoreDue[static_cast<std::size_t>(by)] = false;
    auto& restored = m_digits.restored;
    const auto at = std::lower_bound(restored.begin(), restored.end(), by,
                                     [](const Restored& one, Restorer other) { return one.by < other; });
    const bool isThere = at != restored.end() && at->by == by;
    auto images = m_digits.digits.count > 0 ? imagesBy(by) : ImageBatch();
    if (images.count == 0) {
        if (isThere) restored.erase(at);
        return;
    }
    std::optional<ImageQuality> quality;
    if (m_digits.noisy.count > 0) quality = imageQuality(images, m_digits.digits);
    Restored made{by, std::move(images), quality};
    if (isThere)
        *at = std::move(made);
    else
        restored.insert(at, std::move(made));
}

/// All that are due, and then they are told together.
void ImageBench::Worker::restoreAll() {
    const bool hasDenoised = m_restoreDue[static_cast<std::size_t>(Restorer::Denoiser)];
    for (const auto by : kRestorers)
        if (m_restoreDue[static_cast<std::size_t>(by)]) restore(by);
    tellDigits();
    if (hasDenoised && placeDenoised()) tellWay(false);
}

/// The denoised image has its place on the map too.
bool ImageBench::Worker::placeDenoised() {
    const auto& restored = m_digits.restored;
    if (m_way.clean.empty() || restored.empty() || restored.front().by != Restorer::Denoiser) return false;
    m_way.denoised = codeOf(currentOf(restored.front().images));
    return true;
}

/// Beside: a second is too long for a stroke to wait.
void ImageBench::Worker::fitToKnown() {
    m_fitDue = false;
    const auto fit = [known = m_known, &mailbox = *m_bench.m_mailbox] {
        const auto& train = known->train.images.count > 1 ? known->train : known->test;
        const auto some = selectImages(train.images, firstIndices(kFittedImages, train.images.count));
        const auto recipe = linearRecipe(kRestoringComponents);
        if (some.count < kRestoringComponents) return;
        setInferenceThreads(1, 1);
        auto engine = InferenceEngine::create(recipe, *fitComponents(recipe, {some, {}}));
        if (!engine) return;
        const auto fitted = std::make_shared<InferenceEngine>(std::move(*engine));
        mailbox.change([&](Wishes& wishes) { wishes.components = FittedComponents{known, fitted}; });
    };
    if (m_known) m_fitting = std::async(std::launch::async, fit);
}

/// The images that the model has learnt from, or could have, and that look most like this one.
void ImageBench::Worker::findNearest() {
    m_nearestDue = false;
    if (!m_known || m_way.encoded.count == 0) return;
    const auto& train = m_known->train.images.count > 0 ? m_known->train : m_known->test;
    const auto nearest = nearestImages(train.images, m_way.encoded.image(0), kNearest);
    m_way.nearest = selectImages(train.images, nearest);
    m_way.nearestLabels.clear();
    if (train.isLabelled())
        for (const int index : nearest) m_way.nearestLabels.push_back(train.labels[static_cast<std::size_t>(index)]);
    tellWay(false);
}

void ImageBench::Worker::enlargeCurrent() {
    m_enlargeDue = false;
    if (m_digits.digits.count == 0) return;
    if (m_enlargers.empty())
        for (const auto* id : {"superres-2x", "superres-4x"})
            if (auto engine = shipped(id)) m_enlargers.push_back(std::move(*engine));
    auto enlarged = std::make_shared<EnlargedDigit>();
    enlarged->digit = currentOf(m_digits.digits);
    for (auto& engine : m_enlargers)
        enlarged->enlarged.push_back(enlargedTo(enlarged->digit, engine.recipe().factor, engine));
    m_bench.post(m_id, kAnyModel, [&bench = m_bench, enlarged = std::shared_ptr<const EnlargedDigit>(enlarged)] {
        Q_EMIT bench.enlarged(enlarged);
    });
}

std::vector<double> ImageBench::Worker::codeOf(const ImageBatch& image) {
    const auto codes = m_model->encode(image, label());
    return {codes.mu.begin(), codes.mu.end()};
}

/// The code that the encoder gives; and where a person has searched from there, by newer weights the search again.
void ImageBench::Worker::beginWay() {
    m_wayDue = false;
    m_search.reset();
    const bool wasSearched = m_way.steps.size() > 1 && !m_isMoved;
    m_way = {};
    if (m_model && hasCode(m_model->recipe()) && m_digits.digits.count > 0) {
        m_way.encoded = currentOf(m_digits.inputs());
        m_way.clean = codeOf(currentOf(m_digits.digits));
        const auto codes = m_model->encode(m_way.encoded, label());
        const std::vector<double> z(codes.mu.begin(), codes.mu.end());
        if (m_digits.noisy.count > 0) m_way.noisy = z;
        for (const float logVar : codes.logVar) m_way.deviations.push_back(std::exp(0.5 * logVar));
        m_way.steps.push_back({z, errorAt(z).value});
        if (wasSearched) searchAtOnce();
        m_way.isOver = true;
        m_way.inClass = classOf(currentOf(m_digits.digits), 0);
        decodeEnds();
        if (!m_restoreDue.test(static_cast<std::size_t>(Restorer::Denoiser))) placeDenoised();
        m_nearestDue = true;
    }
    tellWay(std::exchange(m_isMoved, false));
}

Slope ImageBench::Worker::errorAt(const std::vector<double>& z) {
    return m_model->reconstructionError(z, m_way.encoded, label());
}

void ImageBench::Worker::searchAtOnce() {
    CodeSearch search([this](const std::vector<double>& z) { return errorAt(z); }, m_way.steps.front().z);
    while (std::ssize(m_way.steps) <= kMostSteps && search.advance()) m_way.steps.push_back(search.current());
}

/// What the way leads to, and whether that is another digit.
void ImageBench::Worker::decodeEnds() {
    std::vector<float> codes;
    for (const auto* step : {&m_way.steps.front(), &m_way.steps.back()})
        codes.insert(codes.end(), step->z.begin(), step->z.end());
    m_way.decoded = m_model->decode(codes, std::vector<std::uint8_t>(2, m_label));
    m_way.outClass = classOf(m_way.decoded, 1);
}

std::optional<int> ImageBench::Worker::classOf(const ImageBatch& images, int index) const {
    if (!m_known || !m_known->test.isLabelled()) return std::nullopt;
    return nearestClass(m_known->test, images.image(index));
}

void ImageBench::Worker::advanceSearch() {
    m_nextStep = Clock::now() + kStepEvery;
    if (!m_search->advance() || std::ssize(m_way.steps) > kMostSteps) return endSearch();
    m_way.isOver = false;
    m_way.steps.push_back(m_search->current());
    decodeEnds();
    tellWay(true);
}

void ImageBench::Worker::tellWay(bool isMoved) {
    const auto way = std::make_shared<const LatentWay>(m_way);
    m_bench.post(m_id, m_modelId, [&bench = m_bench, way, isMoved] { Q_EMIT bench.wayChanged(way, isMoved); });
}

void ImageBench::Worker::answerPutBack() {
    const auto by = *std::exchange(m_putBack, std::nullopt);
    const auto made = std::find_if(m_digits.restored.begin(), m_digits.restored.end(),
                                   [by](const Restored& each) { return each.by == by; });
    if (made == m_digits.restored.end() || made->images.count == 0)
        return m_bench.post(m_id, kAnyModel, [&bench = m_bench, by] { Q_EMIT bench.putBack({}, by); });
    auto page = colourPage(m_image);
    zwei::putBack(page, m_page, made->images);
    const QImage image =
        QImage(page.rgb.data(), page.width, page.height, qsizetype{3} * page.width, QImage::Format_RGB888).copy();
    m_bench.post(m_id, kAnyModel, [&bench = m_bench, image, by] { Q_EMIT bench.putBack(image, by); });
}

}  // namespace zwei
