"""Help pages: both languages say the same things, and what they name exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.screenshots import VIEWS
from tests.helpers.waiting import LONG
from workbench.foundation.resources import resource
from workbench.ui import theme
from workbench.ui.help import HelpWindow
from workbench.ui.keys import bindings
from workbench.ui.main_window import MainWindow
from workbench.ui.models.help_pages import PAGES, pages, picture, saying

LANGUAGES, LOOKS = ("en", "zh_CN"), ("light", "dark")
MODIFIER = r"(?:Ctrl|Shift|Alt)\+"
PLAIN = r"(?:F\d{1,2}|Space|Esc|Enter|Left|Right|Up|Down|[A-Z0-9/])"
MOST_BYTES = 5_000_000


def text(page: str, language: str) -> str:
    return resource("help", language, f"{page}.md").read_text(encoding="utf-8")


def named_keys(page: str, language: str) -> set[str]:
    """Those with Ctrl, Alt or Shift anywhere, and those in the first column of a table of keys."""
    found = set(re.findall(rf"(?:{MODIFIER})+{PLAIN}", text(page, language)))
    for table in re.findall(r"(?:^\|.*\n)+", text(page, language), re.MULTILINE):
        if table.startswith(("| Key", "| 按键")):
            cells = [line.split("|")[1] for line in table.splitlines()]
            found |= {key for cell in cells for key in re.split(r"[,，、`\s和]+|\bor\b|或", cell) if is_key(key)}
    return found


def is_key(word: str) -> bool:
    return re.fullmatch(rf"(?:{MODIFIER})*{PLAIN}", word) is not None


@pytest.mark.parametrize("page", PAGES)
def test_that_a_page_has_the_same_parts_in_every_language(page: str) -> None:
    for pattern in (r"^#+ ", r"^\| ", r"^!\[", r"\]\(\w+\.md\)"):
        counts = {language: len(re.findall(pattern, text(page, language), re.MULTILINE)) for language in LANGUAGES}
        assert len(set(counts.values())) == 1, (pattern, counts)


@pytest.mark.parametrize("page", PAGES)
def test_that_a_page_names_the_same_keys_in_every_language(page: str) -> None:
    assert named_keys(page, "en") == named_keys(page, "zh_CN")


def test_that_every_page_of_the_folder_is_in_the_menu() -> None:
    for language in LANGUAGES:
        assert {path.stem for path in resource("help", language).glob("*.md")} == set(PAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_link_leads_to_a_page_and_every_picture_exists_in_every_theme(language: str) -> None:
    for page in PAGES:
        assert set(re.findall(r"\]\((\w+)\.md\)", text(page, language))) <= set(PAGES)
        for path in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text(page, language)):
            assert resource("help", language, path).resolve().is_file(), (page, path)
            for look in LOOKS:
                assert picture(Path(path).name, language, look).parent.name == f"{language}-{look}"


def test_that_the_script_makes_every_picture_of_the_pages_and_no_other_lies_there() -> None:
    made = {f"{view.name}.png" for view in VIEWS}
    for language in LANGUAGES:
        for look in LOOKS:
            assert {path.name for path in resource("help", "pictures", f"{language}-{look}").iterdir()} == made


def test_that_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in resource("help", "pictures").rglob("*.png")) < MOST_BYTES


def test_that_every_key_that_a_page_names_does_something(demo_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: demo_window.panes.views is not None, timeout=LONG)  # some are made with the first view
    known = {QKeySequence(key).toString() for item in bindings(demo_window) for key in item.keys}
    for page in PAGES:
        assert {key for key in named_keys(page, "en") if QKeySequence(key).toString() not in known} == set(), page


@pytest.fixture
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, "light")


@pytest.mark.usefixtures("light_again")
def test_that_pictures_follow_the_theme_and_fit_the_window(
    window: MainWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    helping = HelpWindow(window, "zh_CN")
    qtbot.addWidget(helping)
    helping.show_page("start")
    bright, wide = shown(helping), helping.browser.viewport().width()
    assert 0 < bright.width() <= wide
    theme.apply(qapp, "dark")
    assert shown(helping).pixelColor(2, 2).lightness() < bright.pixelColor(2, 2).lightness()


def shown(helping: HelpWindow) -> QImage:
    kind = QTextDocument.ResourceType.ImageResource.value
    found = helping.browser.loadResource(kind, QUrl("../pictures/zh_CN-light/window.png"))
    assert isinstance(found, QImage)
    return found


@pytest.fixture
def helping(window: MainWindow, qtbot: QtBot) -> HelpWindow:
    found = HelpWindow(window, "zh_CN")
    qtbot.addWidget(found)
    found.show_page("start")
    return found


def listed(helping: HelpWindow) -> list[str]:
    return [helping.list.item(at).text() for at in range(helping.list.count())]


def test_that_the_search_leaves_the_pages_that_have_all_words(helping: HelpWindow) -> None:
    everything = listed(helping)
    helping.edit.setText("hybrid_quantization_step2 混合量化")
    assert "术语对照" in listed(helping)
    assert 0 < len(listed(helping)) < len(everything)
    helping.edit.clear()
    assert listed(helping) == everything


def test_that_a_key_leads_to_the_search(helping: HelpWindow) -> None:
    helping.activateWindow()
    helping.browser.setFocus()
    QTest.keyClick(helping.browser, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert helping.focusWidget() is helping.edit


def test_that_a_word_of_no_page_is_told(helping: HelpWindow) -> None:
    helping.edit.setText("zzzz")
    assert helping.list.count() == 0
    assert helping.none.isVisible()


def test_that_enter_goes_from_place_to_place_and_to_the_next_page(helping: HelpWindow) -> None:
    helping.edit.setText("float16")
    seen = [helping.browser.toPlainText().partition("\n")[0]]
    for _ in range(60):
        QTest.keyClick(helping.edit, Qt.Key.Key_Return)
        title = helping.browser.toPlainText().partition("\n")[0]
        seen += [title] if title != seen[-1] else []
    assert seen[: helping.list.count()] == listed(helping)


def test_that_a_page_which_the_search_hides_can_be_opened_by_its_name(helping: HelpWindow) -> None:
    helping.edit.setText("RKNN_LOG_LEVEL")
    helping.show_page("table")
    assert helping.edit.text() == ""
    assert helping.browser.toPlainText().startswith("层列表")


TERMS = (
    "混合量化", "余弦距离", "余弦相似度", "欧氏距离", "量化校正", "校准", "精度分析", "归一化值", "连板推理",
    "非对称量化", "accuracy_analysis", "hybrid_quantization_step1", "custom_quantize_layers",
    "quantized_algorithm", "std_values",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_terms_of_the_vendor_are_found_in_both_languages(language: str) -> None:
    assert [term for term in TERMS if not saying(pages(language), [term])] == []
