"""The sentence by which a benchmark is known in the table of all of them."""

from collections.abc import Iterable

START = "In short: "


def in_short(text: str, is_held: bool) -> int:
    """Print the sentence; gives the exit status."""
    print(f"{START}{text}", flush=True)
    return 0 if is_held else 1


def span(values: Iterable[float], digits: int = 1) -> str:
    """The least and the greatest value: "0.9 to 1.3", or one number where both are written alike."""
    every = sorted(values)
    return " to ".join(dict.fromkeys(f"{value:.{digits}f}" for value in (every[0], every[-1])))
