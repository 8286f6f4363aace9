"""The numbers in a row of `error_analysis.txt`, in every form that rknn-toolkit2 has printed. Source: rknn_facts §2.3.

Up to 1.5.2 a cell is one cosine of six decimals. From 1.5.3 on it is `cos | euc`: cos has five decimals, euc is cut to
six characters up to 2.3 and has five decimals from 2.5 on, where cells touch when it is 1000 or more.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

WORD = r"(?:(?:[a-z]{1,3}_)?-?(?:nan|inf)|[a-z]{1,3}_zero)\b"
PAIRED_COS = rf"(?:-?\d\.\d{{1,5}}(?!\d)|{WORD})"
BAR = r"\s*\\?\|\s*"
TOUCHED = rf"\d+\.\d{{5}}(?={PAIRED_COS}{BAR})"
EUC = rf"(?:{TOUCHED}|\d+\.?\d*(?:e[+-]?\d+)?|{WORD})"
PAIR = re.compile(rf"({PAIRED_COS}){BAR}({EUC})|(?<=\s)({WORD})(?=\s|$)")
COSINE = re.compile(rf"(?<![^\s|])(-?\d\.\d{{4,}}|{WORD})(?=[\s|]|$)")
CUT = 6  # characters of a euc up to 2.3: six digits without a point may be the first ones of a larger number


@dataclass(frozen=True, slots=True)
class Cell:
    """One error as it is printed, by metric; `start` and `end` are its place in the line."""

    start: int
    end: int
    texts: Mapping[str, str]

    @property
    def middle(self) -> float:
        """Where it stands."""
        return (self.start + self.end) / 2

    @property
    def values(self) -> Mapping[str, float]:
        """The numbers; `q_nan`, `rt_inf` and the like are what they say, `q_zero` (all values are 0) is none."""
        return {metric: number(text) for metric, text in self.texts.items() if not text.endswith("zero")}

    @property
    def is_cut(self) -> bool:
        """Whether digits before the point are missing, so that euc is larger than its number."""
        euc = self.texts.get("euc", "")
        return len(euc) == CUT and euc.isdigit()


def cells_of(line: str, start: int = 0) -> list[Cell]:
    """The cells of a line from the place `start` on."""
    pairs = list(_pairs(line, start))
    return pairs if any("|" in line[cell.start : cell.end] for cell in pairs) else list(_cosines(line, start))


def number(text: str) -> float:
    """A printed number or word."""
    word = text.rpartition("_")[2]
    return float(word)


def _pairs(line: str, start: int) -> Iterator[Cell]:
    at = start
    while (found := PAIR.search(line, at)) is not None:
        if at == start and found.start() > 0 and line[found.start() - 1] not in " |":
            at = start = found.start() + 1  # digits at the end of a name
            continue
        yield Cell(found.start(), found.end(), {"cos": found[1] or found[3], "euc": found[2] or found[3]})
        at = found.end()


def _cosines(line: str, start: int) -> Iterator[Cell]:
    for found in COSINE.finditer(line, start):
        yield Cell(found.start(), found.end(), {"cos": found[1]})
