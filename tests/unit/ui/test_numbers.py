"""Numbers as the window writes them."""

import pytest

from workbench.ui.numbers import real_text


@pytest.mark.parametrize(
    ("value", "figures", "text"),
    [
        (4799.0, 3, "4799"), (-603960.4, 5, "−603960"), (1.5, 3, "1.5"), (99999.6, 5, "100000"),
        (8.95e29, 3, "8.95e29"), (-1.2e-7, 3, "−1.2e−7"), (2.5e6, 5, "2.5e6"), (float("nan"), 3, "NaN"),
    ],
)  # fmt: skip
def test_that_numbers_below_a_million_are_written_in_digits(value: float, figures: int, text: str) -> None:
    assert real_text(value, figures) == text
