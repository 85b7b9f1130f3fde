// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/history_json.h"

#include <utility>

namespace zwei {
namespace {

using nlohmann::json;

json elboToJson(const ElboTerms& terms) {
    return {{"neg_elbo", terms.negElbo()}, {"reconstruction", terms.reconstruction}, {"kl", terms.kl}};
}

bool readElbo(const json& from, const char* key, ElboTerms& to) {
    if (!from.contains(key) || !from[key].is_object()) return false;
    return readNumber(from[key], "reconstruction", to.reconstruction) && readNumber(from[key], "kl", to.kl);
}

json adversaryToJson(const AdversaryTerms& terms) {
    return {{"discriminator", terms.discriminator}, {"generator", terms.generator}, {"accuracy", terms.accuracy}};
}

/// There need be none.
bool readAdversary(const json& from, std::optional<AdversaryTerms>& to) {
    if (!from.contains("adversary")) return true;
    const auto& terms = from["adversary"];
    to.emplace();
    return terms.is_object() && readNumber(terms, "discriminator", to->discriminator) &&
           readNumber(terms, "generator", to->generator) && readNumber(terms, "accuracy", to->accuracy);
}

json epochToJson(const EpochStatistics& epoch) {
    json object{{"epoch", epoch.epoch},
                {"seconds", epoch.seconds},
                {"images_per_second", epoch.imagesPerSecond},
                {"train", elboToJson(epoch.train)},
                {"test", elboToJson(epoch.test)}};
    if (epoch.adversary) object["adversary"] = adversaryToJson(*epoch.adversary);
    if (epoch.priorDistance) object["prior_distance"] = *epoch.priorDistance;
    return object;
}

bool readEpoch(const json& from, EpochStatistics& to) {
    if (!from.is_object()) return false;
    if (from.contains("prior_distance") && !readNumber(from, "prior_distance", to.priorDistance.emplace()))
        return false;
    return readWhole(from, "epoch", 0, to.epoch) && readNumber(from, "seconds", to.seconds) &&
           readNumber(from, "images_per_second", to.imagesPerSecond) && readElbo(from, "train", to.train) &&
           readElbo(from, "test", to.test) && readAdversary(from, to.adversary);
}

}  // namespace

json historyToJson(const std::vector<EpochStatistics>& history) {
    json epochs = json::array();
    for (const auto& epoch : history) epochs.push_back(epochToJson(epoch));
    return epochs;
}

Result<std::vector<EpochStatistics>> historyFromJson(const json& epochs) {
    const auto broken = [] { return failure("Its training figures are not what Zwei writes."); };
    if (!epochs.is_array()) return broken();
    std::vector<EpochStatistics> history;
    for (const auto& from : epochs)
        if (!readEpoch(from, history.emplace_back())) return broken();
    return history;
}

json termsToJson(const LossTerms& terms) {
    json object{{"elbo", elboToJson(terms.elbo)}};
    if (terms.adversary) object["adversary"] = adversaryToJson(*terms.adversary);
    return object;
}

bool termsFromJson(const json& from, LossTerms& to) {
    return from.is_object() && readElbo(from, "elbo", to.elbo) && readAdversary(from, to.adversary);
}

bool readNumber(const json& object, const char* key, double& to) {
    if (!object.contains(key) || !object[key].is_number()) return false;
    to = object[key].get<double>();
    return true;
}

}  // namespace zwei
