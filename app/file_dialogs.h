// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QFileDialog;
class QWidget;

namespace zwei {

struct FileKind {
    QString title;
    QString ending;  ///< without its dot; empty: a folder
};

// Each dialog is shown already, and goes when it is answered.

/// A name without the ending of any kind gets that of the kind that is chosen; `name` is the one to begin with.
QFileDialog* askWhereToSave(QWidget* parent, const QString& title, const QList<FileKind>& kinds,
                            const QString& name = {});

QFileDialog* askForFolder(QWidget* parent, const QString& title);

}  // namespace zwei
