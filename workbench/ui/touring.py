"""The stops of the tour of the demo, and when it is offered."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workbench.foundation.settings import load_settings, save_settings
from workbench.ui.views.tour import Stop, Tour

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

DEMO = ("demo", "demo.onnx")
"""The end of its path: a demo of last year lies where an older program was."""


class Touring(QObject):
    """Begins the tour with the first demo, or when the Help menu asks for it."""

    inputs_opened = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._is_wanted = window, False
        self.tour = Tour(window)
        self.tour.ended.connect(self._on_ended)
        self._is_seen = window.settings.tour_seen
        window.actions_.tour.triggered.connect(lambda: self.begin())
        window.opener.opened.connect(self._on_opened)
        window.workspace.session_changed.connect(self._on_session_changed)
        window.toolbar.inputs_button.menu().aboutToShow.connect(self.inputs_opened)

    def begin(self) -> None:
        """Open the demo where something else is open, and begin."""
        self._is_wanted = True
        if self._is_demo():
            self._on_opened()
        else:
            self._window.opener.open_demo()

    def _is_demo(self) -> bool:
        session = self._window.workspace.session
        return session is not None and session.model.parts[-2:] == DEMO

    def _on_opened(self) -> None:
        if self._is_demo() and (self._is_wanted or not self._is_seen):
            self._is_wanted, self._is_seen = False, True
            self.tour.start(self._stops())

    def _on_session_changed(self) -> None:
        if self.tour.is_under_way and not self._is_demo():
            self.tour.stop(again=True)

    def _on_ended(self, again: bool) -> None:
        if not again:
            self._window.jobs.ask("tour", _note_seen, lambda _: None, self._window.messages.fail)

    def _stops(self) -> tuple[Stop, ...]:
        return *self._to_the_worst_layer(), *self._at_the_layer()

    def _to_the_worst_layer(self) -> tuple[Stop, ...]:
        window = self._window
        return (
            Stop(
                lambda: window.toolbar.inputs_button,
                self.tr("What goes in"),
                self.tr("These pictures are fed to the network. With a network of your own, drop yours on the window."),
                (self.inputs_opened,),
            ),
            Stop(
                lambda: window.toolbar.run_button,
                self.tr("Run"),
                self.tr(
                    "Press F5. The network runs in float (golden) and as the NPU computes it (simulator), "
                    "and every layer of both is compared."
                ),
                (window.runner.succeeded,),
            ),
            Stop(
                lambda: window.desk.tabs,
                self.tr("The worst layer"),
                self.tr(
                    "After a run the worst layer is selected. Press ] and [ to go to the next better and the next "
                    "worse one, or choose any: it is selected everywhere."
                ),
                (window.workspace.selection_changed,),
                window.desk.show_layers,
            ),
        )

    def _at_the_layer(self) -> tuple[Stop, ...]:
        window = self._window
        return (
            Stop(
                lambda: window.panes,
                self.tr("Its values"),
                self.tr(
                    "The same tensor from each source, and the difference. Zoom with the wheel, all panes follow; "
                    "1 2 3 and D enlarge one, Esc goes back."
                ),
            ),
            Stop(
                lambda: window.inspector,
                self.tr("What it is"),
                self.tr(
                    "“Entire” is the error that has grown up to here, “single” what this layer adds by itself. "
                    "Where single is bad, this layer is the cause."
                ),
                before=window.desk.uncover_inspector,
            ),
            Stop(
                self._precision,
                self.tr("What if?"),
                self.tr(
                    "Keep this layer in float16 (or press Space in the table): only what that changes is computed "
                    "again, and you see what it brings. Ctrl+Z takes it back."
                ),
                (window.runner.succeeded,),
                self._show_precision,
            ),
            Stop(
                window.menuBar,
                self.tr("And on"),
                self.tr(
                    "Ctrl+Shift+P finds every command, Ctrl+/ shows all keys, F1 the help. "
                    "File, Export… writes a report for others."
                ),
            ),
        )

    def _show_precision(self) -> None:
        self._window.desk.uncover_inspector()
        self._window.inspector.show_precision()

    def _precision(self) -> QWidget:
        return self._window.inspector.precision.buttons()[0].parentWidget() or self._window.inspector


def _note_seen() -> None:
    save_settings(replace(load_settings(), tour_seen=True))
