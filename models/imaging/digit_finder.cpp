// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/digit_finder.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "models/types/quantile.h"

namespace zwei {
namespace {

constexpr double kLeastSide = 0.02;        // of the page's shorter side, and
constexpr int kLeastPixels = 7;            // at least: what is smaller is a speck
constexpr std::size_t kMostPieces = 4000;  // each is compared with each; a page has room for fewer digits

/// Connected pieces that make one digit.
struct Piece {
    cv::Rect box;
    int area = 0;
    std::vector<int> labels;

    int size() const { return std::max(box.width, box.height); }
    int right() const { return box.x + box.width; }
    int bottom() const { return box.y + box.height; }
};

int overlap(int begin, int end, int otherBegin, int otherEnd) {
    return std::min(end, otherEnd) - std::max(begin, otherBegin);  // below 0 is a gap
}

/// A rule of the paper, the edge of a sheet or of a shadow: long and thin, or along the page's border.
bool isLine(const Piece& piece, const cv::Size& page) {
    constexpr double kThin = 0.04;
    const double length = std::hypot(piece.box.width, piece.box.height);
    const bool isLong = piece.box.width > 0.4 * page.width || piece.box.height > 0.4 * page.height;
    if (isLong && piece.area < kThin * length * length) return true;
    const int borders =
        (piece.box.x == 0) + (piece.box.y == 0) + (piece.right() == page.width) + (piece.bottom() == page.height);
    return borders >= 2;
}

std::vector<Piece> piecesOf(const cv::Mat1i& labels, const cv::Mat1i& statistics) {
    std::vector<Piece> pieces;
    for (int label = 1; label < statistics.rows; ++label) {
        const auto* of = statistics[label];
        pieces.push_back({{of[cv::CC_STAT_LEFT], of[cv::CC_STAT_TOP], of[cv::CC_STAT_WIDTH], of[cv::CC_STAT_HEIGHT]},
                          of[cv::CC_STAT_AREA],
                          {label}});
    }
    std::erase_if(pieces, [&](const Piece& piece) { return piece.area < 4 || isLine(piece, labels.size()); });
    return pieces;
}

/// The height of a digit here: the median of the pieces that have most ink.
double usualSize(const std::vector<Piece>& pieces) {
    if (pieces.empty()) return 0;
    const auto most = std::max_element(pieces.begin(), pieces.end(),
                                       [](const auto& a, const auto& b) { return a.size() < b.size(); });
    std::vector<int> sizes;
    for (const auto& piece : pieces)
        if (piece.size() >= most->size() / 3) sizes.push_back(piece.size());
    return median(std::move(sizes));
}

/// A page of dots has a hundred thousand pieces, and nobody wants to wait for them.
void keepLargest(std::vector<Piece>& pieces) {
    if (pieces.size() <= kMostPieces) return;
    std::vector<int> sizes;
    sizes.reserve(pieces.size());
    for (const auto& piece : pieces) sizes.push_back(piece.size());
    const auto least = sizes.begin() + kMostPieces;
    std::nth_element(sizes.begin(), least, sizes.end(), std::greater<>());
    std::erase_if(pieces, [least](const Piece& piece) { return piece.size() < *least; });
    if (pieces.size() > kMostPieces) pieces.resize(kMostPieces);
}

/// Is one of them what a pen that was lifted, or a weak stroke, left of the other: above, below or beside it?
bool belongTogether(const Piece& a, const Piece& b, double usual) {
    const auto both = a.box | b.box;
    if (both.height > 1.5 * usual || both.width > 1.3 * usual) return false;
    const int across = overlap(a.box.x, a.right(), b.box.x, b.right());
    const int down = overlap(a.box.y, a.bottom(), b.box.y, b.bottom());
    const bool isFragment = std::min(a.size(), b.size()) < 0.6 * usual;
    const bool isAbove = across > 0.4 * std::min(a.box.width, b.box.width) && down > -0.2 * usual;
    const bool isBeside = down > 0.4 * std::min(a.box.height, b.box.height) && across > -0.1 * usual;
    return isAbove || (isFragment && isBeside);
}

void joinPieces(std::vector<Piece>& pieces, double usual) {
    for (bool isChanged = true; isChanged;) {
        isChanged = false;
        for (std::size_t i = 0; i < pieces.size(); ++i)
            for (std::size_t j = pieces.size() - 1; j > i; --j) {
                auto& a = pieces[i];
                const auto& b = pieces[j];
                if (!belongTogether(a, b, usual)) continue;
                a.box |= b.box;
                a.area += b.area;
                a.labels.insert(a.labels.end(), b.labels.begin(), b.labels.end());
                pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(j));
                isChanged = true;
            }
    }
}

cv::Point2d middleOf(const Piece& piece) {
    return {piece.box.x + 0.5 * piece.box.width, piece.box.y + 0.5 * piece.box.height};
}

/// Lines of writing, each from the left: what stands to the right of a digit and not much higher or lower, although the
/// page may be turned.
std::vector<std::vector<Piece>> linesOf(std::vector<Piece> pieces, double usual) {
    constexpr double kSteepest = 0.25;
    std::sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return middleOf(a).x < middleOf(b).x; });
    std::vector<std::vector<Piece>> lines;
    for (auto& piece : pieces) {
        const auto distance = [&](const std::vector<Piece>& line) {
            const auto step = middleOf(piece) - middleOf(line.back());
            return std::abs(step.y) - std::min(kSteepest * step.x, 0.5 * usual);
        };
        const auto nearest = std::min_element(lines.begin(), lines.end(),
                                              [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
        if (nearest != lines.end() && distance(*nearest) < 0.4 * usual)
            nearest->push_back(std::move(piece));
        else
            lines.push_back({std::move(piece)});
    }
    return lines;
}

/// How much lower a line is a pixel further to the right: the median over neighbours.
double slopeOf(const std::vector<std::vector<Piece>>& lines) {
    std::vector<double> slopes;
    for (const auto& line : lines)
        for (std::size_t i = 1; i < line.size(); ++i) {
            const auto step = middleOf(line[i]) - middleOf(line[i - 1]);
            slopes.push_back(step.y / std::max(1.0, step.x));
        }
    return median(std::move(slopes));
}

std::vector<Piece> inReadingOrder(std::vector<Piece> pieces, double usual) {
    auto lines = linesOf(std::move(pieces), usual);
    const double slope = slopeOf(lines);
    const auto height = [slope](const std::vector<Piece>& line) {
        double sum = 0;
        for (const auto& piece : line) sum += middleOf(piece).y - slope * middleOf(piece).x;
        return sum / static_cast<double>(line.size());
    };
    std::sort(lines.begin(), lines.end(), [&](const auto& a, const auto& b) { return height(a) < height(b); });
    std::vector<Piece> ordered;
    for (auto& line : lines) std::move(line.begin(), line.end(), std::back_inserter(ordered));
    return ordered;
}

cv::Mat1b strokesOf(const Piece& piece, const cv::Mat1i& labels) {
    cv::Mat1b strokes = cv::Mat1b::zeros(piece.box.size());
    const cv::Mat1i inside = labels(piece.box);
    for (const int label : piece.labels) strokes |= inside == label;
    return strokes;
}

}  // namespace

std::vector<FoundDigit> findDigits(const InkMap& map) {
    cv::Mat1i labels, statistics;
    cv::Mat centroids;
    cv::connectedComponentsWithStats(map.ink > map.threshold, labels, statistics, centroids, 8, CV_32S);
    auto pieces = piecesOf(labels, statistics);
    const double least = std::max<double>(kLeastPixels, kLeastSide * std::min(labels.cols, labels.rows));
    const double usual = usualSize(pieces);
    std::erase_if(pieces, [&](const Piece& piece) { return piece.size() < 0.1 * usual; });
    keepLargest(pieces);
    joinPieces(pieces, usual);
    std::erase_if(pieces, [&](const Piece& piece) { return piece.size() < std::max(least, 0.45 * usual); });
    std::vector<FoundDigit> found;
    for (const auto& piece : inReadingOrder(std::move(pieces), usual))
        found.push_back({piece.box, strokesOf(piece, labels)});
    return found;
}

}  // namespace zwei
