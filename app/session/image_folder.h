// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <vector>

#include "models/data/dataset.h"
#include "models/types/result.h"

namespace zwei {

/// A file, or a folder, that looks like images and could not be read.
struct UnreadableImage {
    QString file;  ///< below the folder that was asked for: `7/a.png`
    QString why;   ///< a sentence
};

/// A folder of images as a data set.
struct ImageFolder {
    DatasetPtr dataset;
    std::vector<UnreadableImage> unreadable;
    QStringList classNames;  ///< of the classes that are there, in natural order; empty where unlabelled
    QString note;            ///< sentences on what a person may not expect, or empty
};

/// Takes how many files are done; false cancels. It is called in the thread that reads: at the start, at the end, and
/// at most 30 times a second between.
using ProgressCallback = std::function<bool(int done, int total)>;

/// Reads a folder of images of any size and format that Qt can read, each as `greyPixels` makes it. Blocks, decodes
/// with several threads, and gives the same data set whenever the folder is the same.
///
/// Subfolders are classes: `0` to `9` the digits, others numbered in natural order, and none where there are more than
/// ten; a folder without them is unlabelled. Hidden files are passed over. Every seventh image of a class is for
/// testing, unless the subfolders are `train` and `test`. Both parts are shuffled.
///
/// Fails with one sentence where there is no folder or no image in it, and where `progress` cancelled.
[[nodiscard]] Result<ImageFolder> readImageFolder(const QString& folder, const ProgressCallback& progress = {});

}  // namespace zwei
