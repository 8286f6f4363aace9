"""What a face gets of a search, and which sessions have none."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.mixed.made import made_session
from tests.unit.networks import node, write_network
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import drain
from workbench.mixed.search import Goal
from workbench.preprocess.preprocess import Preprocess
from workbench.project.mixed.mixing import Wish, chosen_samples, opened, search
from workbench.project.session import Session


def test_that_a_point_carries_its_plan_its_cost_and_what_is_predicted(tmp_path: Path) -> None:
    made = drain(search(made_session(tmp_path), tmp_path / "session", Wish(Goal(most=5))))

    for point in made.found.points:
        precision = made.plan(point).precision
        assert {name for name, kind in precision.items() if kind == "float16"} == set(point.layers)
        assert point.cost == len(point.layers)
        assert point.outcome.outputs.keys() == set(made.network.outputs)
        assert made.layers(point) == dict.fromkeys(point.layers, "float16")


def test_that_what_the_session_had_chosen_before_is_not_kept(tmp_path: Path) -> None:
    session = made_session(tmp_path)
    chosen = replace(session, quant=replace(session.quant, float_tensors=("/clip1/Clip_output_0",)))
    network = drain(opened(chosen, tmp_path / "session"))
    assert "float16" not in network.plan.precision.values()


def test_that_a_target_holds_for_all_inputs_that_are_named(tmp_path: Path) -> None:
    made = drain(search(made_session(tmp_path, 3), tmp_path / "session", Wish(Goal(cos=0.9997), samples=3)))
    each = [one for outputs in made.found.chosen.outcome.outputs.values() for one in outputs]
    assert len(each) == 3
    assert all(metrics["cos"] >= 0.9997 for metrics in each)


def test_that_inputs_are_those_that_are_analysed_and_then_those_that_calibrate(tmp_path: Path) -> None:
    session = made_session(tmp_path, 3)
    assert chosen_samples(session, 0) == session.samples
    assert chosen_samples(session, 2) == (session.samples[0], session.dataset[1])
    assert chosen_samples(replace(session, samples=()), 0) == session.dataset[:1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"dtype": "fp16"}, "A network in fp16 has no layers in 8 bits"),
        ({"target": "rv1106"}, "On rv1106 no single layers of w8a8 can be in float16"),
    ],
)
def test_that_settings_without_mixed_precision_are_refused(
    changes: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        drain(opened(made_session(tmp_path, **changes), tmp_path / "session"))


def test_that_a_session_without_inputs_is_refused(tmp_path: Path) -> None:
    session = replace(made_session(tmp_path), samples=())
    with pytest.raises(SettingsError, match=r"calibrate|no input"):
        drain(opened(replace(session, dataset=()), tmp_path / "session"))


def test_that_a_network_of_integers_alone_is_refused(tmp_path: Path) -> None:
    quantise, back = node("QuantizeLinear", ["x", "s"], ["q"]), node("DequantizeLinear", ["q", "s"], ["d"])
    path = write_network(tmp_path / "own.onnx", [quantise, back, node("Relu", ["d"], ["y"])], {"s": 0.1})
    made = made_session(tmp_path)
    session = Session(path, preprocess={"x": Preprocess()}, samples=made.samples, dataset=made.dataset)
    with pytest.raises(SettingsError, match="brings its own quantization"):
        drain(opened(session, tmp_path / "session"))
