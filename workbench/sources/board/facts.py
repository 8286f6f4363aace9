"""What a board is, as titles and values for the eye."""

from collections.abc import Iterable, Mapping

from workbench.sources.board.probe import Folder
from workbench.sources.board.state import State, amounts_of, megabytes, variables_of


def facts(state: State) -> dict[str, str]:
    """Titles and values, in the order to show them; what was not found is left out."""
    asked = state.probe
    lite = asked.lines("python")
    found = {
        "chip": state.chip,
        "board": asked.first("model"),
        "system": ", ".join(
            (
                *(text.strip('"') for text in asked.lines("system")),
                *(f"Android {text}" for text in asked.lines("android")),
            )
        ),
        "user": " ".join((*asked.lines("user")[1:2], "(root)" if state.is_root else "(not root)")),
        "driver": f"{'galcore' if state.is_old else 'rknpu'} {state.driver}" if state.driver else "",
        "runtime": _by_path(state.libraries),
        "server": _by_path(state.servers),
        "server runs": "yes" if asked.lines("running") else "no",
        "toolkit": state.toolkit,
        "python": ", rknn-toolkit-lite2 ".join(lite[:2]),
        "dump folder": _room(state.dumps),
        "working folder": _room(state.place),
        "memory": _memory(asked.lines("memory")),
        "variables": ", ".join(f"{name}={text}" for name, text in variables_of(asked.lines("variables")).items()),
    }
    return {title: text for title, text in found.items() if text}


def _by_path(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{version or 'unknown version'} ({path})" for path, version in versions.items())


def _room(folder: Folder | None) -> str:
    if folder is None:
        return ""
    state = "" if folder.is_there else ", not there yet"
    return (
        f"{folder.path}: {megabytes(folder.free)} MB free{state}{'' if folder.is_writable else ', cannot be written'}"
    )


def _memory(lines: Iterable[str]) -> str:
    amounts = amounts_of(lines)
    titles = {"MemTotal": "in all", "MemAvailable": "available", "CmaTotal": "CMA", "CmaFree": "CMA free"}
    return ", ".join(f"{megabytes(amounts[name])} MB {title}" for name, title in titles.items() if name in amounts)
