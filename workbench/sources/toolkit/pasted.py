"""Text as people paste it: what a terminal, a mail, an issue or a comment put around the toolkit's lines."""

import re

# a terminal's colours; pastes lose the escape character and keep the rest
COLOUR = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\[\d{1,3}(?:;\d{1,3})*m"
)
QUOTED = re.compile(r"^(?:(?:>|#|//) ?)+")
FENCE = re.compile(r"^\s*(?:```|~~~)")


def plain_lines(text: str) -> list[str]:
    """The lines without colours, tabs and line ends of other systems; what a bar overwrites is a line of its own."""
    return [line.expandtabs().replace("\u00a0", " ") for line in re.split(r"\r\n|\n|\r", uncoloured(text))]


def unquoted_lines(text: str) -> list[str]:
    """`plain_lines` without signs of quotations, comments and code blocks; columns stay under each other."""
    return ["" if FENCE.match(line) else QUOTED.sub("", line) for line in plain_lines(text)]


def uncoloured(text: str) -> str:
    """The text without the codes of a terminal."""
    return COLOUR.sub("", text)
