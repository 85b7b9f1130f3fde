// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>

#include "models/runtime/device.h"
#include "models/types/image.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
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

    /// The posteriors of images `first` to `first + count`.
    Codes encode(const ImageBatch& images, int first, int count);
    Codes encode(const ImageBatch& images) { return encode(images, 0, images.count); }

    /// Codes [n, latentSize] to n images.
    ImageBatch decode(std::span<const float> codes);

    /// What comes out for images that go in: the decoded means of their posteriors.
    ImageBatch reconstruct(const ImageBatch& images);

private:
    struct Network;
    explicit InferenceEngine(std::unique_ptr<Network> network);
    std::unique_ptr<Network> m_network;
};

/// LibTorch threads for the calling thread.
void setInferenceThreads(int threads);

}  // namespace zwei
