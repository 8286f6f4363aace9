"""All commands of a window by name: what the palette offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from workbench.ui.actions import WHY
from workbench.ui.keys import key_text, place_of, plain
from workbench.ui.models.fuzzy import LATER, Match, best
from workbench.ui.translate import source_of

RECENT, GREY = 4.0, 6.0
"""What counts for a command that was used lately, and off one that cannot be used now."""


@dataclass(frozen=True)
class Command:
    """`name` is the English title, the same in every language; `place` is the menu."""

    action: QAction
    title: str
    name: str
    place: str
    keys: str

    @property
    def why(self) -> str:
        """Why it cannot be used now; "" where nobody says."""
        return str(self.action.property(WHY) or "")


@dataclass(frozen=True)
class Found:
    """A command, and the letters that were looked for: in its title, or in its English name."""

    command: Command
    places: tuple[int, ...] = ()
    in_name: bool = False


def commands(window: QMainWindow) -> list[Command]:
    """Every command of the menus, then what only views have; each once."""
    found: dict[QAction, Command] = {}
    for action, place in (*_of_menus(window.menuBar().actions(), ()), *_of_views(window)):
        if action not in found and action.isVisible() and plain(action.text()):
            found[action] = _command(action, place)
    return list(found.values())


def ranked(query: str, known: Sequence[Command], recent: Sequence[str]) -> list[Found]:
    """The commands that a query finds, the best first; without a query the recent ones, then all in their order."""
    rows = []
    for at, command in enumerate(known):
        hit = best(query, tuple(dict.fromkeys((command.title, command.name, f"{command.place} {command.title}"))))
        if hit is not None:
            rows.append((-_score(command, hit, recent), at, _found(command, hit)))
    return [found for _, _, found in sorted(rows, key=lambda item: item[:2])]


def english_name(action: QAction) -> str:
    """The title of an action in the language of the code; without what its text adds to the title."""
    text, title = action.text(), action.iconText()
    return plain(source_of(text) if source_of(text) != text or not title else source_of(title))


def _score(command: Command, hit: tuple[int, Match], recent: Sequence[str]) -> float:
    bonus = RECENT + len(recent) - recent.index(command.name) if command.name in recent else 0.0
    return hit[1].score - LATER * hit[0] + bonus - (0.0 if command.action.isEnabled() else GREY)


def _found(command: Command, hit: tuple[int, Match]) -> Found:
    texts = tuple(dict.fromkeys((command.title, command.name)))
    at, match = hit
    if at >= len(texts):
        start = len(command.place) + 1
        return Found(command, tuple(place - start for place in match.places if place >= start))
    return Found(command, match.places, in_name=at > 0)


def _command(action: QAction, place: str) -> Command:
    keys = " / ".join(key_text(item) for item in action.shortcuts())
    return Command(action, plain(action.text()), english_name(action), place, keys)


def _of_menus(items: Sequence[QAction], path: tuple[str, ...]) -> Iterator[tuple[QAction, str]]:
    for action in items:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _of_menus(menu.actions(), (*path, plain(action.text())))
        elif not action.isSeparator():
            yield action, " › ".join(path)


def _of_views(window: QMainWindow) -> Iterator[tuple[QAction, str]]:
    """Actions that were added to widgets, not to menus."""
    for widget in (window, *window.findChildren(QWidget)):
        if not isinstance(widget, QMenu):
            yield from (
                (action, place_of(widget))
                for action in widget.actions()
                if action.menu() is None and not action.isSeparator()
            )
