// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report.h"

#include <cstdio>

#include "widgets/drawing/numerals.h"

namespace zwei::cli {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
void put(Json& report, const char* key, const std::optional<Value>& value) {
    if (value) report[key] = *value;
}

Json toJson(const ImageQuality& quality) {
    return {{"mse", quality.mse}, {"psnr", quality.psnr}, {"ssim", quality.ssim}};
}

Json toJson(const RestorationFigures& restoration) {
    auto rows = Json::array();
    for (const auto& row : restoration.rows) {
        Json entry = {{"method", row.method}};
        entry.update(toJson(row.quality));
        put(entry, "bce", row.bernoulli);
        rows.push_back(entry);
    }
    return {{"input", restoration.input}, {"rows", rows}};
}

/// Lines with a name, a number in its column, and what it is a number of.
class Table {
public:
    void heading(const std::string& text) { line("\n" + text); }

    void row(const char* name, double value, int decimals, const std::string& unit = {}) {
        char line[128];
        std::snprintf(line, sizeof line, "  %-28s %10.*f", name, decimals, value);
        m_text.append(line).append(unit.empty() ? "" : "  ").append(unit).append("\n");
    }
    void row(const char* name, const std::optional<double>& value, int decimals, const std::string& unit = {}) {
        if (value) row(name, *value, decimals, unit);
    }
    void line(const std::string& text) { m_text.append(text).append("\n"); }

    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

std::string grouped(int number) { return countText(number).toStdString(); }

void addTerms(Table& table, const ElboTerms& terms, bool hasKl) {
    table.row("-ELBO", terms.negElbo(), 3, "nats an image");
    table.row("reconstruction", terms.reconstruction, 3, "nats an image");
    if (hasKl) table.row("KL", terms.kl, 3, "nats an image");
}

void addKlByDimension(Table& table, const Figures& figures) {
    const auto& parts = figures.klByDimension;
    for (std::size_t d = 0; d < parts.size(); ++d)
        table.row(("KL of dimension " + std::to_string(d + 1)).c_str(), parts[d], 3, "nats an image");
    if (figures.activeDimensions)
        table.row("active dimensions", *figures.activeDimensions, 0, "of " + std::to_string(parts.size()));
}

void addLikelihood(Table& table, const Figures& figures) {
    if (!figures.binarisedElbo) return;
    table.heading("Binarised images, drawn once from their grey values");
    addTerms(table, *figures.binarisedElbo, true);
    table.row("log-likelihood", figures.logLikelihood, 3,
              "nats an image (" + grouped(figures.samples) + " importance samples, " +
                  grouped(figures.likelihoodImages) + " images)");
}

void addEmbedding(Table& table, const Figures& figures) {
    if (!figures.priorDistance && !figures.trustworthiness && !figures.accuracy1) return;
    table.heading("Codes");
    const auto percent = [&](const char* name, const std::optional<double>& share) {
        if (share) table.row(name, 100 * *share, 2, "% of the test images, by the training images' codes");
    };
    percent("1 nearest neighbour right", figures.accuracy1);
    percent("5 nearest neighbours right", figures.accuracy5);
    table.row("trustworthiness", figures.trustworthiness, 4, "of 5 neighbours, 1 at best");
    table.row("distance to the prior", figures.priorDistance, 4, "sliced Wasserstein, 0 at best");
}

void addReconstruction(Table& table, const Figures& figures) {
    table.heading("What comes out, against the clean images");
    table.row("mean squared error", figures.reconstruction.mse, 5);
    table.row("PSNR", figures.reconstruction.psnr, 2, "dB");
    table.row("SSIM", figures.reconstruction.ssim, 4);
    table.row("cross-entropy", figures.bernoulli, 5, "nats a pixel");
    table.row("its floor on these images", figures.bernoulliFloor, 5, "nats a pixel");
    table.row("above the floor", figures.bernoulli - figures.bernoulliFloor, 5, "nats a pixel");
}

void addRestoration(Table& table, const RestorationFigures& restoration) {
    char line[128];
    std::snprintf(line, sizeof line, "%-30s %10s  %8s  %7s  %13s", ("Restored from " + restoration.input).c_str(),
                  "PSNR, dB", "SSIM", "MSE", "cross-entropy");
    table.heading(line);
    for (const auto& [method, quality, bernoulli] : restoration.rows) {
        const int end = std::snprintf(line, sizeof line, "  %-28s %10.2f  %8.4f  %7.5f", method.c_str(), quality.psnr,
                                      quality.ssim, quality.mse);
        if (bernoulli) std::snprintf(line + end, sizeof line - static_cast<std::size_t>(end), "  %13.5f", *bernoulli);
        table.line(line);
    }
}

}  // namespace

nlohmann::ordered_json toJson(const ElboTerms& terms) {
    return {{"neg_elbo", terms.negElbo()}, {"reconstruction", terms.reconstruction}, {"kl", terms.kl}};
}

nlohmann::ordered_json toJson(const Figures& figures) {
    Json report = {{"data", figures.data}, {"images", figures.images}, {"test", toJson(figures.elbo)}};
    if (!figures.klByDimension.empty()) report["kl_by_dimension"] = figures.klByDimension;
    put(report, "active_dimensions", figures.activeDimensions);
    if (figures.binarisedElbo) report["binarised"] = toJson(*figures.binarisedElbo);
    if (figures.logLikelihood)
        report["log_likelihood"] = {
            {"value", *figures.logLikelihood}, {"samples", figures.samples}, {"images", figures.likelihoodImages}};
    put(report, "accuracy_1nn", figures.accuracy1);
    put(report, "accuracy_5nn", figures.accuracy5);
    put(report, "trustworthiness", figures.trustworthiness);
    put(report, "prior_distance", figures.priorDistance);
    report.update(toJson(figures.reconstruction));
    report["bce"] = figures.bernoulli;
    report["bce_floor"] = figures.bernoulliFloor;
    report["bce_above_floor"] = figures.bernoulli - figures.bernoulliFloor;
    for (const auto& restoration : figures.restorations) report["restorations"].push_back(toJson(restoration));
    return report;
}

std::string figureTable(const Figures& figures) {
    Table table;
    table.line(figures.data + ", " + grouped(figures.images) + " test images");
    table.heading("Grey images, 1 sample each");
    addTerms(table, figures.elbo, figures.activeDimensions.has_value());
    addKlByDimension(table, figures);
    addLikelihood(table, figures);
    addEmbedding(table, figures);
    addReconstruction(table, figures);
    for (const auto& restoration : figures.restorations) addRestoration(table, restoration);
    return table.text();
}

void printJson(const nlohmann::ordered_json& report) { std::printf("%s\n", report.dump().c_str()); }

}  // namespace zwei::cli
