"""A Chinese window says nothing in English but names: of sources, errors, data types, layers, files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

import workbench.diagnose
from tests.helpers.waiting import LONG
from workbench.compare.metrics import METRICS
from workbench.diagnose.findings import Chart
from workbench.foundation.settings import UserSettings
from workbench.preprocess.notation import presets
from workbench.project.results import Difference
from workbench.project.session import Session
from workbench.ui import translate
from workbench.ui.actions import Actions
from workbench.ui.main_window import MainWindow
from workbench.ui.models.diagnosis.chart_texts import told
from workbench.ui.models.spoken import CHINESE
from workbench.ui.titles import metric_title, setting_title, short_title
from workbench.ui.views.compare.difference_table import DifferenceTable

NAMES = set(
    """dataset txt golden simulator runtime entire single sim cos euc sqnr db nan op int8 int16 float16 float32 axis
    alpha rknn workbench english onnx numpy png imagenet caffe bgr rgb nchw nhwc nc1hwc2 channel layer normal mmse gdq
    kl_divergence ctrl shift alt esc enter tab home end del mean_values std_values quant_img_rgb2bgr""".split()  # noqa: SIM905
)
WORD = re.compile(r"[A-Za-z][A-Za-z_0-9]+")
TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture(autouse=True)
def chinese(qapp: QApplication) -> Iterator[None]:
    translate.install(qapp, "zh_CN")
    yield
    translate.install(qapp, "en")


def texts(widget: QWidget) -> Iterator[str]:
    """What a widget says, shown or told."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.statusTip())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(at) for at in range(widget.count()))
    elif isinstance(widget, QTableView) and widget.model() is not None:
        model = widget.model()
        for at in range(model.columnCount()):
            yield from (str(model.headerData(at, Qt.Orientation.Horizontal, role) or "") for role in (0, TIP))


def english(found: Iterator[str], names: set[str]) -> set[str]:
    """The texts with a word that is no name, and without a Chinese letter."""
    known = {name.lower() for name in names} | NAMES
    return {
        text for text in found
        if not CHINESE.search(text) and any(word.lower() not in known for word in WORD.findall(text))
    }  # fmt: skip


def names_of(window: MainWindow) -> set[str]:
    """Words of the names of layers, files and settings."""
    workspace = window.workspace
    session = workspace.session
    assert isinstance(session, Session)
    rows = [f"{row.tensor} {row.op} {' '.join(row.group)}" for row in workspace.rows]
    files = [str(path) for sample in (*session.samples, *session.dataset) for path in sample.files]
    settings = [session.quant.target, session.quant.dtype, str(session.model), str(workspace.folder)]
    assert workspace.model is not None
    network = [f"{layer.name} {layer.op} {' '.join(layer.attributes)}" for layer in workspace.model.graph.layers]
    return {word for text in (*rows, *files, *settings, *network) for word in WORD.findall(text)}


def test_that_everything_a_window_shows_is_chinese(done_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: done_window.panes.views is not None, timeout=LONG)
    for view in range(6):
        done_window.panes.controls.views.button(view).click()
        widgets = [item for item in done_window.findChildren(QWidget) if not isinstance(item, QComboBox)]
        assert english((text for widget in widgets for text in texts(widget)), names_of(done_window)) == set()


def test_that_every_command_is_chinese(done_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: done_window.panes.views is not None, timeout=LONG)
    actions = (action.text().replace("&", "") for action in done_window.findChildren(QAction))
    assert english(actions, names_of(done_window)) == set()


def test_that_metrics_and_settings_have_chinese_titles() -> None:
    vendors = {"cos", "euc", "one_minus_cos", "sqnr_db", "nan"}
    assert [key for key in METRICS if key not in vendors and not CHINESE.search(short_title(key))] == []
    assert [key for key in METRICS if key != "sqnr_db" and not CHINESE.search(metric_title(key))] == []
    facts = ("quant.algorithm", "quant.optimization_level", "preprocess.image.mean", "network.sha256", "program")
    assert [fact for fact in facts if not CHINESE.search(setting_title(fact))] == []
    assert setting_title("preprocess.image.mean") == "image：均值"


def test_that_differences_are_told_in_chinese(qtbot: QtBot) -> None:
    table = DifferenceTable()
    qtbot.addWidget(table)
    table.show_differences([Difference("quant.algorithm", ("normal", "mmse"))], ["A", "B"])
    assert [table.item(0, at).text() for at in range(3)] == ["量化算法", "normal", "mmse"]


def test_that_every_preset_but_a_name_is_chinese(demo_window: MainWindow) -> None:
    preset = demo_window.settings_panel.preprocess.preset
    shown = [preset.itemText(at) for at in range(preset.count())]
    assert len(shown) == len(presets()) + 1
    assert english(iter(shown), set()) == set()


def test_that_proposals_come_by_a_key_that_input_methods_leave_alone(demo_window: MainWindow, qtbot: QtBot) -> None:
    edit = demo_window.table.filter_edit
    qtbot.waitUntil(lambda: bool(edit.terms))
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert edit.popup.isVisible()


def test_that_undo_names_its_step_with_a_chinese_colon(demo_window: MainWindow) -> None:
    demo_window.actions_.set_undo("数据类型 → w8a8", "")
    assert demo_window.actions_.undo.text() == "撤销(&U)：数据类型 → w8a8"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_that_no_two_entries_of_a_menu_have_one_letter(language: str, qapp: QApplication, qtbot: QtBot) -> None:
    translate.install(qapp, language)
    window = QMainWindow()
    qtbot.addWidget(window)
    Actions(window).fill(UserSettings())
    for menu in window.menuBar().findChildren(QMenu):
        letters = [found[1].lower() for action in menu.actions() if (found := re.search("&(\\w)", action.text()))]
        assert sorted(letters) == sorted(set(letters)), menu.title()


def chart_words() -> set[str]:
    """What the rules call axes and rows of numbers of their charts, from their source."""
    found: set[str] = set()
    for path in sorted(Path(workbench.diagnose.__file__).parent.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found |= {word for call in ast.walk(function) if _is_chart(call) for word in _words(call, function)}
    return found


def _is_chart(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Chart"


def _words(call: ast.AST, function: ast.FunctionDef) -> Iterator[str]:
    """The axes, and the keys of what is given as `series`, there or before."""
    assert isinstance(call, ast.Call)
    _kind, x, y, series, *_ = call.args
    named = series.id if isinstance(series, ast.Name) else ""
    made = [node.value for node in ast.walk(function) if isinstance(node, ast.Assign) and _target(node) == named]
    keys = [key for each in (series, *made) if isinstance(each, ast.Dict) for key in each.keys]
    yield from (part.value for part in (x, y, *keys) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _target(node: ast.Assign) -> str:
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def test_that_charts_of_findings_are_told_in_chinese() -> None:
    words = {word for word in chart_words() if word and word not in NAMES}
    assert {"share of the damage", "deviation", "needed"} < words
    assert [word for word in sorted(words) if not CHINESE.search(told(Chart("bars", word, "", {})).x)] == []


def test_that_names_in_charts_stay_as_they_are() -> None:
    curves = told(Chart("lines", "calibration inputs", "", {"layer": (), "share (analysed)": ()}))
    assert list(curves.series) == ["layer", "share（分析的输入）"]
    bars = told(Chart("bars", "tensor", "", {"share": ()}, ("layer", "weight")))
    assert (list(bars.series), bars.labels) == (["占比"], ("layer", "weight"))
    settings = told(Chart("bars", "preprocessing", "", {}, ("session", "mean 0, std 255")))
    assert settings.labels == ("会话", "均值 0，标准差 255")
