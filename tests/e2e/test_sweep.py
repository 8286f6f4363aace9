"""`rknn-workbench sweep` from its arguments to its document, at home and on clusters of this machine."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.helpers.waiting import until
from tests.networks import mobilenet
from tests.processes import is_alive
from workbench.cli.app import main

SETTINGS = "method,algorithm=normal/kl_divergence,calibration=1/2,order"
MORE = "method,algorithm=normal/kl_divergence/mmse,calibration=1/2/3,order"
"""All of them and others, which take long."""
INTERRUPTIBLE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"  # a job in a shell has none
    "from workbench.cli.app import main; sys.exit(main(sys.argv[1:]))"
)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network and pictures."""
    folder = tmp_path_factory.mktemp("material")
    mobilenet(folder / "net.onnx", 32)
    random = np.random.default_rng(0)
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), random.integers(0, 256, (32, 32, 3), np.uint8))
    return folder


@pytest.fixture
def session(material: Path, tmp_path: Path) -> Path:
    pictures = [str(material / f"{number}.png") for number in range(3)]
    (material / "dataset.txt").write_text("\n".join(pictures))
    arguments = [
        str(material / "net.onnx"),
        "-i",
        pictures[0],
        "--dataset",
        str(material / "dataset.txt"),
        "--std",
        "127",
    ]
    assert main(["analyze", *arguments, "-o", str(tmp_path / "session"), "--quiet"]) == 0
    return tmp_path / "session"


def swept(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["sweep", *map(str, arguments), "--json", "--quiet"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def numbers(document: Mapping[str, Any]) -> dict[str, Any]:
    return {cell["name"]: (cell["at"], cell["outputs"]) for cell in document["cells"]}


def test_that_a_sweep_lists_every_place_the_best_first(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = swept(capsys, session, "--axes", SETTINGS, "--jobs", 2)

    cosines = [cell["outputs"]["output"]["mean"]["cos"] for cell in found["cells"]]
    assert len(cosines) == 16
    assert cosines == sorted(cosines, reverse=True)
    assert found["axes"]["order"] == ["rgb", "bgr"]
    assert swept(capsys, session, "--list") == found


def test_that_a_place_is_opened_and_compared(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    best = swept(capsys, session, "--axes", "method=layer", "--jobs", 1)["cells"][0]
    capsys.readouterr()
    assert main(["sweep", str(session), "--open", best["name"], "--json", "--quiet"]) == 0
    document = json.loads(capsys.readouterr().out)
    own = session / "sweep" / best["name"]

    assert (own / "session.json").is_file()
    row = next(row for row in document["layers"] if row["tensor"] == "output")
    assert row["runtime"]["entire"]["cos"] == best["outputs"]["output"]["mean"]["cos"]


def test_that_the_table_names_its_places_in_full(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(session), "--axes", "type=w8a8/w16a16i_dfp/fp16,algorithm=mmse/normal", "--quiet"]) == 0
    told = capsys.readouterr().out

    assert all(place.stem in told for place in computed(session))
    assert "left out: type w16a16i_dfp, algorithm mmse: w16a16i_dfp has no mmse" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--axes", "colour"], "There is no axis 'colour'."),
        (["--axes", "level"], "The embedded simulator knows no optimization levels"),
        (["--simulator", "none"], "--simulator 'none' cannot sweep."),
        (["--list"], "has no sweep."),
        (["--open", "w8a8"], "has no place w8a8."),
        (["--cluster", "tcp://127.0.0.1:1", "--axes", "method"], "No scheduler answers at tcp://127.0.0.1:1"),
    ],
)
def test_that_what_cannot_be_swept_is_told(
    session: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "--cluster" in arguments:
        monkeypatch.setattr(pytest.importorskip("workbench.project.workers.cluster"), "LIMIT", 1)

    assert main(["sweep", str(session), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_that_an_interrupted_sweep_ends_its_processes_and_goes_on_later(
    session: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["sweep", str(session), "--axes", MORE, "--jobs", "2", "--quiet"]
    with subprocess.Popen([sys.executable, "-c", INTERRUPTIBLE, *arguments], stderr=subprocess.PIPE) as program:
        until(lambda: len(computed(session)) >= 3, "three settings")
        children = descendants(program.pid)
        program.send_signal(2)
        assert program.wait(30) == 130
    done = {path: path.stat().st_mtime_ns for path in computed(session)}

    assert 3 <= len(done) < 36
    assert children
    until(lambda: not any(map(is_alive, children)), "they have ended")
    assert len(swept(capsys, session, "--axes", SETTINGS)["cells"]) == 16
    assert {path: path.stat().st_mtime_ns for path in done} == done


def test_that_a_killed_sweep_leaves_no_process(session: Path) -> None:
    command = [sys.executable, "-m", "workbench", "sweep", str(session), "--axes", MORE, "--jobs", "2", "--quiet"]
    with subprocess.Popen(command) as program:
        until(lambda: len(computed(session)) >= 2, "two settings")
        children = descendants(program.pid)
        program.kill()

    assert children
    until(lambda: not any(map(is_alive, children)), "they have ended")


def test_that_a_cluster_gives_the_same_numbers_also_when_a_worker_dies(
    material: Path, session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    from tests.helpers.cluster import RunningCluster

    home = swept(capsys, session, "--axes", SETTINGS, "--jobs", 2)
    forget(session)
    with RunningCluster(tmp_path / "cluster") as running:
        whole = swept(capsys, session, "--axes", SETTINGS, "--cluster", running.address)
        forget(session)
        killer = threading.Thread(target=kill_when, args=(running.workers[0], session, 4))
        killer.start()
        broken = swept(capsys, session, "--axes", SETTINGS, "--cluster", running.address)
        killer.join()

        assert running.workers[0].poll() is not None
    assert numbers(home) == numbers(whole) == numbers(broken)


def test_that_a_cluster_with_certificates_is_used_as_dask_is_told(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    from tests.helpers.cluster import RunningCluster

    files = certificates(tmp_path)
    options = ["--tls-ca-file", files["CA_FILE"], "--tls-cert", files["CERT"], "--tls-key", files["KEY"]]
    told = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": files["CA_FILE"]}
    told |= {f"DASK_DISTRIBUTED__COMM__TLS__CLIENT__{name}": files[name] for name in ("CERT", "KEY")}
    with RunningCluster(tmp_path / "cluster", 1, options, protocol="tls") as running:
        arguments = ["sweep", str(session), "--axes", "method", "--json", "--quiet", "--cluster", running.address]
        command = [sys.executable, "-m", "workbench", *arguments]
        with_them = subprocess.run(command, env={**os.environ, **told}, capture_output=True, text=True, check=False)
        monkeypatch.setattr("workbench.project.workers.cluster.LIMIT", 1)
        without = main(arguments)

    assert running.address.startswith("tls://")
    assert (with_them.returncode, len(json.loads(with_them.stdout)["cells"])) == (0, 2)
    assert without == 2
    assert "No scheduler answers" in capsys.readouterr().err


def computed(session: Path) -> list[Path]:
    """A file for every setting that was computed."""
    return list((session / "sweep").glob("w*.json"))


def forget(session: Path) -> None:
    """What sweeps have found."""
    for path in (*(session / "sweep").rglob("*.*"), *(session / "dumps").glob("ranges-*")):
        path.unlink()


def kill_when(worker: "subprocess.Popen[bytes]", session: Path, count: int) -> None:
    until(lambda: len(computed(session)) >= count, f"{count} settings")
    worker.kill()
    worker.wait()


def descendants(number: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == number:
            found += [int(process.name), *descendants(int(process.name))]
    return found


def certificates(folder: Path) -> dict[str, str]:
    """Files of a certificate for everybody, by the names that dask has for them."""
    from distributed.security import Security

    made = Security.temporary()
    found = {}
    for name, text in (("CA_FILE", made.tls_ca_file), ("CERT", made.tls_client_cert), ("KEY", made.tls_client_key)):
        (folder / f"{name}.pem").write_text(text)
        found[name] = str(folder / f"{name}.pem")
    return found
