"""Names where there is little room."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from workbench.ui.views.common.elided import elided_name, least_name

NAME = "encoder/layer.2/mlp/fc1/MatMul_mm"


@pytest.fixture
def metrics(qapp: QApplication) -> QFontMetrics:
    return QFontMetrics(QFont())


@pytest.mark.parametrize("kept", [NAME, "…/layer.2/mlp/fc1/MatMul_mm", "…/fc1/MatMul_mm", "…/MatMul_mm"])
def test_that_a_name_loses_its_outer_scopes_first(metrics: QFontMetrics, kept: str) -> None:
    assert elided_name(metrics, NAME, metrics.horizontalAdvance(kept)) == kept


def test_that_numbered_scopes_are_kept_first(metrics: QFontMetrics) -> None:
    for kept in ("block4/…/Conv", "block4/…/conv/Conv"):
        assert elided_name(metrics, "block4/depthwise/conv/Conv", metrics.horizontalAdvance(kept)) == kept
    kept = "…/layer.2/…/MatMul_mm"
    assert elided_name(metrics, NAME.replace("fc1", "fc"), metrics.horizontalAdvance(kept)) == kept


def test_that_a_name_without_room_for_its_last_part_loses_its_middle(metrics: QFontMetrics) -> None:
    shown = elided_name(metrics, NAME, metrics.horizontalAdvance("Mat…_mm"))
    assert shown.startswith("M")
    assert shown.endswith("m")
    assert "…" in shown


def test_that_a_flat_name_loses_its_middle(metrics: QFontMetrics) -> None:
    shown = elided_name(metrics, "onnx::Conv_417_quantized", metrics.horizontalAdvance("onnx…tized"))
    assert shown.startswith("on")
    assert shown.endswith("ed")


@pytest.mark.parametrize(
    ("name", "least"), [("block4/depthwise/conv/Conv", "block4/…/Conv"), ("stem/act/Clip", "…/act/Clip"), ("a", "a")]
)
def test_that_the_least_of_a_name_tells_blocks_apart(name: str, least: str) -> None:
    assert least_name(name) == least
