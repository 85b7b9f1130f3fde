// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench_keeping.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QDrag>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QPixmap>
#include <QRegularExpression>
#include <QSaveFile>
#include <QUrl>

#include "app/counted.h"
#include "app/file_dialogs.h"
#include "app/session/own_digits.h"
#include "app/session/session.h"
#include "models/types/image.h"
#include "widgets/bench_panel.h"
#include "widgets/drawing/contact_sheet.h"

namespace zwei {
namespace {

/// A name that every file system takes: "small 2×" as "small-2x".
QString fileName(QString name) {
    name.replace(QChar(0x00d7), QLatin1Char('x'));
    name.replace(QRegularExpression(QStringLiteral("[^\\w.]+")), QStringLiteral("-"));
    return name.isEmpty() ? QStringLiteral("image") : name;
}

/// Written aside and renamed; an error as a sentence.
QString savePng(const QImage& image, const QString& file) {
    QSaveFile out(file);
    if (out.open(QIODevice::WriteOnly) && image.save(&out, "PNG") && out.commit()) return {};
    return BenchKeeping::tr("%1 cannot be written (%2).").arg(file, out.errorString());
}

}  // namespace

BenchKeeping::BenchKeeping(Session& session, BenchPanel& panel) : m_session(session), m_panel(panel) {
    fillMenu();
    connect(&panel, &BenchPanel::dragRequested, this, &BenchKeeping::drag);
}

void BenchKeeping::fillMenu() {
    auto* menu = m_panel.keepMenu();
    const auto add = [this, menu](const QString& text, auto act) {
        auto* action = menu->addAction(text, this, act);
        m_needDigits += action;
        return action;
    };
    add(tr("Save this image…"), [this] {
        const auto chosen = m_panel.chosenImage();
        if (chosen) save(tr("Save the image"), chosen->second, [image = chosen->first] { return image; });
    });
    add(tr("Save all images…"), [this] { saveAll(); });
    add(tr("Save a contact sheet…"),
        [this] { save(tr("Save a contact sheet"), tr("contact sheet"), [this] { return sheet(); }); });
    m_savePage = menu->addAction(tr("Save the image with its digits in place…"), this, [this] {
        save(tr("Save the image with its digits in place"), tr("in place"), [this] { return m_panel.inPlace(); });
    });
    m_copy = menu->addAction(tr("Copy this image"), this, &BenchKeeping::copy);
    m_copy->setShortcut(QKeySequence::Copy);
    menu->addSeparator();
    add(tr("Show among the reconstructions"), [this] { sendToReconstructions(); });
    auto* labels = menu->addMenu(tr("Add to My digits as"));
    fillLabels(*labels);
    m_needDigits += labels->menuAction();
    menu->addAction(tr("Take My digits as the data set"), this, [this] {
        if (QFileInfo(ownDigitsFolder()).isDir()) return m_session.openFolder(ownDigitsFolder());
        m_panel.tell(tr("There is nothing in My digits yet: add a drawn or dropped digit with its label first."));
    });
    connect(menu, &QMenu::aboutToShow, this, &BenchKeeping::offerWhatThereIs);
}

void BenchKeeping::fillLabels(QMenu& menu) {
    for (int label = 0; label < kClasses; ++label)
        menu.addAction(QString::number(label), this, [this, label] { addAs(label); });
}

void BenchKeeping::offerWhatThereIs() {
    const bool hasDigits = m_panel.currentDigit().count > 0;
    for (auto* action : m_needDigits) action->setEnabled(hasDigits);
    m_savePage->setEnabled(!m_panel.inPlace().isNull());
}

void BenchKeeping::save(const QString& title, const QString& name, const std::function<QImage()>& image) {
    const auto* dialog = askWhereToSave(&m_panel, title, {{tr("Images"), QStringLiteral("png")}},
                                        fileName(name) + QStringLiteral(".png"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, picture = image()](const QString& file) {
        write([picture, file] { return savePng(picture, file); }, tr("Saved %1").arg(file));
    });
}

/// Aside: a page of many megapixels takes a second to pack. `act` returns what went wrong, or nothing.
void BenchKeeping::write(const std::function<QString()>& act, const QString& sentence) {
    m_pool.start([this, act, sentence] {
        const auto fault = act();
        QMetaObject::invokeMethod(
            this, [this, fault, sentence] { fault.isEmpty() ? Q_EMIT done(sentence) : m_panel.tell(fault); });
    });
}

void BenchKeeping::saveAll() {
    connect(askForFolder(&m_panel, tr("Folder for all images")), &QFileDialog::fileSelected, this,
            &BenchKeeping::saveAllTo);
}

void BenchKeeping::saveAllTo(const QString& folder) {
    const auto images = m_panel.allImages();
    const auto act = [images, folder] {
        for (const auto& [image, name] : images)
            if (const auto fault = savePng(image, QDir(folder).filePath(fileName(name) + QStringLiteral(".png")));
                !fault.isEmpty())
                return fault;
        return QString();
    };
    write(act, counted(std::ssize(images), tr("%1 image saved."), tr("%1 images saved.")));
}

QImage BenchKeeping::sheet() const {
    const auto& restored = m_panel.restored();
    if (!restored) return {};
    return contactSheet(*restored, m_panel.methodNames());
}

void BenchKeeping::copy() {
    if (const auto chosen = m_panel.chosenImage()) {
        QGuiApplication::clipboard()->setImage(chosen->first);
        Q_EMIT done(tr("Copied: %1").arg(chosen->second));
    }
}

/// As a picture for those who take one, and as a file for a file manager.
void BenchKeeping::drag(const QImage& image, const QString& name) {
    auto* data = new QMimeData;
    data->setImageData(image);
    const auto file = QDir(m_dragged.path()).filePath(fileName(name) + QStringLiteral(".png"));
    if (savePng(image, file).isEmpty()) data->setUrls({QUrl::fromLocalFile(file)});
    auto* drag = new QDrag(&m_panel);
    drag->setMimeData(data);
    drag->setPixmap(QPixmap::fromImage(image.scaled(2 * image.size(), Qt::KeepAspectRatio, Qt::SmoothTransformation)));
    drag->exec(Qt::CopyAction);
}

void BenchKeeping::sendToReconstructions() {
    const auto digit = m_panel.currentDigit();
    if (digit.count > 0) m_session.reconstructOwn(digit);
    Q_EMIT done(tr("The digit is the first of the live reconstructions now."));
}

void BenchKeeping::addAs(int label) {
    const auto added = addOwnDigit(m_panel.currentDigit(), label);
    if (!added) return m_panel.tell(QString::fromStdString(added.error()));
    Q_EMIT done(
        tr("Added as %1: My digits has %2 now.").arg(label).arg(counted(*added, tr("%1 image"), tr("%1 images"))));
}

}  // namespace zwei
