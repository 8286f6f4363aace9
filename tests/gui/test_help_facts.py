"""What the help says of data types, commands and menus is so."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from typer.main import get_command

from workbench.cli.app import COMMANDS, GROUPS, app
from workbench.compare.grades import limits
from workbench.foundation.resources import resource
from workbench.quantize.platforms import CHIPS
from workbench.ui.models.help_pages import pages
from workbench.ui.models.table.filter import FLAGS, parse

LANGUAGES = ("en", "zh_CN")
FIRST_GENERATION = ("rk1808", "rk3399pro", "rv1126", "rv1109")
WAY = re.compile(r"[*“]([^*“”`\n]{1,40} → [^*“”`\n]{1,40})[*”]")
ALL_BUT = ("all but", "all of", "除")


def text(page: str, language: str) -> str:
    return next(item.text for item in pages(language) if item.name == page)


def cells(page: str, language: str, heads: int) -> Iterator[list[str]]:
    """The rows of a page's tables that have so many columns."""
    for line in re.findall(r"^\| (.*) \|$", text(page, language), re.MULTILINE):
        row = re.split(r"(?<!\\) ?\| ?", line)
        if len(row) == heads:
            yield row


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_chips_of_every_data_type_are_named(language: str) -> None:
    said = {}
    for names, chips, *_ in cells("types", language, 4):
        named = {chip.lower() for chip in re.findall(r"[Rr][KVkv]\d{4}\w*", chips)}
        others = set(CHIPS) - (set(FIRST_GENERATION) if "RKNPU2" in chips else set())
        for dtype in expanded(names):
            said[dtype] = others - named if chips.startswith(ALL_BUT) else named
    has = {dtype: {chip for chip, found in CHIPS.items() if dtype in found} for dtype in said}
    assert said | {"fp32": set(CHIPS)} == has
    assert set(said) == {dtype for found in CHIPS.values() for dtype in found}


def expanded(names: str) -> list[str]:
    """ "dynamic_fixed_point-8, -16" are two."""
    first, *others = re.split(", |、", names)
    return [first, *(first.rpartition("-")[0] + other for other in others)] if first in all_types() else []


def all_types() -> set[str]:
    return {dtype for found in CHIPS.values() for dtype in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_option_of_the_command_line_page_exists(language: str) -> None:
    command = get_command(app)
    commands = [part for one in command.commands.values() for part in (one, *getattr(one, "commands", {}).values())]  # type: ignore[attr-defined]
    known = {name for one in commands for item in one.params for name in item.opts} | {"--help"}
    page = text("commandline", language)
    assert set(re.findall(r"(?<!\w)--[a-z][a-z-]+", page)) - known == set()
    named = {
        row[0].strip("`").split()[0].strip("`") for row in cells("commandline", language, 2) if row[0].startswith("`")
    }
    assert named - {"rknn-workbench"} == {*COMMANDS, *GROUPS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_filter_of_the_table_page_is_understood(language: str) -> None:
    rows = [row for row in cells("table", language, 2) if row[0].startswith("`") and row[0] != "`[`"]
    filters = [found.replace("\\|", "|") for row in rows for found in re.findall("`([^`]+)`", row[0])]
    assert len(filters) > 15
    assert [one for one in filters if parse(one).unclear or not parse(one).terms] == []
    assert {*FLAGS} <= {*filters}


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_limits_of_the_numbers_page_are_those_of_the_table(language: str) -> None:
    page = text("numbers", language)
    told = {limit for metric in ("cos", "euc") for kind in ("entire", "single") for limit in limits(metric, kind) or ()}
    assert [f"{limit:g}" for limit in told if not re.search(rf"(?<![\d.]){limit:g}(?![\d.]\d)", page)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_way_through_the_menus_exists(language: str) -> None:
    known = shown(language)
    ways = [way for page in pages(language) for way in WAY.findall(page.text)]
    assert len(ways) >= 4
    assert [way for way in ways if not set(way.split(" → ")) <= known] == []


def shown(language: str) -> set[str]:
    """All texts of the window, without the letters that are keys."""
    tree = ElementTree.parse(resource("translations", "workbench_zh_CN.ts"))
    texts = (item.text or "" for item in tree.iter("source" if language == "en" else "translation"))
    return {re.sub(r"\(&\w\)|&", "", item) for item in texts}
