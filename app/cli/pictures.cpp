// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pictures.h"

#include <QPainter>
#include <QSaveFile>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "models/types/class_colours.h"
#include "models/types/quantile.h"
#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/latent_plane.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"

namespace zwei::cli {
namespace {

constexpr QSize kMapSize(960, 960);
constexpr int kMargin = 4 * kSpace;
constexpr int kTile = 84;

/// `size` within a margin; a painter on it starts at the margin's inner corner.
QImage emptyPicture(QSize size) {
    QImage picture(size + QSize(2 * kMargin, 2 * kMargin), QImage::Format_RGB32);
    picture.fill(Theme::current().card);
    return picture;
}

void startPainting(QPainter& painter) {
    painter.translate(kMargin, kMargin);
    painter.setRenderHint(QPainter::Antialiasing);
}

/// The square, centred on 0, that holds nearly all points: a few strays do not shrink the rest.
LatentRect areaOf(const Codes& codes) {
    constexpr double kShare = 0.995;
    std::vector<double> reach;
    for (int i = 0; i < codes.count; ++i) {
        const auto mean = codes.mean(i);
        const double across = mean.front();
        const double upwards = codes.dimensions > 1 ? mean[1] : 0;
        if (std::isfinite(across) && std::isfinite(upwards))
            reach.push_back(std::max(std::abs(across), std::abs(upwards)));
    }
    const double side = std::max(3.0, std::ceil(quantile(std::move(reach), kShare)));
    return {-side, -side, side, side};
}

/// A fixed order in which no class covers another.
std::vector<int> shuffled(int count) {
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::minstd_rand(1));
    return order;
}

void drawLegend(QPainter& painter, const QRect& footer) {
    int x = footer.left();
    painter.setFont(Theme::font(12));
    for (int digit = 0; digit < kClasses; ++digit, x += 9 * kSpace) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(kClassColours[static_cast<std::size_t>(digit)]));
        painter.drawEllipse(QPointF(x + kSpace, footer.center().y()), kSpace, kSpace);
        painter.setPen(Theme::current().muted);
        painter.drawText(QRect(x + 3 * kSpace, footer.top(), 5 * kSpace, footer.height()), Qt::AlignVCenter,
                         QString::number(digit));
    }
}

/// Where a value of the loss curve lies.
struct LossFrame {
    QRectF plot;
    double epochs;
    double low, high;

    QPointF at(int epoch, double value) const {
        const double x = epochs > 1 ? (epoch - 1) / (epochs - 1) : 0.5;
        return {plot.left() + x * plot.width(), plot.bottom() - (value - low) / (high - low) * plot.height()};
    }
};

void drawLossAxes(QPainter& painter, const LossFrame& frame) {
    const auto& theme = Theme::current();
    const double step = std::pow(10, std::floor(std::log10(frame.high - frame.low)));
    painter.setFont(Theme::font(12));
    const auto last = static_cast<long long>(std::floor(frame.high / step));
    for (auto multiple = static_cast<long long>(std::ceil(frame.low / step)); multiple <= last; ++multiple) {
        const double value = static_cast<double>(multiple) * step;
        const double y = frame.at(1, value).y();
        painter.setPen(theme.line);
        painter.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(0, y - 10, frame.plot.left() - 8, 20), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(value, 'g', 4));
    }
    painter.drawText(QRectF(frame.plot.left(), frame.plot.bottom() + 8, frame.plot.width(), 20), Qt::AlignRight,
                     QStringLiteral("epoch %1").arg(frame.epochs));
}

void drawLossCurve(QPainter& painter, const LossFrame& frame, const std::vector<EpochStatistics>& history,
                   ElboTerms EpochStatistics::*part, const QColor& colour) {
    QPolygonF curve;
    for (const auto& epoch : history) curve << frame.at(epoch.epoch, (epoch.*part).negElbo());
    painter.setPen(QPen(colour, 2));
    painter.drawPolyline(curve);
}

void drawLossTitle(QPainter& painter, int width) {
    const QRectF line(0, 0, width, 20);
    painter.setFont(Theme::font(12, QFont::DemiBold));
    painter.setPen(Theme::current().text);
    painter.drawText(line, Qt::AlignVCenter, QStringLiteral("−ELBO, nats an image"));
    painter.setPen(Theme::current().muted);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, QStringLiteral("— train"));
    painter.setPen(Theme::current().accent);
    painter.drawText(line.adjusted(0, 0, -64, 0), Qt::AlignVCenter | Qt::AlignRight, QStringLiteral("— test"));
}

/// Images `first` to `first + count` of a batch, and what they are.
struct PictureRow {
    QString name;
    const ImageBatch& images;
    int first;
    int count;
    QColor ink;
};

QImage rowsPicture(const std::vector<PictureRow>& rows, int nameWidth) {
    QImage picture = emptyPicture({nameWidth + rows.front().count * kTile, static_cast<int>(rows.size()) * kTile});
    QPainter painter(&picture);
    startPainting(painter);
    painter.setFont(Theme::font(12));
    painter.setPen(Theme::current().muted);
    int top = 0;
    for (const auto& row : rows) {
        painter.drawText(QRect(0, top, nameWidth, kTile), Qt::AlignVCenter, row.name);
        for (int i = 0; i < row.count; ++i)
            painter.drawImage(nameWidth + i * kTile, top,
                              smoothInkImage(row.images, row.first + i, kTile, kTile, row.ink));
        top += kTile;
    }
    return picture;
}

/// A row a class: of one digit in many styles.
QImage classRowsPicture(const GridSnapshot& grid) {
    std::vector<PictureRow> rows;
    for (int label = 0; label < kClasses; ++label)
        rows.push_back(
            {QString::number(label), grid.tiles, label * grid.request.side, grid.request.side, Theme::current().text});
    return rowsPicture(rows, 32);
}

}  // namespace

QImage gridPicture(const GridSnapshot& grid) {
    if (grid.request.hasRowALabel) return classRowsPicture(grid);
    QImage picture = emptyPicture(kMapSize);
    QPainter painter(&picture);
    startPainting(painter);
    const LatentPlane plane(LatentPlane::squareIn(kMapSize, 1), grid.request.area, grid.request.spacing);
    const auto sheet = inkSheet(grid.tiles, grid.request.side);
    painter.drawImage(plane.square(),
                      sheet.scaled(plane.square().size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    drawPlaneAxes(painter, plane, /*focused=*/false);
    return picture;
}

QImage scatterPicture(const Codes& codes, const std::vector<std::uint8_t>& labels) {
    QImage picture = emptyPicture(kMapSize);
    QPainter painter(&picture);
    startPainting(painter);
    const LatentPlane plane(LatentPlane::squareIn(kMapSize, 1), areaOf(codes));
    drawPlaneAxes(painter, plane, /*focused=*/false);
    painter.setClipRect(plane.square());
    painter.setPen(Qt::NoPen);
    for (const int i : shuffled(codes.count)) {
        const auto mean = codes.mean(i);
        QColor colour(kClassColours[labels.empty() ? 0 : labels[static_cast<std::size_t>(i)]]);
        colour.setAlphaF(0.7f);
        painter.setBrush(colour);
        const QPointF z(mean.front(), codes.dimensions > 1 ? mean[1] : 0);
        if (std::isfinite(z.x()) && std::isfinite(z.y())) painter.drawEllipse(plane.toPixel(z), 2.2, 2.2);
    }
    painter.setClipping(false);
    if (!labels.empty()) drawLegend(painter, LatentPlane::footerIn(kMapSize));
    return picture;
}

QImage reconstructionPicture(const ReconstructionSnapshot& reconstructions) {
    const auto& theme = Theme::current();
    std::vector<PictureRow> rows;
    const auto add = [&rows](const char* name, const ImageBatch& images, const QColor& ink) {
        rows.push_back({QLatin1String(name), images, 0, images.count, ink});
    };
    if (reconstructions.originals.count > 0) add("clean", reconstructions.originals, theme.text);
    add("in", reconstructions.inputs, theme.text);
    add("out", reconstructions.outputs, theme.text);
    add("difference", reconstructions.differences, theme.difference);
    return rowsPicture(rows, 96);
}

QImage enlargementPicture(const ImageBatch& inputs, const ImageBatch& bicubic, const ImageBatch& lanczos,
                          const ImageBatch& outputs) {
    const auto row = [](const char* name, const ImageBatch& images) {
        return PictureRow{QLatin1String(name), images, 0, images.count, Theme::current().text};
    };
    return rowsPicture({row("in", inputs), row("bicubic", bicubic), row("Lanczos", lanczos), row("out", outputs)}, 96);
}

QImage imageSheet(const ImageBatch& images, int columns) {
    const int rows = (images.count + columns - 1) / columns;
    QImage picture = emptyPicture({columns * kTile, rows * kTile});
    QPainter painter(&picture);
    startPainting(painter);
    for (int i = 0; i < images.count; ++i)
        painter.drawImage(i % columns * kTile, i / columns * kTile,
                          smoothInkImage(images, i, kTile, kTile, Theme::current().text));
    return picture;
}

QImage lossPicture(const std::vector<EpochStatistics>& history) {
    constexpr QSize kSize(960, 480);
    QImage picture = emptyPicture(kSize);
    if (history.empty()) return picture;
    QPainter painter(&picture);
    startPainting(painter);
    LossFrame frame{QRectF(56, 32, kSize.width() - 56, kSize.height() - 64), static_cast<double>(history.back().epoch),
                    HUGE_VAL, -HUGE_VAL};
    for (const auto& epoch : history)
        for (const double value : {epoch.test.negElbo(), epoch.train.negElbo()}) {
            frame.low = std::min(frame.low, value - 1);
            frame.high = std::max(frame.high, value + 1);
        }
    drawLossAxes(painter, frame);
    drawLossCurve(painter, frame, history, &EpochStatistics::train, Theme::current().muted);
    drawLossCurve(painter, frame, history, &EpochStatistics::test, Theme::current().accent);
    drawLossTitle(painter, kSize.width());
    return picture;
}

void PictureOptions::add(CLI::App& command) {
    command.add_option("--theme", theme, "Colours of the pictures: light or dark")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
}

void PictureOptions::apply() const { Theme::setCurrent(theme == "dark" ? Theme::darkTheme() : Theme::lightTheme()); }

Result<void> savePicture(const QImage& picture, const std::filesystem::path& file) {
    QSaveFile out(QString::fromStdString(file.string()));
    if (!out.open(QIODevice::WriteOnly) || !picture.save(&out, "PNG") || !out.commit())
        return failure(file.string() + ": the picture cannot be written (" + out.errorString().toStdString() + ").");
    return {};
}

}  // namespace zwei::cli
