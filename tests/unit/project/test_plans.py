"""Rules of a session whose plan comes from a file, and of plans that leave a session."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.graph.test_own_quantization import CONSTANTS, pair
from tests.unit.networks import node, write_network
from tests.unit.project.conftest import MakeSamples
from tests.unit.quantize.test_qdq import computed
from workbench.dump.store import Dump
from workbench.foundation.errors import PlanError, SettingsError
from workbench.foundation.steps import Warn, drain
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze, stale
from workbench.project.plans import export_plan
from workbench.project.results import OWN_QUANTIZATION, Results, load_results
from workbench.project.session import Session, load_session
from workbench.quantize.configs.read import read_plan
from workbench.quantize.schemes import QuantSettings


def exported(session: Session, folder: Path, kind: str, path: Path) -> Path:
    return drain(export_plan(session, folder, kind, path))


def values(results: Results, source: str = "simulator") -> dict[str, np.ndarray]:
    with Dump(results.dumps[source][0]) as dump:
        return dict(dump)


def cfg_of(results: Results, path: Path) -> Path:
    """A cfg in toolkit2's words with the encodings of results."""
    lines = ["custom_quantize_layers: {}", "quantize_parameters:"]
    for row in results.rows:
        if row.encoding is not None and row.encoding.scale:
            lines += [
                f"    '{row.tensor}':", "        qtype: asym", "        qmethod: layer", "        dtype: int8",
                "        scale:", f"        -   {row.encoding.scale[0]!r}",
                "        zero_point:", f"        -   {row.encoding.zero_point[0]}",
            ]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_that_a_plan_from_a_file_needs_no_calibration(session: Session, folder: Path, tmp_path: Path) -> None:
    first = drain(analyze(session, folder))
    plan = exported(session, folder, "plan", tmp_path / "plan.json")

    again = drain(analyze(replace(session, plan=plan, dataset=()), tmp_path / "again"))

    assert [(row.tensor, row.encoding, row.errors) for row in again.rows] == [
        (row.tensor, row.encoding, row.errors) for row in first.rows
    ]
    assert not list((tmp_path / "again" / "dumps").glob("ranges-*"))


def test_that_a_cfg_stores_every_tensor_as_it_says(session: Session, folder: Path, tmp_path: Path) -> None:
    first = drain(analyze(session, folder))
    path = cfg_of(first, tmp_path / "model.quantization.cfg")
    said = read_plan(path).entries

    results = drain(analyze(replace(session, plan=path, dataset=()), tmp_path / "again"))

    encodings = {row.tensor: row.encoding for row in results.rows if row.tensor in said}
    assert encodings == {name: entry.encoding for name, entry in said.items()}


def test_that_another_plan_in_the_file_makes_the_simulator_run_again(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    drain(analyze(session, folder))
    plan = exported(session, folder, "plan", tmp_path / "plan.json")
    session = replace(session, plan=plan)
    drain(analyze(session, folder))
    assert stale(session, folder) == ()

    plan.write_text(plan.read_text().replace('"int8"', '"uint8"', 1), encoding="utf-8")

    assert stale(session, folder) == ("simulator", "compare")


def test_that_a_session_remembers_its_plan(session: Session, folder: Path, tmp_path: Path) -> None:
    drain(analyze(session, folder))
    plan = exported(session, folder, "plan", tmp_path / "plan.json")
    drain(analyze(replace(session, plan=plan), folder))

    assert load_session(folder).plan == plan.resolve()


def test_that_a_qdq_network_equals_the_sessions_dump(session: Session, folder: Path, tmp_path: Path) -> None:
    results = drain(analyze(session, folder))
    path = exported(session, folder, "qdq", tmp_path / "out.onnx")
    simulated = values(results)

    found = computed(onnx.load(path), list(simulated), {"x": np.load(session.samples[0].files[0])})

    assert all(np.array_equal(found[name], simulated[name]) for name in simulated)


def test_that_a_cfg_is_only_made_of_the_toolkits_own(session: Session, folder: Path, tmp_path: Path) -> None:
    results = drain(analyze(session, folder))
    path = cfg_of(results, tmp_path / "model.quantization.cfg")
    changed = replace(session, plan=path, quant=QuantSettings(float_tensors=("c3",)))

    written = exported(changed, folder, "cfg", tmp_path / "out.cfg").read_text()

    assert written == path.read_text().replace(
        "custom_quantize_layers: {}\n", 'custom_quantize_layers:\n    "c3": float16\n'
    )
    with pytest.raises(PlanError, match="only be made of one that the toolkit wrote"):
        exported(session, folder, "cfg", tmp_path / "other.cfg")


def test_that_a_session_without_simulator_has_no_plan(session: Session, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="without a simulator"):
        exported(replace(session, simulator="none"), folder, "qdq", tmp_path / "out.onnx")


def own_session(folder: Path, samples: MakeSamples) -> Session:
    """x -> Q/DQ -> Relu -> Q/DQ -> y on grids of steps that floats hold exactly."""
    nodes = [*pair("x", "xd"), node("Relu", ["xd"], ["r"]), *pair("r", "y", "s", "zy")]
    model = write_network(folder / "own.onnx", nodes, {**CONSTANTS, "zy": np.asarray(7, np.uint8)}, (1, 4, 2, 2))
    return Session(model, preprocess={"x": Preprocess()}, samples=samples(1, shape=(1, 4, 2, 2)), dataset=samples(2))


def test_that_a_quantised_network_is_compared_with_itself_as_the_framework_runs_it(
    tmp_path: Path, samples_of: MakeSamples, folder: Path
) -> None:
    events: list[object] = []
    results = drain(analyze(own_session(tmp_path, samples_of), folder), events.append)

    assert [(row.op, row.tensor, row.golden) for row in results.rows] == [
        ("exDataConvert", "xd_q", "xd_q"), ("Relu", "r", "y_q"), ("exDataConvert", "y", "y"),
    ]  # fmt: skip
    assert all(row.errors["simulator.entire"].mean["euc"] == 0 for row in results.rows)
    assert {row.note for row in results.rows} == {OWN_QUANTIZATION}
    assert any(isinstance(event, Warn) and "brings its own quantization" in event.text for event in events)


def test_that_fp32_shows_what_a_networks_own_quantization_costs(
    tmp_path: Path, samples_of: MakeSamples, folder: Path
) -> None:
    session = replace(own_session(tmp_path, samples_of), quant=QuantSettings(dtype="fp32"))

    results = drain(analyze(session, folder))

    x = np.load(session.samples[0].files[0])
    assert np.array_equal(values(results)["r"], np.maximum(x, 0))
    assert load_results(folder) is not None
