"""What processes of others say and leave: torch's worker, the toolkit's, a user's hook, boards."""

import io
import json
import sys
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import numpy as np

from workbench.evaluate.feeding import Placed
from workbench.evaluate.hook import answer_of
from workbench.evaluate.reading import CLASSIFICATION, DETECTION, SCORE
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import UNREADABLE
from workbench.foundation.process import OUT, Finished, Line, Lines
from workbench.foundation.steps import drain
from workbench.graph.foreign import torchscript
from workbench.graph.read import read_inputs, read_model
from workbench.sources.board.inferring import read_outputs
from workbench.sources.board.piped import fetch_many
from workbench.sources.board.wire import Arrival
from workbench.sources.toolkit.recipe import LIST_DEVICES
from workbench.sources.toolkit.talk import Talk

TOLD = (
    '{"version": "2.1", "inputs": ["x"], "outputs": ["y"], "shapes": {"y": [1, 3, 2, 2]}, "dtypes": {"y": "float32"}, '
    '"layers": [{"op": "relu", "name": "y", "inputs": ["x"], "outputs": ["y"], "module": "a.b"}]}\n'
)
TALK = """\
{"event": "versions", "name": "rknn-toolkit2", "version": "2.3.0", "python": "3.8", "frameworks": {"torch": "1.10"}}
{"event": "gave", "number": 0, "result": [["a"], []]}
{"event": "ended", "number": 0, "seconds": 0.5}
{"event": "failed", "error": "RuntimeError: no"}
{"event": "done"}
"""
HOOK = """\
{"answer": [3, 1]}
{"answer": [[1, 2, 3, 4, 0.5, 0]]}
{"answer": {"score": 0.5, "b": null}}
{"error": "no"}
"""
PLACED = Placed(4, 4)


def lines_in(path: Path) -> Lines:
    """The lines of a file, as a process that ends well would say them."""
    for text in path.read_bytes().decode("utf-8", "replace").splitlines():
        yield Line(OUT, text)
        yield None
    return Finished(0)


def network_of_torch(folder: Path) -> None:
    """An archive and what torch's worker says of it."""
    with zipfile.ZipFile(folder / "net.pt", "w") as archive:
        archive.writestr("net/code/__torch__.py", "pass")
        archive.writestr("net/constants.pkl", "")
    (folder / "told.txt").write_text(TOLD)


def read_torch(folder: Path) -> None:
    """The worker itself is not started."""
    torchscript._described.cache_clear()
    with (
        patch.object(torchscript, "lines_of", lambda *_, **__: lines_in(folder / "told.txt")),
        patch.object(torchscript, "torch_python", lambda: Path(sys.executable)),
    ):
        for read in (read_inputs, read_model):
            with suppress(WorkbenchError):
                read(folder / "net.pt")


def said(folder: Path) -> None:
    """What the toolkit's worker and a hook say."""
    (folder / "talk.txt").write_text(TALK)
    (folder / "hook.txt").write_text(HOOK)


def read_said(folder: Path) -> None:
    """All of it, whatever its end."""
    talk = Talk((LIST_DEVICES,), io.StringIO())
    drain(talk.followed(lines_in(folder / "talk.txt")))
    for line in (folder / "hook.txt").read_bytes().splitlines():
        for task in (CLASSIFICATION, DETECTION, SCORE):
            with suppress(WorkbenchError, *UNREADABLE):  # as `Hook.answer` does, which says so
                answer_of(json.loads(line)["answer"], task, PLACED)


def packed(folder: Path) -> None:
    """What a board packs, and the outputs that it gives."""
    with tarfile.open(folder / "all.tar", "w") as archive:
        for name in ("./a.npy", "./d/b.npy", "../c"):
            info = tarfile.TarInfo(name)
            info.size = 700
            archive.addfile(info, io.BytesIO(bytes(700)))
    np.savez(folder / "out.npz", **{"0-0": np.zeros((1, 3), np.float32), "1-0": np.ones((1, 3), np.float32)})


class _Sent:
    """The channel of a line that has written a file."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, _: float) -> bytes:
        return self._content.read(1 << 12)

    def code(self) -> int:
        return 0

    def close(self) -> None:
        pass


def read_packed(folder: Path) -> None:
    """Only what was asked for arrives, where it was asked for, in the size that was told."""
    arrived = folder / "arrived"
    arrived.mkdir()
    wanted = {name: Arrival(arrived / str(at), 700) for at, name in enumerate(("a.npy", "d/b.npy"))}
    with suppress(WorkbenchError):
        for _ in fetch_many(_Sent((folder / "all.tar").read_bytes()), wanted, "all"):
            pass
    assert {path.name for path in arrived.iterdir()} <= {"0", "1"}
    assert all(path.stat().st_size <= 700 for path in arrived.iterdir())
    with suppress(WorkbenchError):
        read_outputs(folder / "out.npz", 2, 1)
