"""What counts for every repair: a preview, a copy, never in place."""

from pathlib import Path

import pytest

from workbench.foundation.resources import resource
from workbench.sources import knowledge
from workbench.sources.toolkit.repairs import REPAIRS, Repair, propose, repair_of, write
from workbench.sources.toolkit.repairs.patched import RepairError

OLD = "layer { pooling_param { round_mode: CEIL } }\n"


@pytest.fixture
def prototxt(tmp_path: Path) -> Path:
    path = tmp_path / "net.prototxt"
    path.write_text(OLD)
    return path


def test_that_a_proposal_writes_nothing(prototxt: Path) -> None:
    propose(prototxt, "caffe-round-mode")
    assert [path.name for path in prototxt.parent.iterdir() if path.is_file()] == ["net.prototxt"]
    assert prototxt.read_text() == OLD


def test_that_the_preview_shows_what_goes_and_what_comes(prototxt: Path) -> None:
    diff = propose(prototxt, "caffe-round-mode").diff.splitlines()
    assert diff[:2] == ["--- net.prototxt", "+++ net.prototxt (repaired)"]
    assert diff[3:] == ["-layer { pooling_param { round_mode: CEIL } }", "+layer { pooling_param { ceil_mode: true } }"]


def test_that_the_copy_is_written_beside_an_untouched_original(prototxt: Path, tmp_path: Path) -> None:
    (copy,) = write(propose(prototxt, "caffe-round-mode"), tmp_path / "copy.prototxt")
    assert copy.read_text() == "layer { pooling_param { ceil_mode: true } }\n"
    assert prototxt.read_text() == OLD


def test_that_no_repair_works_in_place(prototxt: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.prototxt"
    link.symlink_to(prototxt)
    for target in (prototxt, tmp_path / "x" / ".." / "net.prototxt", link):
        with pytest.raises(RepairError, match="is the file itself"):
            write(propose(prototxt, "caffe-round-mode"), target)
    assert prototxt.read_text() == OLD


def test_that_a_file_with_nothing_to_repair_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "good.prototxt"
    path.write_text("layer { }\n")
    with pytest.raises(RepairError, match="nothing to repair"):
        propose(path, "caffe-round-mode")


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.key)
def test_that_a_file_of_another_kind_or_none_is_refused(repair: Repair, tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="is no"):
        propose(tmp_path / "net.bin", repair.key)
    with pytest.raises(RepairError, match="Cannot open"):
        propose(tmp_path / f"absent{repair.suffixes[0]}", repair.key)


def test_that_an_unknown_repair_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="caffe-old-input, caffe-round-mode"):
        repair_of("magic")


def test_that_every_repair_of_the_knowledge_table_exists_and_most_are_named_there() -> None:
    named = {known.repair for known in knowledge.known() if known.repair}
    keys = {repair.key for repair in REPAIRS}
    assert named <= keys
    assert keys - named == {"onnx-opset-12"}  # the same message, for toolkit 1


def test_that_the_table_comes_with_the_program() -> None:
    assert resource("knowledge", "toolkit.toml").is_file()
