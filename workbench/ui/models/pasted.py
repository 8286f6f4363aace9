"""What a text is that somebody pasted. Nothing here knows Qt: the worker process looks."""

from workbench.ui.models.dropped import kind_of_text
from workbench.ui.models.explained import is_known

SPELLINGS = ("mean_values", "std_values", "channel_mean_value", "reorder_channel")
MOST = 8 << 20
"""Characters that are looked at."""


def kind_of_paste(text: str) -> str:
    """One of "report", "log", "times" (of a board), "spelling" (of the preprocessing, Rockchip's) and ""."""
    text = text[:MOST]
    if not text.strip():
        return ""
    kind = kind_of_text(text.encode("utf-8", "replace"))
    if kind:
        return {"reports": "report", "logs": "log", "times": "times"}[kind]
    if any(word in text for word in SPELLINGS):
        return "spelling"
    return "log" if is_known(text) else ""
