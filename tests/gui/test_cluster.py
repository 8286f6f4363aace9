"""A cluster in the window: connected, its workers shown, lost, left; what runs goes there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.project.workers.cluster_look import ClusterState, WorkerState
from workbench.ui.clusters import Clusters
from workbench.ui.main_window import MainWindow
from workbench.ui.views.cluster.dialog import MEMORY, RESOURCES, WORKER, ClusterDialog

pytest.importorskip("distributed", reason="needs the extra `cluster`")

from tests.helpers.cluster import RunningCluster

STATE = ClusterState(
    "tcp://127.0.0.1:8786",
    (
        WorkerState("bench", "tcp://10.0.0.2:4711", 4, 1_200_000_000, 8_000_000_000, 2, {"rk3588": 1.0}),
        WorkerState("tcp://10.0.0.3:4711", "tcp://10.0.0.3:4711", 2, 300_000_000, 0, 0),
    ),
)


@pytest.fixture
def clusters(window: MainWindow) -> Clusters:
    return window.studies.clusters


@pytest.fixture
def dialog(clusters: Clusters) -> ClusterDialog:
    found = clusters.ask()
    assert isinstance(found, ClusterDialog)
    return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    with RunningCluster(tmp_path_factory.mktemp("cluster"), workers=1) as found:
        yield found


def connected(clusters: Clusters, state: ClusterState) -> None:
    """As if a scheduler had answered."""
    clusters.address = state.address
    clusters._take(state)
    clusters._timer.stop()


def test_that_without_a_cluster_it_is_said_how_to_get_one(dialog: ClusterDialog, clusters: Clusters) -> None:
    assert "this machine" in dialog.state.text()
    assert not dialog.begin.isEnabled()
    assert not dialog.end.isEnabled()
    assert clusters.button.isHidden()


def test_that_workers_and_their_resources_are_listed(dialog: ClusterDialog, clusters: Clusters) -> None:
    connected(clusters, STATE)
    rows = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    assert [row.text(WORKER) for row in rows if row] == ["bench  tcp://10.0.0.2:4711", "tcp://10.0.0.3:4711"]
    assert [row.text(RESOURCES) for row in rows if row] == ["rk3588 1", "–"]
    assert [row.text(MEMORY) for row in rows if row] == ["1.2 / 8.0 GB", "0.3 GB"]
    assert "6 tasks" in dialog.state.text()


def test_that_the_state_stands_at_the_windows_foot(window: MainWindow, clusters: Clusters) -> None:
    connected(clusters, STATE)
    assert clusters.button.isVisibleTo(window)
    assert clusters.button.text() == "cluster: 2 workers"
    clusters.disconnect_from_it()
    assert clusters.button.isHidden()


def test_that_a_cluster_that_is_lost_is_not_used(window: MainWindow, clusters: Clusters) -> None:
    connected(clusters, STATE)
    assert clusters.used == STATE.address
    clusters._fail(OSError("gone"))
    assert clusters.used == ""
    assert "lost" in clusters.button.text()


def test_that_a_cluster_without_workers_says_so(dialog: ClusterDialog, clusters: Clusters) -> None:
    connected(clusters, ClusterState(STATE.address))
    assert "nobody works" in dialog.state.text()


def test_that_an_address_without_a_protocol_is_tcp(clusters: Clusters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clusters, "_look", lambda _: None)
    clusters.connect_to("10.0.0.1:8786")
    assert clusters.address == "tcp://10.0.0.1:8786"


def test_that_a_sweep_is_computed_on_the_cluster(
    done_window: MainWindow, own_processes: None, running: RunningCluster, qtbot: QtBot
) -> None:
    studies, folder = done_window.studies, done_window.workspace.folder
    with qtbot.waitSignal(studies.clusters.connected, timeout=4 * LONG):
        studies.clusters.connect_to(running.address)
    assert studies.clusters.state is not None
    assert len(studies.clusters.state.workers) == 1
    done_window.actions_.sweep.trigger()
    qtbot.waitUntil(lambda: bool(studies.sweeping.planned.offers), timeout=LONG)
    studies.sweeping.vary({"type": ("fp16",)}, "embedded")
    qtbot.waitUntil(lambda: len(studies.sweeping.missing) == 1, timeout=LONG)
    job = studies.sweeping.run()
    assert job is not None
    qtbot.waitUntil(lambda: not job.is_running, timeout=8 * LONG)
    assert job.state == "succeeded"
    assert folder is not None
    assert list((running_files(running)).rglob("*.onnx"))  # the network was sent there
    studies.clusters.disconnect_from_it()


def running_files(cluster: RunningCluster) -> Path:
    """Where the workers keep what they are sent."""
    return cluster._folder
