import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from tests.unit.report.runs import HOSTILE, SHAPES, Run
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.report.tensors import NAME_LIMIT, FileNames, write_npy


def entries(folder: Path) -> list[dict[str, str]]:
    return json.loads((folder / "tensors.json").read_text(encoding="utf-8"))


def test_that_every_tensor_of_every_dump_is_a_float32_file_in_the_networks_layout(run: Run, tmp_path: Path) -> None:
    folder = drain(write_npy(run.results, tmp_path / "out"))
    found = entries(folder)
    assert {item["dump"] for item in found} == {"golden", "simulator", "simulator_single"}
    for item in found:
        array = np.load(folder / item["file"])
        assert array.dtype == np.float32
        assert array.shape == SHAPES[item["tensor"]]
        np.testing.assert_array_equal(array, run.values[item["dump"]][0][item["tensor"]])


def test_that_the_list_names_tensor_file_op_and_dump(run: Run, tmp_path: Path) -> None:
    folder = drain(write_npy(run.results, tmp_path / "out"))
    assert entries(folder)[1] == {
        "tensor": "/conv/out", "file": "golden/_conv_out.npy", "op": "Conv", "dump": "golden"
    }  # fmt: skip


def test_that_further_samples_lie_in_folders_of_the_same_form(run_of_two: Run, tmp_path: Path) -> None:
    folder = drain(write_npy(run_of_two.results, tmp_path / "out"))
    second = np.load(folder / "sample_1" / "golden" / "input.npy")
    np.testing.assert_array_equal(second, run_of_two.values["golden"][1]["input"])
    assert len(entries(folder / "sample_1")) == len(entries(folder))


def test_that_an_earlier_export_is_replaced(run: Run, tmp_path: Path) -> None:
    folder = drain(write_npy(run.results, tmp_path / "out"))
    (folder / "golden" / "stale.npy").write_bytes(b"")
    drain(write_npy(run.results, tmp_path / "out"))
    assert not (folder / "golden" / "stale.npy").exists()
    assert not list(tmp_path.glob(".out*"))


def test_that_a_folder_with_other_files_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work")
    with pytest.raises(WorkbenchError, match="already holds files"):
        drain(write_npy(run.results, tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_that_a_cancelled_export_leaves_nothing(run: Run, tmp_path: Path) -> None:
    steps = write_npy(run.results, tmp_path / "out")
    next(steps)
    steps.close()
    assert not list(tmp_path.glob("*out*"))


def test_that_a_session_without_dumps_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="no tensors"):
        drain(write_npy(dataclasses.replace(run.results, dumps={}), tmp_path / "out"))


def test_that_a_full_disk_is_one_sentence_and_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(WorkbenchError, match="No space left"):
        drain(write_npy(run.results, tmp_path / "out"))
    assert not list(tmp_path.glob("*out*"))


def test_that_names_are_unique_even_where_case_is_ignored() -> None:
    names = FileNames()
    assert [names.name(name) for name in ("a/b", "a_b", "A_B", "a_b-2")] == [
        "a_b.npy", "a_b-2.npy", "A_B-3.npy", "a_b-2-2.npy"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["CON", "nul.1", "..", "", "a:b", "x" * 400, HOSTILE, "../../etc/passwd"])
def test_that_a_file_name_is_safe_everywhere(name: str) -> None:
    file = FileNames().name(name)
    assert len(file) <= NAME_LIMIT + len("-999.npy")
    assert not set(file) & set('<>:"/\\|?* ')
    assert file.partition(".")[0].lower() not in ("con", "nul", "")
