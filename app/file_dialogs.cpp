// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_dialogs.h"

#include <QFileDialog>
#include <QFileInfo>
#include <algorithm>

namespace zwei {
namespace {

QString filterOf(const FileKind& kind) {
    const auto pattern = kind.ending.isEmpty() ? QStringLiteral("*") : QStringLiteral("*.") + kind.ending;
    return QStringLiteral("%1 (%2)").arg(kind.title, pattern);
}

/// Qt's own default suffix leaves a name with any dot in it as it is, such as "run 0.5".
class SaveDialog : public QFileDialog {
public:
    SaveDialog(QWidget* parent, const QString& title, const QList<FileKind>& kinds)
        : QFileDialog(parent, title), m_kinds(kinds) {
        setAttribute(Qt::WA_DeleteOnClose);
        setAcceptMode(AcceptSave);
        QStringList filters;
        for (const auto& kind : kinds) filters += filterOf(kind);
        setNameFilters(filters);
    }

    void accept() override {
        const auto files = selectedFiles();
        const auto ending = m_kinds.value(nameFilters().indexOf(selectedNameFilter())).ending;
        if (files.size() == 1 && !ending.isEmpty() && !hasKnownEnding(files.front()))
            selectFile(files.front() + QLatin1Char('.') + ending);
        QFileDialog::accept();
    }

private:
    bool hasKnownEnding(const QString& file) const {
        const auto suffix = QFileInfo(file).suffix().toLower();
        return std::any_of(m_kinds.begin(), m_kinds.end(),
                           [&](const auto& kind) { return !kind.ending.isEmpty() && suffix == kind.ending; });
    }

    QList<FileKind> m_kinds;
};

}  // namespace

QFileDialog* askWhereToSave(QWidget* parent, const QString& title, const QList<FileKind>& kinds, const QString& name) {
    auto* dialog = new SaveDialog(parent, title, kinds);
    if (!name.isEmpty()) dialog->selectFile(name);
    dialog->open();
    return dialog;
}

QFileDialog* askForFolder(QWidget* parent, const QString& title) {
    auto* dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->open();
    return dialog;
}

}  // namespace zwei
