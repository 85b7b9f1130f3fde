// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/code_table.h"

#include "app/cli/command.h"
#include "models/io/npy.h"
#include "models/io/number_text.h"
#include "models/io/whole_file.h"

namespace zwei::cli {
namespace {

/// RFC 4180.
std::string quoted(const std::string& name) {
    if (name.find_first_of(",\"\n\r") == std::string::npos) return name;
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

/// `codes-labels.npy` beside `codes.npy`.
std::filesystem::path beside(const std::filesystem::path& file, const char* what) {
    return file.parent_path() / (file.stem().string() + "-" + what + ".npy");
}

/// Where there is nothing to write, what other codes have left there would be taken for theirs.
template <typename Value>
Result<void> writeBeside(const std::filesystem::path& file, const std::vector<Value>& values,
                         const std::vector<std::int64_t>& shape) {
    if (!values.empty()) return writeWholeFile(file, serialiseNpy(values, shape));
    std::error_code error;
    std::filesystem::remove(file, error);
    return {};
}

Result<void> writeArrays(const std::filesystem::path& file, const Codes& codes,
                         const std::vector<std::uint8_t>& labels) {
    const std::vector<std::int64_t> shape{codes.count, codes.dimensions};
    if (auto saved = writeBeside(beside(file, "labels"), labels, {codes.count}); !saved) return saved;
    if (auto saved = writeBeside(beside(file, "log_var"), codes.logVar, shape); !saved) return saved;
    return writeWholeFile(file, serialiseNpy(codes.mu, shape));
}

}  // namespace

std::string codesToCsv(const Codes& codes, const std::vector<std::string>& names,
                       const std::vector<std::uint8_t>& labels) {
    std::string text = "image,label";
    std::vector<const char*> columns{"mu"};
    if (!codes.logVar.empty()) columns.push_back("log_var");
    for (const char* what : columns)
        for (int d = 1; d <= codes.dimensions; ++d) text += std::string(",") + what + std::to_string(d);
    text += '\n';
    const auto width = static_cast<std::size_t>(codes.dimensions);
    for (std::size_t i = 0; i < static_cast<std::size_t>(codes.count); ++i) {
        text += names.empty() ? std::to_string(i) : quoted(names[i]);
        text += ',';
        if (!labels.empty()) text += std::to_string(labels[i]);
        for (const auto* values : {&codes.mu, &codes.logVar})
            for (std::size_t d = 0; d < width && !values->empty(); ++d) {
                text += ',';
                appendNumber(text, (*values)[i * width + d]);
            }
        text += '\n';
    }
    return text;
}

Result<void> writeCodes(const std::filesystem::path& file, const Codes& codes, const std::vector<std::string>& names,
                        const std::vector<std::uint8_t>& labels) {
    if (file.extension() == ".npy") return writeArrays(file, codes, labels);
    return writeText(file, codesToCsv(codes, names, labels));
}

}  // namespace zwei::cli
