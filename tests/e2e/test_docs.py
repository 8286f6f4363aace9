"""Every command that README and the help pages give runs, prints what they say it prints, and is spelled right."""

import re
import runpy
import shlex
import shutil
from collections.abc import Sequence
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.exceptions import TyperException
from typer.main import get_command

from tests.page_files import make_files
from tests.pages import LANGUAGES, ROOT, Page, commands_in, pages
from workbench.cli.app import DONE, PROGRAM, app, main
from workbench.cli.options import spread
from workbench.foundation.resources import resource

NOT_RUN = {
    "demo": "opens the window",
    "net.onnx": "opens the window",
    "analyze net.tflite -i cat.jpg --simulator toolkit -o session": "needs the vendor's toolkit",
    "convert session -o net.rknn": "needs the vendor's toolkit",
    "mixed session --min-cos 0.999 --check -o net.quantization.cfg": "needs the vendor's toolkit",
    "sweep session --open w8a8-channel-mmse-0123456789ab": "the name is one of the reader's sweep",
    "sweep session --cluster tcp://192.168.1.10:8786": "needs a cluster",
    "sweep session --cluster tls://192.168.1.10:8786": "needs a cluster",
    "board test desk": "needs a board",
    "board doctor desk": "needs a board",
    "board run session desk --rknn net.rknn --dry-run": "needs a board",
}
"""These are only read by the command line's parser, and why."""
OTHERS = ("import workbench", "export RKNN_LOG_LEVEL=5 RKNN_DUMP_DIR=/userdata/dumps")
"""Python's and the shell's own."""
NUMBERS = {"X": "0.5", "N": "1"}
"""What a page leaves open and the parser wants as a number."""
TUTORIALS = ("start", "tutorial")
"""Pages whose blocks behind commands are what these print."""
FROM_DEMO = (*TUTORIALS, "demo/README.md")
"""Pages that begin with nothing but the demo."""
NUMBER = re.compile(r"-?\d+\.\d+")
CLOSE = 0.02  # relative: other processors round otherwise
ENGLISH = {page.name: page for page in pages("en")}
WITH_COMMANDS = [name for name, page in ENGLISH.items() if page.commands()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the pages name."""
    make_files(folder := tmp_path_factory.mktemp("made"))
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder for one page, with what it begins with."""
    name = request.node.callspec.params["name"]
    if name in FROM_DEMO:
        (tmp_path / "resources").mkdir()
        for copy in (tmp_path / "demo", tmp_path / "resources" / "demo"):
            shutil.copytree(resource("demo"), copy)
        return tmp_path
    shutil.copytree(made, tmp_path / "desk")
    return tmp_path / "desk"


@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_that_the_commands_of_a_page_run_and_print_what_it_says(
    name: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ""
    with chdir(desk):
        for kind, block in ENGLISH[name].blocks():
            if kind == "python" and name in TUTORIALS:
                (desk / "example.py").write_text(block)
                runpy.run_path(str(desk / "example.py"))
            elif commands := commands_in(block):
                said = "\n".join(_output(command, capsys) for command in commands)
            elif not kind and name in TUTORIALS:
                assert [line for line in block.splitlines() if not _is_said(line, said)] == [], said


def _output(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command of a page prints; those in NOT_RUN only have to be understood."""
    arguments = shlex.split(command)[1:]
    if " ".join(arguments) in NOT_RUN:
        if len(arguments) > 1:
            assert _misread(arguments) == ""
        return ""
    assert main(arguments) == DONE, (command, capsys.readouterr().err)
    return capsys.readouterr().out


def _is_said(line: str, said: str) -> bool:
    return any(_is_like(line, other) for other in said.splitlines())


def _is_like(line: str, other: str) -> bool:
    """Whether a printed line has the words of a page's line, in order, with numbers close by; … is anything."""
    pattern = r".*".join(_loosely(part) for part in line.split("…"))
    found = re.search(rf"(?:^|\s){pattern}", other)
    wanted = [float(number) for number in NUMBER.findall(line)]
    got = [] if found is None else [float(number) for number in found.groups()]
    return found is not None and all(abs(a - b) <= CLOSE * max(1, abs(a)) for a, b in zip(wanted, got, strict=True))


def _loosely(part: str) -> str:
    """A pattern of words between any blanks, and of any decimal number for a decimal number."""
    words = [NUMBER.sub("@", word) for word in part.split()]
    return r"\s+".join(re.escape(word).replace("@", rf"({NUMBER.pattern})") for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_command_within_a_sentence_is_understood(language: str) -> None:
    mentioned = [(page.name, words) for page in pages(language) for words in page.mentioned()]
    assert len(mentioned) > 50
    assert [(name, words, why) for name, words in mentioned if (why := _wrong(words))] == []


def _wrong(words: Sequence[str]) -> str:
    """What is wrong with a command in a sentence; one with … in it, or with options alone, is a part of one."""
    if " ".join(words) in OTHERS:
        return ""
    why = _misread([NUMBERS.get(word, word) for at, word in enumerate(words) if word != "…" or words[at - 1][0] == "-"])
    is_part = "…" in words or not [word for word in words[1:3] if not word.startswith("-")] or words[1].startswith("-")
    is_group = len(words) == 1 or (len(words) == 2 and words[0] in ("board", "capi"))
    is_short = why.startswith("Missing") or why.endswith("requires an argument.")
    return "" if is_short and (is_part or is_group) else why


def _misread(arguments: Sequence[str]) -> str:
    """What the command line's own parser says against some arguments; nothing is run."""
    try:
        _parser()(spread(list(arguments)), prog_name=PROGRAM, standalone_mode=False)
    except TyperException as error:
        return error.format_message()
    return ""


@cache
def _parser() -> Any:
    """The program with commands that do nothing."""
    parser: Any = get_command(app)
    for command in parser.commands.values():
        for leaf in (command, *getattr(command, "commands", {}).values()):
            if not hasattr(leaf, "commands"):
                leaf.callback = lambda **_: None
    return parser


def test_that_a_command_that_is_wrong_is_told() -> None:
    assert _wrong(["export", "SESSION", "--format", "npy"]).startswith("Missing option")
    assert _wrong(["diagnose", "SESSION", "--aply", "1.1"]).startswith("No such option")
    assert _wrong(["compare", "A"]).startswith("Missing argument")
    assert _wrong(["board", "ad", "desk", "local"]) != ""
    assert not _is_said("output  cos 0.96  scores", "output  cos 0.90  scores")
    assert _is_said("output … scores", "output  cos 0.90  scores")


def test_that_a_page_gives_the_same_commands_in_every_language() -> None:
    for page in pages("zh_CN"):
        english = ENGLISH.get(page.name)
        if english is not None:
            assert page.commands() == english.commands(), page.name
            assert sorted(page.mentioned()) == sorted(english.mentioned()), page.name
    chinese = Page("", (ROOT / "README.zh_CN.md").read_text(encoding="utf-8"))
    assert set(chinese.commands()) <= set(ENGLISH["README.md"].commands())


def test_that_no_reason_for_not_running_outlives_its_command() -> None:
    given = {command.removeprefix(f"{PROGRAM} ") for page in ENGLISH.values() for command in page.commands()}
    assert set(NOT_RUN) - given == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_script_and_module_that_a_page_runs_exists(language: str) -> None:
    lines = [line for page in pages(language) for line in page.lines()]
    scripts = [word for line in lines for word in line.split() if re.fullmatch(r"(packaging|tests)/[\w/.]+", word)]
    assert len(scripts) >= 3
    assert [script for script in scripts if not (ROOT / script).exists()] == []
    modules = {name for page in pages(language) for name in re.findall(r"python -m (tests[\w.]+)", page.text)}
    assert [name for name in modules if not _module(name)] == []


def _module(name: str) -> bool:
    path = ROOT / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_python_block_compiles(language: str) -> None:
    blocks = [(page.name, block) for page in pages(language) for kind, block in page.blocks() if kind == "python"]
    assert len(blocks) >= 5
    for name, block in blocks:
        compile(block, name, "exec")


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    """The script that writes the page of all options."""
    return runpy.run_path(str(ROOT / "packaging" / "reference.py"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_page_of_all_options_is_what_the_commands_have(language: str, reference: dict[str, Any]) -> None:
    page = resource("help", language, "options.md").read_text(encoding="utf-8")
    assert page == reference["written"](language), "run: python packaging/reference.py"


def test_that_every_text_of_the_options_is_translated_and_no_translation_outlives_it(
    reference: dict[str, Any],
) -> None:
    seen: list[str] = []
    reference["page"](lambda text: seen.append(text) or text)
    assert set(reference["texts"]("zh_CN")) == {text for text in seen if text}
