"""The core's English texts in a Chinese window."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.ui.core_texts import PLURAL, all_texts, known_sources, shown_texts
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.resources import resource
from workbench.graph.graph import Tensor
from workbench.graph.read import read_model
from workbench.preprocess.dataset import samples_from_files
from workbench.preprocess.preprocess import Preprocess, problems
from workbench.ui.models import spoken as speech
from workbench.ui.models.spoken import spoken

TRANSLATIONS: dict[str, str] = json.loads((resource("translations") / "messages_zh_CN.json").read_text("utf-8"))
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    speech.use("zh_CN")
    yield
    speech.use("en")


def test_that_every_text_of_the_core_is_translated() -> None:
    assert [text for text in shown_texts() if not CHINESE.search(TRANSLATIONS.get(text, ""))] == []


def test_that_the_texts_of_the_core_are_found_in_its_source() -> None:
    assert {"{0} is empty.", "Golden is all zero.", "The network is not drawn: {0}"} < set(shown_texts())
    assert len(shown_texts()) > 200


def test_that_translations_have_the_places_of_their_texts() -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"{\d+}", text))

    assert [source for source, text in TRANSLATIONS.items() if places(source) != places(text)] == [PLURAL]


def test_that_no_translation_outlives_its_text() -> None:
    assert set(TRANSLATIONS) - known_sources() == set()


def test_that_translations_stand_in_the_order_of_packages() -> None:
    order = [text for text in all_texts() if text in TRANSLATIONS]
    assert [text for text in TRANSLATIONS if text in set(order)] == order


def test_that_an_error_of_the_core_is_told_in_chinese(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"\x08\x07\x12")
    with pytest.raises(WorkbenchError) as caught:
        read_model(broken)
    assert spoken(caught.value.message) == f"{broken} 已损坏或不完整：无法作为 ONNX 读取。".replace(
        str(broken), caught.value.message.partition(" ")[0]
    )
    assert spoken(caught.value.hint) == "请重新下载或导出。"


def test_that_sentences_of_several_templates_are_told_one_by_one() -> None:
    assert spoken("Golden is all zero. Other is all zero.") == "golden 全为零。另一方全为零。"
    assert spoken("/a b/x.npy is empty. Write the array again.") == "/a b/x.npy 为空。请重新写入该数组。"


def test_that_a_reason_in_a_place_is_told_too() -> None:
    assert spoken("a.npy cannot be read: it is cut short.") == "无法读取 a.npy：文件不完整。"


def test_that_a_path_is_kept_whatever_words_are_in_it() -> None:
    path = "/models/the network is empty/it does not exist"
    assert spoken(f"{path} holds no network.") == f"{path} 中没有网络。"


def test_that_a_name_before_a_note_is_kept() -> None:
    note = "2 of the plan's 9 names are not in the network: a, b."
    assert spoken(f"my.cfg: {note}") == "my.cfg: 量化方案的 9 个名称中有 2 个不在网络中：a, b。"


def test_that_problems_of_files_and_settings_are_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError) as caught:
        samples_from_files([tmp_path / "a.npy", tmp_path / "b.npy"], 1)
    assert spoken(caught.value.message) == f"{tmp_path / 'a.npy'} 不存在；{tmp_path / 'b.npy'} 不存在。"
    (problem,) = problems(Tensor("x", (1, 3, 8, 8), "float32"), Preprocess(std=(0.0,)))
    assert spoken(problem) == "输入 'x'：std 是除数，不能为 0。"


def test_that_other_texts_stay_as_they_are() -> None:
    for text in ("", "什么也没有。", "Segmentation fault (core dumped)"):
        assert spoken(text) == text


def test_that_an_english_window_stays_english() -> None:
    speech.use("en")
    assert spoken("Golden is all zero.") == "Golden is all zero."


def test_that_a_text_without_end_stays_as_it_is() -> None:
    text = "net.onnx cannot be read: it is cut short. " * 5000
    assert spoken(text) == text
