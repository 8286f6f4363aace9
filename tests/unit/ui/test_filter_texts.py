"""What is said about filters that mean nothing, or may mean something else."""

import pytest

from workbench.ui.models.table.filter import parse
from workbench.ui.models.table.filter_texts import examples, field_text, unclear_text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cos<abc", "Character 5: “abc” is no number"),
        ("relu cos<", "Character 10: a number is missing"),
        ("cosine<0.9", "Character 1: nothing is called “cosine”. Do you mean cos?"),
        ("qqq>1", "Character 1: nothing is called “qqq”. There are cos, euc, sqnr, jump, elements …"),
        ("a double.cos<1", "Character 3: there are no errors “double”, only entire, single, runtime, single_sim"),
        ("cos<1", ""),
    ],
)
def test_that_a_sentence_says_what_is_wrong_and_where(text: str, said: str) -> None:
    assert unclear_text(parse(text).unclear) == said


def test_that_every_unclear_term_has_a_line() -> None:
    assert unclear_text(parse("cos<a relu euc>b").unclear).splitlines() == [
        "Character 5: “a” is no number",
        "Character 16: “b” is no number",
    ]


@pytest.mark.parametrize(
    ("words", "meant"), [(["ops:Conv"], "op:"), (["-shap:1x2"], "shape:"), (["op:Conv", "0:x", "relu", "NAME:x"], "")]
)
def test_that_a_word_like_a_field_is_told_apart(words: list[str], meant: str) -> None:
    said = field_text(words)
    assert said.endswith(f"Do you mean {meant}?") if meant else said == ""


def test_that_every_example_is_understood() -> None:
    assert [text for text, _ in examples() if parse(text).unclear] == []
