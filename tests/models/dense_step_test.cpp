// SPDX-License-Identifier: GPL-3.0-or-later
//
// The step of a dense network without LibTorch against LibTorch's own, which stays beside it.
#include <gtest/gtest.h>
#include <torch/torch.h>

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "models/kernels/matrix_product.h"
#include "models/nn/autoencoder.h"
#include "models/runtime/fused_kernels.h"
#include "models/train/learner.h"
#include "models/train/own_processors.h"
#include "models/train/team.h"
#include "models/train/team_size.h"
#include "models/types/shared_processors.h"
#include "tests/support/small_dataset.h"

namespace zwei {
namespace {

kernels::Matrix matrixOf(const torch::Tensor& tensor) {
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.stride(0)),
            static_cast<std::size_t>(tensor.stride(1))};
}

struct Shape {
    std::int64_t rows, columns, depth;
};

using Multiply = decltype(&kernels::multiply);

torch::Tensor productOf(const torch::Tensor& a, const torch::Tensor& b, Multiply multiply = kernels::multiply) {
    auto product = torch::empty({a.size(0), b.size(1)});
    multiply(
        matrixOf(a), matrixOf(b),
        {static_cast<std::size_t>(a.size(0)), static_cast<std::size_t>(b.size(1)), static_cast<std::size_t>(a.size(1))},
        product.data_ptr<float>(), static_cast<std::size_t>(b.size(1)), nullptr);
    return product;
}

class MatrixProduct : public testing::TestWithParam<Shape> {};

TEST_P(MatrixProduct, IsThatOfLibTorchHoweverItsFactorsLie) {
    const auto [rows, columns, depth] = GetParam();
    torch::manual_seed(2);
    for (const Multiply multiply : {kernels::multiply, kernels::multiplyVectors})
        for (const bool turnsA : {false, true})
            for (const bool turnsB : {false, true}) {
                const auto a = turnsA ? torch::randn({depth, rows}).t() : torch::randn({rows, depth});
                const auto b = turnsB ? torch::randn({columns, depth}).t() : torch::randn({depth, columns});
                const auto bias = torch::randn({columns});
                auto product = torch::full({rows, columns + 3}, -7.F);
                multiply(matrixOf(a), matrixOf(b),
                         {static_cast<std::size_t>(rows), static_cast<std::size_t>(columns),
                          static_cast<std::size_t>(depth)},
                         product.data_ptr<float>(), static_cast<std::size_t>(columns + 3), bias.data_ptr<float>());
                const auto furthest = (product.slice(1, 0, columns) - bias - a.mm(b)).abs().max().item<double>();
                EXPECT_LT(furthest, 4e-6 * static_cast<double>(depth + 4)) << turnsA << turnsB;
                EXPECT_TRUE((product.slice(1, columns) == -7.F).all().item<bool>()) << "beyond its columns";
            }
}

INSTANTIATE_TEST_SUITE_P(Shapes, MatrixProduct,
                         testing::Values(Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{14, 32, 256}, Shape{15, 33, 257},
                                         Shape{64, 784, 130}, Shape{128, 400, 512}, Shape{29, 48, 4},
                                         Shape{200, 17, 600}, Shape{300, 80, 40}));

TEST(MatrixProduct, APartOfTheColumnsOrRowsIsThatPartOfTheWholeToTheBit) {
    const auto a = torch::randn({37, 300});
    const auto b = torch::randn({300, 96});
    const auto whole = productOf(a, b);
    for (const auto& [first, end] : {std::pair{0, 16}, {16, 80}, {80, 96}})
        EXPECT_TRUE(torch::equal(whole.slice(1, first, end), productOf(a, b.slice(1, first, end))));
    for (const auto& [first, end] : {std::pair{0, 1}, {1, 33}, {33, 37}})
        EXPECT_TRUE(torch::equal(whole.slice(0, first, end), productOf(a.slice(0, first, end), b)));
}

TEST(MatrixProduct, OfPickedRowsAndColumnsHasTheBitsOfTheWholeOne) {
    const auto a = torch::randn({37, 300});
    const auto b = torch::randn({96, 300}).t();
    const auto whole = productOf(a, b, kernels::multiplyVectors);
    std::vector<std::uint32_t> rows{36, 0, 5, 4};
    std::vector<std::uint32_t> columns{95, 2, 0};
    for (const std::uint32_t more : {9U, 13U, 1U}) {  // further rows and columns than there were
        for (std::uint32_t i = 0; i < more; ++i) rows.push_back(i + 6);
        while (columns.size() < std::min<std::size_t>(kernels::kPicked, rows.size() - 1)) columns.push_back(7);
        std::vector<float> product(rows.size() * kernels::kPicked);
        kernels::multiplyPicked(matrixOf(a), rows, matrixOf(b), columns, 300, product.data());
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = 0; j < columns.size(); ++j)
                EXPECT_EQ(product[i * kernels::kPicked + j], whole[rows[i]][columns[j]].item<float>()) << i << " " << j;
    }
}

/// Of numbers of all sizes that float has, but for those whose product is none.
TEST(MatrixProduct, OfTilesIsAsExactAsThatOfVectors) {
    if (!kernels::usesTiles()) GTEST_SKIP() << "This processor has no unit for tiles.";
    torch::manual_seed(5);
    const auto numbers = [](at::IntArrayRef shape) { return torch::randn(shape) * torch::exp(torch::randn(shape)); };
    for (const double size : {1e-15, 1., 1e15}) {
        const auto a = numbers({128, 512}) * size;
        const auto b = numbers({512, 96}) * size;
        const auto exact = a.to(torch::kFloat64).mm(b.to(torch::kFloat64));
        const auto error = [&](Multiply multiply) { return (productOf(a, b, multiply) - exact).norm().item<double>(); };
        EXPECT_LT(error(kernels::multiply), error(kernels::multiplyVectors)) << size;
    }
}

TEST(MatrixProduct, TellsWhatIsNotFiniteInItsRowAndColumnAlone) {
    for (const float odd : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        auto a = torch::ones({40, 64});
        a[3][5] = odd;
        const auto finite = productOf(a, torch::ones({64, 48})).isfinite();
        EXPECT_FALSE(finite[3].any().item<bool>());
        EXPECT_EQ(finite.sum().item<int>(), 39 * 48);
    }
}

/// A learner after some batches, the last of them smaller.
struct Learnt {
    std::vector<LossTerms> terms;
    TrainingState state;
    torch::Tensor weights;
};

enum class Paper { Black, White };  // which makes most of an image 0, or nothing of it

using Prepare = std::function<void(Autoencoder& network)>;

/// With so many threads in the first batch, the second, ..., and from the start again.
Learnt learn(const Recipe& recipe, bool isFused, const std::vector<int>& threads, int batches,
             Paper paper = Paper::Black, const Prepare& prepare = {}) {
    auto images = test::smallDataset(300, 1)->train;
    if (paper == Paper::White)
        for (auto& grey : images.images.pixels) grey = static_cast<std::uint8_t>(255 - grey);
    torch::manual_seed(3);
    const auto order = torch::randperm(300);
    setFusedKernels(isFused);
    auto network = buildAutoencoder(recipe);
    if (prepare) prepare(network);
    Learner learner(recipe, network, torch::kCPU);
    const auto examples = examplesOf(images, takesLabels(recipe));
    Learnt learnt;
    for (int batch = 0; batch < batches; ++batch) {
        const auto size = batch + 1 < batches ? 100 : 33;
        learnt.terms.push_back(learner.learn(examples, order.slice(0, 50 * batch, 50 * batch + size), 2e-3, 0.7,
                                             threads[static_cast<std::size_t>(batch) % threads.size()]));
    }
    learner.saveTo(learnt.state);
    learnt.weights = torch::tensor(captureWeights(network, 0)->values);
    setFusedKernels(true);
    return learnt;
}

/// Every choice that a dense network has.
std::vector<std::pair<std::string, Recipe>> denseRecipes() {
    Recipe plain = test::smallRecipe();
    plain.hidden = {72, 40};
    std::vector<std::pair<std::string, Recipe>> recipes;
    const auto add = [&](const std::string& name, const auto& change) {
        recipes.emplace_back(name, plain);
        change(recipes.back().second);
    };
    add("VAE", [](Recipe&) {});
    add("ReLU", [](Recipe& recipe) { recipe.activation = Activation::ReLU; });
    add("one layer, wide code", [](Recipe& recipe) { recipe.hidden = {130}, recipe.latentSize = 19; });
    add("half of it 0", [](Recipe& recipe) { recipe.hidden = {161, 133}, recipe.activation = Activation::ReLU; });
    add("plain code", [](Recipe& recipe) { recipe.bottleneck = Bottleneck::Plain; });
    add("conditional", [](Recipe& recipe) { recipe.bottleneck = Bottleneck::Conditional; });
    add("Gaussian loss", [](Recipe& recipe) { recipe.reconstruction = Reconstruction::Gaussian; });
    add("binarised", [](Recipe& recipe) { recipe.targets = Targets::Binarised; });
    add("noisy", [](Recipe& recipe) { recipe.input = Input::Noisy; });
    add("small", [](Recipe& recipe) { recipe.input = Input::Small; });
    add("a unit or two", [](Recipe& recipe) { recipe.hidden = {2, 1}, recipe.latentSize = 1; });
    return recipes;
}

double furthest(const std::vector<float>& a, const std::vector<float>& b) {
    return (torch::tensor(a) - torch::tensor(b)).abs().max().item<double>();
}

void expectAlike(const Learnt& plain, const Learnt& fused) {
    const auto& expected = plain.terms.front().elbo;
    const auto& terms = fused.terms.front().elbo;
    EXPECT_NEAR(terms.reconstruction, expected.reconstruction, 1e-5 * expected.reconstruction);
    EXPECT_NEAR(terms.kl, expected.kl, 1e-5 * (1 + expected.kl));
    // After one step the moments are the gradient and its square, each times a constant.
    const auto size = torch::tensor(plain.state.optimiser.first).abs().max().item<double>();
    EXPECT_GT(size, 0);
    EXPECT_LT(furthest(plain.state.optimiser.first, fused.state.optimiser.first), 2e-5 * size);
    EXPECT_LT(furthest(plain.state.optimiser.second, fused.state.optimiser.second), 1e-4 * size * size);
    EXPECT_EQ(fused.state.optimiser.steps, 1);
    EXPECT_EQ(plain.state.noise, fused.state.noise) << "as many random numbers were drawn";
}

TEST(DenseStep, HasTheLossesAndGradientsOfLibTorch) {
    for (const auto& [name, recipe] : denseRecipes())
        for (const auto paper : {Paper::Black, Paper::White}) {
            SCOPED_TRACE(name + (paper == Paper::White ? " on white" : ""));
            expectAlike(learn(recipe, false, {1}, 1, paper), learn(recipe, true, {3}, 1, paper));
        }
}

/// Units that are alike keep their order among themselves, but have others between them.
TEST(DenseStep, MovesTheWeightsOfUnitsThatAreAllAlike) {
    Recipe recipe = test::smallRecipe();
    recipe.hidden = {512};
    recipe.activation = Activation::ReLU;
    const Prepare prepare = [](Autoencoder& network) {
        const torch::NoGradGuard guard;
        auto bias = network->named_parameters()["decoder.0.bias"];
        for (int unit = 0; unit < 512; ++unit) bias[unit] += unit % 3 == 0 ? -100 : unit % 3 == 1 ? 100 : 0;
    };
    const auto plain = learn(recipe, false, {1}, 1, Paper::Black, prepare);
    for (const int threads : {1, 2, 40}) {
        SCOPED_TRACE(threads);
        expectAlike(plain, learn(recipe, true, {threads}, 1, Paper::Black, prepare));
    }
}

TEST(DenseStep, IsTheSameToTheBitWithAnyNumberOfThreads) {
    for (const auto& [name, recipe] : denseRecipes()) {
        SCOPED_TRACE(name);
        const auto alone = learn(recipe, true, {1}, 4);
        for (const auto& threads : std::vector<std::vector<int>>{{2}, {3}, {5}, {3, 1, 2}}) {
            SCOPED_TRACE(threads.front());
            const auto together = learn(recipe, true, threads, 4);
            EXPECT_TRUE(torch::equal(alone.weights, together.weights));
            EXPECT_EQ(alone.state.optimiser.second, together.state.optimiser.second);
            for (std::size_t i = 0; i < alone.terms.size(); ++i)
                EXPECT_NEAR(alone.terms[i].elbo.negElbo(), together.terms[i].elbo.negElbo(), 1e-4);
        }
    }
}

TEST(DenseStep, IsTakenWhateverTheBatch) {
    auto recipe = test::smallRecipe();
    for (const int size : {1, 2, 15, 17}) {
        recipe.batch = size;
        auto network = buildAutoencoder(recipe);
        Learner learner(recipe, network, torch::kCPU);
        const auto data = test::smallDataset(20, 1);
        const auto examples = examplesOf(data->train, false);
        for (int step = 0; step < 20; ++step)
            EXPECT_TRUE(std::isfinite(learner.learn(examples, torch::arange(size), 1e-2, 1, 2).elbo.negElbo())) << size;
    }
}

TEST(Member, WhoIsDoneTakesWhatASlowOneHasNotBegun) {
    constexpr std::size_t kParts = 40;
    std::array<std::array<std::atomic<int>, kParts>, 2> done{};
    std::atomic<std::size_t> count = 0;
    bool othersWentOn = true;
    Member::run(2, 2, [&](Member& member) {
        for (auto& loop : done)
            member.share(kParts, [&](std::size_t part) {
                // The second member is done with its first part only when all others are.
                const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
                const bool isFirstLoop = &loop == &done[0];
                const bool isSlow = isFirstLoop && member.index() == 1;
                while (isSlow && count < kParts - 1 && othersWentOn)
                    othersWentOn = std::chrono::steady_clock::now() < limit;
                ++loop[part];
                count += isFirstLoop ? 1 : 0;
            });
    });
    EXPECT_TRUE(othersWentOn);
    for (const auto& loop : done)
        EXPECT_TRUE(std::all_of(loop.begin(), loop.end(), [](int times) { return times == 1; }));
}

TEST(SharedProcessors, ATrainingLeavesOneToEachOfTheOthersAndTheyTakeNoMore) {
    const auto shared = std::make_shared<SharedProcessors>();
    ProcessorUse training(shared, ProcessorUse::By::Training);
    ProcessorUse window(shared, ProcessorUse::By::Other);
    EXPECT_EQ(training.threadsOf(4), 4);
    EXPECT_EQ(window.threadsOf(4), 4);
    training.setWorking(true);
    window.setWorking(true);
    window.setWorking(true);
    EXPECT_EQ(training.threadsOf(4), 3);
    EXPECT_EQ(window.threadsOf(4), 1);
    {
        ProcessorUse view(shared, ProcessorUse::By::Other);
        view.setWorking(true);
        EXPECT_EQ(training.threadsOf(4), 2);
        EXPECT_EQ(training.threadsOf(1), 1);
    }
    EXPECT_EQ(training.threadsOf(4), 3);
    window.setWorking(false);
    training.setWorking(false);
    EXPECT_EQ(training.threadsOf(4), 4);
    EXPECT_EQ(window.threadsOf(4), 4);
    EXPECT_EQ(ProcessorUse(nullptr, ProcessorUse::By::Training).threadsOf(4), 4);
}

#ifdef __linux__
TEST(OwnProcessors, WhoComesToOneThatIsTakenGoesToAnother) {
    cpu_set_t before, after;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    if (CPU_COUNT(&before) < 2) GTEST_SKIP() << "there is one processor";
    bool hasMoved = false;
    for (int attempt = 0; attempt < 20 && !hasMoved; ++attempt) {
        OwnProcessors processors;
        processors.come();
        const int taken = ::sched_getcpu();
        processors.come();  // as another of the team, in the same place
        hasMoved = ::sched_getcpu() != taken;
    }
    EXPECT_TRUE(hasMoved);
    ASSERT_EQ(::sched_getaffinity(0, sizeof after, &after), 0);
    EXPECT_TRUE(CPU_EQUAL(&before, &after)) << "and is bound to none";
}
#endif

/// Seconds of a step with so many threads.
using Cost = std::function<double(int threads)>;

int sizeAfter(TeamSize& team, int steps, const Cost& cost, int free = 8) {
    for (int step = 0; step < steps; ++step) {
        const int threads = team.next(free);
        team.took(threads, cost(threads));
    }
    return team.next(free);
}

TEST(TeamSize, IsAllOfThemUnlessOthersMakeThemSlow) {
    const Cost quiet = [](int threads) { return 1.0 / threads; };
    const Cost crowded = [](int threads) { return threads > 2 ? 4.0 : 2.0 / threads; };
    const Cost slowForAll = [&](int threads) { return 3 * quiet(threads); };
    TeamSize team(8);
    EXPECT_EQ(sizeAfter(team, 5000, quiet), 8);
    EXPECT_EQ(team.next(7), 7) << "others have one";
    EXPECT_EQ(sizeAfter(team, 300, crowded), 2);
    EXPECT_EQ(sizeAfter(team, 3000, quiet), 8) << "they have gone";
    int fewer = 0;
    sizeAfter(team, 5000, [&](int threads) {
        fewer += threads < 8 ? 1 : 0;
        return slowForAll(threads);
    });
    EXPECT_LT(fewer, 100) << "trials are rare where they are in vain";
    TeamSize alone(1);
    EXPECT_EQ(sizeAfter(alone, 100, crowded), 1);
}

}  // namespace
}  // namespace zwei
