// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/natural_order.h"

#include <QCollator>
#include <QLocale>
#include <algorithm>

namespace zwei {

QStringList inNaturalOrder(QStringList names) {
    QCollator collator{QLocale(QLocale::English, QLocale::UnitedStates)};
    collator.setNumericMode(true);
    std::sort(names.begin(), names.end(), [&collator](const QString& a, const QString& b) {
        const int order = collator.compare(a, b);
        return order != 0 ? order < 0 : a < b;
    });
    names.removeDuplicates();
    return names;
}

}  // namespace zwei
