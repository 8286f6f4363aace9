"""Tool-tips that show names as they are."""

from html import escape

from PySide6.QtGui import Qt as Markup


def plain_tip(text: str) -> str:
    """A text for a tool-tip, also where it looks like markup: Qt would load what a network's names tell it to."""
    if not Markup.mightBeRichText(text):
        return text
    return f"<span style='white-space:pre'>{escape(text)}</span>"
