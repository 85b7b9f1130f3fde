// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

/// Runs the event loop until `condition` holds; the test fails after two minutes (sanitizers are slow).
#define WAIT_FOR(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 120000)
