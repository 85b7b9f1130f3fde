// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace zwei::cli {

/// While it lives, nothing writes to standard error: libpng tells of a damaged file there, and so do we, in one line.
class QuietStandardError {
public:
    QuietStandardError() : m_kept(::dup(STDERR_FILENO)), m_nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC)) {
        ::dup2(m_nowhere, STDERR_FILENO);
    }
    ~QuietStandardError() {
        ::dup2(m_kept, STDERR_FILENO);
        ::close(m_nowhere);
        ::close(m_kept);
    }
    QuietStandardError(const QuietStandardError&) = delete;
    QuietStandardError& operator=(const QuietStandardError&) = delete;

    /// The descriptor of what is otherwise standard error, for those who do write.
    int kept() const { return m_kept; }

private:
    int m_kept;
    int m_nowhere;
};

}  // namespace zwei::cli
