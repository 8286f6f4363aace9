"""The pages of the help, in a language, and which of them say something. No Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.diagnose.causes import ENGLISH, causes
from workbench.foundation.resources import resource

PAGES = (
    "start", "tutorial", "window", "table", "graph", "tensors", "compare", "settings", "types", "numbers", "diagnosis",
    "mixed", "accuracy", "board", "capi", "frameworks", "toolkit", "messages", "cluster", "commandline", "options",
    "terms",
)  # fmt: skip


CAUSES = "{{causes}}"
"""Where a page has the causes that a diagnosis knows."""


@dataclass(frozen=True)
class HelpPage:
    """A page: its title is its first heading, its text is Markdown."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """What the page is about."""
        return self.text.partition("\n")[0].lstrip("# ")


def pages(language: str) -> tuple[HelpPage, ...]:
    """All pages in a language; English where it has none."""
    return tuple(HelpPage(name, _text(name, language)) for name in PAGES)


def saying(found: Sequence[HelpPage], words: Sequence[str]) -> list[HelpPage]:
    """The pages that have all of these words; those that have them in their titles first."""
    lower = [word.lower() for word in words]
    having = [page for page in found if all(word in page.text.lower() for word in lower)]
    return sorted(having, key=lambda page: not all(word in page.title.lower() for word in lower))


def picture(name: str, language: str, look: str) -> Path:
    """The file of a picture in a theme; of the English window where a language has none."""
    translated = resource("help", "pictures", f"{language}-{look}", name)
    return translated if translated.is_file() else resource("help", "pictures", f"en-{look}", name)


def _text(name: str, language: str) -> str:
    text = _file(name, language).read_text(encoding="utf-8")
    return text.replace(CAUSES, _causes(language)) if CAUSES in text else text


def _causes(language: str) -> str:
    """All causes with what they mean and what helps, as the findings say it."""
    told = [cause.texts.get(language) or cause.texts[ENGLISH] for cause in causes().values()]
    return "\n".join(f"- **{_bare(one.title)}** {_bare(one.meaning)} *{_bare(one.help)}*" for one in told)


def _bare(text: str) -> str:
    """Without the names and numbers of a single finding."""
    return re.sub(r"\{\w+\}", "…", text)


def _file(name: str, language: str) -> Path:
    translated = resource("help", language, f"{name}.md")
    return translated if translated.is_file() else resource("help", "en", f"{name}.md")
