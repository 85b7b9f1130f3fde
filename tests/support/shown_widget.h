// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QTest>

#include "widgets/drawing/theme.h"
#include "widgets/style_sheet.h"

namespace zwei::test {

/// The look of the program, for all widgets of a test.
inline void applyLook() {
    qApp->setFont(Theme::font(12));
    qApp->setPalette(palette(Theme::current()));
    qApp->setStyleSheet(styleSheet(Theme::current()));
}

/// Shows it on the screen in this size.
inline void showAt(QWidget& view, QSize size) {
    view.resize(size);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
}

}  // namespace zwei::test
