"""An analysis with the vendor's toolkit; here another program stands in for it that rounds to sixteenths."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import foreign
from tests.made_toolkit import Made
from tests.unit.networks import declared, node, random, write_network
from tests.unit.project.conftest import MakeSamples
from workbench.__main__ import main
from workbench.dump.store import Dump
from workbench.foundation.errors import SettingsError, WorkbenchError
from workbench.foundation.steps import Warn, drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.comparison.comparing import compare_sides
from workbench.project.comparison.open_side import sources_of
from workbench.project.comparison.sides import Side, side_of
from workbench.project.pipeline import analyze, stale
from workbench.project.results import Results, load_results
from workbench.project.session import ImportedDumps, Session, load_session
from workbench.project.toolkit.stages import FOLDER
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit import descriptions
from workbench.sources.toolkit.descriptions import describe
from workbench.sources.toolkit.host import ToolkitError


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, user_settings_folder: Path, toolkit_that: Made) -> Path:
    """The toolkit of these tests; the file has a line for each of its builds."""
    file = tmp_path / "runs"
    file.touch()
    describe(toolkit_that())
    return file


@pytest.fixture
def vendor(session: Session) -> Session:
    return replace(session, simulator="toolkit")


def run(session: Session, folder: Path) -> Results:
    return drain(analyze(session, folder))


def warnings(session: Session, folder: Path) -> list[str]:
    events: list[object] = []
    drain(analyze(session, folder), events.append)
    return [event.text for event in events if isinstance(event, Warn)]


def test_that_the_tables_numbers_are_those_of_the_toolkits_dumps(vendor: Session, folder: Path) -> None:
    results = run(vendor, folder)

    row = next(row for row in results.rows if row.tensor == "r2")
    with Dump(results.dumps["golden"][0]) as golden, Dump(results.dumps["simulator"][0]) as simulator:
        assert simulator["r2"] == pytest.approx(np.round(golden["r2"] * 16) / 16)
        distance = float(np.linalg.norm(golden["r2"].astype(np.float64) - simulator["r2"]))
    assert row.errors["simulator.entire"].mean["euc"] == pytest.approx(distance)


def test_that_single_errors_are_the_printed_ones(vendor: Session, folder: Path) -> None:
    results = run(vendor, folder)

    assert "simulator_single" not in results.dumps
    for row in results.rows:
        entire, single = (row.errors[f"simulator.{kind}"].mean for kind in ("entire", "single"))
        assert (single["cos"], single["euc"]) == (round(entire["cos"], 5), round(entire["euc"], 5))


def test_that_rows_lead_to_the_users_layers(vendor: Session, folder: Path) -> None:
    results = run(vendor, folder)
    assert all(results.layers_of[row.tensor] for row in results.rows)


def test_that_an_input_is_no_row(vendor: Session, folder: Path) -> None:
    assert "x" not in {row.tensor for row in run(vendor, folder).rows}


def test_that_several_inputs_share_one_build(
    vendor: Session, folder: Path, samples_of: MakeSamples, runs: Path
) -> None:
    results = run(replace(vendor, samples=samples_of(1, 2, 3)), folder)

    assert runs.read_text() == "build of 2 rows\n"
    errors = results.rows[0].errors
    assert [errors[column].samples for column in ("simulator.entire", "simulator.single")] == [3, 3]
    assert len(set(errors["simulator.entire"].each["euc"])) == 3


def test_that_nothing_is_computed_twice(vendor: Session, folder: Path, runs: Path) -> None:
    first = run(vendor, folder)
    again = run(vendor, folder)

    assert len(runs.read_text().splitlines()) == 1
    assert again.rows == first.rows
    assert stale(vendor, folder) == ()


def test_that_only_an_input_that_is_new_is_computed(
    vendor: Session, folder: Path, samples_of: MakeSamples, runs: Path
) -> None:
    run(vendor, folder)
    before = load_results(folder)
    results = run(replace(vendor, samples=samples_of(1, 2)), folder)

    assert before is not None
    assert results.dumps["simulator"][0] == before.dumps["simulator"][0]
    assert len(runs.read_text().splitlines()) == 2


def test_that_a_changed_setting_makes_the_simulator_stale(vendor: Session, folder: Path) -> None:
    run(vendor, folder)
    assert "simulator" in stale(replace(vendor, quant=QuantSettings(method="layer")), folder)


def test_that_another_version_of_the_toolkit_computes_anew(
    vendor: Session, folder: Path, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(vendor, folder)
    monkeypatch.setattr("workbench.project.toolkit.stages.version_in", lambda toolkit: "rknn-toolkit2 9.9")
    run(vendor, folder)
    assert len(runs.read_text().splitlines()) == 2


def test_that_old_dumps_serve_where_there_is_no_toolkit(
    vendor: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(vendor, folder)
    monkeypatch.setattr("workbench.project.toolkit.stages.described", tuple)
    assert run(vendor, folder).rows == first.rows


def test_that_both_simulators_of_a_session_are_compared(vendor: Session, folder: Path) -> None:
    run(vendor, folder)

    assert sources_of(folder) == ("golden", "simulator", "embedded", "reference")
    results = drain(compare_sides([side_of(f"{folder}:embedded", ""), side_of(f"{folder}:toolkit", "")]))
    assert any(row.errors["simulator.entire"].mean["euc"] > 0 for row in results.rows)
    assert [item.values for item in results.differences if item.name == "simulator"] == [("embedded", "toolkit")]


def test_that_the_toolkits_golden_is_compared_with_the_reference(vendor: Session, folder: Path) -> None:
    run(vendor, folder)
    results = drain(compare_sides([Side(folder, "reference"), Side(folder, "golden")]))
    assert max(row.errors["simulator.entire"].mean["max_abs"] for row in results.rows) < 1e-4


def test_that_the_embedded_simulator_keeps_what_the_toolkit_made(vendor: Session, folder: Path, runs: Path) -> None:
    run(vendor, folder)
    embedded = run(replace(vendor, simulator="embedded"), folder)
    assert "toolkit" in sources_of(folder)
    assert "simulator_single" in embedded.dumps

    run(vendor, folder)
    assert len(runs.read_text().splitlines()) == 1


def test_that_a_change_of_simulator_mixes_no_rows(vendor: Session, folder: Path, tmp_path: Path) -> None:
    run(vendor, folder)
    changed = run(replace(vendor, simulator="embedded"), folder)
    alone = run(replace(vendor, simulator="embedded"), tmp_path / "alone")
    assert changed.rows == alone.rows
    assert changed.before is None


def test_that_values_on_the_embedded_grid_are_stored_as_integers(vendor: Session, folder: Path) -> None:
    results = run(vendor, folder)
    with Dump(results.dumps["simulator"][0]) as simulator:
        assert {simulator.encoding(name) for name in simulator.names} == {None}  # sixteenths are on no such grid


def test_that_chosen_tensors_alone_are_kept(vendor: Session, folder: Path) -> None:
    results = run(replace(vendor, tensors=("r*",)), folder)

    assert {row.tensor for row in results.rows} == {"r1", "r2"}
    with Dump(results.dumps["simulator"][0]) as simulator:
        assert "sum" not in simulator


def test_that_a_folder_with_a_blank_in_its_name_is_no_obstacle(vendor: Session, tmp_path: Path) -> None:
    folder = tmp_path / "my session"
    assert run(vendor, folder).rows
    assert [path.name for path in (folder / FOLDER).iterdir()] == ["toolkit.log"]


def test_that_what_the_toolkit_cannot_do_is_said_before_it_runs(vendor: Session, folder: Path, runs: Path) -> None:
    for quant in (QuantSettings("fp32"), QuantSettings(ranges=(("r1", 0.0, 1.0),))):
        with pytest.raises(SettingsError, match="oolkit"):
            run(replace(vendor, quant=quant), folder)
    assert runs.read_text() == ""


def test_that_a_network_with_its_own_quantization_is_refused_before_it_runs(
    vendor: Session, folder: Path, tmp_path: Path, runs: Path
) -> None:
    scale = {"s": np.float32(0.1), "z": np.array(0, np.int8)}
    nodes = [node("QuantizeLinear", ["x", "s", "z"], ["q"]), node("DequantizeLinear", ["q", "s", "z"], ["y"])]
    model = write_network(tmp_path / "qdq.onnx", nodes, scale)
    with pytest.raises(SettingsError, match="on a board"):
        run(replace(vendor, model=model), folder)
    assert runs.read_text() == ""


def test_that_a_quantised_network_of_tflite_is_not_sent_to_the_embedded_simulator(tmp_path: Path, folder: Path) -> None:
    model, _, _ = foreign.tflite(tmp_path, "int8")
    np.save(tmp_path / "x.npy", random(1, 6))
    sample = (Sample((tmp_path / "x.npy",)),)
    with pytest.raises(SettingsError, match="on a board") as caught:
        run(Session(model, samples=sample, dataset=sample, simulator="toolkit"), folder)
    assert "embedded" not in caught.value.hint
    assert "choose no simulator" in caught.value.hint


def test_that_the_inputs_calibrate_where_nothing_else_does(vendor: Session, folder: Path, runs: Path) -> None:
    run(replace(vendor, dataset=(), quant=QuantSettings("w4a16", target="rk3576")), folder)
    assert runs.read_text() == "build of 1 rows\n"


def test_that_a_missing_toolkit_is_an_error_with_a_hint(
    vendor: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descriptions, "described", tuple)
    with pytest.raises(WorkbenchError, match="not set up") as caught:
        run(vendor, folder)
    assert "doctor" in caught.value.hint


def test_that_a_refusal_leaves_its_log_and_no_dump(vendor: Session, folder: Path, toolkit_that: Made) -> None:
    describe(toolkit_that(config="print('E config: no kl_divergence'); return -1"))
    with pytest.raises(ToolkitError, match="no kl_divergence"):
        run(vendor, folder)
    assert "kl_divergence" in (folder / FOLDER / "toolkit.log").read_text()
    assert not list((folder / "dumps").glob("toolkit-*"))


def test_that_a_cancelled_run_leaves_no_arrays(vendor: Session, folder: Path) -> None:
    steps = analyze(vendor, folder)
    while not (folder / FOLDER / "fed").is_dir():
        next(steps)
    steps.close()
    assert not (folder / FOLDER / "fed").exists()


def test_that_imported_golden_values_take_the_toolkits_place(vendor: Session, folder: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "golden.npz", r1=random(1, 4, 6, 6))
    results = run(replace(vendor, imports={"golden": ImportedDumps(tmp_path / "golden.npz")}), folder)

    row = next(row for row in results.rows if row.tensor == "r1")
    assert row.errors["simulator.entire"].mean["cos"] < 0.9
    assert row.errors["simulator.single"].mean["cos"] > 0.99


def test_that_dumps_of_a_board_stand_beside_the_toolkits(vendor: Session, folder: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "board.npz", r1=random(1, 4, 6, 6))
    results = run(replace(vendor, imports={"runtime": ImportedDumps(tmp_path / "board.npz")}), folder)

    errors = {row.tensor: row.errors for row in results.rows}
    assert "runtime.entire" in errors["r1"]
    assert "runtime.entire" not in errors["r2"]


def test_that_the_toolkit_runs_where_the_embedded_simulator_cannot(tmp_path: Path, folder: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("NonZero", ["r"], ["n"]), node("Cast", ["n"], ["y"], to=1)]
    model = write_network(tmp_path / "odd.onnx", nodes, shape=(1, 4), outputs=[declared("y", [2, "count"])])
    np.save(tmp_path / "x.npy", random(1, 4))
    sample = (Sample((tmp_path / "x.npy",)),)
    quant = QuantSettings("w8a16", target="rk3588")  # which only another chip has
    session = Session(model, samples=sample, dataset=sample, simulator="toolkit", quant=quant)

    assert any("cannot run beside the toolkit" in text for text in warnings(session, folder))
    assert load_results(folder) is not None


def test_that_the_toolkit_is_fed_with_what_the_network_is(
    vendor: Session, folder: Path, samples_of: MakeSamples
) -> None:
    settings = Preprocess(mean=(0.5, 0.25, 0.125), std=(2.0, 4.0, 8.0))
    results = run(replace(vendor, preprocess={"x": settings}), folder)
    with Dump(results.dumps["golden"][0]) as golden, Dump(results.dumps["reference"][0]) as reference:
        assert np.array_equal(golden["x"], reference["x"])


def test_that_a_session_of_the_toolkit_is_saved_and_loaded(vendor: Session, folder: Path) -> None:
    run(vendor, folder)
    assert load_session(folder).simulator == "toolkit"


def test_that_the_command_line_simulates_with_the_toolkit(
    session: Session, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["analyze", str(session.model), "-i", str(session.samples[0].files[0]), "-o", str(folder)]

    assert main([*words, "--simulator", "toolkit", "--json", "-q"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["settings"]["simulator"] == "toolkit"
    assert all({"entire", "single"} <= layer["simulator"].keys() for layer in document["layers"])

    assert main(["compare", f"{folder}:toolkit", f"{folder}:embedded", "-q"]) == 0
    assert "layers compared" in capsys.readouterr().out


def test_that_options_that_touch_numbers_are_simulated_with_and_others_compute_nothing_anew(
    vendor: Session, folder: Path, runs: Path
) -> None:
    run(vendor, folder)
    run(replace(vendor, toolkit_options={"compress_weight": True}), folder)
    assert len(runs.read_text().splitlines()) == 1

    run(replace(vendor, toolkit_options={"remove_reshape": True}), folder)
    assert len(runs.read_text().splitlines()) == 2


def test_that_options_that_do_not_go_with_the_settings_are_told_before_anything_is_computed(
    vendor: Session, folder: Path, runs: Path
) -> None:
    quant = replace(vendor.quant, float_tensors=("r2",))
    with pytest.raises(SettingsError, match="auto_hybrid cannot be chosen together"):
        run(replace(vendor, quant=quant, toolkit_options={"auto_hybrid": True}), folder)
    assert runs.read_text() == ""


def test_that_a_session_names_its_toolkit(vendor: Session, folder: Path, runs: Path) -> None:
    with pytest.raises(SettingsError, match="The toolkit 'other' is not described"):
        run(replace(vendor, toolkit="other"), folder)
    name = descriptions.described()[0].name
    run(replace(vendor, toolkit=name), folder)
    assert len(runs.read_text().splitlines()) == 1
    run(replace(vendor, toolkit="other"), folder)  # its dumps are there: nothing has to be run
    assert len(runs.read_text().splitlines()) == 1


def test_that_the_command_line_writes_toolkit_and_options_into_the_session(
    vendor: Session, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = descriptions.described()[0].name
    words = ["analyze", str(vendor.model), "-i", str(vendor.samples[0].files[0]), "-o", str(folder), "-q"]
    chosen = ["--simulator", "toolkit", "--toolkit", name, "--config", "remove_reshape=true"]
    assert main([*words, *chosen, "--config", "compress_weight=false"]) == 0

    saved = load_session(folder)
    assert (saved.toolkit, saved.toolkit_options) == (name, {"remove_reshape": True})
    assert main([*words, "--config", "op_target=r2:foo"]) == 2
    assert "op_target cannot be r2:foo." not in capsys.readouterr().out
