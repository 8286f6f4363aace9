"""The tab of mixed precision: what is looked for, the choices as a plot, the one that is shown; each layer alone."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QScrollArea, QStackedWidget, QToolButton, QWidget

from workbench.foundation.steps import Progress
from workbench.ui import keys
from workbench.ui.mixing import Mixing, precisions_of
from workbench.ui.models.mixed.front import front_of
from workbench.ui.models.mixed.texts import cost_axis, tip_of
from workbench.ui.models.mixed.wanted import LAYERS, Wanted
from workbench.ui.views.mixed.page import EFFECTS, SEARCH
from workbench.ui.views.mixed.parts import Parts
from workbench.ui.widgets import Fold, button, column, label, row, rule, set_role
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.project.mixed.mixing import Wish

MARGIN, PLOT_HEIGHT = 8, 210


class MixedView(QWidget):
    """Follows what is known of the session's mixed precision, and shows its choice on graph and table."""

    export_wanted = Signal()
    check_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, workspace: Workspace, mixing: Mixing, parts: Parts) -> None:
        super().__init__()
        self._workspace, self._mixing = workspace, mixing
        self._wish: Wish | None = None
        self.setAccessibleName(self.tr("Mixed precision"))
        keys.set_place(self, self.tr("Mixed precision"))
        self.form, self.plot, self.panel, self.effects = parts.form, parts.plot, parts.panel, parts.effects
        self.begin = button(self.tr("Search"), "search", self._search, primary=True)
        self.fold = Fold(
            self.tr("What is looked for"), self.tr("Show or hide what is looked for"), self.form, is_open=True
        )
        self.stop = button(self.tr("Cancel"), "stop", mixing.cancel)
        self.state = label("", "muted", wrap=True)
        self.shown = QCheckBox(self.tr("Show on graph and table"))
        self.shown.setChecked(True)
        self.use = button(self.tr("Use"), "layers", mixing.use)
        self.export = button(self.tr("Export…"), "export", self.export_wanted.emit)
        self.check = button(self.tr("Round trip"), "chip", self.check_wanted.emit)
        self.only = button(self.tr("Only these in the table"), "filter", self.table_wanted.emit)
        self.pages, self.group = QStackedWidget(), QButtonGroup(self)
        self._name()
        self._lay_out()
        self._connect()
        self._show_session()
        self._show()

    def go_to(self, page: int) -> None:
        """Bring the search or the effects to the front."""
        self.group.button(page).setChecked(True)
        self.pages.setCurrentIndex(page)

    def _name(self) -> None:
        self.use.setToolTip(self.tr("Make these layers part of the session; Run computes it, Undo takes it back"))
        self.check.setToolTip(
            self.tr("Both steps of the vendor's toolkit and its accuracy_analysis: predicted beside actual")
        )
        self.only.setToolTip(self.tr("Filter the layer table: spared"))

    def _lay_out(self) -> None:
        titles = {SEARCH: self.tr("Search"), EFFECTS: self.tr("Effect of each layer")}
        switches = []
        for page, title in titles.items():
            switch = QToolButton()
            switch.setText(title)
            switch.setCheckable(True)
            switch.setChecked(page == SEARCH)
            switch.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.group.addButton(switch, page)
            switches.append(switch)
        self.pages.addWidget(self._make_search())
        self.pages.addWidget(self.effects)
        self.effects.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        head = row(*switches, None, spacing=4)
        head.setContentsMargins(MARGIN, 6, MARGIN, 0)
        whole = column(head, rule(), self.pages, spacing=6)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _make_search(self) -> QWidget:
        """What is looked for, the plot and the choice can be scrolled; what is done with it stays in sight."""
        content, self.foot, whole = QWidget(), QWidget(), QWidget()
        self.plot.setFixedHeight(PLOT_HEIGHT)
        begin = row(self.fold, None, self.stop, self.begin)
        layout = column(begin, self.form, self.state, self.plot, self.panel, None, spacing=8)
        layout.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        content.setLayout(layout)
        scrolled = QScrollArea()
        scrolled.setAccessibleName(self.tr("Search"))
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(content)
        acts = column(row(self.shown, None, self.only), row(self.use, None, self.export, self.check), spacing=6)
        acts.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        self.foot.setLayout(column(rule(), acts, spacing=6))
        parts = column(scrolled, self.foot, spacing=0)
        parts.setStretch(0, 1)
        whole.setLayout(parts)
        return whole

    def _search(self) -> None:
        """Begin; what comes of it gets the room."""
        if self._mixing.search(self.form.wanted) is not None:
            self.fold.turn(is_open=False)

    def _connect(self) -> None:
        mixing = self._mixing
        self.group.idClicked.connect(self.go_to)
        self.plot.chosen.connect(mixing.look_at)
        self.plot.stepped.connect(mixing.step)
        self.plot.pointed.connect(self._on_pointed)
        self.panel.stepped.connect(mixing.step)
        self.panel.layer_chosen.connect(self._on_layer_chosen)
        self.form.unlock_wanted.connect(lambda: self._workspace.change(locked={}))
        self.shown.toggled.connect(self._mark)
        self._workspace.session_changed.connect(self._show_session)
        mixing.show_in(self)
        mixing.changed.connect(self._show)
        mixing.choice_changed.connect(self._show_choice)
        mixing.busy_changed.connect(self._show_busy)
        mixing.searched_now.connect(self._on_searched)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._mixing.look_if_due()
        self._show_choice()

    def _show_session(self) -> None:
        session = self._workspace.session
        if session is not None:
            self.form.show_session(session, precisions_of(session.quant.target))
            self._show_busy()

    def _show(self) -> None:
        searched = self._mixing.searched
        self._show_wish(None if searched is None else searched.wish)
        axis = cost_axis(LAYERS if searched is None else searched.wish.cost)
        good = () if searched is None else tuple(choice.is_good for choice in searched.choices)
        self.plot.show_front(front_of(searched), good, axis)
        self._show_busy()

    def _show_wish(self, wish: "Wish | None") -> None:
        """Fill the form with what was looked for last; what the user has typed since stays."""
        if wish == self._wish:
            return
        self._wish = wish
        self.fold.turn(is_open=wish is None)
        if wish is not None:
            goal = wish.goal
            most = None if math.isinf(goal.most) else goal.most
            self.form.show_wanted(Wanted(goal.cos, most, wish.cost, goal.precision, wish.samples, goal.runs))

    def _show_choice(self) -> None:
        searched, choice = self._mixing.searched, self._mixing.choice
        self.panel.show_choice(searched, self._mixing.at)
        told = tip_of(searched, choice) if searched is not None and choice is not None else ""
        self.plot.select(self._mixing.at, told)
        self._show_busy()
        self._mark()

    def _mark(self) -> None:
        """Graph and table show the choice while that is wanted, and once somebody has looked here."""
        if self.isVisible() or self._workspace.spared.layers:
            self._workspace.spared.show(self._mixing.layers if self.shown.isChecked() else {})

    def _show_busy(self) -> None:
        mixing, why = self._mixing, self._mixing.why_not()
        has_choice = mixing.choice is not None
        self.begin.setEnabled(not why)
        self.stop.setVisible(mixing.job is not None)
        for part in (self.plot, self.foot):
            part.setVisible(has_choice)
        is_free = has_choice and mixing.job is None and not mixing.is_stale
        self.use.setEnabled(has_choice and not mixing.is_stale and not mixing.is_used)
        for part in (self.export, self.check):
            part.setEnabled(is_free and not why)
        self.only.setEnabled(has_choice and self.shown.isChecked() and bool(mixing.layers))
        self.state.setText(self._story(why))
        set_role(self.state, "warning" if mixing.is_stale and mixing.job is None else "muted")

    def _story(self, why: str) -> str:
        """What goes on, what is known, or what to do next."""
        mixing = self._mixing
        if mixing.job is not None:
            return self._working(mixing.job.title, mixing.job.progress)
        if why:
            return why
        searched = mixing.searched
        if searched is None:
            return self.tr(
                "Search for the layers that must stay precise; every choice is run as the chip would run it."
            )
        if mixing.is_stale:
            return self.tr("This is of other settings or inputs: search again.")
        seconds = sum(searched.seconds.values())
        told = self.tr("{0} choices were run in {1} s; these are worth a thought.").format(
            searched.runs, f"{seconds:.1f}"
        )
        if mixing.is_used:
            return f"{told} {self.tr('The session uses this one.')}"
        return told

    def _working(self, title: str, progress: Progress | None) -> str:
        if progress is None or not progress.total:
            return f"{title} …"
        return self.tr("{0}: {1} of at most {2}").format(title, progress.done, progress.total)

    def _on_searched(self) -> None:
        """Look at the first layer of what was found, and let the arrow keys go on from there."""
        choice = self._mixing.choice
        if choice is not None and choice.point.layers and self.isVisible():
            self._on_layer_chosen(choice.point.layers[0])
            self.plot.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_pointed(self, at: int) -> None:
        searched = self._mixing.searched
        self.plot.tell(tip_of(searched, searched.choices[at]) if searched is not None and at >= 0 else "")

    def _on_layer_chosen(self, layer: str) -> None:
        tensor = self._workspace.spared.row_of(layer, self._workspace.rows)
        if tensor:
            self._workspace.select(tensor)
