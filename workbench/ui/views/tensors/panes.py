"""The selected tensor in all sources, and what of it is looked at."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui import keys, theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.spoken import spoken
from workbench.ui.models.tensors.heat_image import Colours
from workbench.ui.models.tensors.planes import CHANNEL, STRANGE, Choice, Pair, Planes, usual_pair
from workbench.ui.models.tensors.summary import Element, Summary
from workbench.ui.views.tensors import leads
from workbench.ui.views.tensors.controls import TensorControls
from workbench.ui.views.tensors.loader import TensorLoader
from workbench.ui.views.tensors.pane_keys import PaneKeys
from workbench.ui.views.tensors.readout import TensorReadout
from workbench.ui.views.tensors.texts import lead_text
from workbench.ui.views.tensors.views_in_steps import ViewsInSteps
from workbench.ui.widgets import column, label, rule
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.ui.views.tensors.export import TensorExport
    from workbench.ui.views.tensors.tensor_views import TensorViews


class TensorPanes(QWidget):
    """Follows the workspace's selection. The plotting library is loaded when the first tensor is shown."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace, self._jobs = workspace, jobs
        self._choice = Choice()
        self._veil: tuple[bool, float] = (False, 1.0)
        self._tensor, self._may_move = "", False
        self._planes: Planes | None = None
        self._worst: dict[object, int] = {}
        self.summary: Summary | None = None
        self._target: tuple[int, ...] | None = None
        self._steps = ViewsInSteps()
        self.views: TensorViews | None = None
        self.export: TensorExport | None = None
        self.controls = TensorControls()
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.readout = TensorReadout()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.message)
        layout = column(self.controls, rule(), self.stack, self.readout, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._loader, self._keys = TensorLoader(workspace, jobs, self), PaneKeys(self)
        self._connect()
        self._on_results_changed()

    def enlarge(self, source: str) -> None:
        """Let one pane fill the row, or bring the others back; "" brings back all."""
        if self.views is not None and self._planes is not None:
            self.views.enlarge(source or self.views.row.enlarged)
            self.controls.views.button(0).setChecked(True)
            self._keys.show_enlarged(self.views.row.enlarged)

    def prepare(self) -> None:
        """Make the views, in steps, before somebody waits for them."""
        self._steps.begin(self, self._made_views)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.prepare()

    def _connect(self) -> None:
        workspace, controls, loader = self.workspace, self.controls, self._loader
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.results_changed.connect(self._on_results_changed)
        workspace.colouring_changed.connect(self._on_colouring_changed)
        workspace.session_changed.connect(self._on_session_changed)
        theme.changes.changed.connect(self._on_theme_changed)
        loader.planes_read.connect(self._on_planes_read)
        loader.summary_ready.connect(self._on_summary_ready)
        loader.picture_read.connect(self._show_picture)
        loader.failed.connect(self._on_failed)
        controls.view_chosen.connect(self._on_view_chosen)
        controls.sample_chosen.connect(workspace.set_sample)
        controls.worst_requested.connect(self._on_worst_requested)
        controls.colours.popup.veil_chosen.connect(self._on_veil_chosen)
        self._connect_choices()
        keys.set_place(self, self.tr("Tensors"))
        self._keys.chosen.connect(self.enlarge)

    def _connect_choices(self) -> None:
        """What reads the tensor anew, in another way."""
        controls = self.controls
        controls.single_chosen.connect(lambda single: self._read(replace(self._choice, single=single)))
        controls.channel_chosen.connect(self._on_channel_chosen)
        controls.page_chosen.connect(lambda page: self._read(replace(self._choice, page=page)))
        controls.way.way_chosen.connect(self._on_way_chosen)
        controls.way.last_chosen.connect(
            lambda last: self._read(replace(self._choice, channel=None, last=last, axes=None))
        )
        controls.axes.axes_chosen.connect(lambda axes: self._read(replace(self._choice, channel=None, axes=axes)))
        controls.colours.popup.colours_chosen.connect(self._on_colours_chosen)

    def _on_results_changed(self) -> None:
        self._loader.close_files()
        dumps = self.workspace.results.dumps if self.workspace.results else {}
        two = bool(dumps.get("simulator_single")) and bool(dumps.get("simulator"))
        self._choice = replace(self._choice, single=self._choice.single and two, pair=usual_pair(self.workspace.column))
        self._worst.clear()
        self.controls.show_mode(self._choice.single, two)
        self._on_selection_changed()

    def _on_session_changed(self) -> None:
        if self._planes is None:
            self.message.setText(lead_text(self.workspace))
        elif self.views is not None:
            self.views.row.show_planes(self._planes)  # what is said where there are no values

    def _on_selection_changed(self) -> None:
        dumps = self.workspace.results.dumps if self.workspace.results else {}
        count = max((len(paths) for paths in dumps.values()), default=0)
        names = [self.tr("Input {0}").format(number + 1) for number in range(count)]
        self.controls.show_samples(names, self.workspace.sample)
        another, self._tensor = self.workspace.selected != self._tensor, self.workspace.selected
        choice = replace(self._choice, page=0, last=None) if another else self._choice
        # another tensor begins with its worst channel
        self._read(replace(choice, channel=self._worst.get(self._subject(choice))) if another else choice)
        self._ask_picture()

    def _on_way_chosen(self, way: str) -> None:
        self.controls.way.show_way(way)
        self._show_planes()
        self._read(replace(self._choice, way=way))

    def _on_channel_chosen(self, channel: int) -> None:
        self._may_move = False
        self._read(replace(self._choice, channel=channel))

    def _on_element_chosen(self, element: Element) -> None:
        self._target = element.index
        self.controls.way.show_way(CHANNEL)
        self._may_move = False
        self._read(replace(self._choice, way=CHANNEL, channel=element.channel))

    def _on_place_chosen(self, position: tuple[int, ...]) -> None:
        """A tile, or a place where something is no number, leads to its channel."""
        planes = self._planes
        if planes is None or planes.way == CHANNEL:
            return
        channel = planes.strange_channel(position) if planes.way == STRANGE else planes.channel_at(position)
        if channel is not None:
            self.controls.way.show_way(CHANNEL)
            self._may_move = False
            self._read(replace(self._choice, way=CHANNEL, channel=channel))

    def _subject(self, choice: Choice) -> object:
        """What has a worst channel."""
        workspace = self.workspace
        return self._tensor, workspace.sample, workspace.column, choice.single, choice.pair, choice.axes, choice.last

    def _on_worst_requested(self) -> None:
        gap = self.summary.gap(self._planes.pair) if self.summary and self._planes else None
        if gap is None or self._planes is None:
            return
        if self._planes.cut.channels > 1:
            self._on_channel_chosen(gap.worst_channel)
        elif gap.largest:
            self._on_element_chosen(gap.largest[0])

    def _on_colours_chosen(self, colours: Colours) -> None:
        self._read(replace(self._choice, colours=colours))

    def _on_veil_chosen(self, over: bool, opacity: float) -> None:
        before, self._veil = self._veil, (over, opacity)
        if over != before[0]:
            self._show_planes()
            self._ask_picture()
        elif over and self.views is not None:
            self.views.row.set_opacity(opacity)

    def _on_pair_chosen(self, pair: Pair) -> None:
        self._read(replace(self._choice, pair=pair))

    def _on_colouring_changed(self) -> None:
        """The difference is that of the column that the graph is coloured by."""
        self._on_pair_chosen(usual_pair(self.workspace.column))

    def _on_theme_changed(self) -> None:
        if self.views is not None:
            self.views.recolour()

    def _on_view_chosen(self, number: int) -> None:
        views = self._made_views()
        views.setCurrentIndex(number)
        is_shown = self._planes is not None or views.needs_no_tensor
        self.stack.setCurrentWidget(views if is_shown else self.message)

    def _show_planes(self) -> None:
        """Turn to the first view."""
        self.controls.views.button(0).setChecked(True)
        self._on_view_chosen(0)

    def _read(self, choice: Choice) -> None:
        self._choice = choice
        if not self._loader.read(choice):
            self._show_nothing(lead_text(self.workspace))

    def _ask_picture(self) -> None:
        self._show_picture(None)
        if self._veil[0]:
            self._loader.read_picture()

    def _show_picture(self, picture: np.ndarray | None) -> None:
        if self.views is not None:
            self.views.row.show_picture(picture, self._veil[1])

    def _on_planes_read(self, planes: Planes, another: bool) -> None:
        if another:
            self.summary = None
        if not planes.values:
            self._show_nothing(" ".join(dict.fromkeys(planes.missing.values())))
        elif self.stack.currentWidget() is self.views:
            self._show(planes)
        else:  # that they come into sight takes as long again as to draw them
            self._made_views().draw_ahead(planes)
            self._loader.do_later(lambda: self._show(planes))

    def _show(self, planes: Planes) -> None:
        self._planes = planes
        self._may_move = planes.guessed and self._choice.channel is None
        self._choice = replace(self._choice, channel=planes.channel)
        self.controls.set_usable(True)
        self.controls.show_planes(planes)
        self.controls.colours.popup.show_pictures(planes.is_spatial and self._loader.has_picture)
        self.readout.show_planes(planes)
        self._draw()
        self._point_at_target(planes)

    def _point_at_target(self, planes: Planes) -> None:
        """The cross hairs go to the element that was chosen in another view."""
        target, self._target = self._target, None
        if target is not None and self.views is not None and planes.way == CHANNEL:
            position = tuple(target[axis] for axis in planes.cut.plane_axes)
            self.views.row.go_to(position)
            self.readout.point(position)

    def _on_summary_ready(self, summary: Summary) -> None:
        self.summary = summary
        if self._may_move:  # a sample of a large tensor may have missed its worst channel
            self._may_move = False
            self._on_worst_requested()
            self._worst[self._subject(self._choice)] = self._choice.channel or 0
        self._draw()

    def _on_failed(self, error: BaseException) -> None:
        self._show_nothing(spoken(str(error)))

    def _draw(self) -> None:
        if self._planes is None:
            return
        pair = self._planes.pair
        self.controls.show_worst(self.summary is not None and self.summary.gap(pair) is not None)
        views = self._made_views()
        if self.export is not None:
            self.export.set_planes(self._planes, self._loader.wanted(self._choice.single), self._tensor)
        views.show_tensor(self._planes, self.summary, pair, self._choice.colours.central)
        with views.row.moving_alone():  # the first time they get their sizes
            self.stack.setCurrentWidget(views)

    def _made_views(self) -> "TensorViews":
        if self.views is None:
            from workbench.ui.views.tensors.export import TensorExport
            from workbench.ui.views.tensors.tensor_views import TensorViews  # the plotting library takes half a second

            views = self.views = TensorViews(self.workspace, self._jobs, self._loader.questions, self._steps.row())
            views.row.titled = partial(leads.source_title, self.workspace)
            views.row.lead = partial(leads.runtime_lead, self.workspace)
            views.row.chosen.connect(self._on_place_chosen)
            views.pointed.connect(self.readout.point)
            self.readout.titled = views.row.title
            views.element_chosen.connect(self._on_element_chosen)
            views.read_out.connect(self.readout.say)
            views.channel_chosen.connect(self._on_channel_chosen)
            views.planes_wanted.connect(self._show_planes)
            views.pair_chosen.connect(self._on_pair_chosen)
            views.values_requested.connect(lambda: leads.ask_for_runtime(self.workspace))
            views.setCurrentIndex(self.controls.views.checkedId())
            self.stack.addWidget(views)
            views.tab_from(self.controls.out)
            self.export = TensorExport(views.row, self._jobs, self)
            self.export.said.connect(self.readout.say)
            self.export.fill(self.controls.out.menu())
        return self.views

    def _show_nothing(self, reason: str) -> None:
        self._planes = self.summary = None
        self.controls.set_usable(False)
        self.controls.show_nothing()
        self.message.setText(reason)
        keeps = self.views is not None and self.views.needs_no_tensor
        self.stack.setCurrentWidget(self.views if keeps and self.views is not None else self.message)
        self.readout.show_planes(None)
