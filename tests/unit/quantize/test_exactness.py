"""What is known of the operators' values."""

import pytest

from workbench.quantize.exactness import is_exact


@pytest.mark.parametrize(
    ("op", "precision", "expected"),
    [
        ("Conv", "int8", True),
        ("Conv", "float16", True),
        ("Softplus", "int8", True),
        ("Softplus", "float16", False),
        ("exSoftmax13", "int8", True),
        ("exSoftmax13", "float16", False),
        ("LSTM", "int8", False),
        ("NoSuchOperator", "float16", False),
    ],
)
def test_that_functions_of_another_runtime_are_exact_on_the_int8_grid_only(
    op: str, precision: str, expected: bool
) -> None:
    assert is_exact(op, precision) is expected
