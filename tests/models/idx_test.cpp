// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/idx.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace zwei {
namespace {

using test::idxImages;
using test::idxLabels;
using test::writeBytes;

class IdxTest : public testing::Test {
protected:
    std::filesystem::path write(const std::vector<std::uint8_t>& bytes) {
        const auto file = m_folder.path() / "file";
        writeBytes(file, bytes);
        return file;
    }
    test::TemporaryFolder m_folder;
    LabelledImages m_digits = proceduralDigits(5, 1);
};

/// The sentence names the file and holds `fault`.
template <typename Value>
void expectFault(const Result<Value>& result, const std::string& fault) {
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().find("file: "), std::string::npos) << result.error();
    EXPECT_NE(result.error().find(fault), std::string::npos) << result.error();
    EXPECT_EQ(result.error().find('\n'), std::string::npos);
}

TEST_F(IdxTest, ImagesComeBackAsTheyWere) {
    const auto read = readIdxImages(write(idxImages(m_digits.images, 5)));
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->count, 5);
    EXPECT_EQ(read->height, 28);
    EXPECT_EQ(read->pixels, m_digits.images.pixels);
}

TEST_F(IdxTest, GzipIsReadWhateverTheName) {
    const auto bytes = idxImages(m_digits.images, 5);
    const auto file = m_folder.path() / "file";
    auto* out = gzopen(file.c_str(), "wb");
    gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(out);
    const auto read = readIdxImages(file);
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->pixels, m_digits.images.pixels);
}

TEST_F(IdxTest, FaultsAreNamed) {
    expectFault(readIdxImages(m_folder.path() / "file"), "no such file");
    expectFault(readIdxImages(write({})), "empty");
    expectFault(readIdxImages(write({0, 0, 8})), "header");
    expectFault(readIdxImages(write({'t', 'e', 'x', 't'})), "not an IDX file");
    expectFault(readIdxImages(write(idxLabels(m_digits.labels))), "labels where images");
    expectFault(readIdxLabels(write(idxImages(m_digits.images, 5))), "images where labels");
    expectFault(readIdxImages(write(idxImages(ImageBatch{}, 0))), "no images");
    expectFault(readIdxImages(write(idxImages(m_digits.images, 6))), "truncated");
    expectFault(readIdxImages(write(idxImages(m_digits.images, 4))), "more data");
    expectFault(readIdxLabels(write(idxLabels({1, 2, 10}))), "label 2 is 10");
}

TEST_F(IdxTest, AHeaderThatLiesCostsNoMemory) {
    // 4 billion images of 4096 x 4096 would be 72 petabytes.
    expectFault(readIdxImages(write(idxImages(m_digits.images, 0x7fffffff))), "truncated");
    expectFault(readIdxImages(write(idxImages(m_digits.images, 0xffffffff))), "4294967295 images");
}

}  // namespace
}  // namespace zwei
