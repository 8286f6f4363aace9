"""Rules of three-way blame, on real networks."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.real_runs import analysed, case_in, on_board
from workbench.diagnose.blame import blame
from workbench.diagnose.parts import LayerBlame
from workbench.foundation.steps import drain


def blame_of(session: Path) -> dict[str, LayerBlame]:
    with ExitStack() as stack:
        return {one.tensor: one for one in drain(blame(case_in(session, stack)))}


@pytest.mark.parametrize(("name", "output"), [("mnist", "Plus214_Output_0"), ("ultraface_slim", "boxes")])
def test_that_int8_is_to_blame_and_the_parts_make_the_total(
    shared: Path, tmp_path: Path, name: str, output: str
) -> None:
    session = analysed(shared, name, tmp_path)

    found = blame_of(session)

    one = found[output]
    assert one.guilty == "quantization"
    assert one.runtime is None
    assert one.total == pytest.approx(sum(one.parts.values()), rel=0.2)
    with ExitStack() as stack:
        row = case_in(session, stack).by_tensor[output]
        assert one.total == pytest.approx(row.errors["simulator.entire"].mean["relative"] ** 2, rel=1e-3)
    measured = [one for one in found.values() if one.total is not None]
    assert len(measured) == len(found)


def test_that_float16_blames_the_conversion_alone(shared: Path, tmp_path: Path) -> None:
    found = blame_of(analysed(shared, "mnist", tmp_path, "fp16"))

    assert {one.quantization for one in found.values()} == {None}
    assert all(one.conversion == one.total for one in found.values())
    assert 0 < (found["Plus214_Output_0"].conversion or 0) < 1e-5


def test_that_what_the_board_adds_is_blamed_on_the_runtime(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)

    def spoil(values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"ReLU114_Output_0": np.roll(values["ReLU114_Output_0"], 1, axis=1)}

    found = blame_of(on_board(session, tmp_path, spoil))

    assert found["Pooling66_Output_0"].guilty == "quantization"
    assert found["Plus214_Output_0"].guilty == "runtime"
    assert (found["Plus214_Output_0"].runtime or 0) > 100 * (found["Plus214_Output_0"].quantization or 0)
