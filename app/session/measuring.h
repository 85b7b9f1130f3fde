// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

#include "models/data/dataset.h"
#include "models/io/model_file.h"
#include "models/types/figures.h"
#include "models/types/properties.h"

namespace zwei {

/// Takes what takes a while of a model, aside, one thing at a time: what is begun ends what is under way. Each ends
/// with `ended`, before its result or its fault.
class Measuring : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    /// What is under way must not answer somebody who is gone.
    ~Measuring() override;

    void takeFigures(const Model& model, const DatasetPtr& data);
    /// The second data set is one of drawings other than the model's: KMNIST where it is in `datasets`, else any that
    /// is in a file; none where there is no such.
    void takeProperties(const Model& model, const DatasetPtr& data, const std::vector<DatasetLocation>& datasets,
                        const std::vector<std::filesystem::path>& folders);
    void cancel();
    bool isUnderWay() const { return m_stop != nullptr; }

Q_SIGNALS:
    void figuresProgressed(double share);
    void figuresReady(const zwei::Figures& figures);
    void propertiesReady(const zwei::PropertiesSnapshot& properties);
    void ended();
    void failed(const QString& sentence);

private:
    template <typename Take, typename Done>
    void begin(Take take, Done done);

    QThreadPool m_pool;
    std::shared_ptr<std::atomic<bool>> m_stop;  // of what is under way; null: nothing is
};

}  // namespace zwei
