"""Accuracy by other processes: the same answers as here, whoever gives them."""

from pathlib import Path

import pytest

from tests.helpers.cluster import RunningCluster
from workbench.evaluate.reading import OUTPUTS, Reading
from workbench.foundation.resources import resource
from workbench.foundation.steps import Steps, drain
from workbench.project.accuracy.evaluating import Evaluation, Means, Wanted, evaluate
from workbench.project.accuracy.sources import choice_of
from workbench.project.pipeline import demo_session
from workbench.project.session import save_session
from workbench.project.workers.executors import workers

LABELLED = resource("demo", "labelled")
SOURCES = ("float", "layer:method=layer")


def steps(folder: Path, means: Means, wanted: Wanted) -> Steps[Evaluation]:
    session = demo_session()
    save_session(session, folder)
    return evaluate(session, folder, wanted, [choice_of(text, session) for text in SOURCES], means)


def test_that_other_processes_answer_as_this_one(tmp_path: Path) -> None:
    names = resource("demo", "classes.txt")
    wanted = Wanted(LABELLED, Reading("classification"), LABELLED / "labels.txt", names, most=60)
    here = drain(steps(tmp_path / "here", Means(), wanted))
    with workers(jobs=2) as pool:
        there = drain(steps(tmp_path / "there", Means(pool), wanted))
    assert there.scored == here.scored
    assert answers(tmp_path / "there") == answers(tmp_path / "here")
    assert not list((tmp_path / "there" / "evaluations").glob("*.onnx"))


def test_that_likeness_is_the_same_elsewhere(tmp_path: Path) -> None:
    wanted = Wanted(LABELLED, Reading(OUTPUTS), most=20)
    here = drain(steps(tmp_path / "here", Means(), wanted))
    with workers(jobs=1) as pool:
        assert drain(steps(tmp_path / "there", Means(pool), wanted)).scored == here.scored


def answers(folder: Path) -> list[list[str]]:
    """The lines of each file; their order is that in which they came."""
    return [sorted(path.read_text("utf-8").splitlines()) for path in sorted((folder / "evaluations").glob("*.jsonl"))]


def test_that_a_cluster_answers_as_this_machine(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    wanted = Wanted(
        LABELLED, Reading("classification"), LABELLED / "labels.txt", resource("demo", "classes.txt"), most=60
    )
    here = drain(steps(tmp_path / "here", Means(), wanted))
    with RunningCluster(tmp_path / "cluster", 2) as cluster, workers(cluster=cluster.address) as pool:
        there = drain(steps(tmp_path / "there", Means(pool), wanted))
    assert there.scored == here.scored
    assert answers(tmp_path / "there") == answers(tmp_path / "here")
