"""What the sides of a comparison hold: a live source of a session, or dumps that lie somewhere; both are read alike."""

from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np

from workbench.compare.compare import LayerError
from workbench.dump.formats import Dumps, open_dumps
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError
from workbench.project.cache import import_digest
from workbench.project.comparison.sides import IN_FOLDERS, LIVE, Side
from workbench.project.results import Results, load_results
from workbench.project.session import ImportedDumps, Session, is_session, load_session
from workbench.quantize.encoding import Encoding

OURS = (".h5", ".hdf5")


class OpenSide:
    """The tensors of a side, read when they are asked for: a context manager, used by one thread."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.session: Session | None = None
        self.results: Results | None = None
        self.notes: tuple[str, ...] = ()
        self.paths: tuple[Path, ...] = ()
        self.also: tuple[Path, ...] = ()
        self._stack = ExitStack()
        self._dumps: list[Dump | Dumps] = []
        self._also: list[Dump] = []
        try:
            self._open_session() if side.is_live else self._open_dumps()
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def names(self) -> tuple[str, ...]:
        """All tensors in the order of the first dump; the last are those that only the deployed graph has."""
        also = self._also[0].names if self._also else ()
        return tuple(dict.fromkeys((*self._dumps[0].names, *also)))

    @property
    def rows(self) -> tuple[LayerError, ...]:
        """The rows of a session's table: they know both names of a tensor."""
        return self.results.rows if self.results else ()

    @property
    def is_golden(self) -> bool:
        """Whether it is a reference: its tensors may stand for several of another side."""
        return self.side.source in ("golden", "reference")

    @property
    def is_ours(self) -> bool:
        """Whether views can read its files as they are."""
        return bool(self.paths)

    @property
    def samples(self) -> int:
        """How many inputs it has dumps of."""
        return len(self._dumps)

    def digest(self) -> str:
        """A name for what it holds now; another run or another file gives another one."""
        if self.session is not None:
            return "+".join(path.stem for path in (*self.paths, *self.also))
        return f"{import_digest(ImportedDumps(self.side.path, layout=self.side.layout))}-{self.side.source}"

    def inputs(self) -> tuple[str, ...]:
        """The file that each dump was computed from, where the session has it now; "" where that is not known."""
        told = (str(self.info(at).get("input", "")) for at in range(self.samples))
        return tuple(self._present(at, file) for at, file in enumerate(told))

    def info(self, sample: int = 0) -> dict[str, object]:
        """What one of our dumps tells of itself; {} for other formats."""
        dump = self._dumps[sample]
        if isinstance(dump, Dump):
            return dump.info
        if self.is_ours:
            with Dump(self.paths[sample]) as own:
                return own.info
        return {}

    def op(self, name: str) -> str:
        """The operator, where it is known."""
        return self._holder(name, 0).op(name)

    def has_computed(self, name: str) -> bool:
        """Whether only the deployed graph, run in float, has this golden tensor."""
        return bool(self._also) and name not in self._dumps[0]

    def raw(
        self, name: str, sample: int = 0, shape: tuple[int, ...] | None = None
    ) -> tuple[np.ndarray, Encoding | None]:
        """The stored array and its encoding; a stranger's is brought into the network's `shape`."""
        holder = self._holder(name, sample)
        return holder.raw(name, shape) if isinstance(holder, Dumps) else holder.raw(name)

    def release(self) -> None:
        """Let the system take back the memory of what was read."""
        for dump in (*self._dumps, *self._also):
            if isinstance(dump, Dump):
                dump.release()

    def _present(self, at: int, file: str) -> str:
        """A session that was moved, or made with relative paths, has its inputs elsewhere than its dumps tell."""
        samples = self.session.samples if self.session else ()
        has = at < len(samples) and file != "" and samples[at].files[0].name == Path(file).name
        return str(samples[at].files[0]) if has else file

    def _holder(self, name: str, sample: int) -> Dump | Dumps:
        dump = self._dumps[sample]
        return dump if name in dump or not self._also else self._also[sample]

    def _open_session(self) -> None:
        self.session, self.results = load_session(self.side.path), load_results(self.side.path)
        have = sources_in(self.results)
        source = self.side.source
        if source not in have and source == self.session.simulator:
            source = "simulator"  # it is called so where it is the one that the table shows
        if source not in have:
            known = ", ".join(have) or "nothing yet: run it first"
            raise SessionError(f"{self.side.path} has no values of {self.side.source!r}.", f"It has {known}.")
        assert self.results is not None
        self.paths = self.results.dumps[source]
        self.also = self.results.dumps.get("golden_deployed", ()) if source == "golden" else ()
        self._dumps = [self._stack.enter_context(Dump(path)) for path in self.paths]
        self._also = [self._stack.enter_context(Dump(path)) for path in self.also]

    def _open_dumps(self) -> None:
        side = self.side
        found = self._stack.enter_context(open_dumps(side.path, side.source, side.layout))
        self.notes = found.notes
        self._dumps = [found]
        if side.path.suffix.lower() in OURS:
            self.paths = (side.path,)


def sources_in(results: Results | None) -> tuple[str, ...]:
    """Which of `LIVE` the results of a session have, as files that are still there."""
    dumps = results.dumps if results else {}
    return tuple(name for name in LIVE if dumps.get(name) and all(path.is_file() for path in dumps[name]))


def sources_of(path: Path) -> tuple[str, ...]:
    """What can be compared of a path: sources of a session, dumps of a folder that has several, or "" for one dump."""
    if is_session(path):
        return sources_in(load_results(path))
    kinds = [name for name in IN_FOLDERS if (path / name).is_dir()]
    return tuple(kinds) or ("",)
