"""Mixtures: the same values as a run of the session gives, of all samples, whatever was run before."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.mixed.made import made_mixtures, made_network, made_session
from workbench.foundation.steps import drain
from workbench.mixed.mixtures import Outcome
from workbench.mixed.parts import choosable, closed, needed_by
from workbench.project.mixed.mixing import opened, with_layers
from workbench.project.pipeline import analyze
from workbench.quantize.configs.own_json import write_plan


@pytest.mark.parametrize("precision", ["float16", "int16"])
def test_that_a_mixture_has_the_errors_of_a_run_with_these_settings(precision: str, tmp_path: Path) -> None:
    network = made_network(tmp_path)
    layers = dict.fromkeys(list(choosable(network.graph, network.plan))[3:9], precision)

    outcome = drain(made_mixtures(network).run(layers))
    session = made_session(tmp_path)
    results = drain(analyze(replace(session, quant=with_layers(session.quant, layers)), tmp_path / "other"))

    rows = {row.tensor: row.errors["simulator.entire"].mean for row in results.rows if row.tensor in results.outputs}
    assert rows.keys() == outcome.outputs.keys()
    for name, metrics in rows.items():
        assert outcome.mean(name)["cos"] == pytest.approx(metrics["cos"], abs=1e-7)
        assert outcome.mean(name)["euc"] == pytest.approx(metrics["euc"], rel=1e-4)


def test_that_a_plan_from_a_file_mixes_like_the_one_that_was_written(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    write_plan(network.plan, tmp_path / "plan.json")
    session = replace(network.session, plan=tmp_path / "plan.json")
    other = drain(opened(session, tmp_path / "other"))
    names = list(choosable(network.graph, network.plan))
    layers = dict.fromkeys(sorted(closed(names[3:8], needed_by(network.graph, names))), "float16")

    assert drain(made_mixtures(other).run({})) == drain(made_mixtures(network).run({}))
    assert drain(made_mixtures(other).run(layers)) == drain(made_mixtures(network).run(layers))


def test_that_runs_that_share_values_give_what_they_give_alone(tmp_path: Path) -> None:
    network = made_network(tmp_path, samples=2)
    names = list(choosable(network.graph, network.plan))
    choices = [names[:2], names[5:8], names[-3:], names]

    one = made_mixtures(network)
    drain(one.run({}, keep="none"))
    shared = [drain(one.run(dict.fromkeys(choice, "float16"))) for choice in choices]

    alone = [drain(made_mixtures(network).run(dict.fromkeys(choice, "float16"))) for choice in choices]
    assert shared == alone
    assert all(len(each) == 2 for each in shared[0].outputs.values())


def test_that_a_run_computes_only_what_lies_behind_the_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = made_network(tmp_path)
    mixtures = made_mixtures(network)
    drain(mixtures.run({}, keep="none"))
    opened: list[int] = []
    original = mixtures._opened
    monkeypatch.setattr(mixtures, "_opened", lambda nodes, *rest: opened.append(len(nodes)) or original(nodes, *rest))
    names = list(choosable(network.graph, network.plan))

    drain(mixtures.run({names[0]: "float16"}))
    drain(mixtures.run({names[-1]: "float16"}))

    assert opened[1] < opened[0] / 5


def test_that_an_output_without_a_cosine_counts_as_lost() -> None:
    nan, zero = {"one_minus_cos": float("nan")}, {"max_abs": 0.0}
    assert Outcome({"y": (nan,)}).loss == float("inf")
    assert Outcome({"y": (zero,)}).loss == 0.0
    assert Outcome({"y": ({"max_abs": 1.0},)}).loss == float("inf")
    assert Outcome({"y": ({"one_minus_cos": 0.25}, zero)}).cos == 0.75
    assert np.isnan(Outcome({"y": (nan,)}).mean("y")["one_minus_cos"])
