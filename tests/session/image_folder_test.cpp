// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_folder.h"

#include <unistd.h>

#include <QDir>
#include <QImage>
#include <QImageWriter>
#include <QSignalSpy>
#include <algorithm>
#include <map>

#include "app/session/dataset_store.h"
#include "app/session/image_conversion.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"

namespace zwei {
namespace {

/// A folder to fill with images.
class Album {
public:
    QString path(const QString& file = {}) const {
        const QDir top(QString::fromStdString(m_folder.path().string()));
        return file.isEmpty() ? top.path() : top.filePath(file);
    }
    QString made(const QString& file) const {
        QDir().mkpath(QFileInfo(path(file)).path());
        return path(file);
    }
    void add(const QString& file, const QImage& image) const { QVERIFY(image.save(made(file))); }
    void addBytes(const QString& file, const QByteArray& bytes) const {
        QFile written(made(file));
        QVERIFY(written.open(QIODevice::WriteOnly));
        written.write(bytes);
    }
    Result<ImageFolder> read(const ProgressCallback& progress = {}) const { return readImageFolder(path(), progress); }

private:
    test::TemporaryFolder m_folder;
};

/// Of the data set that is read from it.
QString nameOf(const Album& album) { return QDir(album.path()).dirName() + QStringLiteral(" (folder)"); }

QImage filled(int width, int height, QColor colour) {
    QImage image(width, height, QImage::Format_ARGB32);
    image.fill(colour);
    return image;
}

/// Dark, but for its middle of this grey: by which one knows it again.
QImage spot(int grey) {
    QImage image(kImageSide, kImageSide, QImage::Format_Grayscale8);
    image.fill(0);
    image.scanLine(14)[14] = static_cast<uchar>(grey);
    return image;
}

int spotOf(const ImageBatch& images, int index) { return images.image(index)[14 * kImageSide + 14]; }

/// Classes by the grey of their spot, over both parts.
std::map<int, std::vector<int>> labelsBySpot(const Dataset& data) {
    std::map<int, std::vector<int>> found;
    for (const auto* part : {&data.train, &data.test})
        for (int i = 0; i < part->images.count; ++i) found[spotOf(part->images, i)].push_back(part->labels[i]);
    return found;
}

int pixel(const GreyPixels& pixels, int x, int y) { return pixels[y * kImageSide + x]; }

/// Red that falls from left to right and green from top to bottom, on black.
QImage ramp(int width, int height) {
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const bool isBorder = x == 0 || y == 0 || x == width - 1 || y == height - 1;
            image.setPixel(x, y, isBorder ? qRgb(0, 0, 0) : qRgb(255 - 255 * x / width, 255 - 255 * y / height, 0));
        }
    return image;
}

}  // namespace

class ImageFolderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- One picture ----

    void aPictureOf28IsWhatItIs() {
        QImage image(kImageSide, kImageSide, QImage::Format_Grayscale8);
        for (int i = 0; i < kImagePixels; ++i) {
            const int x = i % kImageSide, y = i / kImageSide;
            const bool isBorder = x == 0 || y == 0 || x == kImageSide - 1 || y == kImageSide - 1;
            image.scanLine(y)[x] = static_cast<uchar>(isBorder ? 0 : i % 256);
        }
        const auto pixels = greyPixels(image);
        for (int i = 0; i < kImagePixels; ++i)
            QCOMPARE(int{pixels[i]}, int{image.constScanLine(i / kImageSide)[i % kImageSide]});
    }

    void aPixelIsTheMeanOfItsArea() {
        QImage image(2 * kImageSide, 2 * kImageSide, QImage::Format_Grayscale8);
        image.fill(0);
        for (int y = 2; y < 54; ++y)
            for (int x = 2; x < 54; ++x) image.scanLine(y)[x] = static_cast<uchar>((x + 2 * y + (x * y) % 7) % 256);
        const auto pixels = greyPixels(image);
        for (int y = 0; y < kImageSide; ++y)
            for (int x = 0; x < kImageSide; ++x) {
                const auto *upper = image.constScanLine(2 * y), *lower = image.constScanLine(2 * y + 1);
                const int sum = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
                QCOMPARE(pixel(pixels, x, y), (sum + 2) / 4);
            }
    }

    void aPixelIsTheMeanOfAnAreaThatCutsPixels() {
        // 42 to 28: a pixel covers one and a half by one and a half; its column takes a whole and half of the next.
        QImage image(42, 42, QImage::Format_Grayscale8);
        image.fill(0);
        image.scanLine(21)[21] = 90;  // whole in pixel (14, 14): 90 / 2.25
        image.scanLine(22)[31] = 90;  // half in each of (20, 14), (21, 14), (20, 15), (21, 15) and both axes: 90 / 9
        const auto pixels = greyPixels(image);
        QCOMPARE(pixel(pixels, 14, 14), 40);
        for (const int x : {20, 21})
            for (const int y : {14, 15}) QCOMPARE(pixel(pixels, x, y), 10);
        QCOMPARE(std::count(pixels.begin(), pixels.end(), 0), kImagePixels - 5);
    }

    void theAspectIsKeptAndTheRestIsPaper() {
        auto image = filled(56, 28, Qt::black);
        for (int y = 2; y < 26; ++y)
            for (int x = 2; x < 54; ++x) image.setPixelColor(x, y, Qt::white);
        for (const bool turned : {false, true}) {
            const auto pixels = greyPixels(turned ? image.transformed(QTransform().rotate(90)) : image);
            for (int y = 0; y < kImageSide; ++y)
                for (int x = 0; x < kImageSide; ++x) {
                    const int along = turned ? y : x, across = turned ? x : y;
                    const bool isInk = along >= 1 && along < 27 && across >= 8 && across < 20;
                    QCOMPARE(pixel(pixels, x, y), isInk ? 255 : 0);
                }
        }
    }

    void lightPaperBecomesDark() {
        auto image = filled(28, 28, QColor(200, 200, 200));
        image.setPixelColor(14, 14, Qt::black);
        const auto pixels = greyPixels(image);
        QCOMPARE(pixel(pixels, 14, 14), 255);
        QCOMPARE(pixel(pixels, 0, 0), 55);
        QCOMPARE(pixel(greyPixels(filled(1, 1, Qt::white)), 27, 27), 0);
        QCOMPARE(pixel(greyPixels(filled(1, 1, QColor(9, 9, 9))), 13, 0), 9);
    }

    void whatIsTransparentIsPaper() {
        auto image = filled(28, 28, Qt::transparent);
        image.setPixelColor(10, 10, Qt::black);
        image.setPixelColor(11, 10, QColor(0, 0, 0, 102));
        for (const auto format : {QImage::Format_ARGB32, QImage::Format_ARGB32_Premultiplied, QImage::Format_RGBA64}) {
            const auto pixels = greyPixels(image.convertToFormat(format));
            QCOMPARE(pixel(pixels, 10, 10), 255);
            QCOMPARE(pixel(pixels, 11, 10), 102);
            QCOMPARE(std::count(pixels.begin(), pixels.end(), 0), kImagePixels - 2);
        }
    }

    void anySizeAndFormatIsRead() {
        const Album album;
        album.add("colour.png", ramp(60, 40));
        album.add("wide.jpg", ramp(512, 300));
        album.add("flat.bmp", ramp(28, 28));
        album.add("one.png", filled(1, 1, Qt::red));
        album.add("line.png", filled(1000, 1, Qt::red));
        album.add("deep.png", ramp(30, 30).convertToFormat(QImage::Format_Grayscale16));
        album.add("deep colour.png", ramp(30, 30).convertToFormat(QImage::Format_RGBA64));
        album.add("two.png", ramp(30, 30).convertToFormat(QImage::Format_Mono));
        album.add("few.png", ramp(30, 30).convertToFormat(QImage::Format_Indexed8));
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->unreadable.size(), 0u);
        QCOMPARE(read->dataset->train.images.count + read->dataset->test.images.count, 9);
        QVERIFY(!read->dataset->train.isLabelled());
        QVERIFY(read->note.isEmpty());
    }

    void depthIsOfNoMatter() {
        const auto image = ramp(40, 40).convertToFormat(QImage::Format_Grayscale8);
        QCOMPARE(greyPixels(image.convertToFormat(QImage::Format_Grayscale16)), greyPixels(image));
        QCOMPARE(greyPixels(image.convertToFormat(QImage::Format_RGBA64)), greyPixels(image));
        QCOMPARE(greyPixels(image.convertToFormat(QImage::Format_Indexed8)), greyPixels(image));
    }

    void exifTurnsThePicture() {
        const Album album;
        const auto image = ramp(56, 56);
        QImageWriter writer(album.path("turned.jpg"));
        writer.setQuality(100);
        writer.setTransformation(QImageIOHandler::TransformationRotate90);
        QVERIFY(writer.write(image));
        const auto pixels = readGreyPixels(album.path("turned.jpg"));
        QVERIFY(pixels);
        const auto expected = greyPixels(image.transformed(QTransform().rotate(90)));
        for (int i = 0; i < kImagePixels; ++i) QVERIFY(std::abs((*pixels)[i] - expected[i]) < 25);
    }

    // ---- Classes ----

    void digitsAreTheirLabels() {
        const Album album;
        for (const int digit : {3, 7, 9})
            for (int i = 0; i < 3; ++i) album.add(QStringLiteral("%1/%2.png").arg(digit).arg(i), spot(100 + digit));
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->classNames, (QStringList{"3", "7", "9"}));
        QVERIFY(read->dataset->classNames.empty());
        for (const auto& [grey, labels] : labelsBySpot(*read->dataset))
            for (const int label : labels) QCOMPARE(label, grey - 100);
    }

    void otherClassesAreNumberedInNaturalOrder() {
        const Album album;
        const QStringList names{"item 2", "item 10", "pear"};
        for (int i = 0; i < names.size(); ++i)
            for (const auto* file : {"/a.png", "/b.png"}) album.add(names[i] + file, spot(100 + i));
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->classNames, names);
        QCOMPARE(read->dataset->classNames, (std::vector<std::string>{"item 2", "item 10", "pear"}));
        QCOMPARE(read->dataset->train.images.count, 3);
        QCOMPARE(read->dataset->test.images.count, 3);
        QCOMPARE(labelsBySpot(*read->dataset),
                 (std::map<int, std::vector<int>>{{100, {0, 0}}, {101, {1, 1}}, {102, {2, 2}}}));
    }

    void tenClassesAreLabelledAndElevenAreNot() {
        const Album album;
        for (int i = 0; i < 10; ++i) album.add(QStringLiteral("class %1/a.png").arg(i), spot(100));
        album.addBytes("notes/read me.txt", "no image, no class");
        auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->classNames.size(), 10);
        QVERIFY(read->dataset->train.isLabelled());

        album.add("class 10/a.png", spot(100));
        read = album.read();
        QVERIFY(read);
        QVERIFY(read->classNames.isEmpty());
        QVERIFY(read->dataset->classNames.empty());
        QVERIFY(!read->dataset->train.isLabelled());
        QCOMPARE(read->dataset->train.images.count + read->dataset->test.images.count, 11);
        QVERIFY2(read->note.contains("11 subfolders"), qPrintable(read->note));
    }

    void whatLiesBesideTheClassesIsLeftOut() {
        const Album album;
        album.add("loose.png", spot(100));
        album.add("a/1.png", spot(101));
        album.add("a/2.png", spot(101));
        album.add("a/deeper/3.png", spot(102));
        album.add(".hidden/4.png", spot(103));
        album.add("a/.5.png", spot(103));
        album.addBytes("Thumbs.db", "x");
        album.addBytes("a/table.csv", "1,2");
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(labelsBySpot(*read->dataset), (std::map<int, std::vector<int>>{{101, {0, 0}}}));
        QCOMPARE(read->note, QStringLiteral("One image beside the subfolders was left out. 2 other files were skipped. "
                                            "Folders inside the subfolders were not looked into."));
        QVERIFY(read->unreadable.empty());
    }

    // ---- For training and for testing ----

    void everySeventhOfAClassIsForTesting() {
        const Album album;
        const std::vector<int> sizes{1, 2, 6, 7, 13, 14, 22};
        for (int i = 0; i < 7; ++i)
            for (int j = 0; j < sizes[i]; ++j) album.add(QStringLiteral("c%1/%2.png").arg(i).arg(j), spot(100 + i));
        const auto read = album.read();
        QVERIFY(read);
        const auto countIn = [](const LabelledImages& part, int label) {
            return static_cast<int>(std::count(part.labels.begin(), part.labels.end(), label));
        };
        const std::vector<int> expected{0, 1, 1, 1, 1, 2, 3};
        for (int i = 0; i < 7; ++i) {
            QCOMPARE(countIn(read->dataset->test, i), expected[i]);
            QCOMPARE(countIn(read->dataset->train, i), sizes[i] - expected[i]);
        }
        QVERIFY(!std::is_sorted(read->dataset->train.labels.begin(), read->dataset->train.labels.end()));
    }

    void aFewImagesAreSharedOut() {
        const Album album;
        for (int count = 1; count <= 8; ++count) {
            album.add(QStringLiteral("%1.png").arg(count), spot(count));
            const auto read = album.read();
            QVERIFY(read);
            QCOMPARE(read->dataset->test.images.count, 1);
            QCOMPARE(read->dataset->train.images.count, std::max(1, count - 1));
            QCOMPARE(read->note.contains("one image"), count == 1);
        }
    }

    void ofClassesOfOneImageOneIsForTesting() {
        const Album album;
        for (const auto* file : {"a/1.png", "b/1.png", "c/1.png"}) album.add(file, spot(100));
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->dataset->train.labels.size(), 2u);
        QCOMPARE(read->dataset->test.labels.size(), 1u);
    }

    void trainAndTestAreTheSplit() {
        const Album album;
        for (int i = 0; i < 4; ++i) album.add(QStringLiteral("Train/cat/%1.png").arg(i), spot(10));
        for (int i = 0; i < 3; ++i) album.add(QStringLiteral("TEST/dog/%1.png").arg(i), spot(20));
        album.add("TEST/cat/1.png", spot(11));
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->classNames, (QStringList{"cat", "dog"}));
        QCOMPARE(read->dataset->train.labels, (std::vector<std::uint8_t>{0, 0, 0, 0}));
        QCOMPARE(read->dataset->test.images.count, 4);
        QCOMPARE(labelsBySpot(*read->dataset),
                 (std::map<int, std::vector<int>>{{10, {0, 0, 0, 0}}, {11, {0}}, {20, {1, 1, 1}}}));
    }

    void anEmptyPartTakesFromTheOther() {
        const Album album;
        for (int i = 0; i < 14; ++i) album.add(QStringLiteral("train/%1.png").arg(i), spot(i));
        QDir().mkpath(album.path("test"));
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->dataset->train.images.count, 12);
        QCOMPARE(read->dataset->test.images.count, 2);
        QVERIFY2(read->note.contains("test has no image"), qPrintable(read->note));
    }

    void theSameFolderIsTheSameDataSet() {
        const Album album;
        for (int i = 0; i < 100; ++i) album.add(QStringLiteral("%1/%2.png").arg(i % 10).arg(i), spot(i));
        const auto first = album.read(), second = album.read();
        QVERIFY(first && second);
        QCOMPARE(first->dataset->train.images.pixels, second->dataset->train.images.pixels);
        QCOMPARE(first->dataset->test.images.pixels, second->dataset->test.images.pixels);
        QCOMPARE(first->dataset->test.labels, second->dataset->test.labels);
        QCOMPARE(QString::fromStdString(first->dataset->name), nameOf(album));
        const auto third = readImageFolder(album.path() + "/./");
        QVERIFY(third);
        QCOMPARE(third->dataset->name, first->dataset->name);
    }

    // ---- What cannot be read ----

    void whatLooksLikeAnImageAndIsNoneIsListed() {
        const Album album;
        album.add("good.png", ramp(40, 40));
        album.add("good without a suffix.bmp", ramp(28, 28));
        QVERIFY(QFile::rename(album.path("good without a suffix.bmp"), album.path("good without a suffix")));
        QFile good(album.path("good.png"));
        QVERIFY(good.open(QIODevice::ReadOnly));
        const auto bytes = good.readAll();
        album.addBytes("cut.png", bytes.left(bytes.size() / 2));
        album.addBytes("cut without a suffix", bytes.left(40));
        album.addBytes("empty.png", {});
        album.addBytes("signature.png", bytes.left(8));
        album.addBytes("text.png", "This is a text.\n");
        album.addBytes("foreign.tiff", "This is a text.\n");
        album.addBytes("text.txt", "This is a text.\n");
        album.addBytes("nothing", {});
        const auto read = album.read();
        QVERIFY(read);
        QStringList files;
        for (const auto& [file, why] : read->unreadable) {
            files += file;
            QVERIFY2(why.size() > 10 && why.endsWith('.') && !why.contains(file), qPrintable(why));
        }
        QCOMPARE(files, (QStringList{"cut without a suffix", "cut.png", "empty.png", "foreign.tiff", "signature.png",
                                     "text.png"}));
        QCOMPARE(read->dataset->train.images.count + read->dataset->test.images.count, 2);
        QCOMPARE(read->note, QStringLiteral("2 other files were skipped."));
    }

    void anImageThatIsTooLargeIsListed() {
        const Album album;
        album.add("good.png", spot(100));
        // The header of a BMP: 9,000 x 9,000 of 24 bits.
        QByteArray bytes("BM");
        QDataStream header(&bytes, QIODevice::Append);
        header.setByteOrder(QDataStream::LittleEndian);
        header << 54u << 0u << 54u << 40u << 9000u << 9000u << quint16{1} << quint16{24} << 0u << 0u << 0u << 0u << 0u
               << 0u;
        album.addBytes("huge.bmp", bytes);
        const auto read = album.read();
        QVERIFY(read);
        QCOMPARE(read->unreadable.size(), 1u);
        QCOMPARE(read->unreadable[0].file, QStringLiteral("huge.bmp"));
        QVERIFY2(read->unreadable[0].why.contains("too large"), qPrintable(read->unreadable[0].why));
    }

    void aFolderWithoutImagesIsRefused() {
        const Album album;
        const auto sentence = [](const Result<ImageFolder>& read) {
            return read ? QStringLiteral("it was read") : QString::fromStdString(read.error());
        };
        QVERIFY(sentence(album.read()).endsWith("there is no image in it or in its subfolders."));
        album.addBytes("text.txt", "a text");
        QVERIFY(sentence(album.read()).startsWith(album.path() + ": there is no image"));
        QVERIFY(sentence(readImageFolder(album.path("missing"))).endsWith("missing: there is no such folder."));
        QVERIFY(sentence(readImageFolder(album.path("text.txt"))).contains("this is a file"));
        album.addBytes("a.png", "a text");
        QVERIFY(sentence(album.read()).contains("a.png: this is not an image"));
    }

    void aFolderThatMayNotBeReadIsTold() {
        if (::geteuid() == 0) QSKIP("root may read everything");
        const Album album;
        album.add("a/1.png", spot(1));
        album.add("b/1.png", spot(1));
        QFile::setPermissions(album.path("b"), {});
        const auto part = album.read();
        const auto none = readImageFolder(album.path("b"));
        QFile::setPermissions(album.path("b"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QVERIFY(part);
        QCOMPARE(part->unreadable.size(), 1u);
        QCOMPARE(part->unreadable[0].file, QStringLiteral("b/"));
        QVERIFY(!none);
        QVERIFY(QString::fromStdString(none.error()).contains("may not be read"));
    }

    // ---- Progress and the store ----

    void progressGoesFromNoneToAll() {
        const Album album;
        for (int i = 0; i < 50; ++i) album.add(QStringLiteral("%1.png").arg(i), spot(i));
        std::vector<int> done;
        QVERIFY(album.read([&done](int each, int total) {
            done.push_back(each);
            return total == 50;
        }));
        QVERIFY(std::is_sorted(done.begin(), done.end()));
        QCOMPARE(done.front(), 0);
        QCOMPARE(done.back(), 50);
    }

    void canBeCancelledAtAnyTime() {
        const Album album;
        album.add("0.png", ramp(1500, 1500));
        for (int i = 1; i < 60; ++i)
            QVERIFY(QFile::copy(album.path("0.png"), album.path(QStringLiteral("%1.png").arg(i))));
        for (const int when : {0, 1, 60}) {
            int last = 0, calls = 0;
            const auto read = album.read([&](int done, int) {
                last = done;
                return done < when && ++calls < 1000;
            });
            QVERIFY(!read);
            QVERIFY(QString::fromStdString(read.error()).endsWith("the reading was cancelled."));
            QVERIFY2(when != 1 || last < 60, "it was read to the end");
        }
    }

    void theStoreReadsAFolder() {
        const Album album;
        for (int i = 0; i < 20; ++i) album.add(QStringLiteral("%1.png").arg(i), spot(i));
        album.addBytes("bad.png", "a text");
        DatasetStore store({});
        QSignalSpy loaded(&store, &DatasetStore::loaded), read(&store, &DatasetStore::folderRead);
        QSignalSpy failed(&store, &DatasetStore::failed), progressed(&store, &DatasetStore::folderProgressed);
        store.loadFolder(album.path());
        WAIT_FOR(read.count() == 1);
        QCOMPARE(loaded.count(), 1);
        const auto folder = read[0][0].value<ImageFolder>();
        QCOMPARE(loaded[0][0].value<DatasetPtr>(), folder.dataset);
        QCOMPARE(folder.unreadable.size(), 1u);
        QCOMPARE(progressed.last(), (QList<QVariant>{21, 21}));

        store.loadFolder(album.path("missing"));
        WAIT_FOR(failed.count() == 1);
        QCOMPARE(failed[0][0].toString(), album.path("missing"));
    }

    void ofTheStoresRequestsTheLastOneCounts() {
        const Album first, second;
        for (const auto* album : {&first, &second})
            for (int i = 0; i < 20; ++i) album->add(QStringLiteral("%1.png").arg(i), ramp(300, 300));
        DatasetStore store({});
        QSignalSpy loaded(&store, &DatasetStore::loaded), read(&store, &DatasetStore::folderRead);
        QSignalSpy failed(&store, &DatasetStore::failed), cancelled(&store, &DatasetStore::cancelled);
        store.loadFolder(first.path());
        store.loadFolder(second.path());
        WAIT_FOR(read.count() == 1);
        QCOMPARE(QString::fromStdString(read[0][0].value<ImageFolder>().dataset->name), nameOf(second));

        store.loadFolder(first.path());
        store.cancel();
        WAIT_FOR(cancelled.count() == 1);
        QCOMPARE(cancelled[0][0].toString(), first.path());
        store.cancel();  // of nothing
        QCOMPARE(loaded.count(), 1);
        QCOMPARE(failed.count() + cancelled.count(), 1);
    }

    void theStoreGoesWhileItReads() {
        const Album album;
        for (int i = 0; i < 20; ++i) album.add(QStringLiteral("%1.png").arg(i), ramp(500, 500));
        DatasetStore store({});
        QSignalSpy progressed(&store, &DatasetStore::folderProgressed);
        store.loadFolder(album.path());
        WAIT_FOR(progressed.count() > 0);
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::ImageFolderTest)
#include "image_folder_test.moc"
