// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/npy.h"

#include <archive.h>
#include <archive_entry.h>

#include <bit>
#include <cstring>
#include <memory>
#include <string>

namespace zwei {
namespace {

static_assert(std::endian::native == std::endian::little, "the arrays are told to be little-endian");

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kAlignment = 64;  // of the first value, as the format asks

/// A tuple as Python writes it.
std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text = "(";
    for (const auto extent : shape) text += std::to_string(extent) + (shape.size() == 1 ? "," : ", ");
    if (shape.size() > 1) text.resize(text.size() - 2);
    return text + ")";
}

template <typename Value>
Bytes serialise(std::span<const Value> values, const char* type, const std::vector<std::int64_t>& shape) {
    static constexpr char kStart[] = "\x93NUMPY\x01\x00";
    constexpr std::size_t kStartBytes = sizeof kStart - 1;
    std::string header =
        std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': " + shapeText(shape) + ", }";
    const auto unaligned = (kStartBytes + 2 + header.size() + 1) % kAlignment;
    header.append((kAlignment - unaligned) % kAlignment, ' ');
    header += '\n';
    Bytes bytes(kStart, kStart + kStartBytes);
    bytes.push_back(static_cast<std::uint8_t>(header.size() & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(header.size() >> 8));
    bytes.insert(bytes.end(), header.begin(), header.end());
    const auto begin = bytes.size();
    bytes.resize(begin + values.size_bytes());
    if (!values.empty()) std::memcpy(bytes.data() + begin, values.data(), values.size_bytes());
    return bytes;
}

bool writeEntry(archive& zip, const std::string& name, const Bytes& bytes) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    return archive_write_header(&zip, entry.get()) == ARCHIVE_OK &&
           archive_write_data(&zip, bytes.data(), bytes.size()) == static_cast<la_ssize_t>(bytes.size());
}

}  // namespace

Bytes serialiseNpy(std::span<const float> values, const std::vector<std::int64_t>& shape) {
    return serialise(values, "<f4", shape);
}

Bytes serialiseNpy(std::span<const std::uint8_t> values, const std::vector<std::int64_t>& shape) {
    return serialise(values, "|u1", shape);
}

Result<Bytes> serialiseNpz(const std::vector<NamedBytes>& arrays) {
    constexpr std::size_t kAround = 1024;  // more than a zip has around an entry, or at its end
    std::size_t room = kAround;
    for (const auto& [name, bytes] : arrays) room += bytes.size() + 2 * name.size() + kAround;
    Bytes content(room);
    std::size_t used = 0;
    const std::unique_ptr<archive, decltype(&archive_write_free)> zip(archive_write_new(), archive_write_free);
    bool isWhole = archive_write_set_format_zip(zip.get()) == ARCHIVE_OK &&
                   archive_write_zip_set_compression_store(zip.get()) == ARCHIVE_OK &&
                   archive_write_set_bytes_in_last_block(zip.get(), 1) == ARCHIVE_OK &&
                   archive_write_open_memory(zip.get(), content.data(), content.size(), &used) == ARCHIVE_OK;
    for (const auto& [name, bytes] : arrays) isWhole = isWhole && writeEntry(*zip, name + ".npy", bytes);
    isWhole = isWhole && archive_write_close(zip.get()) == ARCHIVE_OK;
    if (!isWhole) {
        const char* what = archive_error_string(zip.get());
        return failure(std::string("The arrays cannot be packed (") + (what ? what : "no reason given") + ").");
    }
    content.resize(used);
    return content;
}

}  // namespace zwei
