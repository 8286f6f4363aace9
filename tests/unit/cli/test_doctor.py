import json
from pathlib import Path

import pytest

from workbench.cli import doctor
from workbench.cli.app import main


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
    for name in ("DISPLAY", "WAYLAND_DISPLAY", doctor.TOOLKIT):
        monkeypatch.delenv(name, raising=False)
    states = {check.name: check.state for check in doctor.checks()}
    assert states.get("display", doctor.OPTIONAL) == doctor.OPTIONAL
    assert states["vendor toolkit"] == doctor.OPTIONAL
