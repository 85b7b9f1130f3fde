// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>
#include <bitset>

#include "models/types/image.h"

namespace zwei {

using ClassSet = std::bitset<kClasses>;

class ClassChip;

/// The ten classes as a row of small buttons, a dot in the class's colour and its digit. A click (or Space) hides or
/// shows one; a double click (or Return) shows that one alone, and again: all.
class ClassLegend final : public QWidget {
    Q_OBJECT

public:
    explicit ClassLegend(QWidget* parent = nullptr);

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

    std::array<ClassChip*, kClasses> m_chips{};
};

}  // namespace zwei
