"""What the program remembers for its user between sessions: recent files, theme, language."""

import json
import os
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import UNREADABLE, write_text

SETTINGS_VARIABLE = "RKNN_WORKBENCH_SETTINGS"
MOST_RECENT = 12


@dataclass(frozen=True)
class UserSettings:
    """`recent`: absolute paths, the latest first; theme: "system", "light" or "dark"; language: "system" or a code.
    `text_size` is in percent of the system's. `tour_seen`: the tour of the demo was taken, or is not wanted.
    `diagnoses`: whether every run is diagnosed.
    `table_columns`: keys of the columns of the layer table, () for the usual ones; `filters`: its last filters.
    """

    recent: tuple[str, ...] = ()
    theme: str = "system"
    language: str = "system"
    text_size: int = 100
    tour_seen: bool = False
    diagnoses: bool = True
    table_columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    problem: str = field(default="", compare=False)  # why the file could not be read or written; never saved


def settings_folder() -> Path:
    """The folder named by RKNN_WORKBENCH_SETTINGS, else the platform's place for settings."""
    named = os.environ.get(SETTINGS_VARIABLE)
    return Path(named) if named else _platform_folder() / "rknn-workbench"


def settings_file() -> Path:
    """Where the settings are saved; need not exist."""
    return settings_folder() / "settings.json"


def load_settings() -> UserSettings:
    """The saved settings; the defaults when there are none, or when the file is broken (then `problem` says so)."""
    path = settings_file()
    try:
        return _parse(path.read_bytes())
    except FileNotFoundError:
        return UserSettings()
    except OSError as error:
        return UserSettings(problem=f"Cannot read the settings in {path}: {error.strerror or error}.")
    except UNREADABLE:
        return UserSettings(problem=f"The settings in {path} are damaged; the defaults are used instead.")


def save_settings(settings: UserSettings) -> None:
    """Write `settings`, completely or not at all; a `WorkbenchError` when the folder cannot be written."""
    values = asdict(settings)
    del values["problem"]
    write_text(settings_file(), json.dumps(values, indent=1, ensure_ascii=False) + "\n")


def remember(path: Path) -> UserSettings:
    """Put `path` first among the recent files and save; `problem` says so when that was not possible."""
    settings = load_settings()
    latest = str(path.absolute())
    others = [entry for entry in settings.recent if entry != latest]
    return _saved(replace(settings, recent=(latest, *others)[:MOST_RECENT]))


def forget_recent() -> UserSettings:
    """Forget the recent files and save; `problem` as above."""
    return _saved(replace(load_settings(), recent=()))


def _saved(settings: UserSettings) -> UserSettings:
    try:
        save_settings(settings)
    except WorkbenchError as error:
        return replace(settings, problem=str(error))
    return settings


def _parse(content: bytes) -> UserSettings:
    from pydantic import TypeAdapter  # a tenth of a second that only a reader of settings pays

    return replace(TypeAdapter(UserSettings).validate_python(json.loads(content)), problem="")


def _platform_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
