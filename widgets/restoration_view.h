// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/types/bench.h"
#include "widgets/tile_view.h"

namespace zwei {

/// Digits, the same with noise, what each method makes of them, and where the chosen method's differ from the digits;
/// methods side by side where the digits are few, one below the other where they are many. Figures stand beside a
/// method where the clean digits are known, the best ones brighter than the others.
class RestorationView : public TileView {
    Q_OBJECT

public:
    explicit RestorationView(QWidget* parent = nullptr);

    void setDigits(std::shared_ptr<const RestoredDigits> digits);
    /// Marks a digit, and has it among those shown where not all of them fit. A selection goes along to it.
    void setCurrent(int digit);
    int current() const { return m_current; }
    void setModelName(const QString& name);
    void clear(const QString& why);

    /// Of all rows or columns, in their order.
    QStringList methodNames() const;
    /// That fit; the others can still be taken with `allImages`.
    int shownDigits() const;
    /// Whose difference to the digits is shown: of the tile that was selected last, and before that the first one.
    std::optional<Restorer> chosen() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void digitPicked(int digit);

protected:
    std::vector<Tile> layOut() override;
    void paintBeside(QPainter& painter) const override;
    void tileSelected(const Tile& tile) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Method;
    struct Layout {
        bool hasMethodsAsRows = false;
        bool hasHeader = false;
        int digits = 0;  ///< that are shown
        int side = 0;
        QPoint origin;  ///< of the first tile
        QPoint method;  ///< from one method's tile to the next one's
        QPoint digit;   ///< from one digit's tile to the next one's

        QRect tile(int ofMethod, int ofDigit) const {
            return {origin + ofMethod * method + ofDigit * digit, QSize(side, side)};
        }
    };

    int count() const;
    bool hasFigures() const;
    const Restored* chosenRestored() const;
    const Restored* best() const;
    QString nameOf(Restorer by) const;
    QString figuresOf(const Method& method) const;
    std::vector<Method> methods() const;
    Layout rowLayout(int methodCount) const;
    Layout columnLayout(int methodCount) const;

    void makeDifferences();
    void describe();
    void paintRowTexts(QPainter& painter) const;
    void paintColumnTexts(QPainter& painter) const;
    void paintCurrent(QPainter& painter) const;
    void paintMore(QPainter& painter) const;

    std::shared_ptr<const RestoredDigits> m_digits;
    ImageBatch m_differences;  ///< none without clean digits
    QString m_modelName;
    std::optional<Restorer> m_chosen;  ///< by hand
    int m_current = 0;
    int m_first = 0;  ///< of the digits that are shown
    Layout m_layout;
};

}  // namespace zwei
