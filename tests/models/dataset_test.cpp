// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/dataset.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace zwei {
namespace {

namespace fs = std::filesystem;

class DatasetTest : public testing::Test {
protected:
    DatasetTest() { test::writeDataset(m_folder.path() / "MNIST", *test::smallDataset(30, 10)); }
    Result<DatasetPtr> load(const std::string& name = "mnist") { return loadDataset(name, {m_folder.path()}); }
    fs::path file(const std::string& name) { return m_folder.path() / "MNIST" / name; }
    test::TemporaryFolder m_folder;
};

TEST_F(DatasetTest, IsFoundByNameWhateverItsCase) {
    const auto loaded = load();
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    EXPECT_EQ((*loaded)->train.images.count, 30);
    EXPECT_EQ((*loaded)->test.images.count, 10);
    EXPECT_EQ((*loaded)->test.labels.size(), 10u);
    EXPECT_EQ((*loaded)->name, "mnist");
}

TEST_F(DatasetTest, TheFirstFolderWins) {
    test::TemporaryFolder first;
    test::writeDataset(first.path() / "mnist", *test::smallDataset(7, 3));
    const auto loaded = loadDataset("mnist", {first.path(), m_folder.path()});
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ((*loaded)->train.images.count, 7);
}

TEST_F(DatasetTest, FoldersComeInTheirOrder) {
    ::setenv("ZWEI_DATA_DIR", "/from/environment", 1);
    ::setenv("XDG_DATA_HOME", "/from/xdg", 1);
    EXPECT_EQ(dataFolders(fs::path("/from/option")),
              (std::vector<fs::path>{"/from/option", "/from/environment", "/from/xdg/zwei"}));
    ::unsetenv("ZWEI_DATA_DIR");
    EXPECT_EQ(dataFolders({}), (std::vector<fs::path>{"/from/xdg/zwei"}));
}

TEST_F(DatasetTest, LabelsAreOptional) {
    fs::remove(file("train-labels-idx1-ubyte"));
    const auto loaded = load();
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    EXPECT_FALSE((*loaded)->train.isLabelled());
    EXPECT_TRUE((*loaded)->test.isLabelled());
}

TEST_F(DatasetTest, LabelsMustMatchTheImages) {
    test::writeBytes(file("t10k-labels-idx1-ubyte"), test::idxLabels({1, 2, 3}));
    const auto loaded = load();
    ASSERT_FALSE(loaded.has_value());
    EXPECT_NE(loaded.error().find("3 labels for 10 images"), std::string::npos) << loaded.error();
}

TEST_F(DatasetTest, LabelsWithoutImagesAreAFault) {
    fs::remove(file("t10k-images-idx3-ubyte"));
    const auto loaded = load();
    ASSERT_FALSE(loaded.has_value());
    EXPECT_NE(loaded.error().find("t10k-images"), std::string::npos) << loaded.error();
}

TEST_F(DatasetTest, ImagesOfAnotherSizeAreRefused) {
    ImageBatch wide{2, 10, 12, std::vector<std::uint8_t>(240)};
    test::writeBytes(file("t10k-images-idx3-ubyte"), test::idxImages(wide, 2));
    const auto loaded = load();
    ASSERT_FALSE(loaded.has_value());
    EXPECT_NE(loaded.error().find("10 x 12"), std::string::npos) << loaded.error();
}

TEST_F(DatasetTest, ASetWithTestImagesOnlyLoads) {
    fs::remove(file("train-images-idx3-ubyte"));
    fs::remove(file("train-labels-idx1-ubyte"));
    const auto loaded = load();
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    EXPECT_EQ((*loaded)->train.images.count, 0);
    EXPECT_FALSE(findDatasets({m_folder.path()}).front().hasTrain);
}

TEST_F(DatasetTest, ASetWithTestImagesOnlyGivesWayToAWholeOne) {
    const auto whole = m_folder.path() / "whole";
    const auto part = m_folder.path() / "part";
    test::writeDataset(whole / "mnist", *test::smallDataset(20, 10));
    test::writeDataset(part / "mnist", *test::smallDataset(20, 10));
    EXPECT_EQ(findDatasets({part, whole}).front().folder, part / "mnist");
    fs::remove(part / "mnist" / "train-images-idx3-ubyte");
    fs::remove(part / "mnist" / "train-labels-idx1-ubyte");
    EXPECT_EQ(findDatasets({part, whole}).front().folder, whole / "mnist");
    EXPECT_EQ(findDatasets({whole, part}).front().folder, whole / "mnist");
}

/// As a download leaves it that was cut off: labels come first.
TEST_F(DatasetTest, ASetOfWhichAPartHasArrivedIsNoneToTrainOn) {
    for (const char* later : {"train-images-idx3-ubyte", "t10k-images-idx3-ubyte"}) {
        EXPECT_TRUE(findDatasets({m_folder.path()}).front().hasTest);
        fs::remove(file(later));
        EXPECT_FALSE(findDatasets({m_folder.path()}).front().hasTrain);
    }
    const auto part = findDatasets({m_folder.path()}).front();
    EXPECT_EQ(part.name, "mnist");
    EXPECT_FALSE(part.hasTest);
    const auto loaded = load();
    ASSERT_FALSE(loaded.has_value());
    EXPECT_NE(loaded.error().find("there is no such file"), std::string::npos) << loaded.error();
}

TEST_F(DatasetTest, NewSetsGoToTheNamedFolderOrTheUsersOwn) {
    const char* const before = std::getenv("ZWEI_DATA_DIR");
    const std::string kept = before ? before : "";
    ::setenv("ZWEI_DATA_DIR", "/shared", 1);
    EXPECT_EQ(folderForNewDatasets({"/named", "/shared", "/own"}), "/named");
    EXPECT_EQ(folderForNewDatasets({"/shared", "/shared", "/own"}), "/shared");
    EXPECT_EQ(folderForNewDatasets({"/shared", "/own"}), "/own");
    EXPECT_EQ(folderForNewDatasets({"/own"}), "/own");
    EXPECT_EQ(folderForNewDatasets({}), "");
    if (before)
        ::setenv("ZWEI_DATA_DIR", kept.c_str(), 1);
    else
        ::unsetenv("ZWEI_DATA_DIR");
}

TEST_F(DatasetTest, AnUnknownNameSaysWhereItLooked) {
    const auto loaded = load("fashion");
    ASSERT_FALSE(loaded.has_value());
    EXPECT_NE(loaded.error().find(m_folder.path().string()), std::string::npos);
}

TEST_F(DatasetTest, TheEmbeddedSetIsAlwaysThere) {
    const auto found = findDatasets({});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found.front().name, kEmbeddedDataset);
}

}  // namespace
}  // namespace zwei
