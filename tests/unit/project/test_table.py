"""Rules of rows whose tensors are missing, reshaped, or not measurable."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.dump.store import Dump, DumpWriter
from workbench.project.rows import Row, unmatched_golden
from workbench.project.table import NO_GOLDEN, Comparison

Tensors = Mapping[str, np.ndarray]


def row(tensor: str, golden: str = "", group: tuple[str, ...] = ()) -> Row:
    return Row("Conv", tensor, golden or tensor, group, (), None, "")


def compared(folder: Path, golden: list[Tensors], other: list[Tensors], stack: ExitStack) -> Comparison:
    def dumps(name: str, many: list[Tensors]) -> list[Dump]:
        return [stack.enter_context(Dump(write(folder / f"{name}{i}.h5", each))) for i, each in enumerate(many)]

    return Comparison(dumps("golden", golden), {"simulator.entire": dumps("simulator", other)})


def write(path: Path, tensors: Tensors) -> Path:
    with DumpWriter(path, {}) as writer:
        for name, value in tensors.items():
            writer.add(name, value)
    return path


def test_that_a_tensor_of_another_shape_and_equal_size_is_compared_in_its_order(tmp_path: Path) -> None:
    a = random(2, 6)
    with ExitStack() as stack:
        found = compared(tmp_path, [{"a": a}], [{"a": a.reshape(2, 6, 1, 1)}], stack).row(0, row("a"))

    assert found.errors["simulator.entire"].mean["max_abs"] == 0
    assert found.shape == (2, 6, 1, 1)


def test_that_a_tensor_of_another_size_has_no_number_and_a_note(tmp_path: Path) -> None:
    with ExitStack() as stack:
        found = compared(tmp_path, [{"a": random(2, 6)}], [{"a": random(2, 5)}], stack).row(0, row("a"))

    assert (found.errors, "Not compared" in found.note) == ({}, True)


def test_that_a_tensor_without_golden_values_has_a_note_and_is_listed(tmp_path: Path) -> None:
    with ExitStack() as stack:
        comparison = compared(tmp_path, [{"b": random(2)}], [{"a": random(2)}], stack)
        found, unmatched = comparison.row(0, row("a")), comparison.unmatched([row("a")])

    assert (found.errors, found.note) == ({}, NO_GOLDEN)
    assert unmatched == {"golden": ("b",), "simulator": ("a",)}


def test_that_a_tensor_is_found_under_its_golden_name(tmp_path: Path) -> None:
    with ExitStack() as stack:
        found = compared(tmp_path, [{"y": random(2)}], [{"y": random(2)}], stack).row(0, row("y_int8", "y"))

    assert (found.matched_by, found.errors["simulator.entire"].mean["max_abs"]) == ("fusion", 0)


def test_that_samples_without_a_partner_are_left_out(tmp_path: Path) -> None:
    values = [{"a": random(2, seed=seed)} for seed in (1, 2, 3)]
    with ExitStack() as stack:
        found = compared(tmp_path, list(values), list(values[:1]), stack).row(0, row("a"))

    assert found.errors["simulator.entire"].samples == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_that_bad_values_are_counted(tmp_path: Path, bad: float) -> None:
    a = random(2, 3)
    other = a.copy()
    other[1, 1] = bad
    with ExitStack() as stack:
        found = compared(tmp_path, [{"a": a}], [{"a": other}], stack).row(0, row("a"))

    assert found.errors["simulator.entire"].mean["nan" if np.isnan(bad) else "inf"] == 1


def test_that_tensors_of_a_fused_group_are_not_unmatched() -> None:
    rows = [row("r1", group=("c1", "n1")), row("y_mm", "y")]

    assert unmatched_golden(("c1", "n1", "r1", "y", "lonely"), rows) == ("lonely",)
