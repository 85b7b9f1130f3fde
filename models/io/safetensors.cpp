// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <optional>

#include "models/io/half.h"
#include "models/io/json_text.h"
#include "models/types/shown_text.h"

namespace zwei {
namespace {

using nlohmann::json;
static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostHeader = 100'000'000;          // the format's own limit
constexpr std::size_t kMostBytes = std::size_t{1} << 40;  // of a tensor: more is no file that could be read

std::optional<std::size_t> typeSize(const std::string& type) {
    if (type == "F32" || type == "I32" || type == "U32") return 4;
    if (type == "F16" || type == "BF16" || type == "I16" || type == "U16") return 2;
    if (type == "U8" || type == "I8" || type == "BOOL") return 1;
    if (type == "F64" || type == "I64" || type == "U64") return 8;
    return std::nullopt;
}

/// Bytes of a tensor, or nothing where they are more than the file could hold.
std::optional<std::size_t> byteSize(std::size_t element, const std::vector<std::int64_t>& shape) {
    std::size_t size = element;
    for (const auto extent : shape) {
        if (extent < 0 || (extent > 0 && size > kMostBytes / static_cast<std::size_t>(extent))) return std::nullopt;
        size *= static_cast<std::size_t>(extent);
    }
    return size;
}

struct Region {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A tensor that still lies in the file.
struct Described {
    std::string name;
    StoredTensor tensor;
    Region region;  ///< of the data
};

bool isDescribed(const json& entry) {
    return entry.is_object() && entry.contains("dtype") && entry["dtype"].is_string() && entry.contains("shape") &&
           entry["shape"].is_array() && entry.contains("data_offsets") && entry["data_offsets"].is_array() &&
           entry["data_offsets"].size() == 2;
}

Result<Described> describedTensor(const std::string& name, const json& entry, std::size_t available) {
    const auto broken = [&name](const char* what) {
        return failure("Its tensor " + shownText(name) + " " + what + ".");
    };
    if (!isDescribed(entry)) return broken("is not described as the format asks");
    Described described{name, {entry["dtype"].get<std::string>(), {}, {}}, {}};
    const auto element = typeSize(described.tensor.type);
    if (!element) return broken("has an unknown type");
    for (const auto& value : entry["shape"]) {
        const auto extent = wholeNumber<std::int64_t>(value);
        if (!extent || *extent < 0) return broken("has a shape that is not made of whole numbers");
        described.tensor.shape.push_back(*extent);
    }
    const auto begin = wholeNumber<std::size_t>(entry["data_offsets"][0]);
    const auto end = wholeNumber<std::size_t>(entry["data_offsets"][1]);
    if (!begin || !end) return broken("has offsets that are not whole numbers");
    if (*begin > *end || *end > available) return broken("lies outside of the file");
    if (byteSize(*element, described.tensor.shape) != *end - *begin) return broken("is not as long as its shape says");
    described.region = {*begin, *end};
    return described;
}

/// The format allows neither holes nor overlaps.
bool coverExactly(const std::vector<Described>& tensors, std::size_t size) {
    std::vector<Region> regions;
    regions.reserve(tensors.size());
    for (const auto& each : tensors) regions.push_back(each.region);
    std::sort(regions.begin(), regions.end(),
              [](const auto& a, const auto& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    std::size_t end = 0;
    for (const auto& region : regions) {
        if (region.begin != end) return false;
        end = region.end;
    }
    return end == size;
}

tl::unexpected<Sentence> notOne() { return failure("This is not a safetensors file."); }

/// Where the tensors start: of the file's first bytes and its size.
Result<std::size_t> dataStartOf(const std::vector<std::uint8_t>& bytes, std::uintmax_t size) {
    std::uint64_t length = 0;
    if (bytes.size() < kLengthBytes) return notOne();
    std::memcpy(&length, bytes.data(), kLengthBytes);
    if (length > kMostHeader) return notOne();
    if (length > size - kLengthBytes) return failure("The file is truncated, or it is not a safetensors file.");
    return kLengthBytes + length;
}

Result<json> parseHeader(const std::vector<std::uint8_t>& bytes, std::size_t dataStart) {
    auto header = parseJson({reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, dataStart - kLengthBytes});
    if (!header.is_object()) return notOne();
    return header;
}

Result<std::map<std::string, std::string>> metadataFrom(const json& entry) {
    const auto broken = [] { return failure("Its metadata is not a table of texts."); };
    if (!entry.is_object()) return broken();
    std::map<std::string, std::string> metadata;
    for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) return broken();
        metadata[key] = value.get<std::string>();
    }
    return metadata;
}

}  // namespace

Result<Safetensors> parseSafetensors(const std::vector<std::uint8_t>& bytes) {
    const auto dataStart = dataStartOf(bytes, bytes.size());
    if (!dataStart) return failure(dataStart.error());
    const auto header = parseHeader(bytes, *dataStart);
    if (!header) return failure(header.error());
    const auto available = bytes.size() - *dataStart;
    Safetensors content;
    std::vector<Described> tensors;
    for (const auto& [name, entry] : header->items()) {
        if (name == "__metadata__") {
            auto metadata = metadataFrom(entry);
            if (!metadata) return failure(metadata.error());
            content.metadata = std::move(*metadata);
            continue;
        }
        auto described = describedTensor(name, entry, available);
        if (!described) return failure(described.error());
        tensors.push_back(std::move(*described));
    }
    // Before anything is copied: a thousand tensors could each claim the whole file.
    if (!coverExactly(tensors, available))
        return failure("The file is truncated or damaged: its tensors do not fill it.");
    const auto data = bytes.begin() + static_cast<std::ptrdiff_t>(*dataStart);
    for (auto& [name, tensor, region] : tensors) {
        tensor.bytes.assign(data + static_cast<std::ptrdiff_t>(region.begin),
                            data + static_cast<std::ptrdiff_t>(region.end));
        content.tensors.emplace(std::move(name), std::move(tensor));
    }
    return content;
}

Result<std::map<std::string, std::string>> readSafetensorsMetadata(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<std::uint8_t> bytes(kLengthBytes);
    const auto readFrom = [&](std::size_t begin) {
        return stream
            .read(reinterpret_cast<char*>(bytes.data() + begin), static_cast<std::streamsize>(bytes.size() - begin))
            .good();
    };
    if (!readFrom(0)) return notOne();
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return notOne();
    const auto dataStart = dataStartOf(bytes, size);
    if (!dataStart) return failure(dataStart.error());
    bytes.resize(*dataStart);
    if (!readFrom(kLengthBytes)) return notOne();
    const auto header = parseHeader(bytes, *dataStart);
    if (!header) return failure(header.error());
    const auto metadata = header->find("__metadata__");
    if (metadata == header->end()) return std::map<std::string, std::string>();
    return metadataFrom(*metadata);
}

std::vector<std::uint8_t> serialiseSafetensors(const Safetensors& content) {
    json header = json::object();
    if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
    std::size_t offset = 0;
    for (const auto& [name, tensor] : content.tensors) {
        header[name] = {
            {"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + tensor.bytes.size()}}};
        offset += tensor.bytes.size();
    }
    // A name that is no UTF-8, such as a folder's, must not make a file impossible.
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');  // tensors start aligned
    const std::uint64_t length = text.size();

    std::vector<std::uint8_t> bytes(kLengthBytes);
    std::memcpy(bytes.data(), &length, kLengthBytes);
    bytes.reserve(kLengthBytes + text.size() + offset);
    bytes.insert(bytes.end(), text.begin(), text.end());
    for (const auto& [name, tensor] : content.tensors)
        bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
    return bytes;
}

StoredTensor storeFloats(const float* values, std::vector<std::int64_t> shape) {
    StoredTensor tensor{"F32", std::move(shape), {}};
    tensor.bytes.resize(*byteSize(sizeof(float), tensor.shape));
    if (!tensor.bytes.empty()) std::memcpy(tensor.bytes.data(), values, tensor.bytes.size());
    return tensor;
}

StoredTensor storeHalfs(const float* values, std::vector<std::int64_t> shape) {
    StoredTensor tensor{"F16", std::move(shape), {}};
    tensor.bytes.resize(*byteSize(sizeof(std::uint16_t), tensor.shape));
    for (std::size_t i = 0; i < tensor.bytes.size() / sizeof(std::uint16_t); ++i) {
        const auto half = toHalf(values[i]);
        std::memcpy(tensor.bytes.data() + i * sizeof half, &half, sizeof half);
    }
    return tensor;
}

Result<std::vector<float>> floatsOf(const StoredTensor& tensor) {
    std::vector<float> values;
    if (tensor.type == "F32") {
        values.resize(tensor.bytes.size() / sizeof(float));
        if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    } else if (tensor.type == "F16") {
        values.resize(tensor.bytes.size() / sizeof(std::uint16_t));
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::uint16_t half = 0;
            std::memcpy(&half, tensor.bytes.data() + i * sizeof half, sizeof half);
            values[i] = fromHalf(half);
        }
    } else {
        return failure("Its values are " + tensor.type + ", and Zwei reads F32 and F16.");
    }
    return values;
}

}  // namespace zwei
