// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/run_film.h"

#include "app/session/film_file.h"

namespace zwei {

void RunFilm::clear() {
    m_frames.clear();
    m_interval = kInterval;
    m_last.reset();
}

void RunFilm::take(const GridSnapshot& grid, const QString& caption, std::int64_t now) {
    if (m_last && now - *m_last < m_interval) return;
    m_last = now;
    add(grid, caption);
}

void RunFilm::add(const GridSnapshot& grid, const QString& caption) {
    m_frames.push_back(filmFrame(grid, caption));
    if (m_frames.size() <= kMostFrames) return;
    m_interval *= 2;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_frames.size(); i += 2) m_frames[kept++] = std::move(m_frames[i]);
    m_frames.resize(kept);
}

Result<void> writeFilm(const std::vector<QImage>& frames, const std::filesystem::path& path) {
    auto film = FilmWriter::create(path);
    if (!film) return failure(film.error());
    for (const auto& frame : frames) film->add(frame);
    return film->finish();
}

}  // namespace zwei
