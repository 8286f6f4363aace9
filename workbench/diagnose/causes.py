"""What causes are called and what they mean, in English and Chinese: the table `resources/knowledge/causes.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from workbench.diagnose.findings import Finding
from workbench.foundation.resources import resource

ENGLISH, CHINESE = "en", "zh_CN"


class About(NamedTuple):
    """A few words, what happens there, and what helps."""

    title: str
    meaning: str
    help: str


@dataclass(frozen=True)
class Cause:
    """`group` is what the cause belongs to: input, calibration, weights, activations, float16, network or board."""

    key: str
    group: str
    texts: Mapping[str, About]


@cache
def causes() -> Mapping[str, Cause]:
    """All causes that the rules know."""
    table = tomllib.loads(resource("knowledge", "causes.toml").read_text(encoding="utf-8"))
    return {
        key: Cause(key, entry["group"], {language: About(*entry[language]) for language in (ENGLISH, CHINESE)})
        for key, entry in table.items()
    }


def about(finding: Finding, language: str = ENGLISH) -> About:
    """What a finding's cause means, with its names and numbers; English where a language is not spoken."""
    texts = causes()[finding.cause].texts
    return About(*(_filled(text, finding.values) for text in texts.get(language) or texts[ENGLISH]))


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text)
