"""Rules of a session's folder."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.foundation.errors import SessionError
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import ImportedDumps, Session, is_session, load_session, save_session
from workbench.quantize.schemes import QuantSettings


def session_in(folder: Path) -> Session:
    return Session(
        model=folder / "网络 net.onnx",
        shapes={"x": (1, 3, 6, 6)},
        preprocess={"x": Preprocess((1.0, 2.0, 3.0), (4.0,), order="bgr", shape=(6, 6), dtype="uint8")},
        samples=(Sample((folder / "a.png",), "dataset.txt line 1"), Sample((folder / "b.png",))),
        dataset=(Sample((folder / "calibration" / "c.png",)),),
        quant=QuantSettings(method="layer", float_tensors=("r1", "r2")),
        tensors=("conv*",),
        simulator="none",
        imports={"runtime": ImportedDumps(folder / "board", {"theirs": "ours"}, "nhwc")},
    )


def written(folder: Path, **changed: Any) -> Path:
    """A session's folder whose file has some values replaced."""
    save_session(session_in(folder.parent), folder)
    document = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    (folder / "session.json").write_text(json.dumps({**document, **changed}), encoding="utf-8")
    return folder


def test_that_a_session_is_read_as_it_was_saved(tmp_path: Path) -> None:
    session = session_in(tmp_path)

    save_session(session, tmp_path / "session")

    assert load_session(tmp_path / "session") == session


def test_that_paths_in_the_file_are_relative_to_the_folder(tmp_path: Path) -> None:
    save_session(session_in(tmp_path), tmp_path / "session")

    document = json.loads((tmp_path / "session" / "session.json").read_text(encoding="utf-8"))

    assert document.pop("saved_in") == str(tmp_path / "session")
    assert document["model"] == "../网络 net.onnx"
    assert str(tmp_path) not in json.dumps(document)


def test_that_a_session_moved_with_its_files_finds_them(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    save_session(session_in(tmp_path / "before"), tmp_path / "before" / "session")

    shutil.move(tmp_path / "before", tmp_path / "after")

    assert load_session(tmp_path / "after" / "session") == session_in(tmp_path / "after")


def test_that_a_session_moved_alone_finds_its_files_where_they_were(tmp_path: Path) -> None:
    session = Session(model=tmp_path / "net.onnx")
    session.model.touch()
    save_session(session, tmp_path / "sessions" / "one")

    shutil.move(tmp_path / "sessions" / "one", tmp_path / "two")

    assert load_session(tmp_path / "two") == session


def test_that_a_folder_may_be_given_relative_to_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_session(session_in(tmp_path), tmp_path / "session")
    monkeypatch.chdir(tmp_path)

    assert load_session(Path("session")) == session_in(tmp_path)


def test_that_a_file_of_a_name_that_is_no_unicode_survives(tmp_path: Path) -> None:
    name = b"\xff.png".decode("utf-8", "surrogateescape")
    session = Session(model=tmp_path / "net.onnx", samples=(Sample((tmp_path / name,)),))

    save_session(session, tmp_path / "session")

    assert load_session(tmp_path / "session") == session


def test_that_a_missing_setting_has_its_default(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    save_session(session_in(tmp_path), folder)
    (folder / "session.json").write_text('{"version": 1, "model": "../net.onnx"}')

    assert load_session(folder) == Session(model=tmp_path / "net.onnx")


def test_that_a_session_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="newer RKNN Workbench"):
        load_session(written(tmp_path / "session", version=2))


BROKEN = ["", "{", "[]", "null", '"session"', "{}", '{"version": "1"}', '{"version": 0}', "\xff"]


@pytest.mark.parametrize("text", BROKEN)
def test_that_what_is_no_session_is_refused_with_the_file_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(SessionError, match=r"session\.json"):
        load_session(tmp_path)


def test_that_json_too_deep_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text("[" * 100_000)

    with pytest.raises(SessionError, match=r"session\.json"):
        load_session(tmp_path)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("model", 5),
        ("model", None),
        ("shapes", {"x": ["one"]}),
        ("preprocess", {"x": {"mean": "many"}}),
        ("samples", [{"files": 7}]),
        ("quant", {"float_tensors": 1}),
        ("imports", []),
        ("tensors", {"a": 1}),
    ],
)
def test_that_a_setting_of_the_wrong_type_is_refused_and_named(tmp_path: Path, setting: str, value: object) -> None:
    with pytest.raises(SessionError, match=setting):
        load_session(written(tmp_path / "session", **{setting: value}))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("quant", {"dtype": "w2a2"}),
        ("quant", {"method": "tensor"}),
        ("quant", {"algorithm": "magic"}),
        ("simulator", "unknown"),
        ("imports", {"silver": {"path": "a"}}),
    ],
)
def test_that_a_choice_that_does_not_exist_is_refused_and_named(tmp_path: Path, setting: str, value: object) -> None:
    with pytest.raises(SessionError, match=setting):
        load_session(written(tmp_path / "session", **{setting: value}))


def test_that_a_folder_without_a_session_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="is not a session"):
        load_session(tmp_path)


def test_that_a_file_is_no_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")

    with pytest.raises(SessionError):
        load_session(tmp_path / "file")
    assert not is_session(tmp_path / "file")


def test_that_the_toolkit_and_its_options_are_kept_and_an_older_session_has_none(tmp_path: Path) -> None:
    assert load_session(written(tmp_path / "older")).toolkit_options == {}
    session = load_session(written(tmp_path / "session"))
    options = {"op_target": {"m": "cpu"}, "dynamic_input": [[[1, 3, 8, 8]]], "auto_hybrid": True}
    session = replace(session, toolkit="second", toolkit_options=options)

    save_session(session, tmp_path / "session")

    assert load_session(tmp_path / "session") == session


@pytest.mark.parametrize("options", [{"nonsense": 1}, {"op_target": {"m": "foo"}}, {"target_platform": "rk3588"}, 5])
def test_that_an_option_that_the_toolkit_does_not_take_is_refused_and_named(tmp_path: Path, options: object) -> None:
    with pytest.raises(SessionError, match="toolkit_options"):
        load_session(written(tmp_path / "session", toolkit_options=options))
