"""What is written above the columns of runs."""

from pathlib import Path

from workbench.project.comparison.runs import RunRows
from workbench.ui.models.matrix.runs import run_head

FACTS = {"quant.dtype": "w8a8", "quant.method": "channel", "preprocess.x.order": "rgb", "preprocess.x.scale": "1"}
FIRST = RunRows(Path("/a/first"), "first", facts=FACTS)


def test_that_the_first_run_has_its_types() -> None:
    assert run_head(FIRST, FIRST).lines == ("w8a8 channel", "")


def test_that_other_runs_have_what_differs_in_the_words_of_the_panels() -> None:
    other = RunRows(Path("/a/other"), "other", facts=FACTS | {"quant.dtype": "fp16", "preprocess.x.order": "bgr"})
    head = run_head(other, FIRST)
    assert head.lines == ("fp16", "channel order BGR")
    assert "≠ channel order: BGR  (RGB)" in head.tip.splitlines()


def test_that_more_than_two_differences_are_counted() -> None:
    facts = FACTS | {"quant.dtype": "fp16", "preprocess.x.order": "bgr", "preprocess.x.scale": "2"}
    assert run_head(RunRows(Path("/b"), "b", facts=facts), FIRST).lines == ("fp16", "channel order BGR, +1")


def test_that_a_run_without_values_says_why_in_its_tip() -> None:
    head = run_head(RunRows(Path("/b"), "b", problem="There is no /b.", hint="Give dumps."), FIRST)
    assert head.lines == ("✖ no values",)
    assert head.tip.splitlines() == ["/b", "✖ There is no /b.", "Give dumps."]
