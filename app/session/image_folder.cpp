// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_folder.h"

#include <QCoreApplication>
#include <QDir>
#include <QImageReader>
#include <QMimeDatabase>
#include <QThread>
#include <QThreadPool>
#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "app/session/image_conversion.h"
#include "app/session/natural_order.h"

namespace zwei {
namespace {

constexpr int kProgressInterval = 1000 / 30;  // milliseconds
constexpr int kTestShare = 7;                 // one image in so many is for testing
constexpr std::uint32_t kSplitSeed = 1;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ImageFolder)
};

// ---- What is there ----

enum Part { kTrainPart, kTestPart };

/// A file that may be an image.
struct Source {
    QString file;       // below the folder
    QString className;  // empty outside a subfolder
    Part part = kTrainPart;
};

/// The files of a folder, of its subfolders, and no deeper.
class Listing {
public:
    explicit Listing(const QString& folder);

    std::vector<Source> sources;
    std::vector<UnreadableImage> closed;  // folders
    bool isSplit = false;                 // by the folders `train` and `test`
    bool hasDeeper = false;

private:
    QStringList subfolders(const QString& below) const;
    void addPart(const QString& below, Part part);
    void addFiles(const QString& below, const QString& className, Part part);

    QDir m_top;
};

Listing::Listing(const QString& folder) : m_top(folder) {
    const auto parts = subfolders({});
    isSplit = parts.size() == 2 && parts[0].toLower() == QLatin1String("test") &&
              parts[1].toLower() == QLatin1String("train");
    if (isSplit) {
        addPart(parts[1] + '/', kTrainPart);
        addPart(parts[0] + '/', kTestPart);
    } else {
        addPart({}, kTrainPart);
    }
}

QStringList Listing::subfolders(const QString& below) const {
    return inNaturalOrder(QDir(m_top.filePath(below)).entryList(QDir::Dirs | QDir::NoDotAndDotDot));
}

void Listing::addPart(const QString& below, Part part) {
    addFiles(below, {}, part);
    for (const auto& name : subfolders(below)) {
        addFiles(below + name + '/', name, part);
        hasDeeper = hasDeeper || !subfolders(below + name).isEmpty();
    }
}

void Listing::addFiles(const QString& below, const QString& className, Part part) {
    const QFileInfo folder(m_top.filePath(below));
    if (!folder.isReadable() || !folder.isExecutable())
        closed.push_back({below, Words::tr("the folder may not be read.")});
    for (const auto& name : inNaturalOrder(QDir(folder.filePath()).entryList(QDir::Files)))
        sources.push_back({below + name, className, part});
}

// ---- Reading ----

/// What came of a file; one that is no image, and does not look like one, has neither.
struct Reading {
    std::optional<GreyPixels> pixels;
    QString why;
};

bool looksLikeImage(const QFileInfo& file) {
    return QImageReader::supportedImageFormats().contains(file.suffix().toLower().toUtf8()) ||
           QMimeDatabase().mimeTypeForFile(file).name().startsWith(QLatin1String("image/"));
}

Reading readSource(const QString& file) {
    try {
        if (const auto pixels = readGreyPixels(file))
            return {*pixels, {}};
        else if (looksLikeImage(QFileInfo(file)))
            return {{}, QString::fromStdString(pixels.error())};
        return {};
    } catch (const std::bad_alloc&) {
        return {{}, Words::tr("there is not enough memory for the image.")};
    }
}

/// One reading a source, or nothing where `progress` cancelled.
std::optional<std::vector<Reading>> readAll(const QDir& folder, const std::vector<Source>& sources,
                                            const ProgressCallback& progress) {
    const int total = static_cast<int>(sources.size());
    const auto goesOn = [&](int done) { return !progress || progress(done, total); };
    if (!goesOn(0)) return std::nullopt;

    std::vector<Reading> readings(sources.size());
    std::atomic<int> next = 0, done = 0;
    std::atomic<bool> isCancelled = false;
    QThreadPool pool;  // of our own: it waits for what it reads before `readings` goes
    pool.setMaxThreadCount(std::clamp(QThread::idealThreadCount(), 2, 8));
    for (int i = 0; i < pool.maxThreadCount(); ++i)
        pool.start([&] {
            for (int at = next++; at < total && !isCancelled; at = next++) {
                readings[at] = readSource(folder.filePath(sources[at].file));
                ++done;
            }
        });
    while (!pool.waitForDone(kProgressInterval))
        if (!isCancelled && !goesOn(done)) isCancelled = true;
    if (isCancelled || !goesOn(total)) return std::nullopt;
    return readings;
}

// ---- What becomes of it ----

/// An image that was read.
struct Picture {
    GreyPixels pixels;
    QString className;
    Part part = kTrainPart;
};

/// Everything that was read, and the sentences on it.
struct Harvest {
    std::vector<Picture> pictures;
    std::vector<UnreadableImage> unreadable;
    QStringList notes;
};

void noteCount(QStringList& notes, int count, const QString& one, const QString& several) {
    if (count > 0) notes += count == 1 ? one : several.arg(count);
}

/// Where there are classes, what lies beside them has none and is left out.
void leaveOutLooseOnes(Harvest& harvest) {
    auto& pictures = harvest.pictures;
    const auto isLoose = [](const Picture& picture) { return picture.className.isEmpty(); };
    if (std::all_of(pictures.begin(), pictures.end(), isLoose)) return;
    const auto count = std::erase_if(pictures, isLoose);
    noteCount(harvest.notes, static_cast<int>(count), Words::tr("One image beside the subfolders was left out."),
              Words::tr("%1 images beside the subfolders were left out."));
}

Harvest harvestOf(const Listing& listing, std::vector<Reading> readings) {
    Harvest harvest{{}, listing.closed, {}};
    int others = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const auto& source = listing.sources[i];
        if (readings[i].pixels)
            harvest.pictures.push_back({*readings[i].pixels, source.className, source.part});
        else if (!readings[i].why.isEmpty())
            harvest.unreadable.push_back({source.file, readings[i].why});
        else
            ++others;
    }
    leaveOutLooseOnes(harvest);
    noteCount(harvest.notes, others, Words::tr("One other file was skipped."),
              Words::tr("%1 other files were skipped."));
    if (listing.hasDeeper) harvest.notes += Words::tr("Folders inside the subfolders were not looked into.");
    return harvest;
}

/// Fisher and Yates' shuffle, the same everywhere: the standard library's differs from one to the next.
void shuffle(std::vector<Picture>& pictures) {
    std::mt19937 random(kSplitSeed);
    for (std::size_t left = pictures.size(); left > 1; --left) std::swap(pictures[left - 1], pictures[random() % left]);
}

/// Of every class each seventh is for testing, or the last where there are fewer; and one at least of them all.
void chooseTestPart(std::vector<Picture>& pictures) {
    std::map<QString, std::vector<Picture*>> classes;
    for (auto& picture : pictures) {
        picture.part = kTrainPart;
        classes[picture.className].push_back(&picture);
    }
    for (const auto& [name, members] : classes) {
        for (std::size_t at = kTestShare - 1; at < members.size(); at += kTestShare) members[at]->part = kTestPart;
        if (members.size() > 1 && members.size() < kTestShare) members.back()->part = kTestPart;
    }
    if (classes.size() == pictures.size()) pictures.back().part = kTestPart;
}

void split(Harvest& harvest, bool isSplit) {
    auto& pictures = harvest.pictures;
    const auto isIn = [](Part part) { return [part](const Picture& picture) { return picture.part == part; }; };
    shuffle(pictures);
    if (pictures.size() == 1) {
        pictures.push_back(pictures.front());
        pictures.front().part = kTrainPart;
        pictures.back().part = kTestPart;
        harvest.notes += Words::tr("There is one image: it is used for training and for testing.");
    } else if (!isSplit) {
        chooseTestPart(pictures);
    } else if (const bool hasTrain = std::any_of(pictures.begin(), pictures.end(), isIn(kTrainPart));
               !hasTrain || std::all_of(pictures.begin(), pictures.end(), isIn(kTrainPart))) {
        chooseTestPart(pictures);
        harvest.notes += Words::tr(
                             "The folder %1 has no image that can be read, so every seventh one of the other is "
                             "for testing.")
                             .arg(hasTrain ? QStringLiteral("test") : QStringLiteral("train"));
    }
}

/// The classes in natural order; none where there are more than there are colours.
QStringList classNamesOf(Harvest& harvest) {
    std::set<QString> names;
    for (const auto& picture : harvest.pictures)
        if (!picture.className.isEmpty()) names.insert(picture.className);
    if (names.size() <= kClasses) return inNaturalOrder({names.begin(), names.end()});
    harvest.notes += Words::tr(
                         "There are %1 subfolders with images and Zwei shows at most ten classes, so the images "
                         "are unlabelled.")
                         .arg(names.size());
    return {};
}

bool areDigits(const QStringList& names) {
    return std::all_of(names.begin(), names.end(),
                       [](const QString& name) { return name.size() == 1 && name[0] >= u'0' && name[0] <= u'9'; });
}

DatasetPtr datasetOf(const std::vector<Picture>& pictures, const QStringList& classNames, const QString& name) {
    auto made = std::make_shared<Dataset>();
    made->name = name.toStdString() + " (folder)";  // never the name of a known set
    const bool isDigits = areDigits(classNames);
    if (!isDigits)
        for (const auto& each : classNames) made->classNames.push_back(each.toStdString());
    for (const auto& picture : pictures) {
        auto& [images, labels] = picture.part == kTrainPart ? made->train : made->test;
        ++images.count;
        images.pixels.insert(images.pixels.end(), picture.pixels.begin(), picture.pixels.end());
        if (classNames.isEmpty()) continue;
        const auto label = isDigits ? picture.className.toInt() : classNames.indexOf(picture.className);
        labels.push_back(static_cast<std::uint8_t>(label));
    }
    return made;
}

/// What is wrong with the folder itself.
std::optional<QString> faultOf(const QFileInfo& folder) {
    if (!folder.exists()) return Words::tr("there is no such folder.");
    if (!folder.isDir()) return Words::tr("this is a file, not a folder of images.");
    if (!folder.isReadable() || !folder.isExecutable()) return Words::tr("the folder may not be read.");
    return std::nullopt;
}

QString whyNone(const std::vector<UnreadableImage>& unreadable) {
    if (unreadable.empty()) return Words::tr("there is no image in it or in its subfolders.");
    return Words::tr("none of its images can be read; the first, %1: %2")
        .arg(unreadable.front().file, unreadable.front().why);
}

}  // namespace

Result<ImageFolder> readImageFolder(const QString& folder, const ProgressCallback& progress) {
    const auto named = [&folder](const QString& fault) { return failure((folder + ": " + fault).toStdString()); };
    if (const auto fault = faultOf(QFileInfo(folder))) return named(*fault);
    const Listing listing(folder);
    auto readings = readAll(QDir(folder), listing.sources, progress);
    if (!readings) return named(Words::tr("the reading was cancelled."));
    auto harvest = harvestOf(listing, std::move(*readings));
    if (harvest.pictures.empty()) return named(whyNone(harvest.unreadable));

    split(harvest, listing.isSplit);
    const auto classNames = classNamesOf(harvest);
    const auto name = QDir(QDir::cleanPath(QFileInfo(folder).absoluteFilePath())).dirName();
    return ImageFolder{datasetOf(harvest.pictures, classNames, name), std::move(harvest.unreadable), classNames,
                       harvest.notes.join(' ')};
}

}  // namespace zwei
