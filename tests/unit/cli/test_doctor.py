import json
from pathlib import Path

import pytest

from tests.made_toolkit import Made
from workbench.cli import doctor
from workbench.cli.app import main
from workbench.foundation.steps import Log, Steps
from workbench.sources.board.descriptions import Board, boards_folder, describe_board
from workbench.sources.toolkit import descriptions
from workbench.sources.toolkit.descriptions import Toolkit, describe


@pytest.fixture(autouse=True)
def no_toolkit(monkeypatch: pytest.MonkeyPatch) -> None:
    """None but those of the test: each is started."""
    monkeypatch.delenv(descriptions.VARIABLE, raising=False)
    monkeypatch.setattr(descriptions, "FOLDER", "no-such-folder")


def test_that_every_check_has_a_name_a_state_and_a_text() -> None:
    for check in doctor.checks():
        assert check.name
        assert check.text
        assert check.state in (doctor.OK, doctor.OPTIONAL, doctor.PROBLEM)
        assert bool(check.fix) == (check.state != doctor.OK)


def test_that_json_holds_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    assert "Python" in {check["name"] for check in document["checks"]}


def test_that_the_pair_that_aborts_is_a_problem() -> None:
    states = [next(iter(doctor._qt_pair(qt, python))).state for qt, python in (
        ("6.12.0", (3, 11)), ("6.12.0", (3, 12)), ("6.11.3", (3, 11)))]  # fmt: skip
    assert states == [doctor.PROBLEM, doctor.OK, doctor.OK]


def test_that_a_second_opencv_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_version", lambda name: "4.12" if name == "opencv-python" else "")
    (check,) = doctor._opencv_builds()
    assert check.state == doctor.PROBLEM


def test_that_a_missing_package_is_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "_version", lambda name: "")
    assert main(["doctor"]) == 2
    assert "✖ onnxruntime" in capsys.readouterr().out


def test_that_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    assert doctor._writable(tmp_path / "nowhere", "folder").state == doctor.PROBLEM


def test_that_no_display_and_no_toolkit_are_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    states = {check.name: check.state for check in doctor.checks()}
    assert states.get("display", doctor.OPTIONAL) == doctor.OPTIONAL
    assert states["vendor toolkit"] == doctor.OPTIONAL


def test_that_each_described_toolkit_is_started(toolkit_that: Made) -> None:
    describe(toolkit_that())
    describe(Toolkit("gone", Path("/nowhere/python")))

    gone, made = doctor.toolkits()

    assert (made.state, gone.state) == (doctor.OK, doctor.OPTIONAL)
    assert "loads onnx" in made.text
    assert "/nowhere/python cannot be started" in gone.text


def test_that_a_description_that_cannot_be_read_is_a_problem_beside_those_that_can(toolkit_that: Made) -> None:
    path = describe(Toolkit("a", Path("/python")))
    path.write_text("python =")
    describe(toolkit_that())

    torn, made = doctor.toolkits()

    assert (torn.state, made.state) == (doctor.PROBLEM, doctor.OK)
    assert str(path) in torn.text


def test_that_a_toolkit_is_set_up_where_it_is_told(
    toolkit_that: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[Path, bool]] = []

    def set_up(folder: Path, with_tensorflow: bool) -> Steps[Toolkit]:
        asked.append((folder, with_tensorflow))
        yield Log("Installing")
        toolkit = toolkit_that()
        describe(toolkit)
        return toolkit

    monkeypatch.setattr("workbench.sources.toolkit.setting_up.set_up", set_up)

    main(["doctor", "--setup-toolkit", "--tensorflow", str(tmp_path / "tk")])

    assert asked == [(tmp_path / "tk", True)]
    assert "● vendor toolkit" in capsys.readouterr().out


def test_that_adb_that_is_missing_is_told_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (check,) = (check for check in doctor.checks() if check.name == "adb")
    assert (check.state, check.fix) == (doctor.OPTIONAL, "apt install adb")


def test_that_described_boards_are_named_and_broken_descriptions_too() -> None:
    describe_board(Board("desk", "adb:abc"))
    (boards_folder() / "odd.toml").write_text("link = 5", "utf-8")
    found = list(doctor.boards())
    assert [check.state for check in found] == [doctor.PROBLEM, doctor.OK]
    assert found[1].text == "desk (adb:abc)"


def test_that_a_folder_without_a_setup_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "somewhere"]) == 2
    assert "--setup-toolkit" in capsys.readouterr().err
