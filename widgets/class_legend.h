// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <array>
#include <bitset>

#include "models/types/image.h"

namespace zwei {

using ClassSet = std::bitset<kClasses>;

class ClassChip;

/// The classes as a row of small buttons (two rows, where their names are long), a dot in the class's colour and its
/// digit or name. A click (or Space) hides or
/// shows one; a double click (or Return) shows that one alone, and again: all.
class ClassLegend final : public QWidget {
    Q_OBJECT

public:
    explicit ClassLegend(QWidget* parent = nullptr);

    /// Of the classes there are, at most ten; empty for the ten digits.
    void setNames(const QStringList& names);

    ClassSet visibleClasses() const;
    void setVisibleClasses(ClassSet visible);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void visibleClassesChanged(zwei::ClassSet visible);  ///< by the user

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showAlone(int index, ClassSet before);
    void layOut();
    void layOutDigits();
    void layOutNames();

    QStringList m_names;
    std::array<ClassChip*, kClasses> m_chips{};
};

}  // namespace zwei
