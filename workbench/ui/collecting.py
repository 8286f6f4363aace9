"""Collects garbage on the GUI thread, in pauses: elsewhere it may delete widgets, and everywhere it takes its time."""

import gc

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

EVERY_MS = 400
SETTLED = 8
"""Rounds until the program has loaded what it needs."""
MANY = 20_000
"""So many new objects are something that was loaded and is in use: to look at them takes long and finds nothing."""


class Collector(QTimer):
    """Takes the place of Python's own collections, which come in any thread and at any time.

    Young objects are looked at every now and then, all others when the window is not the one that is used.
    """

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app, interval=EVERY_MS)
        self._rounds = 0
        self.timeout.connect(self._collect)
        app.applicationStateChanged.connect(self._on_state_changed)
        gc.disable()
        self.start()

    def _collect(self) -> None:
        self._rounds += 1
        if self._rounds == SETTLED or gc.get_count()[0] >= MANY:
            gc.freeze()
        elif gc.get_count()[0] >= gc.get_threshold()[0]:
            gc.collect(0)
        elif gc.get_count()[1] >= gc.get_threshold()[1]:
            gc.collect(1)

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive and self._rounds > SETTLED:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
