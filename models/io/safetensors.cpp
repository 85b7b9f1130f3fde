// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "models/io/half.h"

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

Result<StoredTensor> parseTensor(const std::string& name, const json& entry, const std::vector<std::uint8_t>& bytes,
                                 std::size_t dataStart, Region& region) {
    const auto broken = [&name](const char* what) { return failure("Its tensor " + name + " " + what + "."); };
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() || !entry.contains("shape") ||
        !entry["shape"].is_array() || !entry.contains("data_offsets") || !entry["data_offsets"].is_array() ||
        entry["data_offsets"].size() != 2)
        return broken("is not described as the format asks");
    StoredTensor tensor;
    tensor.type = entry["dtype"].get<std::string>();
    const auto element = typeSize(tensor.type);
    if (!element) return broken("has an unknown type");
    for (const auto& extent : entry["shape"]) {
        if (!extent.is_number_unsigned()) return broken("has a shape that is not made of whole numbers");
        tensor.shape.push_back(extent.get<std::int64_t>());
    }
    for (const auto& offset : entry["data_offsets"])
        if (!offset.is_number_unsigned()) return broken("has offsets that are not whole numbers");
    region = {entry["data_offsets"][0].get<std::size_t>(), entry["data_offsets"][1].get<std::size_t>()};
    const std::size_t available = bytes.size() - dataStart;
    if (region.begin > region.end || region.end > available) return broken("lies outside of the file");
    if (byteSize(*element, tensor.shape) != region.end - region.begin)
        return broken("is not as long as its shape says");
    const auto data = bytes.begin() + static_cast<std::ptrdiff_t>(dataStart);
    tensor.bytes.assign(data + static_cast<std::ptrdiff_t>(region.begin),
                        data + static_cast<std::ptrdiff_t>(region.end));
    return tensor;
}

/// The format allows neither holes nor overlaps.
bool coverExactly(std::vector<Region> regions, std::size_t size) {
    std::sort(regions.begin(), regions.end(),
              [](const auto& a, const auto& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    std::size_t end = 0;
    for (const auto& region : regions) {
        if (region.begin != end) return false;
        end = region.end;
    }
    return end == size;
}

Result<json> parseHeader(const std::vector<std::uint8_t>& bytes, std::size_t& dataStart) {
    const auto notOne = [] { return failure("This is not a safetensors file."); };
    std::uint64_t length = 0;
    if (bytes.size() < kLengthBytes) return notOne();
    std::memcpy(&length, bytes.data(), kLengthBytes);
    if (length > kMostHeader) return notOne();
    if (length > bytes.size() - kLengthBytes) return failure("The file is truncated, or it is not a safetensors file.");
    const auto begin = bytes.begin() + kLengthBytes;
    auto header = json::parse(begin, begin + static_cast<std::ptrdiff_t>(length), nullptr, /*allow_exceptions=*/false);
    if (!header.is_object()) return notOne();
    dataStart = kLengthBytes + length;
    return header;
}

}  // namespace

Result<Safetensors> parseSafetensors(const std::vector<std::uint8_t>& bytes) {
    std::size_t dataStart = 0;
    const auto header = parseHeader(bytes, dataStart);
    if (!header) return failure(header.error());
    Safetensors content;
    std::vector<Region> regions;
    for (const auto& [name, entry] : header->items()) {
        if (name == "__metadata__") {
            if (!entry.is_object()) return failure("Its metadata is not a table of texts.");
            for (const auto& [key, value] : entry.items()) {
                if (!value.is_string()) return failure("Its metadata is not a table of texts.");
                content.metadata[key] = value.get<std::string>();
            }
            continue;
        }
        auto tensor = parseTensor(name, entry, bytes, dataStart, regions.emplace_back());
        if (!tensor) return failure(tensor.error());
        content.tensors.emplace(name, std::move(*tensor));
    }
    if (!coverExactly(regions, bytes.size() - dataStart))
        return failure("The file is truncated or damaged: its tensors do not fill it.");
    return content;
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
    std::string text = header.dump();
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
    std::memcpy(tensor.bytes.data(), values, tensor.bytes.size());
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
        std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
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
