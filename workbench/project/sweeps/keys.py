"""By what the places of a sweep are known: the hash of all that their numbers depend on."""

import json
from pathlib import Path
from typing import NamedTuple

from workbench.project import cache
from workbench.project.digests import key_of_values
from workbench.project.session import Session
from workbench.project.stages import OUTPUTS, Stages
from workbench.project.sweeps.axes import Cell
from workbench.project.what_if import PROGRAM, settings_of
from workbench.quantize.platforms import methods_of


class Known(NamedTuple):
    """`golden` are the names of its golden dumps, `ranges` and `searched` of the files of its calibration, or ""."""

    name: str
    golden: tuple[str, ...]
    ranges: str
    searched: str

    @property
    def files(self) -> tuple[str, ...]:
        """The files of ranges that it may use."""
        return tuple(filter(None, (self.ranges, self.searched)))


class Keys:
    """Makes keys: of what many places share it is found out once."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._folder = folder
        self._shared: dict[str, tuple[tuple[str, ...], str]] = {}
        self._version = _toolkit_version(session) if session.simulator == "toolkit" else ""

    def of(self, cell: Cell) -> Known:
        """A place's key, and what is known by others that it shares with its neighbours."""
        quant = cell.session.quant
        shared = [quant.dtype, quant.algorithm, cell.at.get("calibration", ""), cell.at.get("order", "")]
        golden, plan = self._of_many(json.dumps(shared), cell.session)
        settings = settings_of(quant)
        simulated = [cache.settings_key(name, plan, settings) for name in golden]
        toolkit = [self._version, dict(cell.session.toolkit_options)] if self._version else []
        key = key_of_values([PROGRAM, simulated, toolkit], 12)
        method = quant.method if methods_of(quant.dtype) else ""
        algorithm = quant.algorithm if quant.type.calibrates else ""
        searched = cache.settings_key("", plan, settings_of(quant.plain())) if quant.algorithm == "mmse" else ""
        calibrates = quant.type.calibrates
        return Known(
            "-".join(filter(None, (quant.dtype, method, algorithm, key))),
            golden,
            f"ranges-{plan}.json" if calibrates else "",
            f"ranges-searched-{searched}.json" if searched and calibrates else "",
        )

    def _of_many(self, shared: str, session: Session) -> tuple[tuple[str, ...], str]:
        if shared not in self._shared:
            stages = Stages(session, self._folder, extent=OUTPUTS)
            golden = tuple(path.stem for path in stages.golden_paths())
            self._shared[shared] = golden, stages.planning.key
        return self._shared[shared]


def _toolkit_version(session: Session) -> str:
    from workbench.sources.toolkit.configured import toolkit_called
    from workbench.sources.toolkit.simulator import version_in

    return version_in(toolkit_called(session.toolkit))
