// SPDX-License-Identifier: GPL-3.0-or-later
//
// What takes noise off MNIST's test digits, and off simulated photographs of them, as two tables in Markdown: PSNR in
// dB against the clean digits, and SSIM. The denoiser is the one that ships with the program; the principal components
// are those of 10,000 training images.
//
//   ZWEI_DATA_DIR=<folder that holds mnist/> denoising_benchmark

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/launcher/program.h"
#include "models/data/dataset.h"
#include "models/data/image_filters.h"
#include "models/eval/image_quality.h"
#include "models/imaging/normaliser.h"
#include "models/io/model_file.h"
#include "models/nn/image_noise.h"
#include "models/nn/inference_engine.h"
#include "models/train/linear_fit.h"
#include "models/types/reconstruction.h"
#include "tests/support/simulated_photos.h"

namespace {

using namespace zwei;

constexpr int kDigits = 2000;
constexpr int kPhotographs = 500;
constexpr int kFitted = 10'000;

[[noreturn]] void fail(const Sentence& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    std::exit(EXIT_FAILURE);
}

InferenceEngine engineOf(const Recipe& recipe, const Weights& weights) {
    auto engine = InferenceEngine::create(recipe, weights);
    if (!engine) fail(engine.error());
    return std::move(*engine);
}

InferenceEngine shippedDenoiser() {
    const auto model = loadModel(std::filesystem::path(ZWEI_MODELS) / "denoise.safetensors");
    if (!model) fail(model.error());
    return engineOf(model->recipe, *model->weights);
}

/// Who made them, and the images.
using Methods = std::vector<std::pair<std::string, ImageBatch>>;

class Restorers {
public:
    explicit Restorers(const LabelledImages& train) : m_denoiser(shippedDenoiser()) {
        const LabelledImages some{selectImages(train.images, firstIndices(kFitted, train.images.count)), {}};
        for (const int count : {20, 35, kRestoringComponents, 80}) {
            const auto recipe = linearRecipe(count);
            m_components.emplace_back(count, engineOf(recipe, *fitComponents(recipe, some)));
        }
    }

    Methods of(const ImageBatch& noisy) {
        Methods made{{"input", noisy}};
        made.emplace_back("median 3x3", medianFilter3x3(noisy));
        for (auto& [count, engine] : m_components)
            made.emplace_back("PCA, " + std::to_string(count) + " components", engine.reconstruct(noisy));
        made.emplace_back("denoiser", m_denoiser.reconstruct(noisy));
        return made;
    }

private:
    InferenceEngine m_denoiser;
    std::vector<std::pair<int, InferenceEngine>> m_components;
};

void printRows(const std::string& input, const Methods& methods, const ImageBatch& clean) {
    for (const auto& [name, images] : methods) {
        const auto quality = imageQuality(images, clean);
        std::printf("| %s | %s | %.2f | %.4f |\n", input.c_str(), name.c_str(), quality.psnr, quality.ssim);
    }
}

cv::Mat1b matrixOf(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    return cv::Mat1b(kImageSide, kImageSide, const_cast<std::uint8_t*>(pixels.data())).clone();
}

/// The digit moved by up to 2 pixels, to where it lies in the normalised image: a photograph does not keep its place.
cv::Mat1b alignedTo(const cv::Mat1b& normalised, const cv::Mat1b& digit) {
    cv::Mat1b best;
    double least = 0;
    for (int y = -2; y <= 2; ++y)
        for (int x = -2; x <= 2; ++x) {
            cv::Mat1b moved = cv::Mat1b::zeros(digit.size());
            const cv::Rect whole({}, digit.size());
            const cv::Rect to = whole & (whole + cv::Point(x, y));
            digit(to - cv::Point(x, y)).copyTo(moved(to));
            const double difference = cv::norm(moved, normalised, cv::NORM_L2SQR);
            if (best.empty() || difference < least) {
                least = difference;
                best = moved;
            }
        }
    return best;
}

/// Photographs of digits, normalised, beside the digits themselves.
std::pair<ImageBatch, ImageBatch> photographed(const ImageBatch& digits) {
    test::Photographer photographer(5);
    ImageBatch normalised, clean;
    for (int i = 0; i < kPhotographs; ++i) {
        const auto digit = matrixOf(digits, i);
        const auto found = normalise(photographer.photograph(digit).page);
        if (found.digits.count != 1) continue;  // a few: see the normaliser's test
        const auto original = alignedTo(matrixOf(found.digits, 0), digit);
        std::copy(found.digits.pixels.begin(), found.digits.pixels.end(), std::back_inserter(normalised.pixels));
        std::copy(original.begin(), original.end(), std::back_inserter(clean.pixels));
        ++normalised.count;
        ++clean.count;
    }
    return {normalised, clean};
}

}  // namespace

int zweiMain(int, char**) {
    const auto data = loadDataset("mnist", dataFolders(std::nullopt));
    if (!data) fail(data.error());
    Restorers restorers((*data)->train);
    const auto clean = selectImages((*data)->test.images, firstIndices(kDigits, kDigits));
    std::printf("| %d digits with | method | PSNR, dB | SSIM |\n|---|---|---|---|\n", kDigits);
    for (const double sigma : {0.2, 0.4, 0.6, 0.8}) {
        char input[32];
        std::snprintf(input, sizeof input, "gaussian %.1f", sigma);
        printRows(input, restorers.of(withNoise(clean, {NoiseKind::Gaussian, sigma, 0}, 1)), clean);
    }
    const auto [normalised, originals] = photographed(clean);
    std::printf("\n| %d photographs, normalised | method | PSNR, dB | SSIM |\n|---|---|---|---|\n", normalised.count);
    printRows("as they are", restorers.of(normalised), originals);
    printRows("gaussian 0.4", restorers.of(withNoise(normalised, {NoiseKind::Gaussian, 0.4, 0}, 1)), originals);
    return EXIT_SUCCESS;
}
