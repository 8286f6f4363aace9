"""Rules of dumps of a board: matched by content, stored in the board's types and layouts, and what single_sim says."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from workbench.compare.content import LIKELY, Known, Suggestion, Unknown, suggest
from workbench.compare.match import read_layouts, read_map
from workbench.dump.formats import Dumps, open_dumps
from workbench.dump.layouts import C2, network_places, ways
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Event, Warn, drain
from workbench.project.comparison.by_content import save_map, suggestions, with_suggestions
from workbench.project.pipeline import analyze, import_dumps
from workbench.project.results import Results
from workbench.project.session import ImportedDumps, Session, load_session, save_session

Write = Callable[[Path, str, np.ndarray, np.ndarray], None]


@pytest.fixture
def results(session: Session, folder: Path) -> Results:
    return drain(analyze(session, folder))


def board(results: Results, where: Path, write: Write, change: dict[str, float] | None = None) -> Path:
    """The simulator's values as a board's files; `write` takes folder, tensor, real and stored values."""
    where.mkdir()
    with Dump(results.dumps["simulator"][0]) as dump:
        for row in results.rows:
            factor = (change or {}).get(row.tensor, 1.0)
            write(where, row.tensor, dump[row.tensor] * np.float32(factor), np.array(dump.raw(row.tensor)[0]))
    return where


def as_npy(where: Path, tensor: str, real: np.ndarray, stored: np.ndarray) -> None:
    np.save(where / f"{tensor.strip('/').replace('/', '_')}.npy", real)


def numbered(where: Path, tensor: str, real: np.ndarray, stored: np.ndarray) -> None:
    """No name, and another layout each."""
    number = len(list(where.iterdir()))
    layouts = list(ways(real.shape))
    layout, size = layouts[number % len(layouts)]
    places = network_places(real.shape, layout, np.arange(size))
    np.save(where / f"{number:02}.npy", np.where(places >= 0, real.reshape(-1)[places], 0).astype(np.float32))


def native(where: Path, tensor: str, real: np.ndarray, stored: np.ndarray) -> None:
    shape = "_".join(map(str, real.shape))
    kind = stored.dtype.name if stored.dtype != np.float32 else "float"
    np.save(where / f"{len(list(where.iterdir())):03}_Op_{tensor.replace('/', '_')}_shape_{shape}_{kind}.npy", stored)


def as_text(where: Path, tensor: str, real: np.ndarray, stored: np.ndarray) -> None:
    """Level 6 on an RK3588: NC1HWC2 by the stored type."""
    group = C2["rk3588"]["int8" if stored.dtype == np.int8 else "float16"]
    flat = real.reshape(-1)
    if real.ndim == 4:
        n, c, h, w = real.shape
        size = n * -(-c // group) * group * h * w
        places = network_places(real.shape, f"nc1hwc2:{group}", np.arange(size))
        flat = np.where(places >= 0, flat[places], 0)
    shape = "_".join(map(str, real.shape))
    name = f"{len(list(where.iterdir())):03}_Op_{tensor.replace('/', '_')}_shape_{shape}_float.txt"
    (where / name).write_text("".join(f"{value:.9g}\n" for value in flat))


def runtime_eucs(results: Results, column: str = "runtime.entire") -> dict[str, float]:
    return {row.tensor: row.errors[column].mean["euc"] for row in results.rows if column in row.errors}


def simulator_eucs(results: Results) -> dict[str, float]:
    return {row.tensor: row.errors["simulator.entire"].mean["euc"] for row in results.rows}


def test_that_a_dump_without_names_is_matched_and_compared_as_one_with_names(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    dumps = ImportedDumps(board(results, tmp_path / "board", numbered))

    found = drain(suggestions(folder, dumps, "runtime"))
    taken, _ = with_suggestions(dumps, found, above=0)
    after = drain(import_dumps(folder, taken, "runtime"))

    assert len(found) == len(results.rows)
    assert runtime_eucs(after) == pytest.approx(simulator_eucs(results), rel=1e-5, abs=1e-5)


def test_that_names_are_not_asked_again_by_content(results: Results, folder: Path, tmp_path: Path) -> None:
    place = board(results, tmp_path / "board", as_npy)
    sorted(place.iterdir())[1].rename(place / "strange.npy")

    found = drain(suggestions(folder, ImportedDumps(place), "runtime"))

    assert [item.other for item in found] == ["strange"]


def test_that_a_map_keeps_what_was_confirmed(tmp_path: Path) -> None:
    sure = Suggestion("t1", "/a/b", "nhwc", 0.9, 0.99, 4096, "t2", 0.3)
    doubtful = Suggestion("t2", "/c", "nchw", LIKELY - 0.1, 0.9, 4096)

    taken, rest = with_suggestions(ImportedDumps(tmp_path), (sure, doubtful))
    save_map(taken, tmp_path / "map.txt", (sure, doubtful))

    assert rest == (doubtful,)
    assert read_map(tmp_path / "map.txt") == {"t1": "/a/b"}
    assert read_layouts(tmp_path / "map.txt") == {"t1": "nhwc"}


def test_that_a_session_keeps_layouts_of_single_tensors(session: Session, folder: Path) -> None:
    imports = {"runtime": ImportedDumps(folder.parent, {"t": "x"}, layouts={"t": "nc1hwc2:8"})}
    save_session(Session(session.model, imports=imports), folder)

    assert load_session(folder).imports["runtime"].layouts == {"t": "nc1hwc2:8"}


def test_that_a_session_without_values_cannot_be_matched_with(session: Session, folder: Path, tmp_path: Path) -> None:
    save_session(session, folder)

    with pytest.raises(DumpError, match="no values yet"):
        drain(suggestions(folder, ImportedDumps(tmp_path), "runtime"))


def test_that_a_models_own_integers_take_the_plans_scale_and_say_so(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    events: list[Event] = []

    place = board(results, tmp_path / "board", native)
    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"), events.append)

    assert runtime_eucs(after) == pytest.approx(simulator_eucs(results), rel=1e-5, abs=1e-5)
    said = [event.text for event in events if isinstance(event, Warn)]
    assert [text for text in said if "integers without their scale" in text]
    assert not [text for text in said if text.endswith("dump with RKNN_DUMP_QUANT=0.")]


def test_that_text_of_level_6_is_laid_out_by_the_chip(results: Results, folder: Path, tmp_path: Path) -> None:
    after = drain(import_dumps(folder, ImportedDumps(board(results, tmp_path / "board", as_text)), "runtime"))

    assert runtime_eucs(after) == pytest.approx(simulator_eucs(results), rel=1e-4, abs=1e-4)


def test_that_single_sim_is_nothing_where_the_board_is_the_simulator(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    after = drain(import_dumps(folder, ImportedDumps(board(results, tmp_path / "board", as_npy)), "runtime"))

    assert set(runtime_eucs(after, "runtime.single_sim").values()) == {0.0}
    assert runtime_eucs(after, "runtime.single_sim").keys() == runtime_eucs(after).keys()


def test_that_single_sim_blames_the_layer_that_is_wrong_and_not_those_behind_it(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    broken = results.rows[len(results.rows) // 2].tensor
    place = board(results, tmp_path / "board", as_npy, {broken: 0.5})

    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"))

    off = [tensor for tensor, euc in runtime_eucs(after, "runtime.single_sim").items() if euc > 0]
    behind = [layer.tensor for layer in results.rows][len(results.rows) // 2 + 1]
    assert off[0] == broken
    assert set(off) <= {broken, behind}  # the next one has other inputs than the simulator gave the board's values for


def test_that_a_tensor_that_the_board_fused_away_has_a_blank_cell_and_hides_no_other(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    place = board(results, tmp_path / "board", as_npy)
    gone = results.rows[1].tensor
    (place / f"{gone.strip('/').replace('/', '_')}.npy").unlink()

    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"))

    assert runtime_eucs(after).keys() == {row.tensor for row in results.rows} - {gone}
    assert set(runtime_eucs(after, "runtime.single_sim").values()) == {0.0}


def test_that_single_sim_is_not_computed_again(results: Results, folder: Path, tmp_path: Path) -> None:
    place = ImportedDumps(board(results, tmp_path / "board", as_npy))
    first = drain(import_dumps(folder, place, "runtime"))
    (path,) = first.dumps["simulator_on_board"]
    made = path.stat().st_mtime_ns

    again = drain(import_dumps(folder, place, "runtime"))

    assert again.dumps["simulator_on_board"] == (path,)
    assert path.stat().st_mtime_ns == made


@pytest.mark.parametrize(("factor", "offset"), [(58.0, 0.0), (58.0, 116.0), (1.0, 2.0)])
def test_that_a_boards_input_on_another_scale_is_not_called_a_divergence(
    results: Results, folder: Path, tmp_path: Path, factor: float, offset: float
) -> None:
    place = board(results, tmp_path / "board", as_npy)
    np.save(place / "x_int8.npy", np.load(place / "x_int8.npy") * np.float32(factor) + np.float32(offset))

    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"))

    assert not [column for column in after.rows[0].errors if column.startswith("runtime")]
    assert "another scale" in after.rows[0].note
    assert set(runtime_eucs(after, "runtime.single_sim").values()) == {0.0}


def test_that_a_boards_input_of_another_picture_is_compared(results: Results, folder: Path, tmp_path: Path) -> None:
    place = board(results, tmp_path / "board", as_npy)
    np.save(place / "x_int8.npy", np.load(place / "x_int8.npy")[..., ::-1])

    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"))

    assert after.rows[0].errors["runtime.entire"].mean["cos"] < 0.9


def test_that_integers_of_a_board_take_the_scales_of_another_plan_when_there_is_one(
    results: Results, session: Session, folder: Path, tmp_path: Path
) -> None:
    place = board(results, tmp_path / "board", native)
    before = drain(import_dumps(folder, ImportedDumps(place), "runtime"))
    tensor = before.rows[1].tensor
    assert before.rows[1].encoding is not None
    wide = replace(session.quant, ranges=((tensor, -100.0, 100.0),))

    after = drain(analyze(replace(load_session(folder), quant=wide), folder))

    assert runtime_eucs(after)[tensor] > 10 * runtime_eucs(before)[tensor]


def test_that_a_real_boards_tensors_are_found_without_their_names(shared: Path) -> None:
    place = shared / "artifacts" / "mobilenetv2_rk3588_runtime"
    with open_dumps(place, "golden") as golden, open_dumps(place, "runtime") as runtime:
        # what is fused away is in no dump of a board: the Conv before each Clip
        names = [name for name in golden.names if name.replace(".0/Conv", ".2/Clip") not in set(golden.names) - {name}]
        known = [Known(name, golden.shape(name), partial(golden.__getitem__, name)) for name in names]
        unknown = [
            Unknown(name, partial(in_nhwc, runtime, name))
            for name in sorted(runtime.names, reverse=True)
            if "Input" not in name
        ]
        found = drain(suggest(known, unknown))

    assert len(found) == len(unknown) == 12
    assert all(item.golden == item.other and item.confidence >= LIKELY for item in found)


def in_nhwc(dumps: Dumps, name: str) -> np.ndarray:
    return np.moveaxis(dumps[name], 1, -1).reshape(-1)


def test_that_what_a_board_was_fed_is_matched_neither_by_order_nor_by_content(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    place = board(results, tmp_path / "board", native)
    first = next(place.glob("000_*"))
    np.save(place / first.name.replace("_Op_x_int8_", "_InputOperator_x_"), np.load(first))
    first.unlink()

    assert drain(suggestions(folder, ImportedDumps(place), "runtime")) == ()
    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"))

    assert results.rows[0].tensor not in runtime_eucs(after)


def test_that_tensors_matched_by_order_are_told(results: Results, folder: Path, tmp_path: Path) -> None:
    place = board(results, tmp_path / "board", native)
    strange = sorted(place.iterdir())[-1]
    strange.rename(place / strange.name.replace(f"_{results.rows[-1].tensor}_shape", "_strange_shape"))
    events: list[Event] = []

    after = drain(import_dumps(folder, ImportedDumps(place), "runtime"), events.append)

    assert after.rows[-1].matched_by == "order"
    assert any("strange" in event.text for event in events if isinstance(event, Warn))


def test_that_a_file_that_cannot_be_read_is_told_once(results: Results, folder: Path, tmp_path: Path) -> None:
    place = board(results, tmp_path / "board", numbered)
    torn = sorted(place.iterdir())[0]
    torn.write_bytes(torn.read_bytes()[:90])

    said = [event.text for event in suggestions(folder, ImportedDumps(place), "runtime") if isinstance(event, Warn)]

    assert len([text for text in said if torn.name in text]) == 1


@pytest.mark.parametrize("is_by_content", [True, False])
def test_that_a_file_that_no_name_wants_and_nobody_can_read_hides_no_other(
    results: Results, folder: Path, tmp_path: Path, is_by_content: bool
) -> None:
    place = board(results, tmp_path / "board", as_npy)
    (place / "other.npy").write_bytes(sorted(place.iterdir())[0].read_bytes()[:90])
    imported = ImportedDumps(place, layouts={"nobody": "nhwc"} if is_by_content else {})
    said: list[Event] = []

    after = drain(import_dumps(folder, imported, "runtime"), said.append)

    assert runtime_eucs(after) == pytest.approx(simulator_eucs(results), rel=1e-4, abs=1e-4)
    assert after.unmatched["runtime"] == ("other",)
    told = [event.text for event in said if isinstance(event, Warn) and "other.npy" in event.text]
    assert len(told) == (0 if is_by_content else 1)
