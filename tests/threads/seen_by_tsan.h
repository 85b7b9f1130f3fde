// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace zwei::test {

/// An application that tells the thread sanitizer what Qt's own library, which was built without it, does not: what
/// was written before a call was posted to a thread is there when that thread is given its event. All else is for the
/// sanitizer to find.
class SeenApplication : public QCoreApplication {
public:
    using QCoreApplication::QCoreApplication;
    bool notify(QObject* receiver, QEvent* event) override;
};

}  // namespace zwei::test
