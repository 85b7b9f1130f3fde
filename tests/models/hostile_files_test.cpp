// SPDX-License-Identifier: GPL-3.0-or-later
// What a stranger could write into a file by hand; libFuzzer makes up the rest (tests/fuzz).
#include <gtest/gtest.h>
#include <zlib.h>

#include "models/data/idx.h"
#include "models/imaging/normaliser.h"
#include "models/io/json_text.h"
#include "models/io/model_file.h"
#include "models/io/recipe_json.h"
#include "models/io/safetensors.h"
#include "models/train/trainer.h"
#include "models/types/shown_text.h"
#include "tests/support/process_usage.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace zwei {
namespace {

std::vector<std::uint8_t> withHeader(const std::string& header, std::size_t dataBytes) {
    std::vector<std::uint8_t> bytes(8);
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(header.size() >> (8 * i));
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.resize(bytes.size() + dataBytes);
    return bytes;
}

template <typename Value>
void expectSentence(const Result<Value>& result, const std::string& part) {
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().find(part), std::string::npos) << result.error();
    EXPECT_LT(result.error().size(), 300u);
    for (const char c : result.error()) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << result.error();
}

TEST(HostileFiles, JsonThatIsNestedDeeplyIsRefused) {
    const std::string nest(1'000'000, '[');
    EXPECT_TRUE(parseJson(nest).is_discarded());
    EXPECT_TRUE(parseJson(nest + std::string(nest.size(), ']')).is_discarded());
    EXPECT_TRUE(parseJson(R"([[[{"a":[0,"[[[[[[[[\"[["]}]]])").is_array());
    expectSentence(parseSafetensors(withHeader(R"({"a":)" + nest, 0)), "not a safetensors file");
    expectSentence(recipeFromJson(nest), "not JSON");
}

TEST(HostileFiles, WholeNumbersDoNotWrapAround) {
    EXPECT_EQ(wholeNumber<int>(parseJson("2147483647")), 2147483647);
    EXPECT_EQ(wholeNumber<int>(parseJson("-2147483648")), -2147483647 - 1);
    for (const char* text : {"2147483648", "-2147483649", "18446744073709551615", "1.0", "1e3", "\"1\"", "null"})
        EXPECT_FALSE(wholeNumber<int>(parseJson(text)).has_value()) << text;
    EXPECT_FALSE(wholeNumber<std::uint64_t>(parseJson("-1")).has_value());
    EXPECT_EQ(wholeNumber<std::uint64_t>(parseJson("18446744073709551615")), 18446744073709551615u);
    EXPECT_TRUE(parseJson("1e999").is_discarded());
}

TEST(HostileFiles, TensorsOverEachOtherAreRefused) {
    std::string header = "{";
    for (int i = 0; i < 1000; ++i)
        header += (i > 0 ? "," : "") + ("\"" + std::to_string(i)) +
                  R"(":{"dtype":"U8","shape":[1000],"data_offsets":[0,1000]})";
    expectSentence(parseSafetensors(withHeader(header + "}", 1000)), "do not fill it");
}

TEST(HostileFiles, ShapesThatOverflowAreRefused) {
    for (const char* shape : {"4294967296,4294967296", "9223372036854775807,2", "18446744073709551615", "2,-1", "0.5"})
        expectSentence(parseSafetensors(withHeader(
                           R"({"a":{"dtype":"F32","shape":[)" + std::string(shape) + R"(],"data_offsets":[0,0]}})", 0)),
                       "Its tensor a ");
    const auto empty = parseSafetensors(
        withHeader(R"({"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}})", 0));
    ASSERT_TRUE(empty.has_value()) << empty.error();
    EXPECT_TRUE(empty->tensors.at("a").bytes.empty());
}

TEST(HostileFiles, NamesCannotBreakASentence) {
    const std::string name = R"(line\nbreak\u001b[31m\u0085)" + std::string(10'000, 'x');
    expectSentence(parseSafetensors(withHeader("{\"" + name + "\":1}", 0)), "Its tensor line?break?[31m?xxx");
    EXPECT_EQ(shownText("Größe\x7f"), "Größe?");
    EXPECT_EQ(shownText("\u00e9\u00e9\u00e9", 3), "\u00e9...");
}

TEST(HostileFiles, AFolderNameThatIsNoUtf8StillMakesAFile) {
    test::TemporaryFolder folder;
    const auto data = test::smallDataset(100, 10);
    Model model{test::smallRecipe(), *initialWeights(test::smallRecipe(), *data), "caf\xe9", {}, nullptr, {}};
    auto state = std::make_shared<TrainingState>();
    state->recipe = model.recipe;
    state->dataset = model.dataset;
    state->weights = state->best = model.weights;
    model.state = state;
    const auto file = folder.path() / "model.safetensors";
    ASSERT_TRUE(saveModel(file, model).has_value());
    model.state = nullptr;
    ASSERT_TRUE(saveModel(file, model).has_value());
    const auto back = loadModel(file);
    ASSERT_TRUE(back.has_value()) << back.error();
    EXPECT_EQ(back->dataset, "caf\ufffd");
}

TEST(HostileFiles, ALargeFileOfSomebodyElseIsNotRead) {
    constexpr std::size_t kLarge = std::size_t{1} << 32;
    test::TemporaryFolder folder;
    const auto file = folder.path() / "diffusion.safetensors";
    const auto header = R"({"w": {"dtype": "U8", "shape": [)" + std::to_string(kLarge) + R"(], "data_offsets": [0, )" +
                        std::to_string(kLarge) + "]}}";
    const auto start = withHeader(header, 0);
    test::writeBytes(file, start);
    std::filesystem::resize_file(file, start.size() + kLarge);
    const double before = test::memory("VmHWM:");
    expectSentence(loadModel(file), "not a model that Zwei wrote");
    EXPECT_LT(test::memory("VmHWM:") - before, 100);
    for (const auto& bytes : {std::vector<std::uint8_t>{}, std::vector<std::uint8_t>(8, 0xff), withHeader("{", 0)}) {
        test::writeBytes(file, bytes);
        expectSentence(loadModel(file), "not a safetensors file");
    }
}

TEST(HostileFiles, ABombOfZerosIsNotUnpacked) {
    test::TemporaryFolder folder;
    const auto file = folder.path() / "bomb";
    auto bytes = test::idxImages(ImageBatch{}, 0x7fffffff);
    bytes.resize(bytes.size() + (std::size_t{64} << 20));
    auto* out = gzopen(file.c_str(), "wb9");
    gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(out);
    ASSERT_LT(std::filesystem::file_size(file), 100'000u);
    expectSentence(readIdxImages(file), "out of all proportion");
}

TEST(HostileFiles, APageOfDotsIsDoneWith) {
    constexpr int kSide = 1600;
    Page page{kSide, kSide, std::vector<std::uint8_t>(std::size_t{kSide} * kSide, 255)};
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x)
            if (x % 6 < 3 && y % 6 < 3) page.grey[static_cast<std::size_t>(y * kSide + x)] = 0;
    EXPECT_LE(normalise(page).digits.count, 4000);
}

}  // namespace
}  // namespace zwei
