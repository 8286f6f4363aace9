"""Pictures of many rectangles and paths of many lines."""

import numpy as np
from PySide6.QtGui import QColor, QImage

from workbench.ui.views.common.raster import rectangles, segments

GOOD, BAD, NONE = QColor("#0000ff"), QColor("#ff0000"), QColor("#888888")


def picture(sides: list[tuple[float, ...]], classes: list[int]) -> QImage:
    return rectangles(np.array(sides), np.array(classes), [GOOD, BAD, NONE], (20, 10))


def test_that_rectangles_have_their_colours_and_the_rest_none() -> None:
    made = picture([(2, 1, 6, 4)], [0])

    assert (made.width(), made.height()) == (20, 10)
    assert made.pixelColor(2, 1) == made.pixelColor(5, 3) == GOOD
    assert made.pixelColor(6, 3).alpha() == made.pixelColor(5, 4).alpha() == 0


def test_that_the_worst_lies_on_top_and_what_has_no_value_below() -> None:
    made = picture([(0, 0, 5, 5), (0, 0, 5, 5), (0, 0, 5, 5)], [1, 2, 0])

    assert made.pixelColor(2, 2) == BAD
    assert picture([(0, 0, 5, 5), (0, 0, 5, 5)], [2, 0]).pixelColor(2, 2) == GOOD


def test_that_the_smallest_and_what_reaches_outside_are_seen() -> None:
    made = picture([(7.2, 3.1, 7.3, 3.2), (-4, -4, 1, 1), (18, 8, 90, 90)], [1, 1, 1])

    assert made.pixelColor(7, 3) == made.pixelColor(0, 0) == made.pixelColor(19, 9) == BAD


def test_that_lines_become_a_path() -> None:
    path = segments(np.array([(0.0, 1.0, 2.0, 3.0), (4.0, 5.0, 6.0, 7.5)]))

    assert path.elementCount() == 4
    assert [(path.elementAt(n).x, path.elementAt(n).y, path.elementAt(n).isLineTo()) for n in range(4)] == [
        (0, 1, False), (2, 3, True), (4, 5, False), (6, 7.5, True),
    ]  # fmt: skip
    assert segments(np.zeros((0, 4))).isEmpty()
