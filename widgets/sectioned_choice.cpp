// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sectioned_choice.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <algorithm>

#include "widgets/style_sheet.h"

namespace zwei {
namespace {

constexpr int kIdRole = Qt::UserRole;
constexpr int kSectionRole = Qt::UserRole + 1;  // headings have none

QFont headingFont() {
    QFont font = Theme::font(10, QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.7);
    return font;
}

/// Draws a heading as the headings of a panel are, under a hairline where something is above it.
class SectionDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        if (index.data(kSectionRole).isValid()) return QStyledItemDelegate::paint(painter, option, index);
        const Theme& theme = Theme::current();
        painter->save();
        if (index.row() > 0) {
            painter->setPen(theme.line);
            painter->drawLine(option.rect.left(), option.rect.top() + 4, option.rect.right(), option.rect.top() + 4);
        }
        painter->setFont(headingFont());
        painter->setPen(theme.muted);
        painter->drawText(option.rect.adjusted(11, 0, -8, -4), Qt::AlignLeft | Qt::AlignBottom,
                          index.data().toString());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const QSize size = QStyledItemDelegate::sizeHint(option, index);
        if (index.data(kSectionRole).isValid()) return size;
        return {size.width(), index.row() > 0 ? 30 : 22};
    }
};

}  // namespace

SectionedChoice::SectionedChoice(QWidget* parent) : Choice(parent) {
    setItemDelegate(new SectionDelegate(this));
    setMaxVisibleItems(24);
    connect(this, &QComboBox::activated, this, [this](int index) {
        Q_EMIT itemChosen(itemData(index, kSectionRole).toInt(), itemData(index, kIdRole).toString());
    });
}

void SectionedChoice::setSections(const std::vector<Section>& sections) {
    const QSignalBlocker quiet(this);
    clear();
    const auto hasItems = [](const Section& section) { return !section.ids.isEmpty(); };
    const bool hasHeadings = std::count_if(sections.begin(), sections.end(), hasItems) > 1;
    for (int section = 0; section < static_cast<int>(sections.size()); ++section) {
        const auto& [heading, ids, titles] = sections[static_cast<std::size_t>(section)];
        if (hasHeadings && !ids.isEmpty()) addHeading(heading);
        for (int i = 0; i < ids.size(); ++i) {
            addItem(titles.value(i, ids[i]), ids[i]);
            setItemData(count() - 1, section, kSectionRole);
        }
    }
    setCurrentIndex(-1);
    // The list may be wider than the bar has room for.
    view()->setMinimumWidth(view()->sizeHintForColumn(0) + 16);
}

void SectionedChoice::setCurrentItem(int section, const QString& id) {
    const QSignalBlocker quiet(this);
    setCurrentIndex(indexOf(section, id));
}

void SectionedChoice::addHeading(const QString& title) {
    addItem(title);
    auto* items = qobject_cast<QStandardItemModel*>(model());
    items->item(count() - 1)->setFlags(Qt::NoItemFlags);
}

int SectionedChoice::indexOf(int section, const QString& id) const {
    for (int i = 0; i < count(); ++i) {
        const QVariant itsSection = itemData(i, kSectionRole);
        if (itsSection.isValid() && itsSection.toInt() == section && itemData(i, kIdRole).toString() == id) return i;
    }
    return -1;
}

}  // namespace zwei
