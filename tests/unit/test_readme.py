"""The two READMEs: they say the same, and what they lead to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("README.md", "README.zh_CN.md")
PICTURE_LANGUAGE = {"README.md": "en-", "README.zh_CN.md": "zh_CN-"}


def commands(name: str) -> list[str]:
    """The commands of a README without their comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = (line for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL) for line in block.splitlines())
    return [line.split("  #")[0].split(" # ")[0].strip() for line in lines]


def test_that_the_chinese_one_has_the_commands_of_the_other() -> None:
    known = commands(NAMES[0])
    assert len(commands(NAMES[1])) > 20
    assert [command for command in commands(NAMES[1]) if command not in known] == []


@pytest.mark.parametrize("name", NAMES)
def test_that_every_link_leads_to_a_file_and_pictures_are_in_the_language(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert [link for link in links if not (ROOT / link).is_file()] == []
    assert all(PICTURE_LANGUAGE[name] in link for link in links if "pictures" in link)


def test_that_both_tell_the_same_figures_of_the_demo() -> None:
    rows = [re.findall(r"\| (\d+\.5|97\.0) % \|", (ROOT / name).read_text(encoding="utf-8")) for name in NAMES]
    assert rows[0] == rows[1] == ["97.5", "10.5", "70.5", "91.5", "97.0"]
