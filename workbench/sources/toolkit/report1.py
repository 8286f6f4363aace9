"""The lines that rknn-toolkit 1.x writes into its three reports. Source: rknn_facts §2.4.

    NAME  [u8|None]  eculidean_norm=0.611659  cosine_norm=0.812937  eculidean=55.594463  cosine=0.812937

`eculidean_norm` (their spelling) is |a/|a| - b/|b||, which is sqrt(2 (1 - cos)): it has more digits than the cosine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

PLACE = re.compile(
    r"\b(e(?:culi|ucli)dean_norm|cosine_norm|e(?:culi|ucli)dean|cosine)\s*[=:]\s*"
    r"([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf))(?![\w.])"
)
KEYS = {"cosine_norm": "cos_norm", "cosine": "cos"}
BITS = re.compile(r"(?:[ui](?:4|8|16|32)|fp16|fp32|float16|float32|None)$")
NUMBERED = re.compile(r"^\d+\s+(?=\S)")
COLUMN_OF = (
    ("entire", "simulator.entire"),
    ("individual_qnt_error_analysis_on_npu", "runtime.single"),
    ("on_npu", "runtime.single"),
    ("individual", "simulator.single"),
)
"""By a part of the file's name. `runtime.single`: the board with the float inputs of each layer, against golden."""
DIRECTORY = (
    "entire_qnt_error_analysis.txt",
    "individual_qnt_error_analysis.txt",
    "individual_qnt_error_analysis_on_npu.txt",
)


@dataclass
class Line:
    """A layer: the name as it is printed, the type of its bits and the numbers as they are printed."""

    number: int
    name: str
    bits: str = ""
    texts: dict[str, str] = field(default_factory=dict)


def is_toolkit1(lines: Sequence[str]) -> bool:
    """Whether any line is one of theirs."""
    return any(PLACE.search(line) for line in lines)


def lines_of(lines: Sequence[str]) -> list[Line]:
    """The layers; a name on a line of its own belongs to the numbers behind it, and so do numbers on two lines."""
    found: list[Line] = []
    waiting = ""
    for number, line in enumerate(lines, 1):
        places = list(PLACE.finditer(line))
        head = line[: places[0].start()].strip() if places else line.strip()
        if not places:
            waiting = head or waiting
            continue
        texts = {_key(place[1]): place[2] for place in places}
        if not head and found and not waiting and not texts.keys() & found[-1].texts.keys():
            found[-1].texts |= texts
            continue
        name, bits = _named(head or waiting)
        found.append(Line(number, name, bits, texts))
        waiting = ""
    return found


def column_of(file: str) -> str:
    """Which error a file holds, by its name; "" where that does not say."""
    name = file.lower()
    return next((column for part, column in COLUMN_OF if part in name), "")


def _key(word: str) -> str:
    return KEYS.get(word) or ("euc_norm" if word.endswith("_norm") else "euc")


def _named(head: str) -> tuple[str, str]:
    words = NUMBERED.sub("", head).split()
    if len(words) > 1 and BITS.fullmatch(words[-1]):
        return " ".join(words[:-1]), words[-1]
    return " ".join(words), ""
