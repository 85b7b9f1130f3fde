// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remembered_settings.h"

#include <unistd.h>

#include <QFile>
#include <filesystem>

#include "models/nn/recipe_check.h"
#include "tests/fuzz/reader.h"

namespace {

/// Another file each time, since Qt keeps the content of those that it has read.
QString nextFile() {
    static const auto folder = std::filesystem::temp_directory_path();
    static int count = 0;
    return QString::fromStdString((folder / ("zwei-fuzz-" + std::to_string(::getpid()) + "-")).string()) +
           QString::number(++count) + QStringLiteral(".conf");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace zwei;
    const auto name = nextFile();
    QFile file(name);
    fuzz::require(file.open(QIODevice::WriteOnly), "There is no room for a file.");
    file.write(reinterpret_cast<const char*>(data), static_cast<qint64>(size));
    file.close();
    fuzz::readWithin(64, 1 << 18, size, [&] {
        const QSettings settings(name, QSettings::IniFormat);
        if (putDamagedAside(settings)) return;
        const auto remembered = readRemembered(settings);
        if (remembered.recipe) fuzz::require(!recipeFault(*remembered.recipe), "A recipe with a fault was remembered.");
        settingsFault(settings, remembered.isWhole);
    });
    QFile::remove(name);
    QFile::remove(name + QStringLiteral(".damaged"));
    return 0;
}
