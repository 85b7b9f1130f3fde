// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/types/result.h"

namespace zwei {

/// A tensor as it lies in a safetensors file.
struct StoredTensor {
    std::string type;  ///< the format's word: `F32`, `F16`, `U8`
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;  ///< little-endian, row-major
};

/// The content of a safetensors file (https://github.com/huggingface/safetensors#format): eight bytes with the header's
/// length, a JSON header, and the tensors' bytes.
struct Safetensors {
    std::map<std::string, std::string> metadata;
    std::map<std::string, StoredTensor> tensors;
};

/// Checks everything before it takes it: lengths, offsets, overlaps, types and shapes. Fails with a sentence without
/// the file's name.
[[nodiscard]] Result<Safetensors> parseSafetensors(const std::vector<std::uint8_t>& bytes);

/// What the file says of itself, of which nothing else is read. Fails with a sentence without the file's name.
[[nodiscard]] Result<std::map<std::string, std::string>> readSafetensorsMetadata(const std::filesystem::path& file);

std::vector<std::uint8_t> serialiseSafetensors(const Safetensors& content);

StoredTensor storeFloats(const float* values, std::vector<std::int64_t> shape);
/// IEEE half precision, rounded to nearest even: half the size for a relative error of at most 1/2048.
StoredTensor storeHalfs(const float* values, std::vector<std::int64_t> shape);
/// The values of an `F32` or `F16` tensor; fails for others.
[[nodiscard]] Result<std::vector<float>> floatsOf(const StoredTensor& tensor);

}  // namespace zwei
