"""Which boards there are: each is described by a file in the user's settings."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.foundation.descriptions import is_environment, stem_of, write_description
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.settings import settings_folder

LOCAL, ADB, SSH = "local", "adb", "ssh"
HOST = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?\])"
PATTERNS = {
    LOCAL: re.compile(r"local\Z"),
    ADB: re.compile(r"adb:[A-Za-z0-9][A-Za-z0-9._:-]*\Z"),
    SSH: re.compile(rf"ssh:(?:[A-Za-z_][A-Za-z0-9._-]*\$?@)?{HOST}(?::[0-9]{{1,5}})?\Z"),
}
"""What a link may be made of; a link may come with somebody's session, and its parts get into commands."""
LINKS = "A link is adb:SERIAL, adb:HOST:PORT, ssh:USER@HOST, ssh:USER@HOST:PORT, ssh:NAME of ~/.ssh/config, or local."
LONGEST_LINK = 400  # characters: more than any user, host (253) and port
KEYS = ("name", "link", "chip", "folder", "environment", "command")


@dataclass(frozen=True)
class Board:
    """A board and how it is reached. `link`: adb:SERIAL, adb:HOST:PORT, ssh:USER@HOST:PORT, or local: this machine.

    `folder`: where it may be written, found out when empty. `environment`: variables of everything that runs there.
    `command`: the user's own runner, with placeholders. No password is ever part of it.
    """

    name: str
    link: str
    chip: str = ""
    folder: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = ""


class BoardError(WorkbenchError):
    """A board that is not described, or whose description cannot be read."""


def boards_folder() -> Path:
    """Where boards are described, a TOML file each; need not exist."""
    return settings_folder() / "boards"


def described_boards() -> tuple[Board, ...]:
    """The boards of the settings, by the names of their files; `broken_boards` tells what cannot be read."""
    return tuple(item for _path, item in _read() if isinstance(item, Board))


def broken_boards() -> tuple[BoardError, ...]:
    """Why descriptions cannot be read: an error each."""
    return tuple(item for _path, item in _read() if isinstance(item, BoardError))


def board_of(text: str) -> Board:
    """The board of a name, or of a link that needs no description; raises BoardError for any other text."""
    known = next((board for board in described_boards() if board.name == text), None)
    if known is not None:
        return known
    if is_link(text):
        return next((board for board in described_boards() if board.link == text), None) or Board(text, text)
    names = ", ".join(board.name for board in described_boards())
    raise BoardError(f"There is no board {text!r}.", f"Boards that are described: {names}." if names else LINKS)


def is_link(text: str) -> bool:
    """Whether a text is a link that may be used."""
    return len(text) <= LONGEST_LINK and any(pattern.match(text) for pattern in PATTERNS.values())


def describe_board(board: Board) -> Path:
    """Write a description into the settings, in the place of an older one of this name; gives its file."""
    checked = check_board(board)
    path = next((path for path, item in _read() if isinstance(item, Board) and item.name == board.name), None)
    path = path or _free_path(board.name)
    values = {key: getattr(checked, key) for key in KEYS if key != "environment" and getattr(checked, key)}
    write_description(path, values, checked.environment)
    return path


def check_board(board: Board) -> Board:
    """The board where it can be described; raises BoardError with what is wrong with it."""
    return _checked(board, f"the board {board.name!r}")


def forget_board(board: Board) -> None:
    """Remove the description of a board from the settings."""
    for path, item in _read():
        if isinstance(item, Board) and item.name == board.name:
            path.unlink(missing_ok=True)


def read_board(path: Path) -> Board:
    """The board that a file describes."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BoardError(f"{path} cannot be read: {error.strerror}.", "Describe the board anew.") from error
    except ValueError as error:
        raise BoardError(f"{path} is no TOML: {error}.", "Correct the file, or delete it.") from error
    unknown = [key for key in document if key not in KEYS]
    if unknown:
        raise _refused(str(path), f"has the unknown key {unknown[0]!r}")
    return _board(document, path)


def _read() -> tuple[tuple[Path, Board | BoardError], ...]:
    return tuple((path, _board_or_error(path)) for path in sorted(boards_folder().glob("*.toml")))


def _board_or_error(path: Path) -> Board | BoardError:
    try:
        return read_board(path)
    except BoardError as error:
        return error


def _board(document: dict[str, Any], path: Path) -> Board:
    texts = {key: document.get(key, "") for key in KEYS if key != "environment"}
    wrong = next((key for key, value in texts.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise _refused(str(path), f"has a {wrong} that is no text")
    environment = document.get("environment", {})
    if not is_environment(environment):
        raise _refused(str(path), "has an environment that is not a table of texts")
    texts["name"] = texts["name"] or path.stem
    return _checked(Board(**texts, environment=environment), str(path))


def _checked(board: Board, where: str) -> Board:
    if not is_link(board.link):
        raise BoardError(f"The description of {where} has no link that can be used: {board.link!r}.", LINKS)
    if board.folder and (not board.folder.startswith("/") or ".." in board.folder.split("/")):
        raise _refused(where, f"has a folder that is no path from the root: {board.folder!r}")
    if not board.name.strip() or not board.name.isprintable():
        raise _refused(where, "has no name that can be shown")
    wrong = next((key for key in board.environment if not re.match(r"[A-Za-z_][A-Za-z0-9_]*\Z", key)), None)
    if wrong is not None:
        raise _refused(where, f"has a variable whose name cannot be used: {wrong!r}")
    return board


def _refused(where: str, reason: str) -> BoardError:
    return BoardError(f"The description of {where} {reason}.", f"Its keys are {', '.join(KEYS)}; the link is needed.")


def _free_path(name: str) -> Path:
    stem = stem_of(name, "board")
    paths = (
        boards_folder() / f"{stem}{ending}.toml" for ending in ("", *(f"-{number}" for number in range(2, 10_000)))
    )
    return next(path for path in paths if not path.exists())
