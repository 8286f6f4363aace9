"""Names of files that are no text, are very long or look like something else, and odd surroundings of a process."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.networks import node, random, write_network
from workbench.cli.app import main
from workbench.foundation.resources import resource
from workbench.project.results import load_results

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "8-bit": os.fsdecode(b"caf\xe9 \xff"),
    "chinese": "中文 目录",
    "quotes": """a "b" 'c' $d `e` & <f>; g""",
    "controls": "line\nbreak\tand\x1b[31m",
    "long": "n" * 240,
    "wide": "\N{FIRE}" * 60,
}
NOWHERE = "/dev/null/nowhere"  # not even root can make it
EXPORTS = ("html", "csv", "json", "npy", "qdq", "plan", "bundle")
SURROUNDINGS: Mapping[str, Mapping[str, str | None]] = {
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "german": {"LC_ALL": "de_DE.UTF-8"},
    "unknown locale": {"LC_ALL": "xx_YY.nonsense"},
    "homeless": {"HOME": NOWHERE, "XDG_CONFIG_HOME": None, "RKNN_WORKBENCH_SETTINGS": None, "TMPDIR": NOWHERE},
    "nameless": {"HOME": None, "USER": None, "LOGNAME": None, "TMPDIR": None},
    "latin output": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of any bytes")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a network of two layers and a picture."""
    made = [node("Conv", ["x", "w"], ["层"], name="first"), node("Relu", ["层"], ["y"], name="last")]
    write_network(tmp_path / "net.onnx", made, {"w": random(4, 3, 3, 3)}, outputs=("y",))
    picture = next(iter(sorted(resource("demo", "calibration").iterdir())))
    shutil.copy(picture, tmp_path / "in.png")
    return tmp_path


def run(place: Path, *arguments: str | Path, **variables: str | None) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own; a variable that is None is not there."""
    given = {**os.environ, "RKNN_WORKBENCH_SETTINGS": str(place / "settings"), "PYTHONPATH": str(ROOT), **variables}
    environment = {name: value for name, value in given.items() if value is not None}
    command = [sys.executable, "-m", "workbench", *map(str, arguments)]
    return subprocess.run(
        command, cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False
    )


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8", "replace")[-2000:]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_that_a_session_of_any_name_is_run_and_exported_in_all_formats(place: Path, name: str) -> None:
    folder = place / name
    folder.mkdir()
    model, picture, session = folder / f"{name}.onnx", folder / f"{name}.png", folder / name
    shutil.move(place / "net.onnx", model)
    shutil.move(place / "in.png", picture)

    assert main(["analyze", str(model), "-i", str(picture), "--quiet", "-o", str(session)]) == 0
    for kind in EXPORTS:
        assert main(["export", str(session), "--format", kind, "-o", str(folder / f"{name}.{kind}")]) == 0, kind
    told = json.loads((folder / f"{name}.json").read_text("utf-8"))
    assert told["model"] == str(model)
    assert any("层" in layer["group"] for layer in told["layers"])


def test_that_tensors_of_any_name_are_exported_inside_the_chosen_folder(place: Path) -> None:
    """Names of devices, of folders above, of other drives, in two cases, and one that no file can have."""
    names = ["x", "CON", "aux.txt", "a:b", "ends. ", "../../up", "/etc/up", "C:\\up", "Name", "name", "n" * 10_000, "y"]
    write_network(place / "net.onnx", [node("Neg", [one], [other]) for one, other in pairwise(names)], outputs=("y",))
    session, out = place / "s", place / "out"

    options = ["--dtype", "fp16", "--quiet", "-o", str(session)]
    assert main(["analyze", str(place / "net.onnx"), "-i", str(place / "in.png"), *options]) == 0
    before = {path for path in place.rglob("*") if path.is_file()}
    for kind in ("html", "csv", "json", "npy", "bundle"):
        assert main(["export", str(session), "--format", kind, "-o", str(out / f"a.{kind}")]) == 0, kind
    assert main(["capi", "snippet", str(session), "--language", "c++"]) == 0

    written = {path for path in place.rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(out) for path in written)
    stems = [path.stem.split(".")[0].lower() for path in written]
    assert not {"con", "aux"} & set(stems)
    told = json.loads((out / "a.npy" / "tensors.json").read_text("utf-8"))
    assert {item["tensor"] for item in told if item["dump"] == "golden"} == set(names)
    with zipfile.ZipFile(out / "a.bundle") as archive:
        assert not any(part in ("..", "") or part.endswith((".", " ")) or ":" in part or "\\" in part
                       for name in archive.namelist() for part in name.split("/"))  # fmt: skip


@pytest.mark.parametrize("ending", ["| head -c 1 >/dev/null", ">&-", "2>&-", "<&- >/dev/full"])
def test_that_a_reader_that_goes_away_is_no_defect(place: Path, ending: str) -> None:
    line = f"{shlex.quote(sys.executable)} -m workbench analyze net.onnx -i in.png --json -o s {ending}"
    environment = {**os.environ, "RKNN_WORKBENCH_SETTINGS": str(place / "settings"), "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        ["bash", "-c", line], cwd=place, env=environment, capture_output=True, timeout=120, check=False
    )

    assert b"Traceback" not in done.stderr, done.stderr
    assert not list((place / "settings" / "crashes").glob("crash-*"))
    assert load_results(place / "s") is not None


@pytest.mark.parametrize("variables", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_that_odd_surroundings_change_nothing(place: Path, variables: Mapping[str, str | None]) -> None:
    picture, session = place / "图.png", place / "会话"
    shutil.move(place / "in.png", picture)

    done = run(place, "analyze", "net.onnx", "-i", picture, "-o", session, **variables)

    assert done.returncode == 0, said(done)
    assert b"Traceback" not in done.stderr
    results = load_results(session)
    assert results is not None
    (layer,) = (row for row in results.rows if "层" in row.group)
    assert f"{layer.errors['simulator.entire'].mean['cos']:.5f}".encode() in done.stdout  # a point everywhere
