// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "models/types/metrics.h"

namespace zwei {

/// The figures of a run over its epochs, test and train, in nats an image. Follows a growing run until a person zooms
/// (wheel) or pans (drag); a double click fits it again. Pointing anywhere, or the arrow keys once it has the focus,
/// reads all figures of an epoch.
class LossView : public QWidget {
    Q_OBJECT

public:
    enum class Quantity { NegElbo, Reconstruction, Kl };

    explicit LossView(QWidget* parent = nullptr);
    ~LossView() override;

    void setHistory(std::vector<EpochStatistics> history);
    void append(const EpochStatistics& epoch);
    /// No curve, and a sentence that says what will be here.
    void clear(const QString& why);

    void setLogScale(bool logarithmic);
    void setQuantity(Quantity quantity);

    /// The choice of the quantity, the log toggle and the key: for the title of the card this view is in, which then
    /// owns them.
    QWidget* tools() const;

    /// The epoch that is being read; nothing while none is.
    std::optional<EpochStatistics> hovered() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace zwei
