// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/threads/seen_by_tsan.h"

#ifdef __SANITIZE_THREAD__

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <QDeadlineTimer>
#include <QMetaObject>
#include <QThread>

extern "C" void AnnotateIgnoreWritesBegin(const char* file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char* file, int line);

namespace {

char posted;  // its address stands for Qt's queues of events
char done;    // and this one's for what a thread leaves behind

#define ZWEI_INVOKE "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv"
#define ZWEI_WAIT "_ZN7QThread4waitE14QDeadlineTimer"

}  // namespace

/// In the place of QMetaObject's own, which every queued call of ours goes through.
extern "C" bool
seenInvoke(QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result) __asm__(
    "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");

extern "C" bool seenInvoke(QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result) {
    static const auto invoke = reinterpret_cast<decltype(&seenInvoke)>(::dlsym(RTLD_NEXT, ZWEI_INVOKE));
    if (type != Qt::QueuedConnection) return invoke(object, slot, type, result);
    // Qt makes an event, which only its own locks guard: they are not seen, and so its making need not be, either.
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    __tsan_release(&posted);
    const bool isPosted = invoke(object, slot, type, result);
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    return isPosted;
}

/// In the place of QThread::wait, which need not wait for a thread that is over.
extern "C" bool seenWait(QThread* thread, QDeadlineTimer latest) __asm__(ZWEI_WAIT);

extern "C" bool seenWait(QThread* thread, QDeadlineTimer latest) {
    static const auto wait = reinterpret_cast<decltype(&seenWait)>(::dlsym(RTLD_NEXT, ZWEI_WAIT));
    const bool isOver = wait(thread, latest);
    if (isOver) __tsan_acquire(&done);
    return isOver;
}

bool zwei::test::SeenApplication::notify(QObject* receiver, QEvent* event) {
    __tsan_acquire(&posted);
    const bool isTaken = QCoreApplication::notify(receiver, event);
    __tsan_release(&done);
    return isTaken;
}

#else

bool zwei::test::SeenApplication::notify(QObject* receiver, QEvent* event) {
    return QCoreApplication::notify(receiver, event);
}

#endif
