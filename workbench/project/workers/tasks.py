"""What workers are asked to do, and what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.foundation.errors import WorkbenchError

Together = tuple[Path, ...]
"""Files that lie side by side, as those of one network do."""


@dataclass(frozen=True, eq=False)
class Task:
    """A call for a worker: `function` is a module's own, and may give steps; `name` is what progress shows.

    On a cluster `files` go to every worker once, by their content, and each `Path` in the arguments that is one of them
    is the worker's own there. `needs` are resources: at home tasks that need the same one run one after the other.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    name: str = ""
    files: tuple[Together, ...] = ()
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a task gave, or why it could not be done; `seconds` it took there, without waiting, on `worker`."""

    task: Task
    value: Any = None
    error: WorkbenchError | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    worker: str = ""


class TaskDefectError(RuntimeError):
    """A task failed with something else than a sentence for the user: a defect of the program, with its trace."""
