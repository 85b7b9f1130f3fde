// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/training_film.h"

#include <QPainter>
#include <cmath>

#include "app/cli/pictures.h"
#include "models/eval/code_space.h"
#include "models/types/class_colours.h"
#include "models/types/latent_grid.h"
#include "models/types/map_plane.h"
#include "widgets/drawing/theme.h"

namespace zwei::cli {
namespace {

constexpr int kMostPoints = 10000;

/// The colours of a scatter: greys, and each class's on its way to white paper.
QList<QRgb> scatterColours() {
    constexpr int kShades = 21;
    constexpr int kGreys = 256 - kShades * kClasses;
    QList<QRgb> colours;
    for (int i = 0; i < kGreys; ++i) {
        const int grey = 255 * i / (kGreys - 1);
        colours += qRgb(grey, grey, grey);
    }
    for (const QColor colour : kClassColours)
        for (int shade = 1; shade <= kShades; ++shade) {
            const auto mixed = [shade](int part) { return 255 + (part - 255) * shade / kShades; };
            colours += qRgb(mixed(colour.red()), mixed(colour.green()), mixed(colour.blue()));
        }
    return colours;
}

QImage asImage(const Picture& picture, const QString& caption) {
    QImage image(picture.size, QImage::Format_RGB32);
    image.fill(picture.paper);
    QPainter painter(&image);
    painter.save();
    picture.paint(painter, 1);
    painter.restore();
    painter.setFont(Theme::font(12));
    painter.setPen(Theme::current().muted);
    painter.drawText(image.rect().adjusted(0, 0, -16, -24), Qt::AlignRight | Qt::AlignBottom, caption);
    painter.end();
    return image.convertToFormat(QImage::Format_Indexed8, scatterColours(), Qt::AvoidDither | Qt::ThresholdDither);
}

/// The first images of the test set: as many as a map needs.
LabelledImages someOf(const LabelledImages& test) {
    const int count = std::min(test.images.count, kMostPoints);
    LabelledImages some{{count, test.images.height, test.images.width, {}}, {}};
    some.images.pixels.assign(
        test.images.pixels.begin(),
        test.images.pixels.begin() + static_cast<std::ptrdiff_t>(count * test.images.imageSize()));
    if (test.isLabelled()) some.labels.assign(test.labels.begin(), test.labels.begin() + count);
    return some;
}

}  // namespace

void FilmOptions::add(CLI::App& command) {
    command.add_option("--film", path, "Film of the latent grid to write: an animated FILE.gif, or a folder of frames");
    command.add_option("--film-every", every, "A frame every so many batches; without this, one an epoch")
        ->check(CLI::PositiveNumber);
    command.add_option("--film-of", of, "What it shows: grid, or scatter (the codes of the test images)")
        ->check(CLI::IsMember({"grid", "scatter"}))
        ->capture_default_str();
}

Result<TrainingFilm> TrainingFilm::create(const FilmOptions& options, const Recipe& recipe, DatasetPtr data,
                                          Device device) {
    if (!hasCode(recipe)) return failure("--film shows codes, and a network with skip connections has none.");
    auto writer = FilmWriter::create(options.path);
    if (!writer) return failure(writer.error());
    return TrainingFilm(options, recipe, std::move(data), device, std::move(*writer));
}

TrainingFilm::TrainingFilm(const FilmOptions& options, const Recipe& recipe, DatasetPtr data, Device device,
                           FilmWriter writer)
    : m_options(options), m_recipe(recipe), m_data(std::move(data)), m_device(device), m_writer(std::move(writer)) {
    Theme::setCurrent(Theme::lightTheme());
}

QImage TrainingFilm::frame(const QString& caption) {
    if (m_options.of == "scatter") {
        const auto some = someOf(m_data->test);
        const auto inputs = m_engine->inputOf(some.images, std::nullopt, m_recipe.seed);
        const auto codes = m_engine->encode(inputs, some.labels);
        const auto map = codes.dimensions > 2 ? onPlane(codes, principalPlane(codes, {})) : codes;
        return asImage(scatterPicture(map, some.labels), caption);
    }
    GridRequest request;
    request.hasRowALabel = takesLabels(m_recipe);
    const auto plane = MapPlane::ofDimensions(m_recipe.latentSize, 0, 1);
    return filmFrame({request, m_engine->decode(codesOf(plane, gridPoints(request)), gridLabels(request))}, caption);
}

void TrainingFilm::take(const Weights& weights, int epoch) {
    if (!m_fault.empty()) return;
    if (m_firstStep < 0) m_firstStep = weights.step;  // of a run that goes on, not 0
    const auto since = weights.step - m_firstStep;
    if (m_options.every > 0 && (since % m_options.every != 0 || weights.step == m_lastStep)) return;
    m_lastStep = weights.step;
    if (!m_engine) {
        auto engine = InferenceEngine::create(m_recipe, weights, m_device);
        if (engine)
            m_engine = std::move(*engine);
        else
            m_fault = engine.error();
    } else if (auto loaded = m_engine->load(weights); !loaded) {
        m_fault = loaded.error();
    }
    if (m_fault.empty())
        m_writer.add(frame(m_options.every > 0 ? QStringLiteral("batch %1").arg(weights.step)
                                               : QStringLiteral("epoch %1").arg(epoch)));
}

Result<void> TrainingFilm::finish() {
    if (!m_fault.empty()) return failure(m_fault);
    return m_writer.finish();
}

}  // namespace zwei::cli
