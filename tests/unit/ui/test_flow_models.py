"""Finding by letters, remaining time, what dropped files are, recent sessions."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.sources.toolkit.report_texts import PAIRS
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze, demo_session
from workbench.project.reported.reported import report_session
from workbench.project.session import Session, save_session
from workbench.ui.models.dropped import kind_of, sort_out, source_of
from workbench.ui.models.fuzzy import best, match
from workbench.ui.models.recents import Recent, look_at
from workbench.ui.models.remaining import Remaining


@pytest.mark.parametrize(
    ("query", "text", "places"),
    [
        ("exp", "Export", (0, 1, 2)),
        ("nwl", "Next worse layer", (0, 5, 11)),
        ("onr", "Open recent", (0, 3, 5)),
        ("oz", "Open recent", None),
        ("撤销", "撤销: 数据类型", (0, 1)),
        ("o f", "Open folder", (0, 5)),
    ],
)
def test_that_letters_are_found_where_words_begin_or_in_a_row(
    query: str, text: str, places: tuple[int, ...] | None
) -> None:
    found = match(query, text)
    assert (None if found is None else found.places) == places


def test_that_letters_in_a_row_count_more_than_scattered_ones() -> None:
    near, far = match("run", "Run"), match("run", "Restore a column")
    assert near is not None
    assert far is not None
    assert near.score > far.score


def test_that_the_first_text_is_preferred_where_both_fit_alike() -> None:
    found = best("undo", ("Undo", "Undo"))
    assert found is not None
    assert found[0] == 0


def test_that_the_remaining_time_follows_the_pace_of_late() -> None:
    """100 units: the first 50 take a tenth of a second each, the next a second each."""
    remaining = Remaining()
    for done in range(51):
        remaining.take("simulator", done, 100, done * 0.1)
    assert remaining.left(5.0) == pytest.approx(5.0, rel=0.01)
    for done in range(51, 91):
        remaining.take("simulator", done, 100, 5 + (done - 50) * 1.0)
    assert remaining.left(45.0) == pytest.approx(10.0, rel=0.1)
    assert remaining.left(47.0) == pytest.approx(8.0, rel=0.1)


def test_that_another_stage_has_a_pace_of_its_own() -> None:
    remaining = Remaining()
    for done in range(11):
        remaining.take("golden", done, 10, done * 10.0)
    remaining.take("simulator", 0, 10, 101.0)
    assert remaining.left(101.0) is None
    remaining.take("simulator", 5, 10, 103.0)
    assert remaining.left(103.0) == pytest.approx(2.0)


def test_that_nothing_is_said_of_uncounted_or_fresh_work() -> None:
    remaining = Remaining()
    remaining.take("import", 0, 0, 0.0)
    assert remaining.left(50.0) is None
    remaining.take("golden", 0, 10, 100.0)
    remaining.take("golden", 5, 10, 100.5)
    assert remaining.left(100.5) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("net.ONNX", "networks"), ("session.json", "networks"), ("bus.jpg", "inputs"), ("x.npy", "inputs"),
        ("dataset.txt", "lists"), ("d.npz", "dumps"), ("golden.h5", "dumps"), ("m.quantization.cfg", "plans"),
        ("plan.json", "plans"), ("net.rknn", "foreign"), ("net.mnn", "foreign"), ("notes.docx", "strange"),
    ],
)  # fmt: skip
def test_that_files_are_known_by_their_names(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert kind_of(tmp_path / name) == kind


def test_that_folders_are_known_by_what_they_hold(tmp_path: Path) -> None:
    for name in (
        "pictures/a.png",
        "arrays/a.npy",
        "snapshot/golden/npy/a.npy",
        "board/map_name_to_file.txt",
        "deep/x/a.npy",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    save_session(Session(Path("x.onnx")), tmp_path / "kept")
    found = sort_out(sorted(tmp_path.iterdir()))
    assert [path.name for path in found.lists] == ["pictures"]
    assert [path.name for path in found.dumps] == ["arrays", "board", "deep", "snapshot"]
    assert [path.name for path in found.networks] == ["kept"]
    assert [path.name for path in found.strange] == ["empty"]


def test_that_a_report_is_the_session_that_it_tells_of(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    save_session(Session(Path("x.onnx")), kept)
    for name in ("report.html", "report.csv"):
        (kept / name).write_text("x", encoding="utf-8")
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "elsewhere.json").write_text(f'{{"golden": "{kept.as_posix()}/dumps/golden.h5"}}', encoding="utf-8")
    (kept / "plan.json").write_text('{"quantize_parameters": {}}', encoding="utf-8")
    found = sort_out([kept / "report.html", kept / "report.csv", tmp_path / "elsewhere.json"])
    assert found.networks == [kept] * 3
    assert sort_out([kept / "plan.json"]).plans == [kept / "plan.json"]
    assert sort_out([tmp_path / "report.html"]).strange == [tmp_path / "report.html"]


def test_that_the_toolkit_s_report_is_its_snapshot(tmp_path: Path) -> None:
    report = tmp_path / "snapshot" / "error_analysis.txt"
    (tmp_path / "snapshot" / "golden").mkdir(parents=True)
    report.write_text("x", encoding="utf-8")
    assert sort_out([report]).dumps == [report.parent]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_that_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    assert sort_out([tmp_path / "closed"]).closed == [tmp_path / "closed"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("golden.h5", "golden"), ("onnx_float.npz", "golden"), ("sim_quant", "simulator"), ("rk3588_dump", "runtime"),
        ("d", "runtime"),
    ],
)  # fmt: skip
def test_that_the_source_of_dumps_is_guessed_from_their_name(name: str, source: str) -> None:
    assert source_of(Path("/data/run7") / name) == source


def test_that_a_snapshot_without_a_board_counts_as_the_simulator(tmp_path: Path) -> None:
    for kind in ("golden", "simulator"):
        (tmp_path / kind).mkdir()
    assert source_of(tmp_path) == "simulator"


def test_that_recents_tell_network_time_and_worst_layer(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    results = drain(analyze(demo_session(), folder))
    network, gone = tmp_path / "net.onnx", tmp_path / "gone"
    network.write_bytes(b"x")
    run, plain, missing = look_at((Recent(folder), Recent(network), Recent(gone)))
    values = {row.tensor: row.errors["simulator.entire"].mean["cos"] for row in results.rows if row.errors}
    worst = min(values, key=values.__getitem__)
    assert (run.network, run.worst, run.layer) == ("demo.onnx", values[worst], worst)
    assert run.when == pytest.approx(time.time(), abs=600)
    assert (plain.network, plain.worst, plain.exists) == ("net.onnx", None, True)
    assert not missing.exists
    (folder / "results.json").unlink()
    os.utime(folder / "session.json", (run.when or 0, run.when or 0))
    assert look_at((run,)) == (run,)  # of the same time: it is not read again


def test_that_a_damaged_session_is_listed_all_the_same(tmp_path: Path) -> None:
    save_session(replace(demo_session()), tmp_path / "s")
    (tmp_path / "s" / "results.json").write_text("{", encoding="utf-8")
    (found,) = look_at((Recent(tmp_path / "s"),))
    assert (found.exists, found.worst) == (True, None)


def test_that_sessions_of_reports_alone_are_called_after_their_folders(tmp_path: Path) -> None:
    folder = tmp_path / "yolo"
    drain(report_session(PAIRS, None, folder))
    (found,) = look_at((Recent(folder),))
    assert found.network == "yolo"
