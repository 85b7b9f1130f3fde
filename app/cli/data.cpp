// SPDX-License-Identifier: GPL-3.0-or-later
#include <QEventLoop>
#include <QTimer>
#include <algorithm>
#include <csignal>
#include <cstdio>

#include "app/cli/command.h"
#include "app/cli/progress_line.h"
#include "app/session/dataset_download.h"
#include "widgets/drawing/numerals.h"

namespace zwei::cli {
namespace {

constexpr auto kLookForInterrupt = std::chrono::milliseconds(50);
constexpr const char* kEnvironment =
    "ZWEI_MIRRORS, base URLs with commas between them, takes the place of the mirrors: <base>/<name>/<file>, over "
    "HTTPS, "
    "or over HTTP from this machine itself.";

std::atomic<bool> s_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch such");

struct DataOptions {
    Machine machine;
    std::string name;
};

Result<CatalogueSet> setNamed(const std::string& name) {
    if (auto set = catalogueSet(QString::fromStdString(name))) return *set;
    std::string known;
    for (const auto& set : datasetCatalogue()) known += (known.empty() ? "" : ", ") + set.id.toStdString();
    return failure("There is no data set called " + name + " to fetch; there are " + known + ".");
}

std::optional<DatasetLocation> locationOf(const CatalogueSet& set, const std::vector<DatasetLocation>& found) {
    for (const auto& location : found)
        if (location.name == set.id.toStdString()) return location;
    return std::nullopt;
}

/// Where a set is, or what it takes to get it.
std::string whereabouts(const CatalogueSet& set, const std::optional<DatasetLocation>& here) {
    if (here && here->hasTrain) return here->folder.string();
    if (!set.isOffered()) return "not offered: its checksum is not known for certain";
    char size[64];
    std::snprintf(size, sizeof size, "%.1f MB to fetch from %d mirror%s", static_cast<double>(set.packedSize()) / 1e6,
                  static_cast<int>(set.mirrors.size()), set.mirrors.size() == 1 ? "" : "s");
    if (!here) return size;
    return here->folder.string() + (here->hasTest ? " (test images only), all of it " : " (in part), all of it ") +
           size;
}

int list(const DataOptions& options) {
    const auto found = findDatasets(dataFolders(options.machine.dataDir));
    for (const auto& set : datasetCatalogue())
        std::printf("%-14s %-14s %s\n", qPrintable(set.id), qPrintable(set.title),
                    printable(whereabouts(set, locationOf(set, found))).c_str());
    for (const auto& location : found) {
        if (location.folder.empty())
            std::printf("%-14s %-14s embedded\n", location.name.c_str(), "");
        else if (!catalogueSet(QString::fromStdString(location.name)))
            std::printf("%-14s %-14s %s\n", printable(location.name).c_str(), "",
                        printable(location.folder.string()).c_str());
    }
    return kDone;
}

std::string progressText(const QString& name, const DownloadProgress& progress) {
    char text[256];
    std::snprintf(text, sizeof text, "%s %.1f of %.1f MB, %.1f MB/s, %s left, from %s", qPrintable(name),
                  static_cast<double>(progress.done) / 1e6, static_cast<double>(progress.total) / 1e6,
                  progress.bytesPerSecond / 1e6, qPrintable(durationText(progress.secondsLeft)),
                  qPrintable(progress.mirror));
    return text;
}

/// Runs the event loop until the download has ended, or Ctrl+C ends it.
int fetch(const CatalogueSet& set, const std::filesystem::path& folder) {
    DatasetDownload download;
    ProgressLine line;
    QEventLoop loop;
    const auto end = [&](int status) {
        line.clear();
        loop.exit(status);
    };
    QObject::connect(&download, &DatasetDownload::progressed, [&](const DownloadProgress& progress) {
        const auto share =
            progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
        line.showText(progressText(set.id, progress), share);
    });
    QObject::connect(&download, &DatasetDownload::replacing, [&](const QString& sentence) {
        line.clear();
        std::fprintf(stderr, "%s\n", printable(sentence.toStdString()).c_str());
    });
    QObject::connect(&download, &DatasetDownload::finished, [&] {
        end(kDone);
        std::fprintf(stderr, "%s is in %s, and every file of it is whole.\n", qPrintable(set.title),
                     printable(folder.string()).c_str());
    });
    QObject::connect(&download, &DatasetDownload::failed, [&](const QString& sentence) {
        end(kFailed);
        fail(sentence.toStdString());
    });
    QObject::connect(&download, &DatasetDownload::cancelled, [&] {
        end(kFailed);
        fail("Cancelled; what has arrived is kept, and the same command goes on from there.");
    });
    QTimer interrupt;
    QObject::connect(&interrupt, &QTimer::timeout, [&] {
        if (s_interrupted) download.cancel();
    });
    interrupt.start(kLookForInterrupt);
    download.start(set, folder);
    return loop.exec();
}

int get(const DataOptions& options) {
    const auto set = setNamed(options.name);
    if (!set) return fail(set.error(), kBadArguments);
    const auto folder = folderForNewDatasets(dataFolders(options.machine.dataDir));
    if (folder.empty()) return fail("There is no folder for data sets; name one by --data-dir.");
    s_interrupted = false;
    const auto before = std::signal(SIGINT, [](int) { s_interrupted = true; });
    const int status = fetch(*set, folder / set->id.toStdString());
    std::signal(SIGINT, before);
    return status;
}

const char* wordOf(FileVerdict verdict) {
    switch (verdict) {
        case FileVerdict::Missing:
            return "missing";
        case FileVerdict::Whole:
            return "whole";
        case FileVerdict::Incomplete:
            return "cut off";
        case FileVerdict::Unknown:
            return "unpacked: only the packed file's checksum is known";
        case FileVerdict::Wrong:
            break;
    }
    return "wrong";
}

/// Prints a line a file; false where one that is there is wrong.
bool verifySet(const CatalogueSet& set, const std::filesystem::path& folder) {
    bool isRight = true;
    for (const auto& file : checkSet(folder, set, std::atomic<bool>(false))) {
        std::printf("%-14s %-27s %s\n", qPrintable(set.id), file.path.filename().c_str(), wordOf(file.verdict));
        std::fflush(stdout);
        isRight = isRight && file.verdict != FileVerdict::Wrong && file.verdict != FileVerdict::Incomplete;
    }
    return isRight;
}

int verify(const DataOptions& options) {
    std::vector<CatalogueSet> sets = datasetCatalogue();
    if (!options.name.empty()) {
        const auto set = setNamed(options.name);
        if (!set) return fail(set.error(), kBadArguments);
        sets = {*set};
    }
    const auto found = findDatasets(dataFolders(options.machine.dataDir));
    std::string wrong;
    for (const auto& set : sets) {
        const auto here = locationOf(set, found);
        if (!here)
            std::printf("%-14s not on this machine\n", qPrintable(set.id));
        else if (!verifySet(set, here->folder))
            wrong += (wrong.empty() ? "" : ", ") + here->folder.string();
    }
    if (wrong.empty()) return kDone;
    return fail("There are files in " + wrong +
                " that are not what they should be; remove them, and `zwei-cli data get` fetches them anew.");
}

}  // namespace

void addData(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("data", "List, fetch and verify data sets");
    command->require_subcommand(1);
    command->footer(kEnvironment);
    const auto add = [&](const char* name, const char* about, int (*act)(const DataOptions&), bool needsName) {
        auto* part = command->add_subcommand(name, about);
        auto options = std::make_shared<DataOptions>();
        if (act != list) part->add_option("name", options->name, "mnist, kmnist or fashion-mnist")->required(needsName);
        options->machine.addDataDir(*part);
        part->footer(kEnvironment);
        part->callback([options, act, &chosen] { chosen = [options, act] { return act(*options); }; });
    };
    add("list", "Tell where each data set is, or how large it is to fetch", list, false);
    add("get", "Fetch a data set; an interrupted one is gone on with", get, true);
    add("verify", "Compare the files of a data set, or of all, with their known SHA-256", verify, false);
}

}  // namespace zwei::cli
