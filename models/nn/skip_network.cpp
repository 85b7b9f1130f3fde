// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/skip_network.h"

#include "models/nn/backbone.h"
#include "models/nn/layers.h"
#include "models/types/image.h"

namespace zwei {

namespace nn = torch::nn;

SkipNetworkImpl::SkipNetworkImpl(const Recipe& recipe) : m_activation(recipe.activation) {
    const auto& channels = recipe.channels;
    m_input = register_module("input", convolution(4, channels.front()));
    register_module("down", m_down);
    register_module("halve", m_halve);
    register_module("double", m_double);
    register_module("up", m_up);
    for (std::size_t stage = 0; stage < channels.size(); ++stage) {
        m_down->push_back(residualBlock(channels[stage]));
        if (stage + 1 == channels.size()) break;
        m_halve->push_back(convolution(channels[stage], channels[stage + 1], 2));
        m_double->push_back(nn::Conv2d(nn::Conv2dOptions(channels[stage + 1], 4 * channels[stage], 1)));
        m_up->push_back(residualBlock(channels[stage]));
    }
    m_output = register_module("output", convolution(channels.front(), 4));
}

nn::Sequential SkipNetworkImpl::residualBlock(int channels) const {
    nn::Sequential block;
    for (int layer = 0; layer < 2; ++layer) {
        addActivation(block, m_activation);
        block->push_back(convolution(channels, channels));
    }
    return block;
}

torch::Tensor SkipNetworkImpl::addBlock(nn::ModuleList& blocks, std::size_t stage, const torch::Tensor& maps) {
    return maps + runLayers(std::dynamic_pointer_cast<nn::SequentialImpl>(blocks->ptr(stage)), maps);
}

torch::Tensor SkipNetworkImpl::forward(const torch::Tensor& images) {
    const auto square = images.view({-1, 1, kImageSide, kImageSide}) * 2 - 1;
    // oneDNN's convolutions are fastest with the channels last.
    auto maps = m_input->forward(torch::pixel_unshuffle(square, 2).contiguous(torch::MemoryFormat::ChannelsLast));
    std::vector<torch::Tensor> passed;
    for (std::size_t stage = 0; stage < m_down->size(); ++stage) {
        maps = addBlock(m_down, stage, maps);
        if (stage == m_halve->size()) break;
        passed.push_back(maps);
        maps = m_halve[stage]->as<nn::Conv2d>()->forward(activate(maps, m_activation));
    }
    for (auto stage = passed.size(); stage-- > 0;) {
        const auto up = m_double[stage]->as<nn::Conv2d>()->forward(activate(maps, m_activation));
        maps = addBlock(m_up, stage, doubledTo(up, static_cast<int>(passed[stage].size(2))) + passed[stage]);
    }
    return torch::pixel_shuffle(m_output->forward(activate(maps, m_activation)), 2).reshape({-1, kImagePixels});
}

}  // namespace zwei
