"""Every text of the window exists in Chinese."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

import workbench
from workbench.foundation.resources import resource
from workbench.ui import translate

SHIPPED = "workbench_zh_CN"
Texts = dict[tuple[str, str], str]


def texts(file: Path) -> Texts:
    """(context, text) -> translation; "" where it is unfinished."""
    found: Texts = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None
            text = (translation.text or "") if translation is not None and done else ""
            found[context.findtext("name", ""), message.findtext("source", "")] = text
    return found


@pytest.fixture(scope="module")
def in_the_code(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    tool = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if tool is None:
        pytest.skip("needs pyside6-lupdate")
    folder, out = Path(workbench.__file__).parent / "ui", tmp_path_factory.mktemp("texts") / "found.ts"
    files = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*.py"))]
    subprocess.run([tool, *files, "-locations", "none", "-ts", str(out)], cwd=folder, check=True, capture_output=True)
    return texts(out)


def test_that_every_text_of_the_window_is_translated(in_the_code: Texts) -> None:
    shipped = texts(resource("translations", f"{SHIPPED}.ts"))
    assert [key for key in in_the_code if not shipped.get(key)] == []


def test_that_translations_keep_the_places_for_values() -> None:
    shipped = texts(resource("translations", f"{SHIPPED}.ts"))
    places = re.compile(r"\{[^}]*\}")
    pairs = [(text, chinese) for (_, text), chinese in shipped.items()]
    assert [text for text, chinese in pairs if set(places.findall(text)) != set(places.findall(chinese))] == []


def test_that_the_compiled_file_has_what_its_source_has(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(SHIPPED, str(resource("translations")))
    shipped = texts(resource("translations", f"{SHIPPED}.ts"))
    assert [key for key, chinese in shipped.items() if translator.translate(*key) != chinese] == []


def test_that_an_unknown_language_is_english(qapp: QApplication) -> None:
    assert translate.install(qapp, "tlh") == "en"
    assert QCoreApplication.translate("ToolBar", "Open") == "Open"
