"""Commands for boards that the user has agreed to: a session may come from somebody else, with a command in it."""

import hashlib
import json
from pathlib import Path

from workbench.foundation.files import UNREADABLE, write_text
from workbench.foundation.settings import settings_folder
from workbench.sources.board.descriptions import Board

FILE = "agreed_commands.json"


def is_agreed(board: Board, command: str) -> bool:
    """Whether a command may run there: none, the one that the user described with the board, or one agreed to."""
    return command in ("", board.command) or _digest(board, command) in _agreed()


def agree(board: Board, command: str) -> None:
    """Remember that the user wants this command on this board; only its hash is kept."""
    if not is_agreed(board, command):
        write_text(_path(), json.dumps(sorted({*_agreed(), _digest(board, command)})) + "\n")


def _agreed() -> frozenset[str]:
    """What is agreed to; nothing where the file is missing or damaged: then it is asked again."""
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except UNREADABLE:
        return frozenset()
    return frozenset(item for item in found if isinstance(item, str)) if isinstance(found, list) else frozenset()


def _digest(board: Board, command: str) -> str:
    return hashlib.sha256(f"{board.link}\0{command}".encode("utf-8", "surrogateescape")).hexdigest()


def _path() -> Path:
    return settings_folder() / FILE
