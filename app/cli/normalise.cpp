// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/image_files.h"
#include "app/cli/pictures.h"
#include "app/session/image_conversion.h"
#include "models/imaging/normaliser.h"

namespace zwei::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Writes the digits of a page, and tells where they were.
Result<Json> writeDigits(const NormalisedPage& page, const std::filesystem::path& stem) {
    auto digits = Json::array();
    for (int i = 0; i < page.digits.count; ++i) {
        const auto file = stem.string() + "-" + std::to_string(i + 1) + ".png";
        if (const auto saved = savePicture(greyImage(page.digits, i), file); !saved) return failure(saved.error());
        const auto& [x, y, width, height] = page.boxes[static_cast<std::size_t>(i)];
        digits.push_back({{"box", {x, y, width, height}}, {"image", std::filesystem::path(file).filename().string()}});
    }
    return digits;
}

int writeNormalised(const ImageFiles& files) {
    if (const auto made = files.makeFolder(); !made) return fail(made.error());
    auto pages = Json::array();
    const int status = files.forEach([&](const QImage& image, const std::string& file, const auto& stem) {
        const auto page = normalise(pageOf(image));
        if (page.boxes.empty()) return Result<void>(failure("no digit was found on it."));
        return writeDigits(page, stem).map([&](const Json& digits) {
            pages.push_back({{"file", file},
                             {"width", image.width()},
                             {"height", image.height()},
                             {"ink", page.tone == InkTone::Dark ? "dark" : "light"},
                             {"digits", digits}});
        });
    });
    std::string text;
    for (const auto& page : pages)
        text += (text.empty() ? "[\n " : ",\n ") + page.dump(-1, ' ', false, Json::error_handler_t::replace);
    text += text.empty() ? "[]\n" : "\n]\n";
    if (const auto saved = writeText(files.folder() / "digits.json", text); !saved) return fail(saved.error());
    return status;
}

}  // namespace

void addNormalise(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand(
        "normalise",
        "Find the digits on photographs, scans and drawings, and write each as a 28 x 28 image like MNIST's");
    auto files = std::make_shared<ImageFiles>();
    files->add(*command);
    command->footer("digits.json in the folder tells where each digit was: [x, y, width, height] in pixels.");
    command->callback([files, &chosen] { chosen = [files] { return writeNormalised(*files); }; });
}

}  // namespace zwei::cli
