"""The toolkit's own path to a board: which calls it becomes, and what they give."""

from pathlib import Path

from tests.made_toolkit import Calls, Made
from tests.unit.networks import conv_net, random
from workbench.foundation.steps import Event, Progress, drain
from workbench.sources.toolkit.host import Outcome, devices, measure, run
from workbench.sources.toolkit.recipe import Action, Analyse, Measure, Network, Recipe

CHIP = "rk3588"


def outcome_of(tmp_path: Path, made: Made, *actions: Action) -> tuple[list[Event], Outcome]:
    import numpy as np

    np.save(tmp_path / "x.npy", random(1, 3, 6, 6))
    (tmp_path / "dataset.txt").write_text(f"{tmp_path / 'x.npy'}\n")
    network = Network("onnx", (conv_net(tmp_path),))
    recipe = Recipe(network, {"target_platform": CHIP}, True, tmp_path / "dataset.txt", actions)
    events: list[Event] = []
    return events, drain(run(made(), recipe, tmp_path / "run"), events.append)


def test_that_an_analysis_on_a_board_names_chip_and_board(tmp_path: Path, toolkit_that: Made, calls: Calls) -> None:
    outcome_of(tmp_path, toolkit_that, Analyse((tmp_path / "x.npy",), tmp_path / "s", CHIP, "0123"))

    arguments = dict(calls())["accuracy_analysis"]
    assert (arguments["target"], arguments["device_id"]) == (CHIP, "0123")
    assert any((tmp_path / "s" / "runtime" / "npy").iterdir())


def test_that_an_analysis_without_a_board_names_none(tmp_path: Path, toolkit_that: Made, calls: Calls) -> None:
    outcome_of(tmp_path, toolkit_that, Analyse((tmp_path / "x.npy",), tmp_path / "s"))

    assert not {"target", "device_id"} & set(dict(calls())["accuracy_analysis"])


def measured(tmp_path: Path, made: Made, *actions: Measure) -> tuple[list[Event], Outcome]:
    events: list[Event] = []
    return events, drain(measure(made(), tmp_path / "n.rknn", actions, tmp_path / "run"), events.append)


def test_that_the_only_board_needs_no_number(tmp_path: Path, toolkit_that: Made, calls: Calls) -> None:
    measured(tmp_path, toolkit_that, Measure(CHIP))

    assert calls()[0] == ("load_rknn", {"path": str(tmp_path / "n.rknn")})
    assert dict(calls())["init_runtime"] == {"target": CHIP, "perf_debug": True}


def test_that_time_and_versions_are_given(tmp_path: Path, toolkit_that: Made) -> None:
    events, outcome = measured(tmp_path, toolkit_that, Measure(CHIP, "0123"))

    given = dict(outcome.gave)
    assert "ConvRelu" in given["eval_perf"]
    assert "rknnrt: 2.3.2" in given["get_sdk_version"]
    assert "measure" in {event.stage for event in events if isinstance(event, Progress)}


def test_that_memory_is_measured_by_itself(tmp_path: Path, toolkit_that: Made, calls: Calls) -> None:
    _, outcome = measured(tmp_path, toolkit_that, Measure(CHIP, "0123", is_memory=True))

    assert dict(calls())["init_runtime"] == {"target": CHIP, "device_id": "0123", "eval_mem": True}
    assert dict(outcome.gave)["eval_memory"] == {"total": {"total_model_allocation": 1234}, "kind": "memory"}


def test_that_a_board_with_two_kinds_of_links_is_told_once(toolkit_that: Made) -> None:
    assert drain(devices(toolkit_that())) == ("0123456789", "127.0.0.1:5555")
