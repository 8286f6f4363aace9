"""Rules of commands on a session that a window, or another command, has at the moment."""

from pathlib import Path

import numpy as np
import pytest

from tests.holders import is_free, other_program
from workbench.cli.app import DONE, UNUSABLE, main
from workbench.foundation.resources import resource


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, run; nothing here changes it."""
    folder = tmp_path_factory.mktemp("in-use") / "demo"
    assert main(["demo", "--headless", "-o", str(folder), "--json"]) == DONE
    return folder


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tensors of somebody's board, which are never read."""
    folder = tmp_path_factory.mktemp("dumps")
    np.save(folder / "logits.npy", np.zeros((1, 10), np.float32))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a session but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "session.lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def commands(session: Path, dumps: Path) -> dict[str, list[str]]:
    """What changes a session, by name."""
    model, picture = resource("demo", "demo.onnx"), next(resource("demo").rglob("*.png"))
    place = str(session)
    return {
        "analyze": ["analyze", str(model), "-i", str(picture), "--dataset", str(resource("demo", "dataset.txt")),
                    "--mean", "0,0,0", "-o", place],
        "import": ["import", place, str(dumps), "--as", "runtime"],
        "mixed": ["mixed", place, "-o", str(dumps / "layers.cfg")],
        "sweep": ["sweep", place],
        "evaluate": ["evaluate", place, "--images", str(picture.parent), "--task", "outputs"],
        "undo": ["diagnose", place, "--undo"],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["analyze", "import", "mixed", "sweep", "evaluate", "undo"])
def test_that_a_command_that_would_change_it_is_one_sentence_and_changes_nothing(
    name: str, session: Path, dumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(session)
    with other_program(session) as other:
        status = main(commands(session, dumps)[name])

    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert status == UNUSABLE, said
    assert f"{session} is in use by another RKNN Workbench (process {other.pid} on " in said
    assert content(session) == before


@pytest.mark.parametrize("command", ["diagnose SESSION --json", "export SESSION --format json -o OUT.json"])
def test_that_a_command_that_looks_at_it_is_not_kept_from_that(command: str, session: Path, tmp_path: Path) -> None:
    words = [word.replace("SESSION", str(session)).replace("OUT", str(tmp_path / "out")) for word in command.split()]

    with other_program(session):
        assert main(words) == DONE


def test_that_a_command_leaves_the_session_to_others(session: Path) -> None:
    assert main(["mixed", str(session), "-o", str(session.parent / "layers.cfg")]) in (DONE, 1)

    assert is_free(session)
