"""The program on an X server of its own, driven from outside: real mouse, real keys, and what can be seen."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import xvfb
from workbench.ui.geometry import VARIABLE

ROOT = Path(__file__).resolve().parents[2]
SIZE = "1280x800x24"
GEOMETRY, OUTPUT = "geometry.json", "output.txt"
PATIENCE = 30  # s
LOOK_S = 0.02
CAMERA = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
for line in sys.stdin:
    print(app.primaryScreen().grabWindow(0).save(line.strip()), flush=True)
"""

Widget = dict[str, Any]


class Driver:
    """What a user sees of the program and does with it. Every wait is for something that the program shows."""

    def __init__(self, program: subprocess.Popen[bytes], home: Path, display: str, pictures: Path) -> None:
        self.program, self.home, self.pictures = program, home, pictures
        self._environment = {**os.environ, "DISPLAY": display}
        self._camera = subprocess.Popen(
            [sys.executable, "-c", CAMERA], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**self._environment, "QT_QPA_PLATFORM": "xcb"},
        )  # fmt: skip

    def state(self) -> dict[str, Any]:
        """What the program shows at the moment."""
        try:
            return json.loads((self.home / GEOMETRY).read_text(encoding="utf-8"))  # type: ignore[no-any-return]
        except FileNotFoundError:
            return {"widgets": []}

    def said(self) -> str:
        """What the program has written on its terminal."""
        return (self.home / OUTPUT).read_text(encoding="utf-8")

    def until(self, what: str, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until a condition holds for what is shown."""
        end = time.monotonic() + PATIENCE
        while not condition(state := self.state()):
            if self.program.poll() is not None:
                raise AssertionError(f"ended with {self.program.returncode} before {what}\n{self.said()}")
            if time.monotonic() > end:
                self.picture("timeout")
                raise AssertionError(f"not in {PATIENCE} s: {what}\n{self.said()}")
            time.sleep(LOOK_S)
        return state

    def see(self, kind: str, **wanted: str) -> Widget:
        """Wait for an enabled widget of a class whose `name` or `text` contain something, at rest; give it."""
        found: list[Widget] = []

        def is_there(state: dict[str, Any]) -> bool:
            before = [item["rect"] for item in found]
            found[:] = matching(state, kind, **wanted)
            return bool(found) and [item["rect"] for item in found] == before

        self.until(f"{kind} with {wanted or 'anything'}", is_there)
        return found[0]

    def changed(self, field: str, act: Callable[[], object]) -> Any:
        """Do something and wait until a field of the state is another; give its new value."""
        before = self.state()[field]
        act()
        return self.until(f"another {field}", lambda state: state[field] != before)[field]

    def click(self, widget: Widget, *, part: str = "", at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Click on a place of a widget, given in shares of its size, or on one of its tabs or entries."""
        left, top, width, height = widget["parts"][part] if part else widget["rect"]
        place = (str(round(left + at[0] * width)), str(round(top + at[1] * height)))
        self._xdotool("mousemove", "--sync", *place, "click", "1")

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, in xdotool's names: "ctrl+o", "F5"."""
        self._xdotool(*self._focus(), "key", "--clearmodifiers", *keys)

    def write(self, text: str) -> None:
        """Type a text, and wait until it stands there."""
        self._xdotool(*self._focus(), "type", "--delay", "4", text)
        self.until(f"{text!r} typed", lambda state: any(text in item["text"] for item in state["widgets"]))

    def picture(self, name: str) -> None:
        """Keep a picture of the screen."""
        assert self._camera.stdin is not None
        assert self._camera.stdout is not None
        self._camera.stdin.write(f"{self.pictures / name}.png\n")
        self._camera.stdin.flush()
        assert self._camera.stdout.readline().strip() == "True"

    def end(self) -> None:
        """End the camera, and the program where it still runs."""
        self._camera.communicate()
        if self.program.poll() is None:
            self.program.terminate()
        self.program.wait(PATIENCE)

    def _focus(self) -> tuple[str, ...]:
        """Give the keyboard to the program's dialog or window, as a window manager does: this server has none."""
        return "windowfocus", "--sync", str(self.until("a window", lambda state: "window" in state)["window"])

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True, timeout=PATIENCE)


def matching(state: dict[str, Any], kind: str, **wanted: str) -> list[Widget]:
    """The enabled widgets of a class whose fields contain something."""
    widgets = [item for item in state["widgets"] if item["class"] == kind and item["enabled"]]
    return [item for item in widgets if all(text in item[key] for key, text in wanted.items())]


@contextmanager
def driving(home: Path, pictures: Path) -> Iterator[Driver]:
    """Start the program as `python -m workbench` does, with a home of its own; end it afterwards."""
    pictures.mkdir(parents=True, exist_ok=True)
    with xvfb.screen(SIZE) as display, (home / OUTPUT).open("wb") as output:
        environment = {
            **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "HOME": str(home),
            VARIABLE: str(home / GEOMETRY), "RKNN_WORKBENCH_SETTINGS": str(home / "settings"),
            "XDG_CONFIG_HOME": str(home / "config"),
        }  # fmt: skip
        command = [sys.executable, "-m", "workbench"]
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        driver = Driver(program, home, display, pictures)
        try:
            yield driver
        finally:
            driver.end()
