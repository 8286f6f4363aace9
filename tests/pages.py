"""What README and the help pages tell a reader to type."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.cli.app import COMMANDS, GROUPS, PROGRAM

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "zh_CN")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Page:
    """A page by its name and its text."""

    name: str
    text: str

    def blocks(self) -> list[tuple[str, str]]:
        """Language and text of everything that stands as a block."""
        return FENCE.findall(self.text) or [("", block) for block in INDENTED.findall(self.text)]

    def commands(self) -> list[str]:
        """The program's commands that stand in blocks, in order, each on one line."""
        return [command for _, block in self.blocks() for command in commands_in(block)]

    def lines(self) -> list[str]:
        """Every other line that a shell would run."""
        shells = [block for kind, block in self.blocks() if kind == "bash"]
        return [line for block in shells for line in _lines(block) if not line.startswith(PROGRAM)]

    def mentioned(self) -> list[list[str]]:
        """Commands within sentences, word by word, without the program; a part of one may be all that is there."""
        found = [_words(code) for code in CODE.findall(FENCE.sub("", self.text))]
        return [words for words in found if words and (words[0] in COMMANDS or words[0] in GROUPS)]


def pages(language: str) -> Iterator[Page]:
    """README, the help, and what lies beside the demo."""
    readme = {"en": "README.md", "zh_CN": "README.zh_CN.md"}[language]
    yield Page(readme, (ROOT / readme).read_text(encoding="utf-8"))
    if language == "en":
        yield Page("demo/README.md", (ROOT / "resources" / "demo" / "README.md").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "resources" / "help" / language).glob("*.md")):
        yield Page(path.stem, path.read_text(encoding="utf-8"))


def commands_in(block: str) -> list[str]:
    """The program's commands in a block of lines."""
    return [line for line in _lines(block) if line.startswith(PROGRAM + " ")]


def _lines(block: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", block)
    return [re.sub(r"\s+#.*", "", line).strip() for line in joined.splitlines() if line.strip()]


def _words(code: str) -> list[str]:
    """The words of a command; nothing where it is none."""
    try:
        words = shlex.split(code)
    except ValueError:
        return []
    return words[1:] if words[:1] == [PROGRAM] else words
