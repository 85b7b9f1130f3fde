// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/idx.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace zwei {
namespace {

constexpr std::uint32_t kImageMagic = 0x00000803;
constexpr std::uint32_t kLabelMagic = 0x00000801;
constexpr std::uint32_t kMostSide = 4096;
constexpr std::size_t kFirstChunk = std::size_t{1} << 14;
constexpr std::size_t kLargestChunk = std::size_t{1} << 26;
// Compressed images of digits grow five- to tenfold; labels in order more, but they are few.
constexpr std::uintmax_t kMostGrowth = 100;
constexpr std::uintmax_t kAlwaysRead = std::uintmax_t{4} << 20;

struct CloseGzip {
    void operator()(gzFile_s* file) const { gzclose_r(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

Sentence fault(const std::filesystem::path& file, const std::string& what) { return file.string() + ": " + what + "."; }

Result<GzipFile> open(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return failure(fault(file, "there is no such file"));
    if (!std::filesystem::is_regular_file(file, error)) return failure(fault(file, "this is not a file"));
    const auto size = std::filesystem::file_size(file, error);
    if (size == 0) return failure(fault(file, "the file is empty"));
    GzipFile opened(gzopen(file.c_str(), "rb"));
    if (!opened) return failure(fault(file, "the file cannot be opened for reading"));
    gzbuffer(opened.get(), static_cast<unsigned>(std::clamp<std::uintmax_t>(size, 1u << 10, 1u << 17)));
    return opened;
}

/// Big-endian header words, as many as `words`.
template <std::size_t words>
Result<std::array<std::uint32_t, words>> readHeader(gzFile_s* opened, const std::filesystem::path& file) {
    std::array<unsigned char, words * 4> bytes{};
    const int got = gzread(opened, bytes.data(), bytes.size());
    if (got < 0) return failure(fault(file, "the compressed data is damaged"));
    if (got != static_cast<int>(bytes.size())) return failure(fault(file, "the file ends within its header"));
    std::array<std::uint32_t, words> header{};
    for (std::size_t i = 0; i < words; ++i)
        for (std::size_t j = 0; j < 4; ++j) header[i] = header[i] << 8 | bytes[4 * i + j];
    return header;
}

/// Exactly `size` bytes and then the end of the file. Grows as the data comes, so that a header that lies costs
/// nothing.
Result<std::vector<std::uint8_t>> readBody(gzFile_s* opened, std::size_t size, const std::filesystem::path& file) {
    std::vector<std::uint8_t> body;
    std::error_code error;
    const auto most = std::max(kAlwaysRead, kMostGrowth * std::filesystem::file_size(file, error));
    while (body.size() < size) {
        const auto had = body.size();
        if (had > most) return failure(fault(file, "its compressed data grows out of all proportion; no images do"));
        body.resize(had + std::min(std::clamp(had, kFirstChunk, kLargestChunk), size - had));
        const int got = gzread(opened, body.data() + had, static_cast<unsigned>(body.size() - had));
        if (got < 0) return failure(fault(file, "the compressed data is damaged"));
        if (static_cast<std::size_t>(got) < body.size() - had)
            return failure(fault(file, "the file is truncated: its header promises " + std::to_string(size) +
                                           " bytes of data and it holds " +
                                           std::to_string(had + static_cast<std::size_t>(got))));
    }
    unsigned char more = 0;
    const int extra = gzread(opened, &more, 1);
    if (extra > 0) return failure(fault(file, "there is more data than its header promises"));
    int status = Z_OK;
    gzerror(opened, &status);  // a compressed file that lacks its check sum is at its end all the same
    if (extra < 0 || status != Z_OK) return failure(fault(file, "the compressed data is damaged or cut off"));
    return body;
}

Sentence wrongMagic(const std::filesystem::path& file, std::uint32_t magic, const char* wanted) {
    if (magic == kImageMagic) return fault(file, std::string("this holds images where ") + wanted + " are expected");
    if (magic == kLabelMagic) return fault(file, std::string("this holds labels where ") + wanted + " are expected");
    return fault(file, std::string("this is not an IDX file of ") + wanted);
}

}  // namespace

Result<ImageBatch> readIdxImages(const std::filesystem::path& file) {
    auto opened = open(file);
    if (!opened) return failure(opened.error());
    const auto magic = readHeader<1>(opened->get(), file);
    if (!magic) return failure(magic.error());
    if ((*magic)[0] != kImageMagic) return failure(wrongMagic(file, (*magic)[0], "images"));
    const auto header = readHeader<3>(opened->get(), file);
    if (!header) return failure(header.error());

    const auto [count, height, width] = *header;
    if (count == 0) return failure(fault(file, "the file holds no images"));
    if (height == 0 || width == 0 || height > kMostSide || width > kMostSide || count > INT32_MAX)
        return failure(fault(file, "its header asks for " + std::to_string(count) + " images of " +
                                       std::to_string(height) + " x " + std::to_string(width) + " pixels"));
    auto body = readBody(opened->get(), std::size_t{count} * height * width, file);
    if (!body) return failure(body.error());
    return ImageBatch{static_cast<int>(count), static_cast<int>(height), static_cast<int>(width), std::move(*body)};
}

Result<std::vector<std::uint8_t>> readIdxLabels(const std::filesystem::path& file) {
    auto opened = open(file);
    if (!opened) return failure(opened.error());
    const auto magic = readHeader<1>(opened->get(), file);
    if (!magic) return failure(magic.error());
    if ((*magic)[0] != kLabelMagic) return failure(wrongMagic(file, (*magic)[0], "labels"));
    const auto header = readHeader<1>(opened->get(), file);
    if (!header) return failure(header.error());

    auto body = readBody(opened->get(), (*header)[0], file);
    if (!body) return failure(body.error());
    const auto wrong = std::find_if(body->begin(), body->end(), [](auto label) { return label >= kClasses; });
    if (wrong != body->end())
        return failure(fault(file, "label " + std::to_string(wrong - body->begin()) + " is " + std::to_string(*wrong) +
                                       ", and labels are 0 to 9"));
    return body;
}

}  // namespace zwei
