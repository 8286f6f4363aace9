"""cos as error_analysis.txt prints it: five decimals, or a word. Source: quantization semantics §7."""

import math

import numpy as np

from workbench.compare.compare import LayerError

DIGIT = 1.1e-5  # one in the last printed digit
NOTES = {"f_zero": "Golden is all zero", "q_zero": "Other is all zero"}
COUNTS = {"q_nan": "nan", "q_inf": "inf"}


def in_table(row: LayerError, column: str) -> str:
    """What our table says of a row, as the toolkit would print it; "none" where it says nothing."""
    if column not in row.errors:
        return "none"
    values = row.errors[column].mean
    words = [word for word, key in COUNTS.items() if values.get(key)]
    words += [word for word, note in NOTES.items() if "cos" not in values and note in row.note]
    return words[0] if words else f"{values['cos']:.5f}" if "cos" in values else "none"


def in_float32(golden: np.ndarray, other: np.ndarray) -> str:
    """What the toolkit prints of two tensors: its sums are float32, so large tensors have wrong last digits."""
    first, second = (np.ascontiguousarray(array, np.float32).reshape(-1) for array in (golden, other))
    if not np.isfinite(second).all():
        return "q_nan" if np.isnan(second).any() else "q_inf"
    for word, array in (("f_zero", first), ("q_zero", second)):
        if not array.any():
            return word
    product = np.dot(first, first) * np.dot(second, second)
    distance = 1.0 - np.dot(first, second) / np.float32(math.sqrt(product))
    return f"{1.0 - min(max(float(distance), 0.0), 2.0):.5f}"


def is_printed(said: str, printed: str) -> bool:
    """Whether two cells are equal, give or take one in the last digit."""
    try:
        return abs(float(said) - float(printed)) <= DIGIT
    except ValueError:  # a word
        return said == printed
