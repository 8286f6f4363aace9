"""What the ways to look at a tensor show of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.dump.store import DumpWriter
from workbench.graph.graph import Graph, Layer
from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors import planes_reader
from workbench.ui.models.tensors.cut import Cut, axis_names, is_sequence_network
from workbench.ui.models.tensors.data import Place
from workbench.ui.models.tensors.heat_image import GAP, INFINITE, NAN, NEGATIVE, Colours
from workbench.ui.models.tensors.planes import CHANNEL, DIFFERENCE, MEAN, RMS, STRANGE, TILES, Choice, Planes
from workbench.ui.models.tensors.planes_reader import PlanesReader

SHAPE = (1, 6, 4, 5)
PER_CHANNEL = Encoding("int8", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), (1, 2, 3, 4, 5, 6), axis=1)
PER_TENSOR = Encoding("int8", (0.05,), (4,))


def made(folder: Path, golden: np.ndarray, simulator: np.ndarray, encoding: Encoding | None = None) -> dict[str, Place]:
    wanted = {}
    for source, array, own in (("golden", golden, None), ("simulator", simulator, encoding)):
        with DumpWriter(folder / f"{source}.h5", {}) as writer:
            writer.add("t", array, "Conv", own)
        wanted[source] = Place(folder / f"{source}.h5", ("t",))
    return wanted


def read(wanted: dict[str, Place], **choice: object) -> Planes:
    return PlanesReader().read(wanted, Choice(**choice))  # type: ignore[arg-type]


@pytest.fixture
def two(tmp_path: Path) -> tuple[dict[str, Place], np.ndarray, np.ndarray]:
    golden, other = random(*SHAPE), random(*SHAPE, seed=1)
    return made(tmp_path, golden, other), golden, other


def attention() -> Graph:
    """Multiplies values by values."""
    layer = Layer("attention", "MatMul", ("q", "k"), ("scores",))
    return Graph((layer,), (), (), {}, frozenset())


Two = tuple[dict[str, Place], np.ndarray, np.ndarray]


def test_that_the_mean_is_that_of_all_channels_and_so_is_its_difference(two: Two) -> None:
    wanted, golden, other = two

    planes = read(wanted, way=MEAN)

    np.testing.assert_allclose(planes.values["golden"], golden[0].mean(axis=0), rtol=1e-5)
    assert planes.gap is not None
    np.testing.assert_allclose(planes.gap, (other - golden)[0].mean(axis=0), atol=1e-6)


def test_that_the_magnitude_of_the_difference_is_not_the_difference_of_magnitudes(two: Two) -> None:
    wanted, golden, other = two

    planes = read(wanted, way=RMS)

    np.testing.assert_allclose(planes.values["simulator"], np.sqrt((other[0] ** 2).mean(axis=0)), rtol=1e-5)
    assert planes.gap is not None
    np.testing.assert_allclose(planes.gap, np.sqrt(((other - golden)[0] ** 2).mean(axis=0)), rtol=1e-5)


@pytest.mark.parametrize("encoding", [PER_TENSOR, PER_CHANNEL])
@pytest.mark.parametrize("way", [CHANNEL, TILES, MEAN])
def test_that_stored_integers_are_real_values_in_every_way(tmp_path: Path, encoding: Encoding, way: str) -> None:
    stored = encoding.quantize(random(*SHAPE))
    real = encoding.dequantize(stored)[0]

    planes = read(made(tmp_path, random(*SHAPE), stored, encoding), way=way, channel=2)

    wanted = {CHANNEL: real[2], TILES: real, MEAN: real.mean(axis=0)}[way]
    np.testing.assert_allclose(planes.values["simulator"], wanted, rtol=1e-5, atol=1e-6)


def test_that_every_place_of_the_tiles_leads_to_its_element(two: Two) -> None:
    wanted, golden, _ = two
    planes = read(wanted, way=TILES)
    seen = set()

    for position in np.ndindex(*planes.images["golden"].shape):
        element, place = planes.element(position), planes.place(position)
        if element is None or place is None:
            assert planes.images["golden"][position] == GAP
        else:
            assert planes.values["golden"][place] == golden[element]  # type: ignore[index]
            seen.add(element)

    assert len(seen) == golden.size


def test_that_many_channels_are_shown_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planes_reader, "MOST_TILES", 4)
    wanted = made(tmp_path, random(*SHAPE), random(*SHAPE))

    planes = read(wanted, way=TILES, page=1)

    assert planes.pages == 2
    assert planes.channel_at((0, 0)) == 4
    assert len(planes.values["golden"]) == 2


def test_that_large_tiles_show_every_second_row_and_tell_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planes_reader, "MOST_IN_TILES", 30)
    golden = random(*SHAPE)

    planes = read(made(tmp_path, golden, golden), way=TILES)

    np.testing.assert_array_equal(planes.values["golden"], golden[0, :, ::2, ::2])
    assert planes.element((1, 1)) == (0, 0, 2, 2)


def test_that_what_is_no_number_is_found_in_all_channels(tmp_path: Path) -> None:
    golden, other = random(*SHAPE), random(*SHAPE)
    other[0, 3, 1, 2] = np.nan
    other[0, 5, 1, 2] = np.inf
    golden[0, 4, 0, 0] = other[0, 4, 0, 0] = -np.inf

    planes = read(made(tmp_path, golden, other), way=STRANGE)

    assert planes.images["simulator"][1, 2] == NAN
    assert planes.images["golden"][0, 0] == NEGATIVE
    assert planes.images[DIFFERENCE][0, 0] == NAN  # infinity minus infinity
    strange = planes.strange["simulator"]
    assert (strange.nan, strange.infinite, strange.negative) == (1, 1, 1)
    assert (strange.channels[1, 2], strange.first[1, 2]) == (2, 3)
    assert planes.strange_channel((1, 2)) == 3
    assert planes.strange_channel((3, 3)) is None


def test_that_infinity_alone_is_shown_as_such(tmp_path: Path) -> None:
    golden = random(*SHAPE)
    golden[0, 1, 1, 1] = np.inf

    planes = read(made(tmp_path, golden, random(*SHAPE)), way=STRANGE)

    assert planes.images["golden"][1, 1] == INFINITE


@pytest.mark.parametrize("axes", [(1, 3), (3, 1), (2, 1)])
def test_that_any_two_axes_can_be_rows_and_columns(two: Two, axes: tuple[int, int]) -> None:
    wanted, golden, _ = two
    other = next(axis for axis in (1, 2, 3) if axis not in axes)

    planes = read(wanted, axes=axes, channel=2)

    expected = np.moveaxis(golden[0], [axis - 1 for axis in (other, *axes)], [0, 1, 2])[2]
    np.testing.assert_array_equal(planes.values["golden"], expected)
    for position in np.ndindex(*expected.shape):
        assert golden[planes.element(position)] == expected[position]  # type: ignore[index]


def test_that_one_chosen_axis_is_a_line(two: Two) -> None:
    wanted, golden, _ = two

    planes = read(wanted, axes=(1,), channel=7)

    assert planes.is_line
    np.testing.assert_array_equal(planes.values["golden"], golden[0].reshape(6, -1)[:, 7])


def test_that_chosen_axes_wait_for_a_tensor_that_has_them(tmp_path: Path) -> None:
    planes = read(made(tmp_path, random(3, 4), random(3, 4)), axes=(2, 3))

    assert planes.cut == Cut((3, 4))


def test_that_any_two_sources_can_be_subtracted(two: Two) -> None:
    wanted, golden, other = two

    planes = read(wanted, channel=0, pair=("golden", "simulator"))

    assert planes.gap is not None
    np.testing.assert_array_equal(planes.gap, (golden - other)[0, 0])


def test_that_a_pair_that_is_not_there_gives_way_to_one_that_is(two: Two) -> None:
    assert read(two[0], channel=0, pair=("runtime", "golden")).pair == ("simulator", "golden")


def test_that_a_source_alone_has_no_difference(two: Two) -> None:
    assert read({"golden": two[0]["golden"]}, channel=0).gap is None


def test_that_typed_ends_hold_for_all_sources_and_the_difference(two: Two) -> None:
    planes = read(two[0], channel=0, colours=Colours(low=-0.5, high=2.0, bound=0.25))

    assert planes.limits == {"golden": (-0.5, 2.0), "simulator": (-0.5, 2.0), DIFFERENCE: (-0.25, 0.25)}


def test_that_other_colours_read_nothing_again(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, choice = PlanesReader(), Choice(channel=0)
    first = reader.read(two[0], choice)
    monkeypatch.setattr(planes_reader, "find", lambda *_: pytest.fail("it was read again"))

    again = reader.read(two[0], replace(choice, colours=Colours(low=0.0, high=1.0)))

    assert again.values is first.values


def test_that_the_first_channel_of_another_tensor_is_the_worst_of_the_pair(tmp_path: Path) -> None:
    golden = random(*SHAPE)
    other = golden.copy()
    other[0, 4] += 1

    planes = read(made(tmp_path, golden, other))

    assert (planes.channel, planes.guessed) == (4, False)


def test_that_a_sample_of_a_large_tensor_tells_its_worst_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planes_reader, "MOST_SEARCHED", 20)
    golden = random(*SHAPE)
    other = golden.copy()
    other[0, 4] += 1

    planes = read(made(tmp_path, golden, other))

    assert (planes.channel, planes.guessed) == (4, True)


def test_that_a_product_with_weights_makes_no_network_of_tokens() -> None:
    layer = Layer("classifier", "MatMul", ("x", "w"), ("y",))

    assert not is_sequence_network(Graph((layer,), (), (), {}, frozenset({"w"})))
    assert is_sequence_network(attention())


@pytest.mark.parametrize(
    ("shape", "op", "is_sequence", "names"),
    [
        ((1, 3, 8, 8), "Conv", False, ("n", "c", "h", "w")),
        ((1, 197, 64), "Add", True, ("n", "token", "feature")),
        ((197, 64), "Add", True, ("token", "feature")),
        ((1, 12, 197, 197), "Softmax", True, ("n", "head", "token", "token")),
        ((1, 64, 1, 196), "Conv", True, ("n", "feature", "h", "token")),
        ((4, 16, 1, 196), "Conv", True, ("head", "feature", "h", "token")),
        ((1, 84, 8400), "Concat", False, ("", "", "")),
        ((1, 1000), "Gemm", True, ("", "")),
    ],
)
def test_that_axes_have_names_where_they_are_known(
    shape: tuple[int, ...], op: str, is_sequence: bool, names: tuple[str, ...]
) -> None:
    assert axis_names(shape, False, op, is_sequence) == names


def test_that_a_row_is_a_token_wherever_the_tokens_lie(tmp_path: Path) -> None:
    golden = random(1, 5, 1, 7)

    planes = PlanesReader().read(made(tmp_path, golden, golden), Choice(), attention())

    np.testing.assert_array_equal(planes.values["golden"], golden[0, :, 0].T)
    assert planes.element((6, 4)) == (0, 4, 0, 6)


@pytest.mark.parametrize("way", [MEAN, RMS, STRANGE])
def test_that_what_nobody_wants_any_more_is_given_up(two: Two, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(planes_reader, "BLOCK", 20)  # a channel
    asked = iter([True, False])

    with pytest.raises(planes_reader.GivenUpError):
        PlanesReader().read(two[0], Choice(way=way), is_wanted=lambda: next(asked))


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux alone tells what is mapped")
def test_that_what_is_read_in_blocks_is_not_mapped(tmp_path: Path) -> None:
    path = tmp_path / "large.h5"
    with DumpWriter(path, {}) as writer:
        writer.add("a", np.ones((1, 4, 512, 512), np.float32))
    reader = PlanesReader()

    planes = reader.read({"golden": Place(path, ("a",))}, Choice(way=RMS))

    assert planes.values["golden"].max() == 1
    assert str(path) not in Path("/proc/self/maps").read_text()
    reader.close()
