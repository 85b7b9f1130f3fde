// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <vector>

#include "widgets/choice.h"

namespace zwei {

/// A choice among items of several kinds, each kind under a heading that cannot be chosen. Within a section an item is
/// known by its id.
class SectionedChoice : public Choice {
    Q_OBJECT

public:
    struct Section {
        QString heading;
        QStringList ids;
        QStringList titles;
    };

    explicit SectionedChoice(QWidget* parent = nullptr);

    /// Leaves none chosen and emits nothing. Sections without items are left out, and one alone has no heading.
    void setSections(const std::vector<Section>& sections);

    /// Emits nothing. An id that is none of the section's chooses nothing.
    void setCurrentItem(int section, const QString& id);

Q_SIGNALS:
    /// By a person.
    void itemChosen(int section, const QString& id);

private:
    void addHeading(const QString& title);
    int indexOf(int section, const QString& id) const;
};

}  // namespace zwei
