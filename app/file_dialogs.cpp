// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_dialogs.h"

#include <QFileDialog>

namespace zwei {

QFileDialog* askWhereToSave(QWidget* parent, const QString& title, const QList<FileKind>& kinds, const QString& name) {
    auto* dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    for (const auto& kind : kinds)
        filters += QStringLiteral("%1 (%2)").arg(
            kind.title, kind.ending.isEmpty() ? QStringLiteral("*") : QStringLiteral("*.") + kind.ending);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(kinds.front().ending);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, kinds, filters](const QString& filter) {
        dialog->setDefaultSuffix(kinds.value(filters.indexOf(filter)).ending);
    });
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
