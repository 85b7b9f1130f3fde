// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_download.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QNetworkInterface>
#include <QScopeGuard>
#include <QSignalSpy>
#include <memory>

#include "models/data/dataset.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"

Q_DECLARE_METATYPE(zwei::test::Fault)

namespace zwei {
namespace {

using test::Fault;
using test::LoopbackServer;
namespace fs = std::filesystem;

const QString kLabels = QStringLiteral("t10k-labels-idx1-ubyte.gz");
const std::atomic<bool> kNeverStop = false;

QString dataFile(const QString& name) { return qEnvironmentVariable("ZWEI_DATA_DIR") + QLatin1Char('/') + name; }

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const fs::path& path, const QByteArray& bytes) {
    fs::create_directories(path.parent_path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

/// As a gzip member.
QByteArray packed(const QByteArray& bytes, int level = 9) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray result(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_FINISH);
    result.resize(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return result;
}

QByteArray unpacked(const QString& path) {
    auto* file = gzopen(path.toLocal8Bit().constData(), "rb");
    QByteArray bytes(50'000'000, '\0');
    bytes.resize(std::max(0, gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()))));
    gzclose(file);
    return bytes;
}

QByteArray sha256(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

/// How a download ended.
struct Outcome {
    int finished = 0;
    int cancelled = 0;
    QStringList failures;
    int ends() const { return finished + cancelled + static_cast<int>(failures.size()); }
};

/// A data set of one real file, labels of MNIST, the mirrors that it has, and the folder that it goes to.
struct Scene {
    test::TemporaryFolder home;
    fs::path folder = home.path() / "mnist";
    QByteArray file = bytesOf(dataFile(QStringLiteral("mnist/") + kLabels));
    CatalogueSet set;
    std::vector<std::unique_ptr<LoopbackServer>> servers;
    DatasetDownload download;
    Outcome outcome;

    Scene() {
        set.id = QStringLiteral("mnist");
        set.title = QStringLiteral("MNIST");
        const auto mnist = catalogueSet(QStringLiteral("mnist"));
        for (const auto& wanted : mnist->files)
            if (wanted.name == kLabels) set.files = {wanted};
        QObject::connect(&download, &DatasetDownload::finished, [this] { ++outcome.finished; });
        QObject::connect(&download, &DatasetDownload::cancelled, [this] { ++outcome.cancelled; });
        QObject::connect(&download, &DatasetDownload::failed,
                         [this](const QString& sentence) { outcome.failures += sentence; });
        download.setStall(std::chrono::milliseconds(400));
    }
    LoopbackServer& add(Fault fault = Fault::None) {
        auto& server = *servers.emplace_back(std::make_unique<LoopbackServer>(fault));
        server.serve(kLabels, file);
        set.mirrors += server.url();
        return server;
    }
    void run() {
        download.start(set, folder);
        WAIT_FOR(!download.isRunning());
    }
    fs::path target() const { return folder / kLabels.toStdString(); }
    fs::path part() const { return target().string() + ".part"; }
    bool isWhole() const { return checkFile(target(), set.files[0], kNeverStop) == FileVerdict::Whole; }
    /// Nothing with a name that the loader knows.
    bool holdsNothing() const {
        const auto names = QDir(QString::fromStdString(folder.string())).entryList(QDir::Files);
        return std::all_of(names.begin(), names.end(),
                           [](const QString& name) { return name.endsWith(QLatin1String(".part")); });
    }
};

/// One sentence, in one line, that names `what`.
void verifySentence(const Outcome& outcome, const QString& what) {
    QCOMPARE(outcome.failures.size(), 1);
    QCOMPARE(outcome.ends(), 1);
    const auto sentence = outcome.failures[0];
    QVERIFY2(sentence.contains(what), qPrintable(sentence));
    QVERIFY2(sentence.endsWith(QLatin1Char('.')) && !sentence.contains(QLatin1Char('\n')), qPrintable(sentence));
}

}  // namespace

class DatasetDownloadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (!QFile::exists(dataFile(QStringLiteral("mnist/") + kLabels)))
            QSKIP("ZWEI_DATA_DIR names no folder with MNIST's real files.");
    }

    // ---- Mirrors with a fault ----

    void aGoodMirrorBehindABadOneWins_data() {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<bool>("isEnoughAlone");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, Fault fault, bool isEnoughAlone, const char* says) {
            QTest::newRow(name) << fault << isEnoughAlone << QString::fromLatin1(says);
        };
        row("stalls", Fault::Stall, false, "sent nothing for 1 s");
        row("stalls halfway", Fault::StallHalfway, false, "sent nothing for 1 s");
        row("truncates", Fault::Truncate, false, "sent something else");
        row("promises too much", Fault::TooLongLength, true, "");
        row("promises too little", Fault::TooShortLength, false, "sent too little");
        row("garbage", Fault::Garbage, false, "sent another file, or a damaged one");
        row("page", Fault::Page, false, "sent something else");
        row("nothing", Fault::Nothing, false, "sent nothing");
        row("404", Fault::NotFound, false, "answered 404");
        row("500", Fault::ServerError, false, "answered 500");
        row("endless", Fault::Endless, false, "sends more than the file can be long");
        row("huge", Fault::HugeLength, false, "offers more than the file can be long");
        row("redirect loop", Fault::RedirectLoop, false, "redirects without end");
        row("redirect elsewhere", Fault::RedirectElsewhere, false, "redirects to where it may not");
        row("drops at 90%", Fault::Drop, false, "dropped the connection");
        row("drops at 90% once", Fault::DropOnce, true, "");
        row("no answer", Fault::NoAnswer, false, "dropped the connection");
    }

    void aGoodMirrorBehindABadOneWins() {
        QFETCH(Fault, fault);
        QFETCH(bool, isEnoughAlone);
        QFETCH(QString, says);
        Scene both;
        auto& bad = both.add(fault);
        auto& good = both.add();
        both.run();
        QCOMPARE(both.outcome.finished, 1);
        QCOMPARE(both.outcome.ends(), 1);
        QVERIFY(both.isWhole());
        QVERIFY(!fs::exists(both.part()));
        QVERIFY(!bad.requests().isEmpty());
        QCOMPARE(good.requests().isEmpty(), fault == Fault::TooLongLength);

        Scene alone;
        alone.add(fault);
        alone.run();
        QCOMPARE(alone.outcome.finished == 1, isEnoughAlone);
        QCOMPARE(alone.isWhole(), isEnoughAlone);
        if (isEnoughAlone) return;
        QVERIFY(alone.holdsNothing());
        verifySentence(alone.outcome, says);
    }

    void anotherSetsFileIsRefused() {
        const auto other = bytesOf(dataFile(QStringLiteral("kmnist/") + kLabels));
        if (other.isEmpty()) QSKIP("KMNIST's labels are not here.");
        for (const bool hasGood : {true, false}) {
            Scene scene;
            scene.add().serve(kLabels, other);
            if (hasGood) scene.add();
            scene.run();
            QCOMPARE(scene.isWhole(), hasGood);
            if (hasGood) continue;
            QVERIFY(scene.holdsNothing());
            verifySentence(scene.outcome, QStringLiteral("sent another file"));
        }
    }

    void anotherPackingIsTheSameFile() {
        Scene scene;
        scene.add().serve(kLabels, packed(unpacked(dataFile(QStringLiteral("mnist/") + kLabels)), 1));
        scene.run();
        QVERIFY(scene.isWhole());
        QVERIFY(bytesOf(QString::fromStdString(scene.target().string())) != scene.file);
    }

    void twoMirrorsMayBeBad() {
        Scene scene;
        for (const auto fault : {Fault::NotFound, Fault::Garbage, Fault::Drop, Fault::Endless, Fault::None})
            scene.add(fault);
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(scene.outcome.ends(), 1);
    }

    // ---- Going on with what is there ----

    void aDroppedFileIsGoneOnWith() {
        Scene scene;
        scene.add(Fault::Drop);
        auto& good = scene.add();
        scene.run();
        QVERIFY(scene.isWhole());
        const qint64 arrived = scene.file.size() * 9 / 10;
        QCOMPARE(good.requests().size(), 1);
        QCOMPARE(good.requests()[0].from, arrived);
        QCOMPARE(good.sentBytes(), scene.file.size() - arrived);
    }

    void anAnswerToAnotherRangeIsNotAppended_data() {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<int>("requests");
        QTest::newRow("another offset") << Fault::OtherRange << 2;
        QTest::newRow("416") << Fault::RefuseRange << 2;
        QTest::newRow("200") << Fault::IgnoreRange << 1;
    }

    void anAnswerToAnotherRangeIsNotAppended() {
        QFETCH(Fault, fault);
        QFETCH(int, requests);
        Scene scene;
        write(scene.part(), scene.file.left(2000));
        auto& server = scene.add(fault);
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(server.requests().size(), requests);
        QCOMPARE(server.requests().front().from, 2000);
        if (requests > 1) QCOMPARE(server.requests().back().from, -1);
        QCOMPARE(scene.outcome.ends(), 1);
    }

    void aPartOfAnotherPackingIsFetchedAnew() {
        Scene scene;
        const auto other = packed(unpacked(dataFile(QStringLiteral("mnist/") + kLabels)), 1);
        QVERIFY(other.left(2000) != scene.file.left(2000));
        write(scene.part(), other.left(2000));
        auto& server = scene.add();
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(server.requests().size(), 2);
        QCOMPARE(server.requests().back().from, -1);
    }

    void aPartThatIsGarbageIsFetchedAnew() {
        Scene scene;
        write(scene.part(), QByteArray("\x1f\x8b\x08") + QByteArray(3000, 'x'));
        auto& server = scene.add();
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(server.requests().size(), 1);
        QCOMPARE(server.requests()[0].from, -1);
    }

    void aPartThatIsWholeNeedsNoNetwork() {
        Scene scene;
        write(scene.part(), scene.file);
        auto& server = scene.add(Fault::NotFound);
        scene.run();
        QVERIFY(scene.isWhole());
        QVERIFY(server.requests().isEmpty());
    }

    void aPageLeavesThePart() {
        Scene scene;
        write(scene.part(), scene.file.left(2000));
        scene.add(Fault::Page);
        scene.run();
        QVERIFY(scene.holdsNothing());
        QCOMPARE(bytesOf(QString::fromStdString(scene.part().string())), scene.file.left(2000));
    }

    void cancelKeepsThePart() {
        Scene scene;
        scene.download.setStall(std::chrono::minutes(10));
        scene.add(Fault::StallHalfway);
        qint64 done = 0;
        connect(&scene.download, &DatasetDownload::progressed,
                [&done](const DownloadProgress& progress) { done = progress.done; });
        scene.download.start(scene.set, scene.folder);
        const qint64 half = scene.file.size() / 2;
        WAIT_FOR(done == half);
        scene.download.cancel();
        QVERIFY(!scene.download.isRunning());
        QCOMPARE(scene.outcome.cancelled, 1);
        QVERIFY(scene.holdsNothing());
        QCOMPARE(bytesOf(QString::fromStdString(scene.part().string())), scene.file.left(half));

        scene.set.mirrors.clear();
        auto& good = scene.add();
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(good.requests()[0].from, half);
        QCOMPARE(scene.outcome.ends(), 2);
    }

    void cancelAtOnce() {
        Scene scene;
        auto& server = scene.add();
        scene.download.start(scene.set, scene.folder);
        scene.download.cancel();
        WAIT_FOR(scene.outcome.ends() > 0);
        QCOMPARE(scene.outcome.cancelled, 1);
        QVERIFY(!scene.download.isRunning());
        QVERIFY(server.requests().isEmpty());
        scene.run();
        QVERIFY(scene.isWhole());
    }

    void destroyedWhileItFetches() {
        Scene scene;
        auto& server = scene.add(Fault::StallHalfway);
        auto download = std::make_unique<DatasetDownload>();
        download->start(scene.set, scene.folder);
        WAIT_FOR(!server.requests().isEmpty());
        download.reset();
        QVERIFY(scene.holdsNothing());
    }

    // ---- What is there already ----

    void aWholeFileIsKept() {
        Scene scene;
        write(scene.target(), scene.file);
        auto& server = scene.add();
        scene.run();
        QCOMPARE(scene.outcome.finished, 1);
        QVERIFY(server.requests().isEmpty());
    }

    void aWrongFileIsReplacedOnlyByAWholeOne() {
        Scene scene;
        write(scene.target(), scene.file.left(100));
        QSignalSpy replacing(&scene.download, &DatasetDownload::replacing);
        scene.add(Fault::Drop);
        scene.run();
        QCOMPARE(replacing.size(), 1);
        QCOMPARE(bytesOf(QString::fromStdString(scene.target().string())), scene.file.left(100));
        scene.add();
        scene.run();
        QVERIFY(scene.isWhole());
    }

    void anUnpackedFileThatIsWrongIsNotHiddenBehind() {
        Scene scene;
        const auto plain = scene.folder / kLabels.chopped(3).toStdString();
        write(plain, "mine");
        scene.add();
        scene.run();
        verifySentence(scene.outcome, QString::fromStdString(plain.string()));
        write(plain, unpacked(dataFile(QStringLiteral("mnist/") + kLabels)));
        scene.run();
        QCOMPARE(scene.outcome.finished, 1);
        QVERIFY(!fs::exists(scene.target()));
    }

    void twoAtOnceDoNoHarm() {
        Scene scene;
        scene.download.setStall(std::chrono::minutes(10));
        scene.add(Fault::StallHalfway);
        scene.download.start(scene.set, scene.folder);
        WAIT_FOR(fs::exists(scene.part()) && fs::file_size(scene.part()) > 0);
        Scene second;
        second.add();
        second.folder = scene.folder;
        second.run();
        verifySentence(second.outcome, QStringLiteral("another Zwei is fetching this file"));
        QVERIFY(fs::file_size(scene.part()) > 0);
        scene.download.cancel();
        second.run();
        QVERIFY(second.isWhole());
    }

    // ---- Rules ----

    void redirectsAreFollowedWithinLimits() {
        Scene scene;
        auto& server = scene.add();
        LoopbackServer other;
        other.serve(kLabels, scene.file);
        server.redirectTo(other.url() + kLabels);
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(other.requests().size(), 1);
    }

    void redirectRule() {
        const QUrl https(QStringLiteral("https://a.org/x")), local(QStringLiteral("http://127.0.0.1:80/x"));
        const auto may = [](const QUrl& from, const char* to) { return mayRedirect(from, QUrl(QLatin1String(to))); };
        QVERIFY(may(https, "https://b.org/x"));
        QVERIFY(!may(https, "http://a.org/x"));
        QVERIFY(!may(https, "http://127.0.0.1/x"));
        QVERIFY(!may(https, "https://user:word@b.org/x"));
        QVERIFY(!may(https, "ftp://b.org/x"));
        QVERIFY(!may(https, "file:///etc/passwd"));
        QVERIFY(!may(https, ""));
        QVERIFY(may(local, "http://127.0.0.1:81/y"));
        QVERIFY(!may(local, "http://localhost/y"));
        QVERIFY(!may(local, "http://a.org/y"));
        QVERIFY(!may(local, "https://a.org/y"));
        QVERIFY(isAllowedMirror(local) && isAllowedMirror(https));
        QVERIFY(!isAllowedMirror(QUrl(QStringLiteral("http://a.org/"))));
        QVERIFY(!isAllowedMirror(QUrl(QStringLiteral("file:///a"))));
    }

    void aMirrorWithoutHttpsIsRefused() {
        Scene scene;
        scene.set.mirrors = QStringList{QStringLiteral("http://192.0.2.1/")};
        scene.run();
        verifySentence(scene.outcome, QStringLiteral("is no HTTPS address"));
    }

    void withoutAChecksumNothingIsFetched() {
        Scene scene;
        auto& server = scene.add();
        scene.set.files[0].sha256.clear();
        scene.run();
        verifySentence(scene.outcome, QStringLiteral("not known for certain"));
        QVERIFY(server.requests().isEmpty());
        QVERIFY(!fs::exists(scene.folder));
    }

    void theProxyOfTheEnvironmentIsAsked() {
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        QByteArray asked;
        QObject::connect(&proxy, &QTcpServer::newConnection, [&] {
            auto* socket = proxy.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, [&asked, socket] {
                asked += socket->readAll();
                socket->write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
                socket->disconnectFromHost();
            });
        });
        const auto url = QByteArray("http://127.0.0.1:") + QByteArray::number(proxy.serverPort());
        const auto reset = qScopeGuard([] { qunsetenv("http_proxy"), qunsetenv("https_proxy"); });
        qputenv("http_proxy", url);
        qputenv("https_proxy", url);
        {
            Scene scene;  // this machine itself needs none
            scene.add();
            scene.run();
            QVERIFY(scene.isWhole());
            QVERIFY(asked.isEmpty());
        }
        const auto addresses = QNetworkInterface::allAddresses();
        if (std::all_of(addresses.begin(), addresses.end(), [](const auto& one) { return one.isLoopback(); }))
            QSKIP("There is no network but this machine's own.");
        Scene scene;
        scene.set.mirrors = QStringList{QStringLiteral("https://mirror.invalid/")};
        scene.run();
        QVERIFY2(asked.startsWith("CONNECT mirror.invalid:443 "), asked.constData());
        QVERIFY(!fs::exists(scene.target()));
    }

    void offlineIsSaid() {
        Scene scene;
        scene.set.mirrors = QStringList{QStringLiteral("https://one.invalid/"), QStringLiteral("https://two.invalid/")};
        scene.download.setStall(std::chrono::seconds(20));
        scene.run();
        verifySentence(scene.outcome, QStringLiteral("offline"));
        QVERIFY(scene.outcome.failures[0].contains(QStringLiteral("embedded digits")));
        QVERIFY(scene.outcome.failures[0].contains(QStringLiteral("one.invalid, two.invalid")));
        QVERIFY(!fs::exists(scene.part()));
    }

    void theCatalogueIsWhole() {
        const auto sets = datasetCatalogue();
        QCOMPARE(sets.size(), std::size_t{3});
        for (const auto& set : sets) {
            QVERIFY(set.isOffered());
            QCOMPARE(set.files.size(), std::size_t{4});
            for (const auto& mirror : set.mirrors) QVERIFY(isAllowedMirror(QUrl(mirror)) && mirror.endsWith('/'));
            for (const auto& file : set.files) QCOMPARE(QByteArray::fromHex(file.sha256).toHex(), file.sha256);
            for (const auto& file : set.files) QCOMPARE(file.sha256.size(), 64);
        }
        qputenv("ZWEI_MIRRORS", "http://127.0.0.1:1, https://b.org/c/");
        const auto mirrors = catalogueSet(QStringLiteral("KMNIST"))->mirrors;
        qunsetenv("ZWEI_MIRRORS");
        QCOMPARE(mirrors, (QStringList{QStringLiteral("http://127.0.0.1:1/kmnist/"),
                                       QStringLiteral("https://b.org/c/kmnist/")}));
    }

    // ---- The check ----

    void packedData_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("verdict");
        const auto plain = unpacked(dataFile(QStringLiteral("mnist/") + kLabels));
        const auto file = packed(plain);
        const auto row = [](const char* name, const QByteArray& bytes, FileVerdict verdict) {
            QTest::newRow(name) << bytes << static_cast<int>(verdict);
        };
        row("whole", file, FileVerdict::Whole);
        row("unpacked", plain, FileVerdict::Whole);
        row("two members", packed(plain.left(4000)) + packed(plain.mid(4000)), FileVerdict::Whole);
        row("a member too many", file + packed("x"), FileVerdict::Wrong);
        row("trailing garbage", file + QByteArray(100, 'x'), FileVerdict::Wrong);
        row("trailing zeros", file + QByteArray(512, '\0'), FileVerdict::Wrong);
        row("bomb", packed(QByteArray(30'000'000, '\0')), FileVerdict::Wrong);
        row("too little", packed(plain.left(4000)), FileVerdict::Wrong);
        row("cut", file.chopped(1), FileVerdict::Incomplete);
        row("header alone", file.left(10), FileVerdict::Incomplete);
        row("empty", {}, FileVerdict::Incomplete);
        row("check sum of its own", file.chopped(8) + QByteArray(8, '\1'), FileVerdict::Wrong);
        row("text", "This is a text.", FileVerdict::Wrong);
    }

    void packedData() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, verdict);
        Scene scene;
        write(scene.target(), bytes);
        QCOMPARE(static_cast<int>(checkFile(scene.target(), scene.set.files[0], kNeverStop)), verdict);
    }

    void aPackedChecksumHoldsThePackedBytes() {
        Scene scene;
        scene.set.files[0].checksumOf = ChecksumOf::Packed;
        scene.set.files[0].sha256 = sha256(scene.file);
        write(scene.target(), scene.file);
        QVERIFY(scene.isWhole());
        const auto plain = unpacked(dataFile(QStringLiteral("mnist/") + kLabels));
        write(scene.target(), packed(plain, 1));
        QVERIFY(!scene.isWhole());
        write(scene.target(), plain);
        QCOMPARE(checkFile(scene.target(), scene.set.files[0], kNeverStop), FileVerdict::Unknown);
    }

    void aBombIsNotKept() {
        Scene scene;
        scene.add().serve(kLabels, packed(QByteArray(30'000'000, '\0')));
        scene.run();
        verifySentence(scene.outcome, QStringLiteral("sent another file"));
        QVERIFY(scene.holdsNothing());
        QVERIFY(!fs::exists(scene.part()));
    }

    // ---- The disk ----

    void withoutPermissionNothingHappens() {
        Scene scene;
        scene.add();
        QVERIFY(::chmod(scene.home.path().c_str(), 0555) == 0);
        const bool isRoot = ::geteuid() == 0;
        if (isRoot) QVERIFY(::seteuid(65534) == 0);
        scene.run();
        if (isRoot) QVERIFY(::seteuid(0) == 0);
        ::chmod(scene.home.path().c_str(), 0755);
        verifySentence(scene.outcome, QString::fromStdString(scene.folder.string()));
        QVERIFY(!fs::exists(scene.folder));
    }

    void aFolderThatIsAFileIsSaid() {
        Scene scene;
        scene.add();
        write(scene.folder, "mine");
        scene.run();
        verifySentence(scene.outcome, QString::fromStdString(scene.folder.string()));
        QCOMPARE(bytesOf(QString::fromStdString(scene.folder.string())), QByteArray("mine"));
    }

    void aFullDiskIsSaid() {
        Scene scene;
        write(scene.target(), "mine");
        auto& server = scene.add();
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
        const rlimit little{1000, before.rlim_max};
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &little) == 0);
        scene.run();
        ::setrlimit(RLIMIT_FSIZE, &before);
        ::signal(SIGXFSZ, handler);
        verifySentence(scene.outcome, QStringLiteral("no room"));
        QCOMPARE(bytesOf(QString::fromStdString(scene.target().string())), QByteArray("mine"));
        scene.run();
        QVERIFY(scene.isWhole());
        QCOMPARE(server.requests().back().from, 1000);
    }

    void aFullFileSystemIsSaid() {
        Scene scene;
        fs::create_directories(scene.folder);
        if (::mount("tmpfs", scene.folder.c_str(), "tmpfs", 0, "size=4k") != 0)
            QSKIP("Nothing can be mounted here; aFullDiskIsSaid has the limit on a file's size instead.");
        scene.add();
        scene.run();
        const bool isClean = scene.holdsNothing();
        QVERIFY(::mount("tmpfs", scene.folder.c_str(), nullptr, MS_REMOUNT, "size=1m") == 0);
        const auto outcome = scene.outcome;
        scene.run();
        const bool isWhole = scene.isWhole();
        ::umount2(scene.folder.c_str(), MNT_DETACH);
        verifySentence(outcome, QStringLiteral("no room"));
        QVERIFY(isClean && isWhole);
    }

    // ---- All of it ----

    void allOfMnistArrives() {
        Scene scene;
        scene.set = *catalogueSet(QStringLiteral("mnist"));
        scene.set.mirrors.clear();
        auto& bad = scene.add(Fault::Drop);
        auto& good = scene.add();
        for (const auto& file : scene.set.files)
            for (auto* server : {&bad, &good})
                server->serve(file.name, bytesOf(dataFile(QStringLiteral("mnist/") + file.name)));
        DownloadProgress last;
        bool falls = false;
        connect(&scene.download, &DatasetDownload::progressed, [&](const DownloadProgress& progress) {
            falls = falls || progress.done < last.done || progress.done > progress.total;
            last = progress;
        });
        scene.run();
        QCOMPARE(scene.outcome.failures, QStringList());
        QCOMPARE(scene.outcome.finished, 1);
        QVERIFY(!falls && last.done == last.total && last.done > 10'000'000 && last.bytesPerSecond > 0);
        for (const auto& file : checkSet(scene.folder, scene.set, kNeverStop))
            QCOMPARE(file.verdict, FileVerdict::Whole);
        const auto loaded = loadDataset("mnist", {scene.home.path()});
        QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
        QCOMPARE((*loaded)->train.images.count, 60000);
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::DatasetDownloadTest)
#include "dataset_download_test.moc"
