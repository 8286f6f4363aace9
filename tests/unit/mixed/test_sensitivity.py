"""Effects of layers: of quantising only one, and of sparing only one."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.mixed.made import made_mixtures, made_network
from workbench.compare.metrics import measure
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.mixed.parts import choosable, closed, needed_by, parts_of
from workbench.mixed.sensitivity import Sensitivity, sensitivity, with_spared
from workbench.project.mixed.mixing import Network
from workbench.project.pipeline import analyze


def effects(network: Network, is_spared: bool = False) -> Sensitivity:
    mixtures = made_mixtures(network)
    found = drain(sensitivity(network.measured, network.feeds, mixtures))
    names = choosable(network.graph, network.plan)
    return drain(with_spared(found, mixtures, names, "float16")) if is_spared else found


def test_that_sparing_one_part_is_what_a_run_with_it_in_float16_gives(tmp_path: Path) -> None:
    network = made_network(tmp_path, samples=2)
    mixtures = made_mixtures(network)

    for effect in effects(network, is_spared=True).effects[1:6]:
        outcome = drain(mixtures.run(dict.fromkeys(effect.layers, "float16")))
        assert effect.spared == {name: outcome.lost(name) for name in network.outputs}


def test_that_quantising_one_part_is_what_a_network_with_only_its_error_gives(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    last = effects(network).effects[-2]  # behind it nothing is computed any more
    (output,) = network.outputs
    (dump,) = drain(analyze(replace(network.session, samples=network.session.samples), tmp_path / "s")).dumps["golden"]
    with Dump(dump) as golden:
        value = golden[output]
    encoding = network.plan.encodings[last.tensor]
    rounded = measure(value, encoding.dequantize(encoding.quantize(value)))["one_minus_cos"]
    assert last.only[output] == pytest.approx(rounded, rel=1e-3)


def test_that_the_effects_of_all_parts_are_of_the_size_of_quantising_all(tmp_path: Path) -> None:
    network = made_network(tmp_path, samples=2)
    found = effects(network)
    for name in network.outputs:
        assert 0.3 < sum(effect.only[name] for effect in found.effects) / found.quantised[name] < 4


def test_that_every_part_is_told_with_its_layers_and_shares(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    found = effects(network)
    parts = parts_of(network.graph, network.plan)

    assert [effect.tensor for effect in found.effects] == [part.tensor for part in parts]
    assert all(0 <= effect.weights <= 1 for effect in found.effects)
    assert all(effect.spared == {} for effect in found.effects)  # nobody asked
    assert any(effect.weights > 0 for effect in found.effects)
    inside = {name for part in parts for name in [layer.outputs[0] for layer in part.layers[:-1]]}
    assert inside <= network.plan.unstored


def test_that_an_activation_is_never_spared_without_what_it_is_fused_to(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    needs = needed_by(network.graph, choosable(network.graph, network.plan))
    clips = [name for name in needs if network.graph.producers[name].op == "Clip"]
    assert clips

    for name in clips:
        assert network.graph.producers[name].inputs[0] in closed([name], needs)
