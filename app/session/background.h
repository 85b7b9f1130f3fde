// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QtConcurrent/QtConcurrentRun>
#include <exception>
#include <new>

#include "models/types/result.h"

namespace zwei {

/// Runs `task`, which returns a Result, in a thread of the pool, and hands that to `done` in the thread of `context`,
/// as long as this lives. What the task throws (LibTorch's faults, want of memory) is a failure.
template <typename Task, typename Done>
void inBackground(QThreadPool& pool, QObject* context, Task task, Done done) {
    QtConcurrent::run(&pool, [task = std::move(task)]() -> decltype(task()) {
        try {
            return task();
        } catch (const std::bad_alloc&) {
            return failure("There is not enough memory for that.");
        } catch (const std::exception& error) {
            return failure(error.what());
        }
    }).then(context, std::move(done));
}

}  // namespace zwei
