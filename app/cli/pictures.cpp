// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pictures.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "models/io/whole_file.h"
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

/// `size` within a margin; what paints starts at the margin's inner corner.
Picture pictureOf(QSize size, std::function<void(QPainter&, int)> paint) {
    return {size + QSize(2 * kMargin, 2 * kMargin), Theme::current().card,
            [paint = std::move(paint)](QPainter& painter, int scale) {
                painter.translate(kMargin, kMargin);
                painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
                paint(painter, scale);
            }};
}

/// One image at `place`, as fine as the scale asks.
void drawTile(QPainter& painter, QPoint place, const ImageBatch& images, int index, const QColor& ink, int scale) {
    const int side = kTile * scale;
    painter.drawImage(QRect(place, QSize(kTile, kTile)), smoothInkImage(images, index, side, side, ink));
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
    ImageBatch images;
    int first;
    int count;
    QColor ink;
};

Picture rowsPicture(std::vector<PictureRow> rows, int nameWidth) {
    const QSize size(nameWidth + rows.front().count * kTile, static_cast<int>(rows.size()) * kTile);
    return pictureOf(size, [rows = std::move(rows), nameWidth](QPainter& painter, int scale) {
        painter.setFont(Theme::font(12));
        painter.setPen(Theme::current().muted);
        int top = 0;
        for (const auto& row : rows) {
            painter.drawText(QRect(0, top, nameWidth, kTile), Qt::AlignVCenter, row.name);
            for (int i = 0; i < row.count; ++i)
                drawTile(painter, {nameWidth + i * kTile, top}, row.images, row.first + i, row.ink, scale);
            top += kTile;
        }
    });
}

/// A row a class: of one digit in many styles.
Picture classRowsPicture(const GridSnapshot& grid) {
    std::vector<PictureRow> rows;
    rows.reserve(kClasses);
    for (int label = 0; label < kClasses; ++label)
        rows.push_back(
            {QString::number(label), grid.tiles, label * grid.request.side, grid.request.side, Theme::current().text});
    return rowsPicture(std::move(rows), 32);
}

void paintPoints(QPainter& painter, const LatentPlane& plane, const Codes& codes,
                 const std::vector<std::uint8_t>& labels) {
    painter.save();
    painter.setClipRect(plane.square());
    painter.setPen(Qt::NoPen);
    for (const int i : shuffled(codes.count)) {
        const auto mean = codes.mean(i);
        QColor colour(kClassColours[labels.empty() ? 0 : labels[static_cast<std::size_t>(i)]]);
        colour.setAlphaF(0.7f);
        painter.setBrush(colour);
        const QPointF z(mean.front(), codes.dimensions > 1 ? mean[1] : 0);
        if (!std::isfinite(z.x()) || !std::isfinite(z.y())) continue;
        // An SVG is not clipped.
        const QPointF at = plane.toPixel(z);
        if (QRectF(plane.square()).contains(at)) painter.drawEllipse(at, 2.2, 2.2);
    }
    painter.restore();
}

LossFrame frameOf(const std::vector<EpochStatistics>& history, QSize size) {
    LossFrame frame{QRectF(56, 32, size.width() - 56, size.height() - 64), static_cast<double>(history.back().epoch),
                    HUGE_VAL, -HUGE_VAL};
    for (const auto& epoch : history)
        for (const double value : {epoch.test.negElbo(), epoch.train.negElbo()}) {
            frame.low = std::min(frame.low, value - 1);
            frame.high = std::max(frame.high, value + 1);
        }
    return frame;
}

}  // namespace

Picture gridPicture(const GridSnapshot& grid) {
    if (grid.request.hasRowALabel) return classRowsPicture(grid);
    return pictureOf(kMapSize, [grid](QPainter& painter, int scale) {
        const LatentPlane plane(LatentPlane::squareIn(kMapSize, 1), grid.request.area, grid.request.spacing);
        const auto sheet = inkSheet(grid.tiles, grid.request.side);
        painter.drawImage(plane.square(),
                          sheet.scaled(plane.square().size() * scale, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        drawPlaneAxes(painter, plane, /*focused=*/false);
    });
}

Picture scatterPicture(const Codes& codes, const std::vector<std::uint8_t>& labels) {
    return pictureOf(kMapSize, [codes, labels](QPainter& painter, int) {
        const LatentPlane plane(LatentPlane::squareIn(kMapSize, 1), areaOf(codes));
        drawPlaneAxes(painter, plane, /*focused=*/false);
        paintPoints(painter, plane, codes, labels);
        if (!labels.empty()) drawLegend(painter, LatentPlane::footerIn(kMapSize));
    });
}

Picture reconstructionPicture(const ReconstructionSnapshot& reconstructions) {
    const auto& theme = Theme::current();
    std::vector<PictureRow> rows;
    const auto add = [&rows](const char* name, const ImageBatch& images, const QColor& ink) {
        rows.push_back({QLatin1String(name), images, 0, images.count, ink});
    };
    if (reconstructions.originals.count > 0) add("clean", reconstructions.originals, theme.text);
    add("in", reconstructions.inputs, theme.text);
    add("out", reconstructions.outputs, theme.text);
    add("difference", reconstructions.differences, theme.difference);
    return rowsPicture(std::move(rows), 96);
}

Picture enlargementPicture(const ImageBatch& inputs, const ImageBatch& bicubic, const ImageBatch& lanczos,
                           const ImageBatch& outputs) {
    const auto row = [](const char* name, const ImageBatch& images) {
        return PictureRow{QLatin1String(name), images, 0, images.count, Theme::current().text};
    };
    return rowsPicture({row("in", inputs), row("bicubic", bicubic), row("Lanczos", lanczos), row("out", outputs)}, 96);
}

Picture imageSheet(const ImageBatch& images, int columns) {
    const int rows = (images.count + columns - 1) / columns;
    return pictureOf({columns * kTile, rows * kTile}, [images, columns](QPainter& painter, int scale) {
        for (int i = 0; i < images.count; ++i)
            drawTile(painter, QPoint(i % columns, i / columns) * kTile, images, i, Theme::current().text, scale);
    });
}

Picture lossPicture(const std::vector<EpochStatistics>& history) {
    static constexpr QSize kSize(960, 480);
    return pictureOf(kSize, [history](QPainter& painter, int) {
        if (history.empty()) return;
        const LossFrame frame = frameOf(history, kSize);
        drawLossAxes(painter, frame);
        drawLossCurve(painter, frame, history, &EpochStatistics::train, Theme::current().muted);
        drawLossCurve(painter, frame, history, &EpochStatistics::test, Theme::current().accent);
        drawLossTitle(painter, kSize.width());
    });
}

std::vector<float> codesOf(const MapPlane& plane, const std::vector<float>& points) {
    std::vector<float> codes;
    for (std::size_t i = 0; i < points.size(); i += 2) {
        const auto z = plane.moved(plane.origin, {points[i], points[i + 1]});
        codes.insert(codes.end(), z.begin(), z.end());
    }
    return codes;
}

void PictureOptions::add(CLI::App& command) {
    command.add_option("--theme", theme, "Colours of the pictures: light or dark")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    command.add_option("--scale", scale, "Pixels of a PNG for each of the picture's; of an SVG or PDF, of its images")
        ->check(CLI::Range(1, kMostScale))
        ->capture_default_str();
}

void PictureOptions::apply() const { Theme::setCurrent(theme == "dark" ? Theme::darkTheme() : Theme::lightTheme()); }

Result<void> PictureOptions::save(const Picture& picture, const std::filesystem::path& file) const {
    return writePicture(picture, file, scale);
}

Result<void> savePicture(const QImage& picture, const std::filesystem::path& file) {
    const auto png = pngOf(picture);
    if (png.isEmpty()) return failure(file.string() + ": there is not enough memory for the picture.");
    return writeWholeFile(file, {png.begin(), png.end()});
}

}  // namespace zwei::cli
