// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style_sheet.h"

#include <initializer_list>
#include <utility>

namespace zwei {
namespace {

constexpr const char* kSurfaces = R"(
QMainWindow, QDialog, QMessageBox { background: @{ground}; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow::separator { background: @{ground}; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: @{hover}; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: @{muted}; }
QLabel[role="warning"] { color: @{warning}; }
QScrollArea { background: transparent; border: none; }
QStatusBar { background: transparent; color: @{muted}; font-size: 11px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @{muted}; font-size: 11px; padding: 0px 8px 0px 4px; }
QStatusBar QLabel[role="warning"] { color: @{warning}; }
QSizeGrip { image: none; width: 12px; height: 12px; }
QToolTip { background: @{card}; color: @{text}; border: 1px solid @{line}; padding: 2px 4px; font-size: 11px; }
QToolBar { background: @{ground}; border: none; spacing: 8px; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @{muted}; border: none; padding: 4px 12px; }
QTabBar::tab:selected { color: @{text}; font-weight: 600; }
QTabBar::tab:focus { color: @{accent}; }
)";

constexpr const char* kButtons = R"(
QPushButton { background: @{field}; color: @{text}; border: 1px solid @{line}; border-radius: 6px;
              min-height: 28px; padding: 0px 12px; outline: none; }
QPushButton:hover { background: @{hover}; }
QPushButton:pressed { background: @{pressed}; }
QPushButton:focus { border: 1px solid @{accent}; }
QPushButton:disabled { color: @{disabled}; background: @{field}; border: 1px solid @{line}; }
QPushButton[primary="true"] { background: @{accent}; color: @{onAccent}; border: 1px solid @{accent};
    font-weight: 600; }
QPushButton[primary="true"]:hover { background: @{accentHover}; border: 1px solid @{accentHover}; }
QPushButton[primary="true"]:pressed { background: @{accentPressed}; }
QPushButton[primary="true"]:focus { border: 1px solid @{text}; }
QPushButton[primary="true"]:disabled { background: @{accentDisabled}; border: 1px solid @{accentDisabled}; }
QToolButton { background: transparent; color: @{muted}; border: 1px solid transparent; border-radius: 4px;
              padding: 2px 4px; font-size: 11px; }
QToolButton:hover { color: @{text}; background: @{hover}; }
QToolButton:pressed, QToolButton:open { color: @{text}; background: @{pressed}; }
QToolButton:checked { color: @{text}; background: @{field}; border: 1px solid @{line}; }
QToolButton:focus { border: 1px solid @{accent}; }
QToolButton:disabled { color: @{disabled}; }
QToolButton::menu-indicator { image: none; }
QCheckBox, QRadioButton { background: transparent; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: @{disabled}; }
QCheckBox:focus, QRadioButton:focus { color: @{accent}; }
zwei--SegmentedChoice { background: @{field}; border: 1px solid @{line}; border-radius: 6px; }
zwei--SegmentedChoice QPushButton { background: transparent; color: @{muted}; border: 1px solid transparent;
    border-radius: 5px; min-height: 22px; padding: 0px 4px; font-size: 11px; }
zwei--SegmentedChoice QPushButton:hover { color: @{text}; }
zwei--SegmentedChoice QPushButton:checked { background: @{segment}; color: @{text}; border: 1px solid @{line};
    font-weight: 600; }
zwei--SegmentedChoice QPushButton:focus { border: 1px solid @{accent}; }
zwei--SegmentedChoice QPushButton:disabled { background: transparent; color: @{disabled};
    border: 1px solid transparent; }
zwei--SegmentedChoice QPushButton:checked:disabled { background: @{segment}; color: @{muted};
    border: 1px solid @{line}; }
)";

constexpr const char* kFields = R"(
QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit, zwei--Choice {
    background: @{field}; color: @{text}; border: 1px solid @{line}; border-radius: 6px; padding: 0px 8px;
    selection-background-color: @{selection}; selection-color: @{text}; }
QLineEdit, QAbstractSpinBox, zwei--Choice { min-height: 22px; }
QLineEdit:hover, QAbstractSpinBox:hover, zwei--Choice:hover { background: @{hover}; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus, zwei--Choice:focus, zwei--Choice:on {
    border: 1px solid @{accent}; }
QLineEdit:disabled, QAbstractSpinBox:disabled, zwei--Choice:disabled { color: @{muted}; background: @{field}; }
zwei--ValueField { padding: 0px 4px; }
QLineEdit[quiet="true"] { background: transparent; border: 1px solid transparent; padding: 0px; }
QLineEdit[quiet="true"]:hover { background: @{field}; }
QLineEdit[quiet="true"]:focus { background: @{field}; border: 1px solid @{accent}; }
QLineEdit[quiet="true"]:disabled { background: transparent; }
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:focus { border: 1px solid @{warning}; }
QAbstractSpinBox { qproperty-alignment: "AlignRight | AlignVCenter"; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0px; height: 0px; border: none; }
QComboBox { combobox-popup: 0; }
QComboBoxPrivateContainer { background: @{popup}; border: 1px solid @{line}; }
QComboBox QAbstractItemView { background: @{popup}; color: @{text}; border: 1px solid @{line}; padding: 4px;
    outline: none; selection-background-color: @{selection}; selection-color: @{text}; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0px 8px; border-radius: 4px; color: @{text}; }
QComboBox QAbstractItemView::item:selected { background: @{selection}; color: @{text}; }
QComboBox QAbstractItemView::item:disabled { color: @{disabled}; }
)";

constexpr const char* kSliders = R"(
QSlider:horizontal { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 3px; background: @{line}; border-radius: 1px; }
QSlider::sub-page:horizontal { background: @{accent}; border-radius: 1px; }
QSlider::handle:horizontal { width: 8px; height: 8px; margin: -5px 0px; border: 2px solid @{accent};
                             border-radius: 6px; background: @{card}; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: @{selection}; }
QSlider::sub-page:horizontal:disabled { background: @{disabled}; }
QSlider::handle:horizontal:disabled { border-color: @{disabled}; }
QProgressBar { background: @{line}; border: none; border-radius: 2px; min-height: 4px; max-height: 4px;
               color: transparent; }
QProgressBar::chunk { background: @{accent}; border-radius: 2px; }
QScrollBar { background: transparent; border: none; margin: 0px; }
QScrollBar:vertical { width: 8px; }
QScrollBar:horizontal { height: 8px; }
QScrollBar::handle { background: @{scroll}; border-radius: 2px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @{muted}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)";

constexpr const char* kMenus = R"(
QMenu { background: @{popup}; color: @{text}; border: 1px solid @{line}; padding: 4px; font-size: 12px; }
QMenu::item { padding: 4px 24px 4px 8px; min-height: 18px; border: 1px solid transparent; border-radius: 4px; }
QMenu::item:selected { background: @{selection}; color: @{text}; }
QMenu::item:disabled { color: @{disabled}; }
QMenu::item:disabled:selected { background: transparent; }
QMenu::separator { height: 1px; background: @{line}; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; margin-left: 4px; }
QMenu::right-arrow { width: 8px; height: 8px; margin-right: 8px; }
QMenuBar { background: @{ground}; color: @{text}; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: @{selection}; }
QAbstractItemView { background: @{card}; alternate-background-color: @{field}; color: @{text};
    selection-background-color: @{selection}; selection-color: @{text}; }
QHeaderView::section { background: @{field}; color: @{muted}; border: none; border-bottom: 1px solid @{line};
    padding: 4px 8px; }
)";

using Colours = std::initializer_list<std::pair<const char*, QColor>>;

QString filledIn(QString sheet, const Colours& colours) {
    for (const auto& [name, colour] : colours)
        sheet.replace(QStringLiteral("@{%1}").arg(QLatin1String(name)), colour.name());
    return sheet;
}

QColor popupColour(const Theme& theme) { return theme.dark ? mixed(theme.card, theme.text, 0.03) : theme.card; }

QColor selectionColour(const Theme& theme) { return mixed(theme.card, theme.text, theme.dark ? 0.16 : 0.1); }

}  // namespace

QColor mixed(const QColor& a, const QColor& b, double share) {
    const auto part = [share](int from, int to) { return static_cast<int>(from + (to - from) * share + 0.5); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

QColor warningColour(const Theme& theme) { return mixed(theme.difference, theme.text, theme.dark ? 0.1 : 0.3); }

QColor disabledColour(const Theme& theme) { return mixed(theme.muted, theme.card, theme.dark ? 0.3 : 0.2); }

QString styleSheet(const Theme& theme) {
    QString sheet;
    for (const char* part : {kSurfaces, kButtons, kFields, kSliders, kMenus}) sheet += QLatin1String(part);
    return filledIn(sheet, {{"ground", theme.ground},
                            {"card", theme.card},
                            {"line", theme.line},
                            {"text", theme.text},
                            {"muted", theme.muted},
                            {"field", theme.field},
                            {"accent", theme.accent},
                            {"warning", warningColour(theme)},
                            {"disabled", disabledColour(theme)},
                            {"hover", mixed(theme.field, theme.text, 0.05)},
                            {"pressed", mixed(theme.field, theme.text, 0.1)},
                            {"popup", popupColour(theme)},
                            {"selection", selectionColour(theme)},
                            {"segment", theme.dark ? theme.ground : theme.card},
                            {"scroll", mixed(theme.line, theme.muted, 0.3)},
                            {"onAccent", QColor(Qt::white)},
                            {"accentHover", mixed(theme.accent, theme.text, 0.12)},
                            {"accentPressed", mixed(theme.accent, theme.ground, 0.15)},
                            {"accentDisabled", mixed(theme.accent, theme.ground, 0.55)}});
}

QPalette palette(const Theme& theme) {
    QPalette palette(theme.text, theme.field, mixed(theme.card, theme.text, 0.1), theme.line, theme.muted, theme.text,
                     theme.card);
    palette.setColor(QPalette::Window, theme.ground);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::AlternateBase, theme.field);
    palette.setColor(QPalette::ToolTipBase, theme.card);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::BrightText, warningColour(theme));
    palette.setColor(QPalette::Highlight, selectionColour(theme));
    palette.setColor(QPalette::HighlightedText, theme.text);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, disabledColour(theme));
    return palette;
}

}  // namespace zwei
