// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/recipe_json.h"
#include "models/nn/network_layout.h"
#include "models/nn/recipe_check.h"
#include "tests/fuzz/reader.h"

/// A recipe that is read can be trained with, comes back the same, and says what its network is made of. The first byte
/// is the version.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace zwei;
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    fuzz::readWithin(64, 1 << 14, size, [&] {
        const auto recipe = recipeFromJson(text, data[0] == '1' ? 1 : kRecipeVersion);
        if (!recipe) return;
        fuzz::require(!recipeFault(*recipe), "A recipe with a fault was read.");
        fuzz::require(recipeFromJson(recipeToJson(*recipe)) == *recipe, "The recipe comes back otherwise.");
        fuzz::require(parameterCount(*recipe) > 0, "A network has no parameters.");
    });
    return 0;
}
