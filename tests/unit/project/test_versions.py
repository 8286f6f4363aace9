"""Rules of which versions a session knows of what computed its values."""

from pathlib import Path

from tests.unit.project.made_sessions import ONES, made_session
from workbench.project.results import load_results
from workbench.project.session import BoardChoice, ImportedDumps, Session, load_session
from workbench.project.versions import versions_of

LOG = """I RKNN: [09:15:09.562] RKNN Runtime Information, librknnrt version: 2.3.0 (c949ad889d@2024-11-07T11:35:33)
I RKNN: [09:15:09.562] RKNN Driver Information, version: 0.9.8
I RKNN: [09:15:09.563] RKNN Model Information, version: 6, toolkit version: 2.2.0(compiler version: 2.2.0), target: v2
"""


def versions(folder: Path, **changes: object) -> dict[str, str]:
    made_session(folder, {"golden": [{"y": ONES}], "simulator": [{"y": ONES}]}, {"y": "y"})
    session, results = load_session(folder), load_results(folder)
    assert results is not None
    return versions_of(Session(**{**vars(session), **changes}), folder, results)


def test_that_a_session_without_a_board_knows_none(tmp_path: Path) -> None:
    assert versions(tmp_path / "session") == {}


def test_that_the_log_of_a_board_run_tells_them_in_the_order_to_show(tmp_path: Path) -> None:
    (tmp_path / "session" / "board").mkdir(parents=True)
    (tmp_path / "session" / "board" / "board.log").write_text(LOG)

    found = versions(tmp_path / "session", board=BoardChoice("local"))

    assert found == {"converted by": "2.2.0", "runtime": "2.3.0", "driver": "0.9.8"}
    assert list(found) == ["converted by", "runtime", "driver"]


def test_that_a_log_beside_imported_dumps_tells_them(tmp_path: Path) -> None:
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "serial.log").write_text(LOG)

    found = versions(tmp_path / "session", imports={"runtime": ImportedDumps(tmp_path / "dumps")})

    assert found["driver"] == "0.9.8"


def test_that_the_network_of_the_board_tells_who_made_it(tmp_path: Path) -> None:
    rknn = tmp_path / "net.rknn"
    rknn.write_bytes(
        b"RKNN" + bytes(500) + b"2.5.0(compiler version: 2.5.0 (74ea630ce@2026-09-29T14:54:20))" + bytes(9)
    )

    assert versions(tmp_path / "session", board=BoardChoice("local", rknn=rknn)) == {"converted by": "2.5.0"}


def test_that_a_log_of_bytes_that_are_no_text_tells_none(tmp_path: Path) -> None:
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "serial.log").write_bytes(bytes(range(256)) * 10)

    assert versions(tmp_path / "session", imports={"runtime": ImportedDumps(tmp_path / "dumps")}) == {}
