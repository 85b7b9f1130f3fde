// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/film_file.h"

#include <gif_lib.h>

#include <QFont>
#include <QPainter>
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "app/session/picture_file.h"
#include "models/io/whole_file.h"
#include "models/io/whole_folder.h"

namespace zwei {
namespace {

namespace fs = std::filesystem;

constexpr int kFrameCentiseconds = 15;
constexpr int kLastCentiseconds = 200;

NamedBytes frameFile(std::size_t number, const QImage& frame) {
    const auto name = QStringLiteral("frame-%1.png").arg(number, 4, 10, QLatin1Char('0'));
    const auto png = pngOf(frame);
    return {name.toStdString(), {png.begin(), png.end()}};
}

/// A GIF in memory, by giflib.
class Gif {
public:
    Gif() {
        const auto append = [](GifFileType* gif, const GifByteType* bytes, int count) {
            auto* all = static_cast<std::vector<std::uint8_t>*>(gif->UserData);
            all->insert(all->end(), bytes, bytes + count);
            return count;
        };
        m_gif = EGifOpen(&m_bytes, append, &m_error);
        if (m_gif) EGifSetGifVersion(m_gif, true);
    }
    ~Gif() {
        if (m_gif) EGifCloseFile(m_gif, nullptr);
    }
    Gif(const Gif&) = delete;
    Gif& operator=(const Gif&) = delete;

    void add(const QImage& frame, int centiseconds) {
        if (m_count++ == 0) begin(frame.size());
        GraphicsControlBlock control{DISPOSE_DO_NOT, false, centiseconds, NO_TRANSPARENT_COLOR};
        std::array<GifByteType, 4> packed{};
        EGifGCBToExtension(&control, packed.data());
        check(EGifPutExtension(m_gif, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(packed.size()), packed.data()));
        auto* colours = coloursOf(frame);
        check(EGifPutImageDesc(m_gif, 0, 0, frame.width(), frame.height(), false, colours));
        GifFreeMapObject(colours);
        std::vector<GifByteType> line(static_cast<std::size_t>(frame.width()));
        for (int y = 0; y < frame.height(); ++y) {
            std::copy_n(frame.constScanLine(y), line.size(), line.begin());  // giflib wants to write in it
            check(EGifPutLine(m_gif, line.data(), frame.width()));
        }
    }

    Result<std::vector<std::uint8_t>> finish() {
        const bool isClosed = m_gif && EGifCloseFile(std::exchange(m_gif, nullptr), &m_error) == GIF_OK;
        if (isClosed && m_isWhole) return std::move(m_bytes);
        const char* what = GifErrorString(m_error);
        return failure(std::string("The film cannot be made (") + (what ? what : "no reason given") + ").");
    }

private:
    void check(int status) { m_isWhole = m_isWhole && status == GIF_OK; }

    void begin(QSize size) {
        if (!m_gif) return;
        check(EGifPutScreenDesc(m_gif, size.width(), size.height(), 8, 0, nullptr));
        // For ever: Netscape's extension, which all readers know.
        check(EGifPutExtensionLeader(m_gif, APPLICATION_EXT_FUNC_CODE));
        check(EGifPutExtensionBlock(m_gif, 11, "NETSCAPE2.0"));
        check(EGifPutExtensionBlock(m_gif, 3, "\x01\x00\x00"));
        check(EGifPutExtensionTrailer(m_gif));
    }

    static ColorMapObject* coloursOf(const QImage& frame) {
        std::array<GifColorType, 256> colours{};
        const auto table = frame.colorTable();
        for (int i = 0; i < 256; ++i) {
            const QRgb colour = frame.format() == QImage::Format_Grayscale8 ? qRgb(i, i, i) : table.value(i);
            colours[static_cast<std::size_t>(i)] = {static_cast<GifByteType>(qRed(colour)),
                                                    static_cast<GifByteType>(qGreen(colour)),
                                                    static_cast<GifByteType>(qBlue(colour))};
        }
        return GifMakeMapObject(256, colours.data());
    }

    std::vector<std::uint8_t> m_bytes;
    GifFileType* m_gif = nullptr;
    int m_error = 0;
    int m_count = 0;
    bool m_isWhole = true;
};

/// `image` in the middle of a white one of that size.
QImage fitted(const QImage& image, QSize size) {
    if (image.size() == size) return image;
    QImage paper(size, QImage::Format_RGB32);
    paper.fill(Qt::white);
    const auto smaller = image.scaled(size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPainter(&paper).drawImage((size.width() - smaller.width()) / 2, (size.height() - smaller.height()) / 2, smaller);
    return paper.convertToFormat(QImage::Format_Grayscale8);
}

QImage sheetOf(const GridSnapshot& grid) {
    const int columns = grid.request.side;
    const int tile = grid.tiles.width;
    QImage sheet(columns * tile, grid.request.rows() * grid.tiles.height, QImage::Format_Grayscale8);
    for (int i = 0; i < grid.tiles.count; ++i) {
        const auto pixels = grid.tiles.image(i);
        for (int row = 0; row < grid.tiles.height; ++row) {
            auto* line = sheet.scanLine(i / columns * grid.tiles.height + row) + i % columns * tile;
            std::transform(pixels.begin() + row * tile, pixels.begin() + (row + 1) * tile, line,
                           [](std::uint8_t ink) { return static_cast<std::uint8_t>(255 - ink); });
        }
    }
    return sheet;
}

QImage captionStrip(int width, const QString& caption) {
    QImage strip(width, kFilmCaption, QImage::Format_RGB32);
    strip.fill(Qt::white);
    QPainter painter(&strip);
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(12);
    painter.setFont(font);
    painter.setPen(QColor(0x60, 0x60, 0x60));
    painter.drawText(strip.rect().adjusted(8, 0, -8, 0), Qt::AlignVCenter, caption);
    painter.end();
    return strip.convertToFormat(QImage::Format_Grayscale8);
}

}  // namespace

QImage filmFrame(const GridSnapshot& grid, const QString& caption) {
    auto sheet = sheetOf(grid);
    if (sheet.width() > kFilmSide || sheet.height() > kFilmSide)
        sheet = sheet.scaled(kFilmSide, kFilmSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    const auto strip = captionStrip(sheet.width(), caption);
    QImage frame(sheet.width(), sheet.height() + strip.height(), QImage::Format_Grayscale8);
    const auto width = static_cast<std::size_t>(frame.width());
    for (int y = 0; y < frame.height(); ++y)
        std::copy_n(y < sheet.height() ? sheet.constScanLine(y) : strip.constScanLine(y - sheet.height()), width,
                    frame.scanLine(y));
    return frame;
}

struct FilmWriter::Reel {
    fs::path path;
    bool isGif = false;
    QSize size;
    QImage last;  ///< not yet packed: how long it stays is not known
    Gif gif;
    std::vector<NamedBytes> files;
    int count = 0;
};

FilmWriter::FilmWriter(std::unique_ptr<Reel> reel) : m_reel(std::move(reel)) {}
FilmWriter::FilmWriter(FilmWriter&&) noexcept = default;
FilmWriter::~FilmWriter() = default;

namespace {

/// The frames of another film, and the first one of a new film.
std::vector<std::string> framesIn(const fs::path& folder) {
    std::vector<std::string> names{frameFile(1, QImage()).name};
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (const auto name = entry->path().filename().string(); name.starts_with("frame-")) names.push_back(name);
    return names;
}

}  // namespace

Result<FilmWriter> FilmWriter::create(const fs::path& path) {
    auto reel = std::make_unique<Reel>();
    reel->path = path;
    reel->isGif = path.extension() == ".gif" || path.extension() == ".GIF";
    const auto place = reel->isGif ? checkWritable(path) : checkFolder(path, framesIn(path));
    if (!place) return failure(place.error());
    return FilmWriter(std::move(reel));
}

void FilmWriter::add(const QImage& frame) {
    auto& reel = *m_reel;
    if (reel.count++ == 0) reel.size = frame.size();
    const auto image = fitted(frame, reel.size);
    if (!reel.isGif) return reel.files.push_back(frameFile(reel.files.size() + 1, image));
    if (!reel.last.isNull()) reel.gif.add(reel.last, kFrameCentiseconds);
    reel.last = image;
}

int FilmWriter::count() const { return m_reel->count; }

Result<void> FilmWriter::finish() {
    auto& reel = *m_reel;
    if (reel.count == 0) return failure(reel.path.string() + ": there is no picture to make a film of.");
    if (!reel.isGif) return writeWholeFolder(reel.path, reel.files);
    reel.gif.add(reel.last, kLastCentiseconds);
    const auto bytes = reel.gif.finish();
    if (!bytes) return failure(reel.path.string() + ": " + bytes.error());
    return writeWholeFile(reel.path, *bytes);
}

}  // namespace zwei
