"""Rules of the scripts in packaging/ and of the workflow for GitHub."""

import configparser
import importlib.util
import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from ruamel.yaml import YAML

from tests.helpers.cluster import QUIET

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGING = ROOT / "packaging"
WORKFLOW = ROOT / ".github" / "workflows" / "checks.yml"


def script(name: str) -> ModuleType:
    """A script of packaging/ as a module."""
    spec = importlib.util.spec_from_file_location(f"packaging_{name}", PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def package(*wheels: str, **others: Any) -> dict[str, Any]:
    return {"name": "net", "version": "1.0", "wheels": [{"name": wheel} for wheel in wheels], **others}


def workflow() -> dict[str, Any]:
    if not WORKFLOW.is_file():
        pytest.skip("the source archive has no workflow")
    document: dict[str, Any] = YAML(typ="safe").load(WORKFLOW.read_text(encoding="utf-8"))
    return document


def workflow_commands() -> list[str]:
    steps = [step for job in workflow()["jobs"].values() for step in job["steps"]]
    return [line for step in steps for line in step.get("run", "").splitlines()]


@pytest.mark.skipif(sys.platform == "win32", reason="there not all whole runs are possible")
def test_that_every_test_file_is_in_exactly_one_part_of_the_checks() -> None:
    parts = script("checks").parts()
    ran = [path for arguments in parts.values() for path in arguments if path.endswith(".py")]
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))

    assert sorted(ran) == [path for path in files if not path.startswith("tests/fuzz/")]
    assert parts["fuzz"] == ["tests/fuzz"]


def test_that_only_the_packages_are_checked_whole_where_boards_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = script("checks")
    monkeypatch.setattr(checks.sys, "platform", "win32")

    whole = [path for arguments in checks.parts().values() for path in arguments if path.startswith("tests/e2e")]

    assert whole == ["tests/e2e/test_install.py", "tests/e2e/test_packages.py"]


def test_that_a_check_whose_program_is_absent_fails(capsys: pytest.CaptureFixture[str]) -> None:
    checks = script("checks")

    assert not checks.passes("nothing", ("a-program-that-nobody-has",))
    assert "a-program-that-nobody-has is not in" in capsys.readouterr().out


def test_that_a_part_that_fails_is_named_and_shown_last(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "test_bad.py").write_text("def test_bad(): assert 1 == 2\n", encoding="utf-8")
    (tmp_path / "test_good.py").write_text("def test_good(): pass\n", encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c", str(tmp_path / "none.ini")]
    (tmp_path / "none.ini").write_text("[pytest]\n", encoding="utf-8")
    wanted = {name: [*options, str(tmp_path / f"test_{name}.py")] for name in ("bad", "good")}
    checks = script("checks")
    monkeypatch.setattr(checks, "AT_ONCE", 1)

    assert checks.run_parts(wanted) == ["pytest bad"]
    said = capfd.readouterr().out
    assert said.index("1 passed") < said.index("assert 1 == 2")


@pytest.mark.parametrize(
    ("wheel", "system", "fits"),
    [
        ("net-1.0-py3-none-any.whl", 0, True),
        ("net-1.0-cp312-cp312-manylinux_2_28_x86_64.whl", 0, True),
        ("net-1.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", 0, True),
        ("net-1.0-cp312-cp312-manylinux_2_39_x86_64.whl", 0, False),  # newer than the system's C library
        ("net-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", 0, False),  # another Python
        ("net-1.0-cp39-abi3-manylinux_2_28_x86_64.whl", 0, True),  # of the stable interface
        ("net-1.0-cp312-cp312-musllinux_1_2_x86_64.whl", 0, False),
        ("net-1.0-cp312-cp312-manylinux_2_28_aarch64.whl", 0, False),
        ("net-1.0-cp312-cp312-win_amd64.whl", 3, True),
        ("net-1.0-cp312-cp312-macosx_11_0_arm64.whl", 4, True),
        ("net-1.0-cp312-cp312-macosx_11_0_arm64.whl", 5, False),
        ("net-1.0-cp312-cp312-macosx_10_13_universal2.whl", 5, True),
    ],
)
def test_that_the_table_of_wheels_knows_which_one_is_taken(wheel: str, system: int, fits: bool) -> None:
    table = script("wheel_table")

    count, missing = table.without_wheel([package(wheel)], table.SYSTEMS[system], (3, 12))

    assert (count, missing) == (1, [] if fits else ["net 1.0 (nor a source archive)"])


def test_that_what_is_not_installed_somewhere_is_not_missed_there() -> None:
    table = script("wheel_table")
    old_only = package(marker="python_full_version < '3.12'", sdist={})

    assert table.without_wheel([old_only], table.SYSTEMS[0], (3, 11)) == (1, ["net 1.0"])
    assert table.without_wheel([old_only], table.SYSTEMS[0], (3, 12)) == (0, [])


def test_that_the_table_of_wheels_is_of_the_present_lock_file() -> None:
    table = script("wheel_table")

    assert table.lock_mark() in table.TABLE.read_text(encoding="utf-8"), "run packaging/wheel_table.py"


def test_that_the_icon_is_drawn_in_every_form(qtbot: QtBot, tmp_path: Path) -> None:
    icons = script("icons")

    icons.write_icons(tmp_path)

    sizes = {path.parts[-3]: QImage(str(path)).width() for path in tmp_path.rglob("*.png")}
    assert sizes == {f"{size}x{size}": size for size in icons.SIZES}
    assert struct.unpack("<HHH", (tmp_path / "rknn-workbench.ico").read_bytes()[:6]) == (0, 1, len(icons.ICO_SIZES))
    apple = (tmp_path / "rknn-workbench.icns").read_bytes()
    assert (apple[:4], struct.unpack(">I", apple[4:8])[0]) == (b"icns", len(apple))


def test_that_the_icon_can_be_told_from_nothing_at_the_smallest_size(qtbot: QtBot) -> None:
    image = QImage.fromData(script("icons").png(16), "PNG")
    seen = {image.pixelColor(x, y).name() for x in range(16) for y in range(16) if image.pixelColor(x, y).alpha() > 200}

    assert len(seen) > 10


def test_that_the_desktop_entry_opens_what_the_types_declare() -> None:
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # keys have capitals
    entry.read(PACKAGING / "desktop" / "rknn-workbench.desktop", encoding="utf-8")
    types = ET.parse(PACKAGING / "desktop" / "rknn-workbench.xml").getroot()
    declared = {kind.get("type") for kind in types}

    assert set(entry["Desktop Entry"]["MimeType"].rstrip(";").split(";")) == declared | {"inode/directory"}
    assert entry["Desktop Entry"]["Exec"].endswith("%f")
    assert {glob.get("pattern") for glob in types.iterfind(".//{*}glob")} == {"*.onnx", "session.json"}


@pytest.mark.skipif(sys.platform != "linux", reason="menus of this kind are Linux's")
def test_that_the_desktop_gets_the_program_and_loses_all_of_it_again(tmp_path: Path) -> None:
    prefix = tmp_path / "a folder of 100%"
    command = ["bash", str(PACKAGING / "desktop.sh")]
    environment = os.environ | {"PYTHON": sys.executable, "DESTINATION_OF_A_PACKAGE": "yes"}

    subprocess.run([*command, str(prefix), "/a 100%/gui"], check=True, env=environment, timeout=60)
    files = {path.name for path in prefix.rglob("*") if path.is_file()}
    entry = (prefix / "share" / "applications" / "rknn-workbench.desktop").read_text(encoding="utf-8")
    subprocess.run([*command, "--remove", str(prefix)], check=True, env=environment, timeout=60)

    assert files == {f"rknn-workbench.{kind}" for kind in ("desktop", "xml", "png", "svg")}
    assert entry.splitlines()[-1] == 'Exec="/a 100%%/gui" %f'
    assert [path for path in prefix.rglob("*") if path.is_file()] == []


def test_that_the_workflow_runs_on_three_systems() -> None:
    jobs = workflow()["jobs"].values()
    systems = {system for job in jobs for system in job.get("strategy", {}).get("matrix", {}).get("os", ())}

    assert {re.split("-", system)[0] for system in systems} == {"ubuntu", "windows", "macos"}


def test_that_the_workflow_shares_the_commands_of_the_project() -> None:
    commands = workflow_commands()
    scripts = [path for command in commands for path in re.findall(r"(?:packaging|\.ci)/[\w./-]+", command)]

    assert {"bash .ci/run", "python packaging/checks.py"} <= set(commands)
    assert [path for path in scripts if not (ROOT / path).is_file()] == []


def test_that_the_way_for_developers_runs_the_same_checks() -> None:
    assert "packaging/checks.py" in (PACKAGING / "test.sh").read_text(encoding="utf-8")


@pytest.mark.skipif(not (ROOT / ".ci").is_dir(), reason="the source archive has none")
def test_that_the_continuous_integration_runs_the_same_checks() -> None:
    assert "packaging/test.sh" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_that_the_workflow_may_only_read() -> None:
    assert workflow()["permissions"] == {"contents": "read"}


def test_that_the_cluster_that_is_measured_is_set_as_the_ones_that_are_shipped() -> None:
    compose = YAML(typ="safe").load((PACKAGING / "cluster" / "compose.yaml").read_text(encoding="utf-8"))
    unit = (PACKAGING / "cluster" / "rknn-workbench-worker.service").read_text(encoding="utf-8").splitlines()

    assert [service["environment"] for service in compose["services"].values()] == [QUIET, QUIET]
    assert {f"Environment={name}={value}" for name, value in QUIET.items()} <= set(unit)
