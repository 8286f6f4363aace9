"""Rules of choices of layers that other processes run."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.unit.mixed.made import made_session
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, drain
from workbench.mixed.search import STAGE, Goal
from workbench.project.mixed.far import FarMixtures
from workbench.project.mixed.mixing import Wish, effects, search
from workbench.project.workers.executors import Workers, workers


@pytest.fixture(params=["home", "cluster"])
def pool(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workers]:
    if request.param == "home":
        with workers(2) as found:
            yield found
        return
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    from tests.helpers.cluster import RunningCluster

    with RunningCluster(tmp_path / "cluster", 2) as running, workers(cluster=running.address) as found:
        yield found


def test_that_workers_find_the_same_choices_and_count_them(pool: Workers, tmp_path: Path) -> None:
    session, events = made_session(tmp_path), list[object]()
    wish = Wish(Goal(0.9999))
    here = drain(search(session, tmp_path / "here", wish))
    there = drain(search(session, tmp_path / "there", wish, partial(FarMixtures, pool)), events.append)

    assert here.found.chosen.layers
    assert there.found == here.found
    counted = [event.done for event in events if isinstance(event, Progress) and event.stage == STAGE]
    assert counted == sorted(counted)
    assert counted[-1] == here.found.runs


def test_that_workers_find_the_same_effects(tmp_path: Path) -> None:
    session = made_session(tmp_path)
    here = drain(effects(session, tmp_path / "session"))
    with workers(2) as pool:
        assert drain(effects(session, tmp_path / "session", far=partial(FarMixtures, pool))) == here


def test_that_what_a_worker_refuses_is_told(tmp_path: Path) -> None:
    session = made_session(tmp_path)

    def without_input(*given: Any) -> FarMixtures:
        session.samples[0].files[0].unlink()
        return FarMixtures(*given)

    with workers(1) as pool, pytest.raises(WorkbenchError, match=r"0\.npy"):
        drain(search(session, tmp_path / "session", Wish(Goal(0.9999)), partial(without_input, pool)))
