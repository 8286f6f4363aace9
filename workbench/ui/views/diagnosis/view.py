"""The tab of findings: the path that is walked, and below what was found on it, the likeliest first."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workbench.diagnose.findings import NOTE, Finding
from workbench.ui import keys
from workbench.ui.diagnosing import Diagnosing
from workbench.ui.models.spoken import spoken
from workbench.ui.turns import Turns
from workbench.ui.views.diagnosis.card import FindingCard
from workbench.ui.views.diagnosis.guide import Guide
from workbench.ui.widgets import button, column, label, one_line, row, rule, set_role

MARGIN = 8


class DiagnosisView(QScrollArea):
    """Follows what is known of the session's diagnosis."""

    evidence_chosen = Signal(object)
    chain_wanted = Signal(object)
    """A `Finding` whose way to the output is to be shown."""
    bundle_wanted = Signal()
    blame_wanted = Signal()

    def __init__(self, diagnosing: Diagnosing) -> None:
        super().__init__()
        self._diagnosing = diagnosing
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Findings"))
        keys.set_place(self, self.tr("Findings"))
        self.guide = Guide()
        self.guide.run_wanted.connect(diagnosing.run_step)
        self.guide.finding_wanted.connect(self._go_to)
        self.begin = button(self.tr("Diagnose"), "search", diagnosing.diagnose, primary=True)
        self.stop = button(self.tr("Cancel"), "stop", diagnosing.cancel)
        self.blame = button(self.tr("Blame of each layer"), "columns", self.blame_wanted.emit)
        self.blame.setToolTip(self.tr("What conversion, quantization and the board cost each layer"))
        self.bundle = button(self.tr("Bundle for the vendor…"), "export", self.bundle_wanted.emit)
        self.versions, self.state = label("", "muted", wrap=True), label("", "muted", wrap=True)
        self.applied = label("", "muted", wrap=True)
        self.back = button(self.tr("Take back"), "undo", diagnosing.take_back)
        self.cards: list[FindingCard] = []
        self._open: dict[str, bool] = {}
        self._cards = QWidget()
        self._turns, self._is_due = Turns(self), True
        self._make()
        diagnosing.show_in(self)
        diagnosing.changed.connect(self._show)
        diagnosing.busy_changed.connect(self._show_busy)
        self._show_busy()

    def _make(self) -> None:
        content = QWidget()
        acts = row(self.begin, self.stop, None)
        kept = row(self.applied, self.back)
        kept.setStretch(0, 1)
        more = row(self.blame, self.bundle, None)
        layout = column(self.versions, self.guide, acts, kept, rule(), self.state, self._cards, more, None, spacing=8)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        content.setLayout(layout)
        self.setWidget(content)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._diagnosing.look_if_due()
        if self._is_due:
            self._show()

    def _show(self) -> None:
        self._is_due = not self.isVisible()
        if self._is_due:
            return
        found = self._diagnosing.diagnosis
        self.guide.show_steps(self._diagnosing.steps, found.findings if found is not None else ())
        versions = found.versions if found is not None else {}
        self.versions.setText(one_line(" · ".join(f"{name} {version}" for name, version in versions.items())))
        self.versions.setVisible(bool(versions))
        self.state.setText(self._story())
        set_role(self.state, "warning" if found is not None and self._diagnosing.is_stale else "muted")
        for part in (self.blame, self.bundle):
            part.setVisible(found is not None)
        applied = self._diagnosing.applied
        self.applied.setText(self.tr("Applied: {0}").format(spoken(applied[0])) if applied else "")
        self.applied.setVisible(bool(applied))
        self.back.setVisible(bool(applied))
        self._show_cards()
        self._show_busy()

    def _story(self) -> str:
        """What is known, or what to do next."""
        found = self._diagnosing.diagnosis
        if not self._diagnosing.can_diagnose:
            return self.tr("Run the session (F5); then it can be said why the numbers part.")
        if found is None:
            return self.tr("Nothing has been looked for yet.") if self._diagnosing.is_read else ""
        if self._diagnosing.is_stale:
            return self.tr("These findings are of an earlier run: diagnose again.")
        causes = sum(finding.level != NOTE for finding in found.findings)
        if not causes:
            return self.tr("Nothing is wrong: what reaches the outputs agrees as well as these types allow.")
        if causes == 1:
            return self.tr("One cause was found.")
        return self.tr("Causes that were found: {0}, the likeliest first.").format(causes)

    def _show_cards(self) -> None:
        """Each in a turn of its own: one has texts of many lines, whose heights take long to find."""
        found = self._diagnosing.diagnosis
        findings = found.findings if found is not None else ()
        self.cards, holder = [], QWidget()
        cards = column(spacing=8)
        holder.setLayout(cards)
        content = self.widget()
        layout = None if content is None else content.layout()
        assert layout is not None
        layout.replaceWidget(self._cards, holder)
        self._cards.deleteLater()
        self._cards = holder
        makers = (partial(self._add_card, cards, at, finding) for at, finding in enumerate(findings))
        self._turns.add_while(lambda: self._cards is holder, *makers)

    def _add_card(self, cards: QVBoxLayout, at: int, finding: Finding) -> None:
        card = FindingCard(finding, at + 1, is_open=self._open.get(finding.cause, at == 0))
        card.evidence_chosen.connect(self.evidence_chosen)
        card.try_wanted.connect(lambda fix: self._diagnosing.try_fix(at, fix))
        card.apply_wanted.connect(lambda fix: self._diagnosing.apply(at, fix))
        card.chain_wanted.connect(lambda: self.chain_wanted.emit(finding))
        card.calibration_wanted.connect(self._diagnosing.ask_calibration)
        card.fold.turned.connect(lambda is_open: self._open.update({finding.cause: is_open}))
        card.set_busy(self._diagnosing.is_busy)
        self.cards.append(card)
        cards.addWidget(card)

    def _go_to(self, number: int) -> None:
        """Open the card of a finding and bring it into sight."""
        if number < len(self.cards):
            card = self.cards[number]
            card.fold.turn(is_open=True)
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(card, 0, MARGIN))  # when it has its height
            card.fold.setFocus()

    def _show_busy(self) -> None:
        is_busy = self._diagnosing.is_busy
        self.begin.setEnabled(self._diagnosing.can_diagnose and not is_busy)
        self.stop.setVisible(self._diagnosing.job is not None)
        self.back.setEnabled(not is_busy)
        for card in self.cards:
            card.set_busy(is_busy)
        self.guide.set_busy(is_busy)
