from dataclasses import replace
from pathlib import Path

from tests.unit.project.made_sessions import ONES, made_folder, made_session
from workbench.preprocess.preprocess import Preprocess
from workbench.project.comparison.comparing import look_at
from workbench.project.comparison.sides import Side
from workbench.project.results import Difference
from workbench.quantize.schemes import QuantSettings

BOTH = {"golden": [{"y": ONES}], "simulator": [{"y": ONES}]}
BGR = replace(Preprocess(), order="bgr")


def _two(tmp_path: Path) -> tuple[Path, Path]:
    one = made_session(tmp_path / "one", BOTH, {"y": "y"})
    two = made_session(tmp_path / "two", BOTH, {"y": "y"}, quant=QuantSettings("fp16"), preprocess=BGR)
    return one, two


def test_that_settings_in_which_sides_differ_are_listed_with_both_values(tmp_path: Path) -> None:
    one, two = _two(tmp_path)
    found = look_at([Side(one, "simulator"), Side(two, "simulator")]).differences
    assert found == (Difference("preprocess.x.order", ("rgb", "bgr")), Difference("quant.dtype", ("w8a8", "fp16")))


def test_that_golden_values_do_not_differ_by_quantization(tmp_path: Path) -> None:
    one, two = _two(tmp_path)
    found = look_at([Side(one, "golden"), Side(two, "golden")]).differences
    assert [item.name for item in found] == ["preprocess.x.order"]


def test_that_what_only_one_side_tells_is_no_difference(tmp_path: Path) -> None:
    one, _ = _two(tmp_path)
    assert look_at([Side(one, "golden"), Side(made_folder(tmp_path / "dumps", y=ONES))]).differences == ()
