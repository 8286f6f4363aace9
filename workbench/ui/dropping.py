"""Drag and drop: files of any kind, several at once; each goes where its kind belongs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt

from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.dropped import Dropped, has_report, sort_out, source_of
from workbench.ui.opening import Opener
from workbench.ui.workspace import Workspace

MOST_NAMES = 3


@dataclass(frozen=True)
class Takers:
    """Who takes what: inputs, a list of them, dumps with their source, a plan, the toolkit's report or log, times."""

    inputs: Callable[[Sequence[Path]], object]
    listed: Callable[[Path], object]
    dumps: Callable[[str, Path], object]
    plan: Callable[[Path], object]
    report: Callable[[Path], object]
    log: Callable[[Path], object]
    times: Callable[[Path], object]


class Drops(QObject):
    """Sorts out what was dropped, in the reading thread, and hands it on."""

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages, opener: Opener, takers: Takers) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs, self._messages = workspace, jobs, messages
        self._opener, self._takers = opener, takers

    def take(self, paths: Sequence[Path]) -> None:
        """Use all of them for what they are."""
        self._jobs.ask("dropped", lambda: sort_out(paths), self._hand_on, self._messages.fail)

    def _hand_on(self, found: Dropped) -> None:
        self._refuse(found)
        if self._workspace.session is None and not found.networks:
            found = replace(found, logs=[*found.logs, *found.times], times=[])  # there are no layers that take so long
        for path in found.logs[:1]:
            self._takers.log(path)
        rest = replace(found, networks=[], logs=[], weights={}, strange=[], foreign=[], closed=[])
        if found.networks:
            network = found.networks[0]
            self._opener.opened.connect(lambda: self._use(rest), Qt.ConnectionType.SingleShotConnection)
            self._opener.open(network, found.weights.get(network))
        elif (
            self._workspace.session is None
            and rest == Dropped(reports=found.reports, dumps=found.dumps)
            and (reports := [*found.reports, *filter(has_report, found.dumps)])
        ):
            self._takers.report(reports[0])
        elif self._workspace.session is None and rest != Dropped():
            names = _named([*rest.inputs, *rest.lists, *rest.dumps, *rest.plans, *rest.reports])
            self._messages.refuse(
                self.tr("There is no network yet that {0} belongs to.").format(names),
                self.tr("Open a network first, or drop it together with them."),
            )
        else:
            self._use(rest)

    def _use(self, found: Dropped) -> None:
        if found.inputs:
            self._takers.inputs(found.inputs)
        for path in found.lists:
            self._takers.listed(path)
        if found.plans:
            self._takers.plan(found.plans[0])
        if found.dumps:
            self._takers.dumps(source_of(found.dumps[0]), found.dumps[0])
        if found.reports:
            self._takers.report(found.reports[0])
        if found.times:
            self._takers.times(found.times[0])

    def _refuse(self, found: Dropped) -> None:
        """Tell, in a sentence each, what is not used and why."""
        if found.strange:
            self._messages.refuse(
                self.tr("{0} cannot be used here.").format(_named(found.strange)),
                self.tr(
                    "Drop a network, a session's folder or a report in it, pictures, .npy or .bin inputs, "
                    "a dataset.txt, dumps (a folder of .npy files, .npz, .h5), a plan (.quantization.cfg), "
                    "the toolkit's error_analysis.txt or its log."
                ),
            )
        if found.closed:
            self._messages.refuse(
                self.tr("{0} may not be read.").format(_named(found.closed)), self.tr("Check its permissions.")
            )
        if found.foreign:
            self._messages.refuse(
                self.tr("{0} is no network that can be read.").format(_named(found.foreign)),
                self.tr("Export the network to ONNX where it was trained, and drop the .onnx file."),
            )
        singles = (found.networks, found.dumps, found.plans, found.reports, found.logs, found.times)
        for left in (paths[1:] for paths in singles):
            if left:
                self._messages.refuse(
                    self.tr("Not used: {0}.").format(_named(left)),
                    self.tr("One network, one plan and one set of dumps at a time: drop the next one later."),
                )


def local_files(data: QMimeData) -> list[Path]:
    """The local files of what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _named(paths: Sequence[Path]) -> str:
    names = ", ".join(path.name for path in paths[:MOST_NAMES])
    return f"{names} … ({len(paths)})" if len(paths) > MOST_NAMES else names
