"""cos as error_analysis.txt prints it: five decimals, or a word. Source: quantization semantics §7."""

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
    words += [word for word, note in NOTES.items() if "cos_toolkit" not in values and note in row.note]
    return words[0] if words else f"{values['cos_toolkit']:.5f}" if "cos_toolkit" in values else "none"


def is_printed(said: str, printed: str) -> bool:
    """Whether two cells are equal, give or take one in the last digit."""
    try:
        return abs(float(said) - float(printed)) <= DIGIT
    except ValueError:  # a word
        return said == printed
