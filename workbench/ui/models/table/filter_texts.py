"""What is said about filters: which part of one means nothing, and why; examples. No Qt widgets."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from PySide6.QtCore import QCoreApplication

from workbench.ui.models.table.filter import COLUMN_NAMES, METRIC_NAMES, TEXTS, Unclear
from workbench.ui.models.table.layer_values import FACTS

translate = QCoreApplication.translate
NUMBERS = (*METRIC_NAMES, *FACTS)
LONGEST = 24
"""Characters of a part that are repeated."""


def unclear_text(found: Sequence[Unclear]) -> str:
    """One sentence for each part that means nothing: where it stands, and what is wanted there."""
    return "\n".join(_sentence(item) for item in found)


def _sentence(item: Unclear) -> str:
    place, text = item.begin + 1, item.text if len(item.text) <= LONGEST else f"{item.text[:LONGEST]}…"
    if item.wanted == "column":
        said = translate("Filter", "Character {0}: there are no errors “{1}”, only {2}")
        return said.format(place, text, ", ".join(COLUMN_NAMES))
    if item.wanted == "field":
        said = translate("Filter", "Character {0}: nothing is called “{1}”. {2}")
        return said.format(place, text, _proposal(text, NUMBERS))
    if not text:
        return translate("Filter", "Character {0}: a number is missing").format(place)
    return translate("Filter", "Character {0}: “{1}” is no number").format(place, text)


def _proposal(text: str, known: Collection[str]) -> str:
    near = get_close_matches(text.lower(), known, 1)
    if near:
        return translate("Filter", "Do you mean {0}?").format(near[0])
    return translate("Filter", "There are {0} …").format(", ".join(("cos", "euc", "sqnr", "jump", "elements")))


def field_text(words: Sequence[str]) -> str:
    """What may be meant by words like `ops:Conv`, which look like a field and are searched as they are; "" for none."""
    for word in words:
        name, colon, _ = word.lstrip("-").partition(":")
        if colon and name.isidentifier() and name.lower() not in TEXTS:
            near = get_close_matches(name.lower(), TEXTS, 1)
            names = f"{near[0]}:" if near else " ".join(f"{field}:" for field in TEXTS)
            said = translate("Filter", "“{0}:” is no field and was searched as text. Do you mean {1}?")
            return said.format(name, names)
    return ""


def examples() -> list[tuple[str, str]]:
    """Filters to start from, and what each of them finds."""
    return [
        ("cos<0.99", translate("Filter", "cosine below 0.99")),
        ("single.cos<0.999", translate("Filter", "bad with exact inputs")),
        ("jump>3", translate("Filter", "three times as wrong as what they take")),
        ("op:Conv|Gemm -pinned", translate("Filter", "two operators, without pinned layers")),
        ("scope:head shape:1x*x13", translate("Filter", "in a scope, with such dimensions")),
        ("type:float16", translate("Filter", "stored in float16")),
        ("head<2", translate("Filter", "close to the end of float16")),
        ("note:", translate("Filter", "with a note")),
        ("spared", translate("Filter", "in the choice that is shown under Mixed")),
    ]
