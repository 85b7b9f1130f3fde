// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remembered_settings.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <algorithm>
#include <utility>

#include "models/io/recipe_json.h"

namespace zwei {
namespace {

constexpr auto kDataFolders = "dataFolders";
constexpr qsizetype kMostDataFolders = 8;
constexpr qint64 kMostBytes = 1 << 16;  // Zwei's own have some thousands

bool isText(const QByteArray& bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

/// Takes the number that starts at `at` off a text: as many of its digits as there are, as Qt does.
char16_t takeNumber(const QByteArray& text, qsizetype& at, int base) {
    char16_t number = 0;
    for (; at < text.size(); ++at) {
        bool isDigit = false;
        const int digit = text.mid(at, 1).toInt(&isDigit, base);
        if (!isDigit) break;
        number = static_cast<char16_t>(number * base + digit);
    }
    return number;
}

/// The text of an INI file without its quotes and with its escapes for what they stand for.
QByteArray unescaped(const QByteArray& text) {
    QByteArray plain;
    for (qsizetype i = 0; i < text.size();) {
        const char c = text[i++];
        if (c == '"') continue;
        if (c != '\\' || i == text.size()) {
            plain += c;
            continue;
        }
        const bool isHex = text[i] == 'x';
        if (!isHex && (text[i] < '0' || text[i] > '7')) {
            ++i;
            continue;
        }
        i += isHex ? 1 : 0;
        const auto code = takeNumber(text, i, isHex ? 16 : 8);
        plain += code < 0x80 ? static_cast<char>(code) : '?';
    }
    return plain;
}

QByteArray sumOf(const QByteArray& bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Md5); }

/// Nothing where the bytes are not those that were sealed.
QByteArray unsealed(const QByteArray& sealed) {
    const auto bytes = sealed.mid(QCryptographicHash::hashLength(QCryptographicHash::Md5));
    return sealed == sumOf(bytes) + bytes ? bytes : QByteArray();
}

}  // namespace

QByteArray sealed(const QByteArray& bytes) { return sumOf(bytes) + bytes; }

RememberedSettings readRemembered(const QSettings& settings) {
    const auto valueOf = [&settings](const char* key) { return settings.value(QLatin1String(key)); };
    RememberedSettings remembered;
    for (const auto& [key, state] : {std::pair{"geometry", &remembered.geometry}, {"docks", &remembered.docks}}) {
        const auto value = valueOf(key);
        *state = unsealed(value.toByteArray());
        remembered.isWhole &= !value.isValid() || !state->isEmpty();
    }
    remembered.dataset = valueOf("dataset").toString();
    remembered.dataFolders = valueOf(kDataFolders).toStringList().mid(0, kMostDataFolders);
    if (const auto text = valueOf("recipe"); text.isValid()) {
        if (const auto recipe = recipeFromJson(text.toString().toStdString()))
            remembered.recipe = *recipe;
        else
            remembered.isWhole = false;
    }
    if (const auto linked = valueOf("linked"); linked.isValid()) remembered.isGridLinked = linked.toBool();
    if (const auto tiles = valueOf("tiles"); tiles.isValid()) {
        bool isNumber = false;
        if (const int number = tiles.toInt(&isNumber); isNumber) remembered.tiles = number;
        remembered.isWhole &= isNumber;
    }
    return remembered;
}

void rememberDataFolder(QSettings& settings, const QString& folder) {
    auto folders = settings.value(QLatin1String(kDataFolders)).toStringList();
    folders.removeAll(folder);
    folders.prepend(folder);
    settings.setValue(QLatin1String(kDataFolders), folders.mid(0, kMostDataFolders));
}

/// Qt reads `@Variant` through QDataStream, which makes room for as many values, and goes as deep, as the file says.
/// Zwei writes none.
bool putDamagedAside(const QSettings& settings) {
    QFile file(settings.fileName());
    if (!file.open(QIODevice::ReadOnly)) return false;
    const auto text = file.read(kMostBytes + 1);
    const bool isOurs = settings.status() != QSettings::FormatError && text.size() <= kMostBytes && isText(text) &&
                        !unescaped(text).contains("@Variant(");
    file.close();
    if (isOurs) return false;
    const auto aside = settings.fileName() + QStringLiteral(".damaged");
    QFile::remove(aside);
    return file.rename(aside);
}

QString settingsFault(const QSettings& settings, bool isWhole) {
    if (!settings.isWritable())
        return QCoreApplication::translate("RememberedSettings",
                                           "What you set here will not be remembered: %1 cannot be written.")
            .arg(settings.fileName());
    if (isWhole) return {};
    return QCoreApplication::translate("RememberedSettings",
                                       "The settings in %1 are damaged or of another version: what could not be read "
                                       "is as it was at first.")
        .arg(settings.fileName());
}

}  // namespace zwei
