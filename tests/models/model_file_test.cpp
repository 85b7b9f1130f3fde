// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/model_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "models/io/safetensors.h"
#include "models/io/whole_file.h"
#include "models/train/trainer.h"
#include "models/types/presets.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace zwei {
namespace {

Model smallModel() {
    const auto data = test::smallDataset(100, 10);
    Model model{test::smallRecipe(), *initialWeights(test::smallRecipe(), *data), "small", {}, nullptr, {}};
    model.history.push_back({1, {150.25, 4.5}, {151.5, 4.75}, 2.5, 24000, AdversaryTerms{1.25, 0.75, 0.625}, 0.5});
    model.testCodes = std::make_shared<Codes>(Codes{2, 2, {0.5f, -1.5f, 2, 3}, {}});
    model.testLabels = {7, 3};
    return model;
}

class ModelFileTest : public testing::Test {
protected:
    ModelFileTest() { EXPECT_TRUE(saveModel(m_file, m_model).has_value()); }

    /// The file's content with something changed, read again.
    template <typename Change>
    Result<Model> changed(Change change) {
        auto content = *parseSafetensors(*readWholeFile(m_file));
        change(content);
        return parseModel(serialiseSafetensors(content), "file");
    }

    test::TemporaryFolder m_folder;
    std::filesystem::path m_file = m_folder.path() / "model.safetensors";
    Model m_model = smallModel();
};

TEST_F(ModelFileTest, ComesBackAsItWas) {
    const auto back = loadModel(m_file);
    ASSERT_TRUE(back.has_value()) << back.error();
    EXPECT_EQ(back->recipe, m_model.recipe);
    EXPECT_EQ(back->weights->values, m_model.weights->values);
    EXPECT_EQ(back->weights->tensors, m_model.weights->tensors);
    EXPECT_EQ(back->dataset, "small");
    ASSERT_EQ(back->history.size(), 1u);
    EXPECT_EQ(back->history[0].test.negElbo(), 156.25);
    EXPECT_EQ(back->history[0].train.kl, 4.5);
    EXPECT_EQ(back->history[0].adversary->accuracy, 0.625);
    EXPECT_EQ(back->history[0].priorDistance, 0.5);
    EXPECT_EQ(back->testCodes->mu, m_model.testCodes->mu);
    EXPECT_EQ(back->testLabels, m_model.testLabels);
}

/// What the first version of the file said of a recipe.
constexpr const char* kOldRecipe =
    R"({"input":"clean","bottleneck":"gaussian","latent_size":2,"beta":1.0,"backbone":"BACKBONE","hidden":[64,32],)"
    R"("channels":[4,3],"activation":"gelu","reconstruction":"bernoulli","learning_rate":0.003,"schedule":"one-cycle",)"
    R"("batch":100,"epochs":2,"patience":0,"seed":1})";

TEST_F(ModelFileTest, AFileOfTheFirstVersionStillLoads) {
    const auto old = changed([](Safetensors& file) {
        file.metadata["format_version"] = "1";
        file.metadata["recipe"] = std::string(kOldRecipe).replace(std::string(kOldRecipe).find("BACKBONE"), 8, "dense");
        file.metadata["history"] = R"([{"epoch":1,"seconds":2.5,"images_per_second":24000,)"
                                   R"("train":{"neg_elbo":154.75,"reconstruction":150.25,"kl":4.5},)"
                                   R"("test":{"neg_elbo":156.25,"reconstruction":151.5,"kl":4.75}}])";
    });
    ASSERT_TRUE(old.has_value()) << old.error();
    EXPECT_EQ(old->weights->values, m_model.weights->values);
    EXPECT_FALSE(old->history[0].adversary.has_value());
    auto recipe = m_model.recipe;
    recipe.channels = {4, 3};
    EXPECT_EQ(old->recipe, recipe);
}

TEST_F(ModelFileTest, AConvolutionalFileOfTheFirstVersionHasNoDenseLayers) {
    auto recipe = m_model.recipe;
    recipe.backbone = Backbone::Convolutional;
    recipe.hidden = {};
    recipe.channels = {4, 3};
    m_model.recipe = recipe;
    m_model.weights = *initialWeights(recipe, *test::smallDataset(100, 10));
    ASSERT_TRUE(saveModel(m_file, m_model).has_value());
    const auto old = changed([](Safetensors& file) {
        file.metadata["format_version"] = "1";
        file.metadata["recipe"] =
            std::string(kOldRecipe).replace(std::string(kOldRecipe).find("BACKBONE"), 8, "convolutional");
    });
    ASSERT_TRUE(old.has_value()) << old.error();
    EXPECT_EQ(old->recipe.hidden, std::vector<int>{});
    EXPECT_EQ(old->weights->values, m_model.weights->values);
}

TEST_F(ModelFileTest, ModelsOfEverySystemComeBack) {
    const auto data = test::smallDataset(100, 10);
    for (const auto& preset : presets()) {
        const Model model{preset.recipe, *initialWeights(preset.recipe, *data), "small", {}, nullptr, {}};
        ASSERT_TRUE(saveModel(m_file, model).has_value());
        const auto back = loadModel(m_file);
        ASSERT_TRUE(back.has_value()) << back.error();
        EXPECT_EQ(back->recipe, preset.recipe) << preset.id;
        EXPECT_EQ(back->weights->values, model.weights->values) << preset.id;
    }
}

TEST_F(ModelFileTest, HalfPrecisionIsHalfTheSizeAndNearlyTheSame) {
    const auto small = m_folder.path() / "half";
    ASSERT_TRUE(saveModel(small, m_model, Precision::Half).has_value());
    EXPECT_LT(std::filesystem::file_size(small), std::filesystem::file_size(m_file) * 6 / 10);
    const auto back = loadModel(small);
    ASSERT_TRUE(back.has_value()) << back.error();
    for (std::size_t i = 0; i < m_model.weights->values.size(); ++i)
        ASSERT_NEAR(back->weights->values[i], m_model.weights->values[i],
                    0x1p-11 * std::abs(m_model.weights->values[i]) + 0x1p-25);
}

TEST_F(ModelFileTest, WhatIsNotAModelIsRefusedInOneSentence) {
    const auto faults = {
        changed([](Safetensors& file) { file.tensors.erase("encoder.0.weight"); }),
        changed([](Safetensors& file) { file.tensors["mu.bias"] = storeFloats(std::vector<float>(3).data(), {3}); }),
        changed([](Safetensors& file) {
            file.tensors["mu.bias"] = StoredTensor{"I64", {2}, std::vector<std::uint8_t>(16)};
        }),
        changed([](Safetensors& file) {
            file.tensors["mu.bias"] = storeFloats(std::vector<float>{1, NAN}.data(), {2});
        }),
        changed([](Safetensors& file) { file.metadata["format_version"] = "3"; }),
        changed([](Safetensors& file) { file.metadata["recipe"] = "{"; }),
        changed([](Safetensors& file) { file.metadata["history"] = "[{}]"; }),
        changed([](Safetensors& file) { file.metadata.clear(); }),
        changed([](Safetensors& file) { file.tensors["test_labels"].bytes[0] = 10; }),
        parseModel({'h', 'e', 'l', 'l', 'o', ' ', 'w', 'o', 'r', 'l', 'd'}, "file"),
        parseModel({}, "file"),
    };
    for (const auto& fault : faults) {
        ASSERT_FALSE(fault.has_value());
        EXPECT_EQ(fault.error().rfind("file: ", 0), 0u) << fault.error();
        EXPECT_EQ(fault.error().find('\n'), std::string::npos);
    }
}

TEST_F(ModelFileTest, EveryTruncationIsRefused) {
    const auto bytes = *readWholeFile(m_file);
    for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 3)
        EXPECT_FALSE(parseModel({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}, "file").has_value())
            << size;
}

TEST_F(ModelFileTest, AFileThatCannotBeWrittenLeavesTheOldOne) {
    const auto before = *readWholeFile(m_file);
    EXPECT_FALSE(saveModel(m_file / "below", m_model).has_value());
    EXPECT_FALSE(saveModel(m_folder.path() / "no" / "model", m_model).has_value());
    EXPECT_EQ(*readWholeFile(m_file), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(m_folder.path()), {}), 1);
}

TEST_F(ModelFileTest, ALinkStaysOneAndNeighboursAreLeftAlone) {
    const auto link = m_folder.path() / "link";
    std::filesystem::create_symlink(m_file, link);
    ASSERT_TRUE(saveModel(link, m_model, Precision::Half).has_value());
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_TRUE(checkWritable(link).has_value());
    EXPECT_FALSE(checkWritable("").has_value());
    EXPECT_FALSE(checkWritable("/dev/null").has_value());
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(m_folder.path()), {}), 2);
}

TEST_F(ModelFileTest, TensorsStartAlignedAndOverlapsAreRefused) {
    const auto bytes = *readWholeFile(m_file);
    std::uint64_t header = 0;
    std::memcpy(&header, bytes.data(), 8);
    EXPECT_EQ(header % 8, 0u);
    const std::string overlapping =
        R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})";
    const std::string file = std::string(1, static_cast<char>(overlapping.size())) + std::string(7, '\0') +
                             overlapping + std::string(6, 'x');
    EXPECT_FALSE(parseSafetensors({file.begin(), file.end()}).has_value());
}

}  // namespace
}  // namespace zwei
