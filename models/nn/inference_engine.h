// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/runtime/device.h"
#include "models/types/image.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/slope.h"
#include "models/types/snapshot.h"
#include "models/types/weights.h"

namespace zwei {

/// A network that only looks: it encodes and decodes with weights that somebody published. For one thread at a time.
class InferenceEngine {
public:
    /// Fails where the recipe has a fault or the weights are not those of its network.
    [[nodiscard]] static Result<InferenceEngine> create(const Recipe& recipe, const Weights& weights,
                                                        Device device = Device::Auto);
    InferenceEngine(InferenceEngine&&) noexcept;
    InferenceEngine& operator=(InferenceEngine&&) noexcept;
    ~InferenceEngine();

    const Recipe& recipe() const;

    /// Other weights of the same network.
    [[nodiscard]] Result<void> load(const Weights& weights);

    /// What the network is fed for clean images: see `modelInput`. Noisy: with `noise` on them, or of levels drawn from
    /// the recipe's range; the same seed gives the same noise.
    ImageBatch inputOf(const ImageBatch& clean, const std::optional<Noise>& noise, std::uint64_t seed) const;

    // Codes are those of a recipe that has a code; `labels` are one an image or a code where the recipe takes labels,
    // and else are not looked at.

    /// The codes of inputs `first` to `first + count`; `labels` are those of all inputs.
    Codes encode(const ImageBatch& inputs, std::span<const std::uint8_t> labels, int first, int count);
    Codes encode(const ImageBatch& inputs, std::span<const std::uint8_t> labels = {}) {
        return encode(inputs, labels, 0, inputs.count);
    }

    /// Codes [n, latentSize] to n images.
    ImageBatch decode(std::span<const float> codes, std::span<const std::uint8_t> labels = {});

    /// The reconstruction loss of one image (in nats, by the recipe's own distribution) where it is decoded from `z`,
    /// and its gradient by `z`; a label as for `decode`.
    Slope reconstructionError(const std::vector<double>& z, const ImageBatch& image,
                              std::span<const std::uint8_t> label = {});

    /// What comes out for inputs: where there is a code, what its mean decodes to.
    ImageBatch reconstruct(const ImageBatch& inputs, std::span<const std::uint8_t> labels = {});

private:
    struct Network;
    explicit InferenceEngine(std::unique_ptr<Network> network);
    std::unique_ptr<Network> m_network;
};

/// How many threads the engines of the calling thread take for parts of a batch, and how many each of LibTorch's
/// operations. Before it is called there are no parts.
void setInferenceThreads(int forParts, int forOperations);

}  // namespace zwei
