// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_catalogue.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <numeric>

namespace zwei {
namespace {

constexpr qint64 kTrain = 60000;
constexpr qint64 kTest = 10000;
constexpr qint64 imagesSize(qint64 count) { return 16 + count * 28 * 28; }
constexpr qint64 labelsSize(qint64 count) { return 8 + count; }

QString tr(const char* text) { return QCoreApplication::translate("Catalogue", text); }

struct Checksum {
    ChecksumOf of;
    const char* sha256;
    qint64 packedSize;
};

/// In the order in which they are fetched.
std::vector<CatalogueFile> files(const Checksum& trainImages, const Checksum& trainLabels, const Checksum& testImages,
                                 const Checksum& testLabels) {
    const auto file = [](const char* name, const Checksum& checksum, qint64 size) {
        return CatalogueFile{QLatin1String(name), checksum.of, checksum.sha256, size, checksum.packedSize};
    };
    return {file("t10k-labels-idx1-ubyte.gz", testLabels, labelsSize(kTest)),
            file("train-labels-idx1-ubyte.gz", trainLabels, labelsSize(kTrain)),
            file("t10k-images-idx3-ubyte.gz", testImages, imagesSize(kTest)),
            file("train-images-idx3-ubyte.gz", trainImages, imagesSize(kTrain))};
}

CatalogueSet mnist() {
    constexpr auto of = ChecksumOf::Unpacked;
    return {QStringLiteral("mnist"),
            QStringLiteral("MNIST"),
            tr("60,000 + 10,000 handwritten digits"),
            files({of, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 9912422},
                  {of, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28881},
                  {of, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 1648877},
                  {of, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4542}),
            {QStringLiteral("https://ossci-datasets.s3.amazonaws.com/mnist/"),
             QStringLiteral("https://storage.googleapis.com/cvdf-datasets/mnist/")}};
}

/// One mirror is known: that of its makers. Of the training part only the packed files' checksums are.
CatalogueSet kmnist() {
    constexpr auto packed = ChecksumOf::Packed;
    constexpr auto unpacked = ChecksumOf::Unpacked;
    return {QStringLiteral("kmnist"),
            QStringLiteral("KMNIST"),
            tr("60,000 + 10,000 cursive Japanese characters"),
            files({packed, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4", 18165135},
                  {packed, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17", 29497},
                  {unpacked, "76fbd229ce87db80dd281af5e6670de4ad0e42fb30a7bd643972994c47c1f42e", 3041113},
                  {unpacked, "a11dc742be8e781a40a92f53d6a4957e7b7d36df2faa097659131ebfd8fd60c6", 5097}),
            {QStringLiteral("https://codh.rois.ac.jp/kmnist/dataset/kmnist/")}};
}

CatalogueSet fashionMnist() {
    constexpr auto of = ChecksumOf::Packed;
    return {QStringLiteral("fashion-mnist"),
            QStringLiteral("Fashion-MNIST"),
            tr("60,000 + 10,000 pieces of clothing"),
            files({of, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26421880},
                  {of, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29515},
                  {of, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4422102},
                  {of, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5148}),
            {QStringLiteral("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
             QStringLiteral("https://storage.googleapis.com/tensorflow/tf-keras-datasets/")}};
}

/// None where the environment says nothing.
QStringList mirrorsOfTheEnvironment(const QString& id) {
    QStringList mirrors;
    for (const auto& base : qEnvironmentVariable("ZWEI_MIRRORS").split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        auto mirror = base.trimmed();
        if (!mirror.endsWith(QLatin1Char('/'))) mirror += QLatin1Char('/');
        mirrors += mirror + id + QLatin1Char('/');
    }
    return mirrors;
}

}  // namespace

bool CatalogueSet::isOffered() const {
    return std::none_of(files.begin(), files.end(), [](const auto& file) { return file.sha256.isEmpty(); });
}

qint64 CatalogueSet::packedSize() const {
    return std::accumulate(files.begin(), files.end(), qint64{0},
                           [](qint64 sum, const auto& file) { return sum + file.packedSize; });
}

std::vector<CatalogueSet> datasetCatalogue() {
    std::vector<CatalogueSet> sets{mnist(), kmnist(), fashionMnist()};
    for (auto& set : sets)
        if (const auto mirrors = mirrorsOfTheEnvironment(set.id); !mirrors.isEmpty()) set.mirrors = mirrors;
    return sets;
}

std::optional<CatalogueSet> catalogueSet(const QString& id) {
    for (auto& set : datasetCatalogue())
        if (set.id == id.toLower()) return set;
    return std::nullopt;
}

}  // namespace zwei
