"""Messages of the toolkit in words."""

import re
import tomllib

import pytest

from tests.unit.sources.known_lines import LINES
from workbench.foundation.resources import resource
from workbench.sources import knowledge
from workbench.sources.knowledge import about, hint, likeliest, recognise

CASES = [pytest.param(key, line, id=f"{key}-{at}") for key, lines in LINES.items() for at, line in enumerate(lines)]
CHINESE = re.compile("[\u4e00-\u9fff]")


def keys(text: str) -> list[str]:
    return [found.key for found in recognise(text.split("\n"))]


@pytest.mark.parametrize(("key", "line"), CASES)
def test_that_a_real_line_is_recognised(key: str, line: str) -> None:
    assert keys(line) == [key]


@pytest.mark.parametrize(("key", "line"), CASES)
def test_that_it_is_told_in_both_languages_with_all_its_names(key: str, line: str) -> None:
    (found,) = recognise([line])
    english, chinese = about(found), about(found, "zh_CN")
    for text in english:
        assert text
        assert not CHINESE.search(text)
        assert "{" not in text.replace("{ type:", "")
    assert all(CHINESE.search(text) or text == english.title for text in chinese)


def test_that_every_message_of_the_table_has_a_real_line() -> None:
    assert {known.key for known in knowledge.known()} == set(LINES)


def test_that_at_least_a_hundred_messages_are_known() -> None:
    assert len(knowledge.known()) >= 100


def test_that_meanings_and_fixes_are_whole_sentences() -> None:
    for known in knowledge.known():
        assert all(text.endswith((".", "?")) for text in known.texts["en"][1:]), known.key
        assert all(text.endswith(("。", "？")) for text in known.texts["zh_CN"][1:]), known.key


def test_that_the_places_of_a_text_are_groups_of_its_patterns() -> None:
    for known in knowledge.known():
        groups = {name for pattern in known.patterns for name in pattern.groupindex}
        for text in (text for texts in known.texts.values() for text in texts):
            assert set(re.findall(r"\{(\w+)\}", text)) <= groups, known.key


def test_that_the_table_knows_only_its_own_fields() -> None:
    table = tomllib.loads(resource("knowledge", "toolkit.toml").read_text("utf-8"))
    fields = {"kind", "patterns", "repair", "en", "zh_CN"}
    assert [key for key, entry in table.items() if set(entry) - fields or entry["kind"] not in knowledge.KINDS] == []


def test_that_names_and_numbers_of_a_line_are_in_the_words() -> None:
    (found,) = recognise(["E load_onnx: Unsupport onnx opset 21, need <= 19!"])
    assert about(found).title == "The ONNX file uses opset 21, this toolkit reads up to 19"
    assert about(found, "zh_CN").title == "ONNX 文件使用 opset 21，该工具包最高支持 19"


def test_that_braces_in_a_name_stay() -> None:
    (found,) = recognise(["E build: Invalid key of '{value}' in 'op_target'!"])
    assert about(found).title == "op_target names {value}, which is not in the converted network"


def test_that_what_a_line_does_not_say_is_left_open() -> None:
    (found,) = recognise(["E Loading dynamic inputs model is not supported, please fix it first"])
    assert "is a name or unknown: …." in about(found).meaning


def test_that_an_unknown_language_is_english() -> None:
    (found,) = recognise(["Killed"])
    assert about(found, "de") == about(found, "en")


def test_that_colours_and_a_redrawn_bar_do_not_hide_a_message() -> None:
    line = "I Loading :  50%|██  | 1/2\r\x1b[1;31mE\x1b[0m \x1b[1;31mload_onnx: Model file a b.onnx not exists!\x1b[0m"
    (found,) = recognise([line])
    assert found.values == {"path": "a b.onnx"}
    assert found.line == "E load_onnx: Model file a b.onnx not exists!"


def test_that_a_quoted_log_is_understood() -> None:
    assert keys("> E load_onnx: Please call rknn.config first!\r\n") == ["config-first"]


def test_that_a_repeated_message_counts_once_and_others_of_its_kind_count_too() -> None:
    text = "\n".join(("Not match tensor a:out0", "Not match tensor b:out0", "Not match tensor a:out0"))
    assert [(found.values["name"], found.number) for found in recognise(text.split("\n"))] == [
        ("a:out0", 1),
        ("b:out0", 2),
    ]


def test_that_a_line_of_no_meaning_is_not_recognised() -> None:
    assert keys("I Loading : 100%|████| 144/144 [00:00<00:00, 17895.17it/s]\ndone\n--> Building model") == []


def test_that_progress_of_the_proposal_is_no_failure() -> None:
    assert keys("I HybridProposal Step 4/4: 100%|█████| 4/4 [00:00<00:00, 3979.42it/s]") == []


def test_that_the_likeliest_is_the_cause_not_what_follows_from_it() -> None:
    log = [
        "W load_onnx: The config.mean_values is None, zeros will be set for input 0!",
        "E build: Dataset file none.txt not found!",
        "E build: Catch exception when building RKNN model!",
        "W If you can't handle this error, please try updating to the latest version of the toolkit2",
    ]
    found = likeliest(log)
    assert found is not None
    assert (found.key, found.number) == ("dataset-missing", 2)


def test_that_of_two_causes_the_later_one_is_likelier() -> None:
    found = likeliest(["E config: Invalid target_platform 'rk1'!", "E load_onnx: Please call rknn.config first!"])
    assert found is not None
    assert found.key == "config-first"


def test_that_a_harmless_line_explains_nothing() -> None:
    assert likeliest(["E RKNN: [11:45:40.701] Unkown op target: 0"]) is None
    assert hint(["E RKNN: [11:45:40.701] Unkown op target: 0"]) == ""


def test_that_a_hint_says_what_it_means_and_what_to_do() -> None:
    text = hint(["E load_caffe: Output name size 0 mismatch Output shape size 1"])
    assert text.endswith("Let the repair write a copy with an Input layer.")
    assert "input_dim" in text


def test_that_an_endless_line_takes_no_time() -> None:
    assert recognise(["(" * 1_000_000]) == ()


def test_that_what_a_pattern_needs_stands_in_every_line_that_it_fits() -> None:
    for needed, pattern, _ in knowledge._patterns():
        fitting = [line for lines in LINES.values() for line in lines if pattern.search(line)]
        assert all(needed in line.lower() for line in fitting), pattern.pattern


def test_that_the_compilers_own_steps_are_passed_over() -> None:
    assert keys("D RKNN: [09:55:45.575] 68   ConvRelu  INT8  NPU  Unkown op target: 0") == []


def test_that_every_pattern_fits_a_line_of_its_message() -> None:
    idle = [
        (known.key, pattern.pattern)
        for known in knowledge.known()
        for pattern in known.patterns
        if not any(pattern.search(line) for line in LINES[known.key])
    ]
    assert idle == []
