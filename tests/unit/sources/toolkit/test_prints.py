"""What the toolkit prints while it works."""

import pytest

from workbench.sources.toolkit.prints import Bar, bar_of, is_tagged, mark_of, plain

BARS = {
    "I Loading :   0%|                                   | 0/8 [00:00<?, ?it/s]": Bar("Loading", 0, 8),
    "I OpFusing 0:  33%|███████████████         | 33/100 [00:00<00:00, 11922.82it/s]": Bar("OpFusing 0", 33, 100),
    "I AccuracyAnalysing : 100%|███████████████████| 10/10 [00:00<00:00, 23.22it/s]": Bar("AccuracyAnalysing", 10, 10),
    "W Quantizating 2/3: 100%|████| 84/84 [00:05<00:00, 15.01it/s]": Bar("Quantizating 2/3", 84, 84),
    "--> Analysing : 100%|█| 139/139 [00:00<00:00]": Bar("--> Analysing", 139, 139),
}


@pytest.mark.parametrize("text", BARS)
def test_that_a_bar_says_its_name_and_how_far_it_is(text: str) -> None:
    assert bar_of(text) == BARS[text]


@pytest.mark.parametrize(
    "text",
    ["[Conv] Plus30_Output_0", "I rknn building ...", "[MaxPool] Pooling66     0.99997 | 0.15089   0.99999 | 0.07327"],
)
def test_that_other_lines_are_no_bars(text: str) -> None:
    assert bar_of(text) is None


def test_that_colours_vanish() -> None:
    assert plain("\x1b[1;33mW\x1b[0m \x1b[1;33mbuild: outlier\x1b[0m  ") == "W build: outlier"


def test_that_a_message_begins_with_a_letter() -> None:
    assert is_tagged("E RKNN: [00:40:25.794] Unkown op target: 0")
    assert not is_tagged("[Input] input   1.00000 | 0.0")


def test_that_the_workers_marks_are_told_from_prints() -> None:
    assert mark_of("\x1e12") == 12
    assert mark_of("12") is None
