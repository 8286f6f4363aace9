"""Rules of what is taken from an earlier run."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import node
from workbench.dump.store import DumpWriter
from workbench.quantize.rewrite import ENTIRE, SINGLE
from workbench.sources.earlier import FINGERPRINTS, needed, opened, taken

CHAIN = [
    node("Relu", ["x"], ["a"]),
    node("Split", ["a"], ["b", "c"]),
    node("Neg", ["b"], ["d"]),
    node("Add", ["c", "d"], ["e"]),
    node("Abs", ["a"], ["unused"]),
]


def dump(path: Path, golden: str = "g", **prints: str) -> Path:
    with DumpWriter(path, {"golden": golden, FINGERPRINTS: prints}) as writer:
        for name in prints:
            writer.add(name, np.zeros(2, np.float32))
    return path


@pytest.mark.parametrize(
    ("wanted", "given", "outputs", "read"),
    [
        (["e"], [], ["a", "b", "d", "e"], set()),
        (["e"], ["a"], ["b", "d", "e"], {"a"}),
        (["e"], ["c", "d"], ["e"], {"c", "d"}),
        (["e"], ["b"], ["a", "b", "d", "e"], set()),  # the Split runs for c, and gives b anyway
        ([], ["a"], [], set()),
    ],
)
def test_that_only_nodes_behind_what_is_given_are_needed(
    wanted: list[str], given: list[str], outputs: list[str], read: set[str]
) -> None:
    nodes = needed(CHAIN, wanted, given)

    assert [item.output[0] for item in nodes] == outputs
    assert taken(nodes, given) == read


def test_that_tensors_count_as_held_by_their_fingerprints(tmp_path: Path) -> None:
    paths = {ENTIRE: dump(tmp_path / "e.h5", a="1", b="2"), SINGLE: dump(tmp_path / "s.h5", a="3")}
    wanted = {(ENTIRE, "a"): "1", (ENTIRE, "b"): "other", (SINGLE, "a"): "3", (SINGLE, "b"): "2"}

    with opened(paths, "g") as earlier:
        assert earlier is not None
        assert earlier.holds(wanted) == {(ENTIRE, "a"), (SINGLE, "a")}


@pytest.mark.parametrize("golden", ["other", ""])
def test_that_a_run_on_other_golden_values_is_not_used(tmp_path: Path, golden: str) -> None:
    with opened({ENTIRE: dump(tmp_path / "e.h5", a="1")}, golden) as earlier:
        assert earlier is None


def test_that_an_incomplete_or_damaged_run_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "damaged.h5").write_bytes(b"nothing")
    for path in (tmp_path / "gone.h5", tmp_path / "damaged.h5"):
        with opened({ENTIRE: dump(tmp_path / "e.h5", a="1"), SINGLE: path}, "g") as earlier:
            assert earlier is None


def test_that_of_an_overlay_the_base_is_used(tmp_path: Path) -> None:
    base = dump(tmp_path / "base.h5", a="1", b="2")
    with DumpWriter(
        tmp_path / "over.h5", {"base": base.name, "tensors": ["a"], "golden": "g", FINGERPRINTS: {"a": "9"}}
    ):
        pass

    with opened({ENTIRE: tmp_path / "over.h5"}, "g") as earlier:
        assert earlier is not None
        assert earlier.name(ENTIRE) == "base.h5"
        assert earlier.holds({(ENTIRE, "a"): "1", (ENTIRE, "b"): "2"}) == {(ENTIRE, "a"), (ENTIRE, "b")}
