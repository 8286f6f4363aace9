"""The few things that a palette cannot say: no raised frames, thin separators, visible focus."""

from workbench.ui.colours import Theme, mix

RULES = """
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {line}; padding: 4px 6px; }}
QMainWindow::separator {{ background: {line}; width: 1px; height: 1px; }}
QSplitter::handle {{ background: {line}; }}
QSplitter::handle:hover {{ background: {accent}; }}
QToolBar {{ background: {background}; border: none; border-bottom: 1px solid {line}; spacing: 4px; padding: 4px 8px; }}
QToolBar::separator {{ background: {line}; width: 1px; margin: 6px 4px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 3px 7px; color: {text};
    background: transparent; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {pressed}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:disabled {{ color: {faint}; }}
QToolButton[popupMode="2"] {{ padding-right: 20px; }}
QToolButton::menu-indicator {{ image: url("{chevron}"); width: 12px; height: 12px; subcontrol-origin: padding;
    subcontrol-position: right center; right: 5px; }}
QPushButton {{ border: 1px solid {line}; border-radius: 4px; padding: 4px 12px; background: {surface};
    color: {text}; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {pressed}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:disabled {{ color: {faint}; background: {background}; }}
QPushButton[primary="true"] {{ background: {accent}; border-color: {accent}; color: {on_accent}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: {accent_hover}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; padding: 3px 11px; }}
QPushButton[primary="true"]:disabled {{ background: {pressed}; border-color: {line}; color: {faint}; }}
QPushButton[flat_row="true"] {{ border-color: transparent; background: transparent; text-align: left; }}
QPushButton[flat_row="true"]:hover {{ background: {hover}; }}
QPushButton[flat_row="true"]:focus {{ border-color: {accent}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {{ border: 1px solid {line}; border-radius: 4px;
    padding: 3px 6px;
    background: {surface}; selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus {{ border-color: {accent}; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0; background: transparent; }}
QAbstractSpinBox[role="plain"]::up-button, QAbstractSpinBox[role="plain"]::down-button {{ width: 0; height: 0;
    border: none; }}
QPlainTextEdit[role="plain"] {{ border: none; border-radius: 0; }}
QLineEdit[invalid="true"] {{ border-color: {bad}; }}
QLineEdit:disabled, QAbstractSpinBox:disabled {{ color: {faint}; background: {background}; }}
QComboBox {{ border: 1px solid {line}; border-radius: 4px; padding: 3px 8px; background: {surface};
    color: {text}; }}
QComboBox:hover {{ background: {hover}; }}
QComboBox:focus {{ border-color: {accent}; }}
QComboBox:disabled {{ color: {faint}; background: {background}; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox::down-arrow {{ image: url("{chevron}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ border: 1px solid {line}; background: {surface}; selection-background-color: {selected};
    selection-color: {text}; outline: none; padding: 2px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {line}; }}
QTabBar {{ background: {background}; qproperty-drawBase: 0; }}
QTabBar::tab {{ padding: 7px 14px; border: none; border-bottom: 2px solid transparent; color: {muted};
    background: transparent; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QHeaderView {{ background: {surface}; border: none; }}
QHeaderView::section {{ background: {surface}; color: {muted}; border: none; border-bottom: 1px solid {line};
    border-right: 1px solid {line}; padding: 4px 6px; }}
QHeaderView::section:hover {{ color: {text}; background: {hover}; }}
QHeaderView[role="plain"]::section {{ padding: 4px 3px; }}
QHeaderView::section:last {{ border-right: none; }}
QTableCornerButton::section {{ background: {surface}; border: none; border-bottom: 1px solid {line}; }}
QTableView, QTreeView, QListView {{ border: 1px solid {surface}; background: {surface};
    alternate-background-color: {alternate}; selection-background-color: {selected}; selection-color: {text};
    outline: none; gridline-color: {line}; }}
QTableView:focus, QTreeView:focus, QListView:focus {{ border-color: {accent}; }}
QListView[role="popup"] {{ border: 1px solid {line}; padding: 2px; }}
QListView::item {{ min-height: 22px; }}
QScrollArea {{ border: 1px solid transparent; background: transparent; }}
QScrollArea:focus {{ border-color: {accent}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {handle}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenuBar {{ background: {background}; border-bottom: 1px solid {line}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {pressed}; }}
QMenu {{ background: {surface}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 10px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selected}; color: {text}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::icon:checked {{ background: {selected}; border: 1px solid {accent}; border-radius: 4px; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 6px; }}
QStatusBar {{ background: {background}; border-top: 1px solid {line}; color: {muted}; }}
QStatusBar::item {{ border: none; }}
QCheckBox {{ spacing: 6px; }}
QCheckBox::indicator, QAbstractItemView::indicator {{ width: 13px; height: 13px; border: 1px solid {muted};
    border-radius: 3px; background: {surface}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url("{check}"); }}
QCheckBox::indicator:focus {{ border-color: {text}; }}
QCheckBox::indicator:disabled {{ border-color: {handle}; background: {background}; image: none; }}
QCheckBox::indicator:checked:disabled {{ background: {handle}; image: url("{check}"); }}
QRadioButton {{ spacing: 6px; }}
QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {muted}; border-radius: 7px;
    background: {surface}; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {accent}; background: {surface}; }}
QRadioButton::indicator:focus {{ border-color: {text}; }}
QRadioButton::indicator:disabled {{ border-color: {handle}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {line}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{ width: 12px; margin: -4px 0; border-radius: 6px; background: {accent}; }}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {text}; }}
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled {{ background: {handle}; }}
QProgressBar {{ border: none; border-radius: 3px; background: {line}; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ border-radius: 3px; background: {accent}; }}
QLabel[role="title"] {{ font-weight: 600; }}
QLabel:focus {{ background: {selected}; border-radius: 3px; }}
QLabel[role="muted"], QCheckBox[role="muted"] {{ color: {muted}; }}
QLabel[role="bad"] {{ color: {bad}; }}
QLabel[role="good"] {{ color: {accent}; }}
QLabel[role="warning"] {{ color: {poor}; }}
QLabel[role="heading"] {{ font-size: {heading}px; font-weight: 600; }}
QLabel[role="code"] {{ background: {background}; border: 1px solid {line}; border-radius: 4px; padding: 8px;
    font-family: monospace; }}
QFrame[role="line"] {{ background: {line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="vline"] {{ background: {line}; border: none; max-width: 1px; min-width: 1px; }}
QWidget[role="surface"] {{ background: {surface}; }}
QFrame[role="card"] {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
QFrame[role="callout"] {{ background: {surface}; border: 1px solid {accent}; border-radius: 8px; }}
QFrame[role="drop"] {{ background: {surface}; border: 1px dashed {handle}; border-radius: 8px; }}
QFrame[role="drop"][hot="true"] {{ border: 2px dashed {accent}; }}
"""


def style_sheet(theme: Theme) -> str:
    """The rules in a theme's colours."""
    from workbench.foundation.resources import resource
    from workbench.ui.text_size import pixels

    dark = theme.name == "dark"
    colours = {
        "background": theme.background, "surface": theme.surface, "text": theme.text, "muted": theme.muted,
        "line": theme.line, "accent": theme.accent, "bad": theme.bands[3].colour, "poor": theme.bands[2].colour,
        "hover": mix(theme.background, theme.text, 0.06), "pressed": mix(theme.background, theme.text, 0.12),
        "faint": mix(theme.muted, theme.background, 0.4), "handle": mix(theme.line, theme.muted, 0.5),
        "selected": mix(theme.surface, theme.accent, 0.28 if dark else 0.18),
        "alternate": mix(theme.surface, theme.background, 0.5),
        "accent_hover": mix(theme.accent, theme.text, 0.15),
    }  # fmt: skip
    names = {key: colour.name() for key, colour in colours.items()}
    chevron, check = (resource("icons", f"{name}-{theme.name}.svg").as_posix() for name in ("chevron", "check"))
    return RULES.format(
        **names, heading=pixels(20), on_accent="#0d1512" if dark else "#ffffff", chevron=chevron, check=check
    )
