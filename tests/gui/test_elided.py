"""Names where there is little room."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from workbench.ui.views.common.elided import elided_name

NAME = "encoder/layer.2/mlp/fc1/MatMul_mm"


@pytest.fixture
def metrics(qapp: QApplication) -> QFontMetrics:
    return QFontMetrics(QFont())


@pytest.mark.parametrize("kept", [NAME, "…/layer.2/mlp/fc1/MatMul_mm", "…/fc1/MatMul_mm", "…/MatMul_mm"])
def test_that_a_name_loses_its_outer_scopes_first(metrics: QFontMetrics, kept: str) -> None:
    assert elided_name(metrics, NAME, metrics.horizontalAdvance(kept)) == kept


def test_that_a_name_without_room_for_its_last_part_loses_its_middle(metrics: QFontMetrics) -> None:
    shown = elided_name(metrics, NAME, metrics.horizontalAdvance("Mat…_mm"))
    assert shown.startswith("M")
    assert shown.endswith("m")
    assert "…" in shown


def test_that_a_flat_name_loses_its_middle(metrics: QFontMetrics) -> None:
    shown = elided_name(metrics, "onnx::Conv_417_quantized", metrics.horizontalAdvance("onnx…tized"))
    assert shown.startswith("on")
    assert shown.endswith("ed")
