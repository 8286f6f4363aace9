"""Rules of arrays that are written while their maker goes on."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from workbench.dump import behind
from workbench.dump.behind import Behind


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty file."""
    path = tmp_path / "file"
    path.touch()
    return path


@pytest.fixture
def writer(path: Path) -> Iterator[Behind]:
    writer = Behind(path)
    yield writer
    writer.close()


def test_that_every_array_stands_at_its_place(path: Path, writer: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "AT_ONCE", 100)
    arrays = [np.full(size, size, np.uint8) for size in (1, 99, 100, 7, 250)]
    for number, array in enumerate(arrays):
        writer.put(1000 * number, array.reshape(1, -1))
    writer.finish()

    content = path.read_bytes()
    assert [content[1000 * n : 1000 * n + array.size] for n, array in enumerate(arrays)] == [
        array.tobytes() for array in arrays
    ]


def test_that_what_fails_is_raised_at_the_end(writer: Behind) -> None:
    writer.put(-1, np.ones(3))

    with pytest.raises(OSError, match="Invalid argument"):
        writer.finish()


def test_that_what_failed_is_raised_by_what_comes_next(writer: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "AT_ONCE", 0)
    monkeypatch.setattr(behind, "MOST_WAITING", 0)  # so that it waits for every array

    with pytest.raises(OSError, match="Invalid argument"):
        writer.put(-1, np.ones(3))


def test_that_only_so_many_bytes_wait(writer: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "AT_ONCE", 0)
    monkeypatch.setattr(behind, "MOST_WAITING", 1000)
    go_on = threading.Event()
    monkeypatch.setattr(writer, "_write", lambda batch: go_on.wait(timeout=60))
    array = np.zeros(400, np.uint8)
    given = []

    def put() -> None:
        for number in range(4):
            writer.put(number, array)
            given.append(number)

    thread = threading.Thread(target=put)
    thread.start()
    while len(given) < 2:
        time.sleep(0.01)
    thread.join(timeout=0.1)
    before = list(given)
    go_on.set()
    thread.join(timeout=60)

    assert (before, given) == ([0, 1], [0, 1, 2, 3])


def test_that_closing_twice_is_allowed_and_nothing_more_is_written(path: Path, writer: Behind) -> None:
    writer.put(0, np.ones(3))
    writer.close()
    writer.close()

    assert path.read_bytes() == b""
