"""What threads load while the window lives."""

import subprocess
import sys

from workbench.ui.reading import LIBRARIES


def test_that_threads_load_nothing_that_makes_qt_classes() -> None:
    code = f"import sys, importlib\nfor name in {LIBRARIES!r}: importlib.import_module(name)\n"
    code += "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'PySide6', 'shiboken6', 'pyqtgraph'}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""
