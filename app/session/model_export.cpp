// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/model_export.h"

#include <QFile>
#include <QImage>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "app/session/picture_file.h"
#include "models/io/npy.h"
#include "models/io/number_text.h"

namespace zwei {
namespace {

std::string tensorsTable(const Codes& codes, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        const auto mean = codes.mean(i);
        for (std::size_t d = 0; d < mean.size(); ++d) {
            if (d > 0) text += '\t';
            appendNumber(text, mean[d]);
        }
        text += '\n';
    }
    return text;
}

/// A name that leaves the table's columns and rows as they are.
std::string cell(std::string name) {
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return name;
}

/// The projector wants a header where there are several columns, and takes the first row for an image's where there is
/// one.
std::string metadataTable(const LabelledImages& images, const std::vector<std::string>& classNames, int count) {
    std::string text = images.isLabelled() ? "label\tindex\n" : "";
    for (int i = 0; i < count; ++i) {
        if (images.isLabelled()) {
            const auto label = images.labels[static_cast<std::size_t>(i)];
            text += label < classNames.size() ? cell(classNames[label]) : std::to_string(label);
            text += '\t';
        }
        text += std::to_string(i) + '\n';
    }
    return text;
}

/// Square, or the projector would count its columns wrongly; what is left over is black.
std::vector<std::uint8_t> spriteOf(const ImageBatch& images, int count) {
    const int columns = static_cast<int>(std::ceil(std::sqrt(count)));
    QImage sprite(columns * images.width, columns * images.height, QImage::Format_Grayscale8);
    sprite.fill(Qt::black);
    for (int i = 0; i < count; ++i) {
        const auto pixels = images.image(i);
        for (int row = 0; row < images.height; ++row)
            std::memcpy(sprite.scanLine(i / columns * images.height + row) + i % columns * images.width,
                        pixels.data() + row * images.width, static_cast<std::size_t>(images.width));
    }
    const auto png = pngOf(sprite);
    return {png.begin(), png.end()};
}

/// A string of the protocol buffers' text format.
std::string quoted(const std::string& text) {
    std::string escaped = "\"";
    for (const char c : cell(text)) {
        if (c == '"' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped + "\"";
}

std::string projectorConfig(const std::string& title) {
    const auto side = std::to_string(kImageSide);
    return "embeddings {\n  tensor_name: " + quoted(title) +
           "\n  tensor_path: \"tensors.tsv\"\n  metadata_path: \"metadata.tsv\"\n"
           "  sprite {\n    image_path: \"sprite.png\"\n    single_image_dim: " +
           side + "\n    single_image_dim: " + side + "\n  }\n}\n";
}

}  // namespace

std::vector<NamedBytes> torchFolder(const std::vector<std::uint8_t>& modelFile) {
    QFile script(QStringLiteral(":/export/model.py"));
    const bool opened = script.open(QIODevice::ReadOnly);
    Q_ASSERT(opened);
    Q_UNUSED(opened)
    const auto text = script.readAll();
    return {{"model.safetensors", modelFile}, {"model.py", {text.begin(), text.end()}}};
}

Result<std::vector<std::uint8_t>> npzOf(const Weights& weights, const Codes* codes,
                                        const std::vector<std::uint8_t>& labels) {
    std::vector<NamedBytes> arrays;
    for (const auto& entry : weights.tensors)
        arrays.push_back(
            {entry.name, serialiseNpy(std::span(weights.values).subspan(entry.offset, entry.size()), entry.shape)});
    if (codes) {
        const std::vector<std::int64_t> shape{codes->count, codes->dimensions};
        arrays.push_back({"test_mu", serialiseNpy(codes->mu, shape)});
        if (!codes->logVar.empty()) arrays.push_back({"test_log_var", serialiseNpy(codes->logVar, shape)});
        if (!labels.empty()) arrays.push_back({"test_labels", serialiseNpy(labels, {codes->count})});
    }
    return serialiseNpz(arrays);
}

std::vector<NamedBytes> projectorFolder(const std::string& title, const Codes& codes, const LabelledImages& images,
                                        const std::vector<std::string>& classNames) {
    const int count = std::min(codes.count, kMostProjected);
    return {namedText("tensors.tsv", tensorsTable(codes, count)),
            namedText("metadata.tsv", metadataTable(images, classNames, count)),
            {"sprite.png", spriteOf(images.images, count)},
            namedText("projector_config.pbtxt", projectorConfig(title))};
}

}  // namespace zwei
