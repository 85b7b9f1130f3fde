// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "models/types/metrics.h"
#include "widgets/loss_quantity.h"

namespace zwei {

/// The figures of a run over its epochs, one quantity at a time; which ones there are is the history's to say. Follows
/// a growing run until a person zooms (wheel) or pans (drag); a double click fits it again. Pointing anywhere, or the
/// arrow keys once it has the focus, reads all figures of an epoch.
class LossView : public QWidget {
    Q_OBJECT

public:
    using Quantity = LossQuantity;

    explicit LossView(QWidget* parent = nullptr);
    ~LossView() override;

    void setHistory(std::vector<EpochStatistics> history);
    void append(const EpochStatistics& epoch);
    /// No curve, and a sentence that says what will be here.
    void clear(const QString& why);

    void setLogScale(bool logarithmic);
    /// Shown where the history has it; where not, the best it has is shown, until one has it again.
    void setQuantity(Quantity quantity);
    /// The one shown.
    Quantity quantity() const;
    /// What the numbers are, such as "nats an image": for the title of the card.
    QString explanation() const;

    /// The choice of the quantity, the log toggle and the key: for the title of the card this view is in, which then
    /// owns them.
    QWidget* tools() const;

    /// The epoch that is being read; nothing while none is.
    std::optional<EpochStatistics> hovered() const;

Q_SIGNALS:
    void explanationChanged(const QString& explanation);

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
