// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/network_layout.h"

#include <string>

#include "models/nn/recipe_check.h"
#include "models/types/image.h"

namespace zwei {
namespace {

std::vector<int> reversed(const std::vector<int>& sizes) { return {sizes.rbegin(), sizes.rend()}; }

/// The tensors so far, of which each lies behind the one before.
class Layout {
public:
    void addLinear(const std::string& name, int from, int to) { addLayer(name, {to, from}); }
    void addConvolution(const std::string& name, int from, int to, int side = 3) {
        addLayer(name, {to, from, side, side});
    }
    std::vector<TensorEntry> take() { return std::move(m_entries); }

private:
    void addLayer(const std::string& name, const std::vector<std::int64_t>& shape) {
        add(name + ".weight", shape);
        add(name + ".bias", {shape.front()});
    }
    void add(const std::string& name, const std::vector<std::int64_t>& shape) {
        m_entries.push_back({name, shape, m_offset});
        m_offset += m_entries.back().size();
    }

    std::vector<TensorEntry> m_entries;
    std::size_t m_offset = 0;
};

/// Layers one after the other, each named by its number; those without parameters count, too.
class Sequence {
public:
    Sequence(Layout& layout, std::string name) : m_layout(layout), m_name(std::move(name)) {}

    void pass(int layers = 1) { m_next += layers; }
    void linear(int from, int to) { m_layout.addLinear(nextName(), from, to); }
    void convolution(int from, int to) { m_layout.addConvolution(nextName(), from, to); }
    /// Dense layers of these widths, each with its activation; returns the last width.
    int dense(int width, const std::vector<int>& widths) {
        for (const int next : widths) {
            linear(width, next);
            pass();
            width = next;
        }
        return width;
    }

private:
    std::string nextName() { return m_name + "." + std::to_string(m_next++); }

    Layout& m_layout;
    std::string m_name;
    int m_next = 0;
};

/// The convolutional stages of the encoder (see backbone.cpp); returns how many numbers they make of an image.
int addStages(Sequence& encoder, const Recipe& recipe, int labels) {
    encoder.pass();  // to a feature map
    int side = kImageSide;
    int channels = 1 + labels;
    for (const int next : recipe.channels) {
        encoder.convolution(channels, next);
        encoder.pass(recipe.resampling == Resampling::Pooling ? 2 : 1);
        channels = next;
        side = (side + 1) / 2;
    }
    encoder.pass();  // and flat again
    return channels * side * side;
}

void addStagesBack(Sequence& decoder, const Recipe& recipe) {
    decoder.pass();  // to a feature map
    int channels = recipe.channels.back();
    if (recipe.resampling == Resampling::Pooling) {
        for (const int next : reversed(recipe.channels)) {
            decoder.convolution(channels, next);
            decoder.pass(2);
            channels = next;
        }
        decoder.convolution(channels, 1);
        return;
    }
    for (auto stage = recipe.channels.size(); stage-- > 0;) {
        decoder.convolution(recipe.channels[stage], 4 * (stage > 0 ? recipe.channels[stage - 1] : 1));
        decoder.pass(2);
    }
}

void addResidualBlock(Layout& layout, const std::string& name, int channels) {
    Sequence block(layout, name);
    for (int layer = 0; layer < 2; ++layer) {
        block.pass();
        block.convolution(channels, channels);
    }
}

void addSkipNetwork(Layout& layout, const std::vector<int>& channels) {
    const auto named = [](const char* list, std::size_t stage) {
        return "skip." + std::string(list) + "." + std::to_string(stage);
    };
    const auto passages = channels.size() - 1;
    layout.addConvolution("skip.input", 4, channels.front());
    for (std::size_t stage = 0; stage <= passages; ++stage)
        addResidualBlock(layout, named("down", stage), channels[stage]);
    for (std::size_t stage = 0; stage < passages; ++stage)
        layout.addConvolution(named("halve", stage), channels[stage], channels[stage + 1]);
    for (std::size_t stage = 0; stage < passages; ++stage)
        layout.addConvolution(named("double", stage), channels[stage + 1], 4 * channels[stage], 1);
    for (std::size_t stage = 0; stage < passages; ++stage)
        addResidualBlock(layout, named("up", stage), channels[stage]);
    layout.addConvolution("skip.output", channels.front(), 4);
}

void addEncoderAndDecoder(Layout& layout, const Recipe& recipe) {
    const int labels = takesLabels(recipe) ? kClasses : 0;
    const bool isLinear = recipe.backbone == Backbone::Linear;
    const bool hasStages = recipe.backbone == Backbone::Convolutional;
    const auto widths = isLinear ? std::vector<int>() : recipe.hidden;
    Sequence encoder(layout, "encoder");
    const int maps = hasStages ? addStages(encoder, recipe, labels) : kImagePixels + labels;
    const int features = encoder.dense(maps, widths);
    layout.addLinear("mu", features, recipe.latentSize);
    if (isVariational(recipe)) layout.addLinear("log_var", features, recipe.latentSize);
    Sequence decoder(layout, "decoder");
    const int width = decoder.dense(recipe.latentSize + labels, reversed(widths));
    if (!hasStages) return decoder.linear(width, kImagePixels);
    decoder.dense(width, {maps});
    addStagesBack(decoder, recipe);
}

}  // namespace

std::vector<TensorEntry> networkLayout(const Recipe& recipe) {
    Layout layout;
    if (hasCode(recipe))
        addEncoderAndDecoder(layout, recipe);
    else
        addSkipNetwork(layout, recipe.channels);
    if (recipe.bottleneck == Bottleneck::Adversarial) {
        Sequence discriminator(layout, "discriminator");
        const int width = discriminator.dense(recipe.latentSize, {kDiscriminatorWidth, kDiscriminatorWidth});
        discriminator.linear(width, 1);
    }
    return layout.take();
}

std::size_t parameterCount(const Recipe& recipe) {
    const auto layout = networkLayout(recipe);
    return layout.back().offset + layout.back().size();
}

}  // namespace zwei
