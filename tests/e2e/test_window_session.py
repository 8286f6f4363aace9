"""A whole session as a user has it: the program on an X server, a mouse, a keyboard, from a network to its report."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests import xvfb
from tests.e2e.driver import Driver, driving, matching
from tests.networks import mobilenet
from workbench.foundation.settings import UserSettings, save_settings

PICTURES = "RKNN_WORKBENCH_PICTURES"
"""The environment variable that names the folder in which the pictures of the session are kept."""
SIZE = 64
why_not = xvfb.missing("xdotool")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home, with a network and two pictures."""
    monkeypatch.setenv("RKNN_WORKBENCH_SETTINGS", str(tmp_path / "settings"))
    save_settings(UserSettings(theme="light", language="en"))
    mobilenet(tmp_path / "net.onnx", SIZE)
    for number, name in enumerate(("one.png", "two.png")):
        picture = np.random.default_rng(number).integers(0, 256, (SIZE // 8, SIZE // 8, 3), np.uint8)
        cv2.imwrite(str(tmp_path / name), cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC))
    return tmp_path


@pytest.fixture
def user(home: Path) -> Iterator[Driver]:
    """The program as it starts, and who drives it."""
    with driving(home, Path(os.environ.get(PICTURES, home / "pictures"))) as driver:
        yield driver


@pytest.mark.skipif(bool(why_not), reason=why_not or "everything is there")
def test_that_a_session_is_driven_from_a_network_to_its_report_by_mouse_and_keys(user: Driver, home: Path) -> None:
    open_network(user, home / "net.onnx")
    add_inputs(user, home / "one.png", home / "two.png")
    run(user)
    walk_layers(user)
    change_channel(user)
    change_precision(user)
    filter_table(user, "op:Add")
    search(user, "add24")
    export_report(user, home / "report.html")
    quit_program(user)

    report = (home / "report.html").read_text(encoding="utf-8")
    assert "/add24.1/Add_output_0" in report
    assert "float16" in report
    assert user.said() == ""
    assert len(list(user.pictures.glob("*.png"))) >= 10


@pytest.mark.skipif(bool(why_not), reason=why_not or "everything is there")
@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "ar_EG.ISO-8859-6"])
def test_that_numbers_are_written_and_read_the_same_everywhere(
    home: Path, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system does not have the locale, which Qt then tells, and where the X server has no GL."""
    for name in ("LC_ALL", "LANG", "LANGUAGE"):
        monkeypatch.setenv(name, locale)
    monkeypatch.setenv("QT_XCB_GL_INTEGRATION", "none")
    with driving(home, Path(os.environ.get(PICTURES, home / "pictures")) / locale) as user:
        open_network(user, home / "net.onnx")
        add_inputs(user, home / "one.png")
        run(user)
        user.keys("alt+5")
        least = user.see("QDoubleSpinBox", name="Least cosine")
        assert least["text"] == "0.999000"
        user.click(least, at=(0.3, 0.5))
        user.keys("ctrl+a")
        user.write("0.75")
        user.keys("Tab")
        user.until("the number", lambda state: matching(state, "QDoubleSpinBox", text="0.750000"))
        user.picture("mixed")
        export_report(user, home / "report.html")
        quit_program(user)
        assert "Traceback" not in user.said()

    assert "0.99" in (home / "report.html").read_text(encoding="utf-8")


def open_network(user: Driver, path: Path) -> None:
    """By its path in the dialog."""
    user.see("QPushButton", text="Open a network")
    user.picture("01-start")
    user.keys("ctrl+o")
    user.see("QLineEdit", name="fileNameEdit")
    user.write(str(path))
    user.picture("02-open-dialog")
    user.keys("Return")
    user.until("the network", lambda state: state.get("title", "").startswith(path.name))
    user.see("GraphCanvas")
    user.picture("03-network")


def add_inputs(user: Driver, *paths: Path) -> None:
    """The first by the button, the others by key."""
    for number, path in enumerate(paths, 1):
        user.keys("ctrl+i") if number > 1 else user.click(user.see("QPushButton", text="Add…"))
        user.see("QLineEdit", name="fileNameEdit")
        user.write(str(path))
        user.keys("Return")
        user.until(f"{number} inputs", lambda state, number=number: state["inputs"] == number)
    user.picture("04-inputs")


def run(user: Driver) -> None:
    """By the button; the worst layer is selected when it is done."""
    user.click(user.see("QPushButton", text="Run"))
    state = user.until("results", lambda state: state["results"] and state["selected"] and not state["running"])
    assert state["results"] > 20
    user.see("Heatmap", name="difference")
    user.picture("05-results")


def walk_layers(user: Driver) -> None:
    """The worst first; by keys, by a click into the table, along the graph's edges."""
    user.keys("w")
    start = user.state()["selected"]
    worse = user.changed("selected", lambda: user.keys("bracketright"))
    assert worse != start
    assert user.changed("selected", lambda: user.keys("bracketleft")) == start
    user.picture("06-worst-first")
    table = user.see("LayerView")
    user.changed("selected", lambda: user.click(table, at=(0.4, 0.5)))
    user.changed("selected", lambda: user.keys("Down"))
    user.picture("07-table")
    user.click(user.see("TabBar", parts="Layers"), part="Layers")
    user.click(user.see("GraphCanvas"), at=(0.02, 0.5))  # beside the layers: the keyboard goes to the graph
    user.keys("Up")
    user.changed("selected", lambda: user.keys("Up"))
    user.picture("08-graph")


def change_channel(user: Driver) -> None:
    """Of the tensor in the panes."""
    box = user.see("QSpinBox", name="channel")
    user.click(box, at=(0.3, 0.5))
    user.keys("Down" if box["text"].split()[0] != "1" else "Up")
    user.until("another channel", lambda state: matching(state, "QSpinBox", name="channel")[0]["text"] != box["text"])
    user.picture("09-channel")


def change_precision(user: Driver) -> None:
    """The selected layer in float16, computed at once, and kept."""
    user.click(user.see("LayerView"), at=(0.4, 0.5))
    user.keys("space")
    user.see("QPushButton", text="Keep")
    user.until("the what-if", lambda state: not state["running"])
    user.see("QPushButton", text="Run")
    user.picture("10-what-if")
    user.click(user.see("QPushButton", text="Keep"))
    user.until("no bar", lambda state: not matching(state, "WhatIfBar"))


def search(user: Driver, text: str) -> None:
    """Find a layer by a part of its name; the keyboard was in another text field."""
    user.keys("ctrl+k")
    user.write(text)
    user.picture("12-search")
    user.keys("Return")
    user.until("the layer that was found", lambda state: text in state["selected"])
    user.picture("13-found")


def filter_table(user: Driver, text: str) -> None:
    """Show some layers only, then all again."""
    user.keys("ctrl+f")
    user.write(text)
    user.picture("11-filter")
    user.keys("ctrl+a", "Delete")
    user.until("no filter", lambda state: not matching(state, "FilterEdit", text=text))


def export_report(user: Driver, path: Path) -> None:
    """An HTML report into a file whose name is typed."""
    user.keys("ctrl+k", "ctrl+e")  # from a text field, where X11's own meaning is another
    edit = user.see("QLineEdit", name="File or folder")
    user.click(edit)
    user.keys("ctrl+a")
    user.write(str(path))
    user.picture("14-export")
    user.click(user.see("QPushButton", text="Export"))
    user.until("the report", lambda _: path.is_file())
    user.see("ElidedLabel", name=path.name)
    user.picture("15-exported")


def quit_program(user: Driver) -> None:
    """By the menu."""
    user.click(user.see("QMenuBar"), part="File")
    user.click(user.see("QMenu", parts="Quit"), part="Quit")
    assert user.program.wait(30) == 0
