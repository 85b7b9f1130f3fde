// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our kernels against LibTorch's own ways, which stay beside them.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <chrono>
#include <limits>

#include "models/kernels/grey.h"
#include "models/kernels/matrix_product.h"
#include "models/kernels/sparse_rows.h"
#include "models/nn/autoencoder.h"
#include "models/nn/layers.h"
#include "models/nn/losses.h"
#include "models/runtime/fused_kernels.h"
#include "models/train/learner.h"
#include "models/train/optimiser.h"
#include "tests/support/small_dataset.h"
#include "tests/support/small_training.h"

namespace zwei {
namespace {

/// Three threads, so that work is divided.
class Kernels : public testing::Test {
protected:
    void SetUp() override { at::set_num_threads(3); }
    void TearDown() override { at::set_num_threads(1); }
};

/// Both ways in turn, and the fused one in the end.
template <typename Work>
auto bothWays(const Work& work) {
    setFusedKernels(false);
    auto plain = work();
    setFusedKernels(true);
    return std::pair(plain, work());
}

torch::Tensor digits(int count) { return imageTensor(proceduralDigits(count, 5).images, 0, count); }

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// Of some times that the same is done.
template <typename Work>
std::chrono::duration<double> shortest(const Work& work) {
    auto least = std::chrono::duration<double>::max();
    for (int i = 0; i < 20; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        least = std::min<std::chrono::duration<double>>(least, std::chrono::steady_clock::now() - start);
    }
    return least;
}

struct Shape {
    std::int64_t batch, inputs, outputs;
};

class DenseLayers : public Kernels,
                    public testing::WithParamInterface<std::tuple<Shape, std::optional<Activation>, bool, bool>> {};

TEST_P(DenseLayers, HaveTheValuesAndGradientsOfLibTorch) {
    const auto& [shape, activation, isSparse, liesByInput] = GetParam();
    torch::manual_seed(4);
    torch::nn::Linear layer(shape.inputs, shape.outputs);
    if (liesByInput) layInputByInput(layer);
    torch::nn::Sequential layers(layer);
    if (activation == Activation::GELU)
        layers->push_back(torch::nn::GELU());
    else if (activation)
        layers->push_back(torch::nn::ReLU());
    auto x = torch::rand({shape.batch, shape.inputs});
    if (isSparse) x = x * (torch::rand_like(x) < 0.2);
    x.requires_grad_(!isSparse);
    const auto weighing = torch::randn({shape.batch, shape.outputs});
    const auto [plain, fused] = bothWays([&, &layer = layer] {
        layer->zero_grad(true);
        if (x.grad().defined()) x.mutable_grad() = torch::Tensor();
        const auto values = runLayers(layers, x);
        EXPECT_EQ(values.grad_fn()->name().find("DenseLayer") != std::string::npos, usesFusedKernels());
        (values * weighing).sum().backward();
        std::vector<torch::Tensor> all{values.detach(), layer->weight.grad(), layer->bias.grad()};
        if (x.grad().defined()) all.push_back(x.grad());
        return all;
    });
    ASSERT_EQ(plain.size(), fused.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const double size = 1 + plain[i].abs().max().item<double>();
        EXPECT_LT(furthest(plain[i], fused[i]), 3e-6 * size) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, DenseLayers,
                         testing::Combine(testing::Values(Shape{128, 784, 512}, Shape{1, 784, 3}, Shape{97, 794, 70}),
                                          testing::Values(std::nullopt, Activation::ReLU, Activation::GELU),
                                          testing::Bool(), testing::Bool()));

TEST_F(Kernels, ActivationsHaveTheValuesAndSlopesOfLibTorch) {
    auto x = (torch::randn({3, 5, 14, 14}) * 4).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
    const auto weighing = torch::randn({3, 5, 14, 14});
    for (const auto activation : {Activation::ReLU, Activation::GELU}) {
        const auto [plain, fused] = bothWays([&] {
            x.mutable_grad() = torch::Tensor();
            const auto values = activate(x, activation);
            (values * weighing).sum().backward();
            return std::pair(values.detach(), x.grad());
        });
        EXPECT_LT(furthest(plain.first, fused.first), 2e-6);
        EXPECT_LT(furthest(plain.second, fused.second), 2e-6);
    }
}

TEST_F(Kernels, WhatIsNoNumberStaysNone) {
    const auto x = torch::full({4, 8}, std::numeric_limits<float>::quiet_NaN());
    for (const auto activation : {Activation::ReLU, Activation::GELU})
        EXPECT_TRUE(activate(x, activation).isnan().all().item<bool>());
    EXPECT_TRUE(reconstructionLoss(Reconstruction::Bernoulli, x, torch::zeros({4, 8})).isnan().item<bool>());
}

TEST_F(Kernels, ASecondDerivativeIsRefused) {
    const auto x = torch::randn({4, 8}).requires_grad_();
    const auto sum = activate(x, Activation::GELU).sum();
    EXPECT_THROW(torch::autograd::grad({sum}, {x}, {}, true, /*create_graph=*/true), c10::Error);
}

TEST_F(Kernels, WhatTheyCannotDoIsLeftToLibTorch) {
    torch::nn::Sequential layers(torch::nn::Linear(8, 3), torch::nn::GELU());
    const auto strided = torch::randn({8, 4}).t();
    const auto [plain, fused] = bothWays([&] { return runLayers(layers, strided).detach(); });
    EXPECT_LT(furthest(plain, fused), 2e-6);
    layers->to(torch::kFloat64);
    const auto values = runLayers(layers, torch::randn({4, 8}, torch::kFloat64));
    EXPECT_EQ(values.scalar_type(), torch::kFloat64);
    EXPECT_EQ(runLayers(layers, torch::empty({0, 8}, torch::kFloat64)).size(0), 0);
}

/// Two parts of places, of which the second begins with an even one.
std::vector<kernels::Range> halves(std::size_t count) {
    const std::size_t middle = count / 4 * 2;
    return {{0, middle}, {middle, count}};
}

TEST_F(Kernels, ASparseProductIsTheDenseOne) {
    for (const auto& [rows, columns, width] : {std::tuple{5, 3, 1}, {96, 96, 64}, {200, 97, 130}, {1, 784, 63}}) {
        auto sparse = torch::rand({rows, columns}) - 0.5;
        sparse = sparse * (torch::rand_like(sparse) < 0.3);
        const auto dense = torch::randn({columns, width});
        const auto whole = static_cast<std::size_t>(width);
        const auto bias = torch::randn({width});
        const auto other = torch::randn({rows, width});
        for (const bool isArranged : {false, true}) {
            kernels::SparseRows compressed(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
            kernels::SparseRows transposed(compressed.columns(), compressed.rows());
            const auto* const source = sparse.data_ptr<float>();
            for (const auto own : halves(compressed.rows())) {
                if (isArranged) compressed.arrange({source, compressed.columns(), 1}, own);
                compressed.compress(source, compressed.columns(), own);
            }
            for (const auto own : halves(transposed.rows())) {
                if (!isArranged) {
                    transposed.compressTransposed(source, compressed.columns(), own);
                    continue;
                }
                std::vector<float> turned(compressed.columns() * compressed.rows());
                kernels::transpose(source, compressed.columns(), compressed.rows(), compressed.columns(), turned.data(),
                                   compressed.rows());
                transposed.arrange({turned.data(), compressed.rows(), 1}, own);
                transposed.compress(turned.data(), compressed.rows(), own);
            }
            auto product = torch::empty({rows, width});
            for (const auto own : halves(whole))
                compressed.times(dense.data_ptr<float>(), whole, product.data_ptr<float>(), whole, own,
                                 bias.data_ptr<float>());
            EXPECT_LT(furthest(product, sparse.mm(dense) + bias), 2e-5) << rows << " " << columns << " " << width;
            auto byVectors = torch::empty({rows, width});
            kernels::multiplyVectors({source, compressed.columns(), 1}, {dense.data_ptr<float>(), whole, 1},
                                     {compressed.rows(), whole, compressed.columns()}, byVectors.data_ptr<float>(),
                                     whole, bias.data_ptr<float>());
            EXPECT_TRUE(torch::equal(product, byVectors)) << "to the bit";

            const auto exact = sparse.t().mm(other);
            auto back = torch::empty({columns, width});
            transposed.times(other.data_ptr<float>(), whole, back.data_ptr<float>(), whole, {0, whole});
            EXPECT_LT(furthest(back, exact), 2e-5);
            for (const auto own : halves(transposed.rows())) {
                auto some = torch::empty({static_cast<std::int64_t>(own.size()), width});
                transposed.timesInOrder(other.data_ptr<float>(), whole, some.data_ptr<float>(), whole, own, {0, whole});
                for (std::size_t i = 0; i < own.size(); ++i)
                    EXPECT_TRUE(
                        torch::equal(some[static_cast<std::int64_t>(i)], back[transposed.order()[own.first + i]]));
            }
        }
    }
}

TEST_F(Kernels, ASparseProductOfGreysIsThatOfTheirFractions) {
    for (const auto& [rows, columns] : {std::pair{5, 9}, {33, 135}}) {
        const auto greys =
            (torch::randint(1, 256, {rows, columns}) * (torch::rand({rows, columns}) < 0.3)).to(torch::kUInt8);
        const auto fractions = greys.to(torch::kFloat32) / 255;
        const auto width = static_cast<std::size_t>(columns);
        kernels::SparseRows compressed(static_cast<std::size_t>(rows), width);
        kernels::SparseRows transposed(width, static_cast<std::size_t>(rows));
        for (const auto own : halves(compressed.rows()))
            compressed.compress(greys.data_ptr<std::uint8_t>(), width, own);
        for (const auto own : halves(width)) transposed.compressTransposed(greys.data_ptr<std::uint8_t>(), width, own);
        const auto dense = torch::randn({columns, 24});
        const auto other = torch::randn({rows, 24});
        auto product = torch::empty({rows, 24});
        auto back = torch::empty({columns, 24});
        compressed.times(dense.data_ptr<float>(), 24, product.data_ptr<float>(), 24, {0, 24});
        transposed.times(other.data_ptr<float>(), 24, back.data_ptr<float>(), 24, {0, 24});
        EXPECT_LT(furthest(product, fractions.mm(dense)), 2e-5);
        EXPECT_LT(furthest(back, fractions.t().mm(other)), 2e-5);

        std::vector<std::uint32_t> inked(width);
        inked.resize(compressed.columnsOf({0, 4}, inked.data()));
        const auto expected = (greys.slice(0, 0, 4) != 0).any(0).nonzero().flatten();
        EXPECT_EQ(inked, std::vector<std::uint32_t>(expected.data_ptr<std::int64_t>(),
                                                    expected.data_ptr<std::int64_t>() + expected.numel()));
    }
}

/// Of images as bare as MNIST's, whatever the processor: it was not where a vector was wider than the processor's.
TEST_F(Kernels, ASparseProductIsFasterThanTheDenseOne) {
    constexpr std::size_t kRows = 128, kColumns = 784, kWidth = 512;
    auto images = torch::rand({kRows, kColumns});
    images = images * (torch::rand_like(images) < 0.19);
    const auto dense = torch::randn({kColumns, kWidth});
    auto product = torch::empty({kRows, kWidth});
    kernels::SparseRows sparse(kRows, kColumns);
    sparse.compress(images.data_ptr<float>(), kColumns, {0, kRows});
    const auto bySparse = shortest([&] {
        sparse.times(dense.data_ptr<float>(), kWidth, product.data_ptr<float>(), kWidth, {0, kWidth});
    });
    const auto byDense = shortest([&] {
        kernels::multiplyVectors({images.data_ptr<float>(), kColumns, 1}, {dense.data_ptr<float>(), kWidth, 1},
                                 {kRows, kWidth, kColumns}, product.data_ptr<float>(), kWidth);
    });
    EXPECT_LT(bySparse, byDense);
}

TEST_F(Kernels, TheCrossEntropyIsThatOfLibTorchEvenFarOut) {
    for (const int count : {1, 100}) {
        const auto targets = digits(count);
        auto logits = (torch::randn({count, 784}) * 20).requires_grad_();
        logits.data()[0][0] = 1000;
        logits.data()[0][1] = -1000;
        const auto [plain, fused] = bothWays([&] {
            logits.mutable_grad() = torch::Tensor();
            const auto loss = reconstructionLoss(Reconstruction::Bernoulli, logits, targets);
            (2 * loss).backward();
            return std::pair(loss.item<double>(), logits.grad());
        });
        EXPECT_NEAR(plain.first, fused.first, 1e-6 * plain.first);
        EXPECT_LT(furthest(plain.second, fused.second), 1e-6);
    }
}

TEST_F(Kernels, GreysAreThoseOfLibTorch) {
    auto logits = torch::linspace(-40, 40, 4001);
    logits[17] = std::numeric_limits<float>::quiet_NaN();
    logits[18] = std::numeric_limits<float>::infinity();
    logits[19] = -std::numeric_limits<float>::infinity();
    const auto theirs = imageBatch(torch::sigmoid(logits).view({1, -1})).pixels;
    std::vector<std::uint8_t> ours(theirs.size());
    kernels::greysOfLogits(logits.data_ptr<float>(), ours.data(), ours.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (i == 18) continue;                    // LibTorch's nan_to_num
        EXPECT_NEAR(ours[i], theirs[i], 1) << i;  // where a half is rounded
    }
    EXPECT_EQ(ours[17], 0);
    EXPECT_EQ(ours[18], 255);
    EXPECT_EQ(ours[19], 0);
}

TEST_F(Kernels, AdamMovesAsLibTorchsOwn) {
    torch::manual_seed(3);
    const auto start = torch::randn({500, 300});
    auto ours = start.t().contiguous().t().clone().requires_grad_();
    auto plain = start.clone().requires_grad_();
    auto theirs = start.clone().requires_grad_();
    Adam fusedAdam({ours}, 0.9, 0.99);
    Adam plainAdam({plain}, 0.9, 0.99);
    torch::optim::Adam adam({theirs}, torch::optim::AdamOptions(1e-2).betas({0.9, 0.99}));
    for (int step = 0; step < 50; ++step) {
        const auto gradient = torch::randn({500, 300}) * (step % 7 + 1);
        ours.mutable_grad() = torch::empty_like(ours).copy_(gradient);
        plain.mutable_grad() = gradient.clone();
        theirs.mutable_grad() = gradient.clone();
        fusedAdam.step(1e-2);
        setFusedKernels(false);
        plainAdam.step(1e-2);
        setFusedKernels(true);
        adam.step();
    }
    EXPECT_LT(furthest(plain, theirs), 2e-6);
    EXPECT_LT(furthest(ours, theirs), 2e-6);
}

TEST_F(Kernels, TwoHundredStepsGiveTheSameLossesBothWays) {
    for (const auto activation : {Activation::ReLU, Activation::GELU}) {
        Recipe recipe;
        recipe.activation = activation;
        recipe.hidden = {128, 64};
        recipe.epochs = 25;
        recipe.batch = 64;
        const auto data = test::smallDataset(512, 100);
        const auto [plain, fused] = bothWays([&] { return test::trainedOn(data, recipe).history; });
        ASSERT_EQ(plain.size(), 25u);  // of 8 steps
        for (std::size_t epoch = 0; epoch < plain.size(); ++epoch) {
            const double loss = plain[epoch].test.negElbo();
            EXPECT_NEAR(loss, fused[epoch].test.negElbo(), 1e-3 * loss) << epoch;
        }
    }
}

}  // namespace
}  // namespace zwei
