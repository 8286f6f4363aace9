"""What the window asks of the core about mixed precision. For the worker process and the one that computes."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.foundation.steps import Steps
from workbench.project.session import Session, is_session, save_session
from workbench.ui.models.mixed.wanted import Wanted

if TYPE_CHECKING:
    from workbench.project.mixed.files import Checked
    from workbench.project.mixed.searched import Kept


def read_kept(session: Session, folder: Path) -> "Kept":
    """What is known already; nothing is computed."""
    from workbench.project.mixed.searched import load_kept

    return load_kept(session, folder)


def run_search(session: Session, folder: Path, cluster: str, wanted: Wanted) -> "Steps[Kept]":
    """Search, on a cluster where there is an address, and give what is known then."""
    from workbench.mixed.search import Goal
    from workbench.project.mixed.mixing import Wish
    from workbench.project.mixed.searched import load_kept, search_and_keep
    from workbench.project.workers.executors import workers

    _saved(session, folder)
    most = math.inf if wanted.most is None else wanted.most
    goal = Goal(wanted.cos, most, wanted.precision, runs=wanted.runs)
    wish = Wish(goal, wanted.cost, wanted.samples)
    with workers(0, cluster) as pool:
        yield from search_and_keep(session, folder, wish, pool if cluster else None)
    return load_kept(session, folder)


def run_effects(session: Session, folder: Path, cluster: str, samples: int) -> "Steps[Kept]":
    """Measure what every layer does, and give what is known then."""
    from workbench.project.mixed.searched import load_kept, measure_and_keep
    from workbench.project.workers.executors import workers

    _saved(session, folder)
    with workers(0, cluster) as pool:
        yield from measure_and_keep(session, folder, samples, pool if cluster else None)
    return load_kept(session, folder)


def run_check(session: Session, folder: Path, number: int) -> "Steps[Checked]":
    """Let the session's toolkit make what a choice says."""
    from workbench.project.mixed.searched import check_and_keep
    from workbench.sources.toolkit.configured import toolkit_called

    return (yield from check_and_keep(session, folder, number, toolkit_called(session.toolkit)))


def run_export(session: Session, folder: Path, number: int, target: tuple[str, Path]) -> Steps[None]:
    """Write a choice in a format: its name, and where."""
    from workbench.project.mixed.searched import export_choice

    yield from export_choice(session, folder, number, target)


def _saved(session: Session, folder: Path) -> None:
    """What is found is kept in the session's folder, so there has to be a session."""
    if not is_session(folder):
        save_session(session, folder)
