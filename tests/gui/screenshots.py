"""Makes the README's pictures: `python -m tests.gui.screenshots FOLDER` runs the demo and grabs the window."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from workbench.ui import theme
from workbench.ui.main_window import MainWindow

SIZE = (1440, 900)
LIMIT = 60.0


def main(folder: Path) -> None:
    """Write window-light.png and window-dark.png."""
    app = QApplication(["screenshots"])
    with tempfile.TemporaryDirectory() as sessions:
        theme.apply(app, "light")
        window = MainWindow(Path(sessions))
        window.resize(*SIZE)
        window.show()
        run_demo(app, window)
        for name in ("light", "dark"):
            theme.apply(app, name)
            settle(app)
            window.grab().save(str(folder / f"window-{name}.png"))
        window.close()


def run_demo(app: QApplication, window: MainWindow) -> None:
    """Open the demo and run it, as a newcomer does."""
    window.opener.open_demo()
    wait(app, lambda: window.workspace.model is not None)
    window.runner.run()
    wait(app, lambda: not window.runner.is_running)
    wait(app, lambda: window.panes.summary is not None)


def settle(app: QApplication) -> None:
    """Let the window live for a second."""
    end = time.monotonic() + 1
    wait(app, lambda: time.monotonic() > end)


def wait(app: QApplication, is_done: Callable[[], bool]) -> None:
    """Let the window live until something has happened."""
    end = time.monotonic() + LIMIT
    while not is_done():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        app.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
