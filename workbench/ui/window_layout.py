"""How the user left the window: where it stands, how it is divided, which tabs are in front."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget

from workbench.foundation.files import write_text
from workbench.foundation.settings import settings_folder

FILE = "window.json"
MOST_PARTS = 16


@dataclass(frozen=True)
class WindowLayout:
    """Splitters and tabs by their object names; `commands` were used lately."""

    geometry: str = ""
    splitters: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    tabs: Mapping[str, int] = field(default_factory=dict)
    has_details: bool = False
    commands: tuple[str, ...] = ()


def layout_file() -> Path:
    """Where the layout is saved, beside the settings."""
    return settings_folder() / FILE


def load_layout() -> WindowLayout:
    """The saved layout; what is missing or damaged is as in a new window: nothing is lost but comfort."""
    try:
        found = json.loads(layout_file().read_bytes())
    except (OSError, ValueError, RecursionError):
        return WindowLayout()
    return _checked(found) if isinstance(found, dict) else WindowLayout()


def save_layout(layout: WindowLayout) -> None:
    """Write it; a `WorkbenchError` where that is not possible."""
    write_text(layout_file(), json.dumps(asdict(layout), indent=1) + "\n")


def geometry_of(window: QMainWindow) -> str:
    """Where a window stands, and whether it fills the screen."""
    return bytes(window.saveGeometry().toBase64().data()).decode("ascii")


def restore_geometry(window: QMainWindow, geometry: str) -> bool:
    """Put a window where it stood; Qt moves it onto a screen that is there. False where nothing is known."""
    return bool(geometry) and window.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii")))


def divided(window: QMainWindow) -> dict[str, tuple[int, ...]]:
    """The sizes of the parts of every splitter that has a name."""
    return {name: tuple(part.sizes()) for name, part in _named(window, QSplitter)}


def divide(window: QMainWindow, splitters: Mapping[str, tuple[int, ...]]) -> None:
    """Give the parts of splitters these sizes, or shares of what there is now."""
    for name, part in _named(window, QSplitter):
        sizes = splitters.get(name, ())
        if len(sizes) == part.count() and any(sizes):
            part.setSizes(list(sizes))


def chosen_tabs(window: QMainWindow) -> dict[str, int]:
    """The chosen page of all tabs that have a name."""
    return {name: part.currentIndex() for name, part in _named(window, QTabWidget)}


def choose_tabs(window: QMainWindow, tabs: Mapping[str, int]) -> None:
    """Bring these pages to the front."""
    for name, part in _named(window, QTabWidget):
        if tabs.get(name, -1) in range(part.count()):
            part.setCurrentIndex(tabs[name])


def _named(window: QMainWindow, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    named = ((part.objectName(), part) for part in window.findChildren(kind))
    return ((name, part) for name, part in named if name and not name.startswith("qt_"))


def _checked(found: Mapping[str, Any]) -> WindowLayout:
    """Only what has the right form."""
    geometry, splitters, tabs = found.get("geometry"), found.get("splitters"), found.get("tabs")
    commands = found.get("commands")
    return WindowLayout(
        geometry if isinstance(geometry, str) and geometry.isascii() else "",
        {name: tuple(sizes) for name, sizes in _items(splitters) if _is_sizes(sizes)},
        {name: at for name, at in _items(tabs) if isinstance(at, int)},
        found.get("has_details") is True,
        tuple(name for name in commands if isinstance(name, str))[:MOST_PARTS] if isinstance(commands, list) else (),
    )


def _items(found: object) -> list[tuple[str, Any]]:
    return list(found.items()) if isinstance(found, dict) else []


def _is_sizes(sizes: object) -> bool:
    return isinstance(sizes, list) and all(isinstance(size, int) and 0 <= size < 1 << 16 for size in sizes)
