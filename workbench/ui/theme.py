"""The theme that is shown: palette, style and icons in its colours."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from typing import Protocol
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from workbench.foundation.resources import resource
from workbench.ui.colours import DARK, LIGHT, Theme, mix
from workbench.ui.style_sheet import style_sheet

ICON_SIZES = (16, 20, 24, 32, 48)


class Changes(QObject):
    """Tells views that the theme is another."""

    changed = Signal()


class HasIcon(Protocol):
    """An action or a button."""

    def setIcon(self, icon: QIcon) -> None: ...


changes = Changes()
_active = LIGHT
_printed: ContextVar[Theme | None] = ContextVar("printed", default=None)
_decorated: WeakKeyDictionary[QObject, tuple[str, str]] = WeakKeyDictionary()


def active() -> Theme:
    """The theme that is shown now; in a thread that draws for a file, that of the file."""
    return _printed.get() or _active


@contextmanager
def drawn_in(theme: Theme) -> Iterator[None]:
    """Let this thread alone draw in other colours than the window's."""
    token = _printed.set(theme)
    try:
        yield
    finally:
        _printed.reset(token)


def for_print() -> Theme:
    """The light colours on white."""
    return replace(LIGHT, background=LIGHT.surface)


def apply(app: QApplication, name: str) -> Theme:
    """Show the program in "light", "dark" or the colours of the "system"."""
    global _active
    _active = DARK if name == "dark" or (name == "system" and _system_is_dark()) else LIGHT
    app.setStyleSheet("")  # Qt polishes a widget once for each of its ancestors where a sheet follows another
    if app.style().name().lower() != "fusion":  # while a sheet is set, the style has no name
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(_active))
    app.setStyleSheet(style_sheet(_active))
    _colour_plots(_active)
    icon.cache_clear()
    _tint_again()
    changes.changed.emit()
    return _active


@contextmanager
def plain(app: QApplication) -> Iterator[None]:
    """Make many widgets: as long as a sheet is set, Qt polishes each once for each of its ancestors as they join."""
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """Fusion's palette in the theme's colours."""
    result = QPalette()
    role = QPalette.ColorRole
    roles = {
        role.Window: theme.background, role.WindowText: theme.text, role.Base: theme.surface,
        role.AlternateBase: mix(theme.surface, theme.background, 0.6), role.Text: theme.text,
        role.Button: mix(theme.surface, theme.background, 0.3), role.ButtonText: theme.text,
        role.BrightText: theme.text,
        role.ToolTipBase: theme.surface, role.ToolTipText: theme.text, role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent, role.HighlightedText: QColor("#0d1512" if theme.name == "dark" else "#ffffff"),
        role.Link: theme.accent, role.LinkVisited: theme.accent, role.Accent: theme.accent,
        role.Light: mix(theme.surface, theme.text, 0.06), role.Midlight: theme.line, role.Mid: theme.line,
        role.Dark: mix(theme.line, theme.text, 0.25), role.Shadow: mix(theme.line, theme.text, 0.3),
    }  # fmt: skip
    for key, colour in roles.items():
        result.setColor(key, colour)
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, key, mix(theme.muted, theme.background, 0.4))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, theme.line)
    return result


@lru_cache(maxsize=256)
def icon(name: str, colour: str = "") -> QIcon:
    """One of our line icons in the theme's text colour, or in one of its other colours by name."""
    tint: QColor = getattr(_active, colour or "text")
    faint = mix(_active.muted, _active.background, 0.5)
    result = QIcon()
    for colour_of_mode, mode in ((tint, QIcon.Mode.Normal), (faint, QIcon.Mode.Disabled)):
        renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour_of_mode.name()).encode()))
        for size in ICON_SIZES:
            result.addPixmap(_drawn(renderer, size), mode)
    return result


def decorate(target: HasIcon, name: str, colour: str = "") -> None:
    """Give an action or button an icon that follows the theme."""
    target.setIcon(icon(name, colour))
    assert isinstance(target, QObject)
    _decorated[target] = name, colour


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap


def _tint_again() -> None:
    for target, (name, colour) in list(_decorated.items()):
        _set_icon(target, icon(name, colour))


def _set_icon(target: object, picture: QIcon) -> None:
    try:
        target.setIcon(picture)  # type: ignore[attr-defined]
    except RuntimeError:  # Qt's half is deleted already, Python's half not yet
        return


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _colour_plots(theme: Theme) -> None:
    """New plots take the theme's colours; the plotting library is not imported for it."""
    if (plots := sys.modules.get("pyqtgraph")) is not None:
        plots.setConfigOptions(background=theme.surface, foreground=theme.muted)
