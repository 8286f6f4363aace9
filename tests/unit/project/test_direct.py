from pathlib import Path

import numpy as np
import pytest

from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Warn, drain
from workbench.project.direct import compare_folders

ONES = np.ones((1, 4), np.float32)


def _folder(path: Path, **tensors: np.ndarray) -> Path:
    path.mkdir()
    for name, array in tensors.items():
        np.save(path / f"{name}.npy", array)
    return path


def test_that_tensors_of_one_name_are_compared_and_the_others_listed(tmp_path: Path) -> None:
    golden = _folder(tmp_path / "golden", a=ONES, b=2 * ONES)
    other = _folder(tmp_path / "other", a=ONES + 1, c=ONES)
    results = drain(compare_folders(golden, other))
    (row,) = results.rows
    assert (row.tensor, row.matched_by) == ("a", "name")
    assert row.errors["simulator.entire"].mean["euc"] == 2.0
    assert results.unmatched == {"golden": ("b",), "simulator": ("c",)}


def test_that_the_board_is_a_column_of_its_own(tmp_path: Path) -> None:
    golden = _folder(tmp_path / "golden", a=ONES, b=ONES)
    other = _folder(tmp_path / "other", a=ONES)
    board = _folder(tmp_path / "board", b=3 * ONES)
    results = drain(compare_folders(golden, other, board))
    assert [list(row.errors) for row in results.rows] == [["simulator.entire"], ["runtime.entire"]]
    assert results.rows[1].errors["runtime.entire"].mean["max_abs"] == 2.0


def test_that_a_map_joins_names_and_tells_of_names_that_are_not_there(tmp_path: Path) -> None:
    golden = _folder(tmp_path / "golden", a=ONES)
    other = _folder(tmp_path / "other", x=ONES)
    names = tmp_path / "names.txt"
    names.write_text("x a\ny a\n")
    events: list[object] = []
    (row,) = drain(compare_folders(golden, other, names=names), events.append).rows
    assert (row.tensor, row.golden, row.matched_by) == ("x", "a", "map")
    assert [event.text for event in events if isinstance(event, Warn)] == [
        "The map of names has y -> a, which names a tensor that is not there."
    ]


def test_that_dumps_without_a_common_name_are_refused(tmp_path: Path) -> None:
    golden, other = _folder(tmp_path / "golden", a=ONES), _folder(tmp_path / "other", b=ONES)
    with pytest.raises(DumpError, match="none of its 1 tensors has a partner"):
        drain(compare_folders(golden, other))
