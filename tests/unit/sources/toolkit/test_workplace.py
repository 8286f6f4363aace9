"""Where the toolkit works."""

from pathlib import Path

import numpy as np
import pytest

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Event, Progress, drain
from workbench.sources.toolkit.fed import emptied, write_rows
from workbench.sources.toolkit.host import ToolkitError
from workbench.sources.toolkit.workplace import workplace


def test_that_only_what_is_kept_stays(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()

    with emptied(tmp_path, ("*.log", "m.cfg")):
        assert list(tmp_path.iterdir()) == []
        for name in ("a.log", "m.cfg", "m.data"):
            (tmp_path / name).touch()
        (tmp_path / "sub").mkdir()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.log", "m.cfg"]


def test_that_it_is_cleared_when_the_work_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with emptied(tmp_path, ()):
            (tmp_path / "half").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not (tmp_path / "half").exists()


def test_that_blanks_in_a_path_are_not_seen_by_the_toolkit(tmp_path: Path) -> None:
    folder = tmp_path / "my session"

    with workplace(folder) as work:
        assert " " not in str(work)
        (work / "toolkit.log").write_text("said")

    assert (folder / "toolkit.log").read_text() == "said"


def test_that_an_error_names_the_folder_that_stays(tmp_path: Path) -> None:
    folder = tmp_path / "my session"

    with pytest.raises(ToolkitError) as caught, workplace(folder) as work:
        raise ToolkitError("It failed.", f"See {work / 'toolkit.log'}.", ("last",))

    assert caught.value.hint == f"See {folder / 'toolkit.log'}."
    assert caught.value.lines == ("last",)


def test_that_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(WorkbenchError, match=r"Cannot write .*file/sub"), workplace(tmp_path / "file" / "sub"):
        pass


def test_that_every_array_of_a_row_has_a_file(tmp_path: Path) -> None:
    arrays = {"a": np.arange(3, dtype=np.float32), "b": np.zeros((1, 2), np.int64)}
    events: list[Event] = []

    rows = drain(write_rows([lambda: arrays, lambda: arrays], tmp_path, "inputs"), events.append)

    assert [[np.load(path).tolist() for path in row] for row in rows] == [[[0, 1, 2], [[0, 0]]]] * 2
    assert len({path for row in rows for path in row}) == 4
    assert events[-1] == Progress("prepare inputs", 1, 2)


def test_that_channels_come_first_where_the_network_has_them_last(tmp_path: Path) -> None:
    picture, vector = np.zeros((1, 4, 5, 3), np.float32), np.zeros((1, 7), np.float32)

    ((first, second),) = drain(write_rows([lambda: {"a": picture, "b": vector}], tmp_path, "inputs", is_last=True))

    assert np.load(first).shape == (1, 3, 4, 5)
    assert np.load(second).shape == (1, 7)
