"""Whether a board was fed with something else, told by its first layers or by its input operator's dump."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.input_sessions import causes_of, changed, found_by, session_on
from workbench.diagnose.rules.board_operator import board
from workbench.diagnose.rules.input_board import fed_to_board
from workbench.dump.store import Dump
from workbench.foundation.steps import Warn, drain
from workbench.graph.read import read_model
from workbench.preprocess.preprocess import Preprocess, unscaled
from workbench.project.exports import Target, export
from workbench.project.findings.diagnosing import open_case
from workbench.project.pipeline import analyze, demo_session
from workbench.project.results import Results
from workbench.project.session import ImportedDumps, Session

NETWORKS = ("ultraface_slim", "resnet8_cifar10", "tinycnn_cifar10")


@pytest.mark.parametrize("with_input", [False, True])
@pytest.mark.parametrize("network", NETWORKS)
def test_that_exchanged_colours_on_the_board_are_told(
    shared: Path, tmp_path: Path, network: str, with_input: bool
) -> None:
    session = session_on(shared, network)
    wrong = changed(session, order="bgr")
    dumps = _board(wrong, tmp_path, _pixels(wrong) if with_input else None)
    findings = found_by(fed_to_board, _with(session, dumps), tmp_path / "s")
    assert causes_of(findings) == ["board-input-order-bgr"]
    assert findings[0].fixes[0].change is None  # it is the program that has to change


@pytest.mark.parametrize("network", NETWORKS)
def test_that_another_std_on_the_board_is_told_from_its_first_layers(
    shared: Path, tmp_path: Path, network: str
) -> None:
    session = session_on(shared, network)
    (own,) = session.preprocess.values()
    wrong = changed(session, std=tuple(2 * value for value in own.std))
    findings = found_by(fed_to_board, _with(session, _board(wrong, tmp_path, None)), tmp_path / "s")
    assert causes_of(findings) == ["board-input-std"]


def test_that_a_board_which_normalises_twice_is_told(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "ultraface_slim")
    wrong = changed(session, mean=(127 + 127 * 128.0,), std=(128 * 128.0,))
    findings = found_by(fed_to_board, _with(session, _board(wrong, tmp_path, None)), tmp_path / "s")
    assert causes_of(findings) == ["board-input-normalised-twice"]


@pytest.mark.parametrize("network", [*NETWORKS, "mnist"])
def test_that_a_board_which_is_fed_alike_is_no_finding(shared: Path, tmp_path: Path, network: str) -> None:
    session = session_on(shared, network)
    dumps = _board(session, tmp_path, _pixels(session))
    assert found_by(fed_to_board, _with(session, dumps), tmp_path / "s") == ()


def test_that_a_wrong_input_is_no_wrong_operator(tmp_path: Path) -> None:
    session = demo_session()
    drain(analyze(session, tmp_path / "s"))
    drain(export(session, tmp_path / "s", Target("plan", tmp_path / "plan.json")))
    wrong = replace(changed(session, order="bgr"), plan=tmp_path / "plan.json")  # it stores as the session does
    drain(analyze(wrong, tmp_path / "board"))
    dumps = drain(export(wrong, tmp_path / "board", Target("npy", tmp_path / "dumps"))) / "simulator"
    assert found_by(board, _with(session, dumps), tmp_path / "s") == ()


def test_that_an_operator_which_is_wrong_on_the_board_is_no_wrong_input(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "ultraface_slim")
    dumps = _board(session, tmp_path, None, spoilt=np.random.default_rng(1))
    assert found_by(fed_to_board, _with(session, dumps), tmp_path / "s") == ()


def test_that_a_damaged_dump_of_the_input_operator_is_named_and_the_first_layers_are_looked_at(
    shared: Path, tmp_path: Path
) -> None:
    session = session_on(shared, "ultraface_slim")
    wrong = changed(session, order="bgr")
    dumps = _board(wrong, tmp_path, _pixels(wrong))
    drain(analyze(_with(session, dumps), tmp_path / "s"))
    (damaged,) = dumps.glob("000_InputOperator*")
    damaged.write_bytes(damaged.read_bytes()[:1000])
    warnings: list[str] = []

    with open_case(tmp_path / "s") as steps:
        found = drain(
            fed_to_board(drain(steps)),
            lambda event: warnings.append(event.text) if isinstance(event, Warn) else None,
        )

    assert [damaged.name in text for text in warnings] == [True]
    assert causes_of(found) == ["board-input-order-bgr"]


def _with(session: Session, dumps: Path) -> Session:
    return replace(session, simulator="embedded", imports={"runtime": ImportedDumps(dumps)})


def _board(
    session: Session, folder: Path, put_in: np.ndarray | None, spoilt: np.random.Generator | None = None
) -> Path:
    """What the simulator gives, in files as a board's runtime writes them; the first layer is `spoilt` by that."""
    results = drain(analyze(replace(session, simulator="embedded"), folder / "board"))
    out = folder / "dumps"
    out.mkdir()
    if put_in is not None:
        ((name, _),) = session.preprocess.items()
        _write(out, 0, "InputOperator", name, put_in)
    for number, (name, values) in enumerate(_values(results), start=1):
        if spoilt is not None and number == 1:
            values = spoilt.permutation(values.reshape(-1)).reshape(values.shape)
        _write(out, number, "Conv", name, values)
    return out


def _values(results: Results) -> list[tuple[str, np.ndarray]]:
    with Dump(results.dumps["simulator"][0]) as dump:
        rows = [row for row in results.rows if row.op != "exDataConvert" and row.tensor in dump]
        return [(row.tensor, np.array(dump[row.tensor])) for row in rows]


def _write(folder: Path, number: int, op: str, name: str, values: np.ndarray) -> None:
    sides = "_".join(map(str, values.shape))
    kind = {"float32": "float"}.get(values.dtype.name, values.dtype.name)
    plain = "".join(letter if letter.isalnum() else "_" for letter in name)
    np.save(folder / f"{number:03}_{op}_{plain}_shape_{sides}_{kind}.npy", values)


def _pixels(session: Session) -> np.ndarray:
    """What a program gives to the board: pixels, under the shape N, C, H, W."""
    ((_, settings),) = session.preprocess.items()
    tensor = read_model(session.model, session.shapes).graph.inputs[0]
    found = unscaled(session.samples[0].files[0], tensor, settings).astype(np.uint8)
    return _channels_first(found, settings)


def _channels_first(values: np.ndarray, settings: Preprocess) -> np.ndarray:
    return np.ascontiguousarray(values if settings.layout == "nchw" else values.transpose(0, 3, 1, 2))
