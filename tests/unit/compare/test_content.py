"""Rules of finding a tensor by what is in it."""

from collections.abc import Sequence

import numpy as np
import pytest

from workbench.compare.alike import in_any_order, similarities
from workbench.compare.content import LIKELY, Known, Suggestion, Unknown, confidence, suggest
from workbench.dump.layouts import network_places, ways
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Event, Warn, drain

SHAPE = (1, 20, 6, 5)
LAYOUTS = [layout for layout, _ in ways(SHAPE)]


def values(seed: int, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    """Something like activations: channels of other sizes, half of them zero."""
    made = np.random.default_rng(seed)
    sizes = made.uniform(0.2, 3, (1, shape[1], *[1] * (len(shape) - 2)))
    return np.maximum(made.normal(0, 1, shape) * sizes, 0).astype(np.float32)


def noisy(array: np.ndarray, seed: int) -> np.ndarray:
    """With the error that eight bits leave and a bit more."""
    step = float(array.max()) / 255
    return (np.round(array / step) * step + np.random.default_rng(seed).normal(0, step, array.shape)).astype(np.float32)


def laid(array: np.ndarray, layout: str, filler: float = 0.0) -> np.ndarray:
    """The flat values of a layout."""
    size = dict(ways(array.shape))[layout]
    places = network_places(array.shape, layout, np.arange(size))
    return np.where(places >= 0, array.reshape(-1)[places], filler).astype(array.dtype)


def known(name: str, array: np.ndarray, scale: float = 0.0, zero: int = 0, golden: str = "") -> Known:
    return Known(name, array.shape, lambda: array, scale, zero, golden)


def found(knowns: Sequence[Known], unknowns: dict[str, np.ndarray]) -> dict[str, Suggestion]:
    unknown = [Unknown(name, lambda array=array: array) for name, array in unknowns.items()]  # type: ignore[misc]
    return {item.other: item for item in drain(suggest(knowns, unknown))}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_that_a_tensor_is_found_in_every_layout(layout: str) -> None:
    tensors = [values(seed) for seed in range(4)]
    others = {f"t{seed}": laid(noisy(array, seed), layout) for seed, array in reversed(list(enumerate(tensors)))}

    matched = found([known(f"n{seed}", array) for seed, array in enumerate(tensors)], others)

    assert {name: (item.golden, item.layout) for name, item in matched.items()} == {
        f"t{seed}": (f"n{seed}", layout) for seed in range(4)
    }
    assert all(item.confidence >= LIKELY for item in matched.values())


def test_that_what_fills_up_a_channel_group_is_not_compared() -> None:
    tensors = [values(seed) for seed in range(3)]
    others = {f"t{seed}": laid(array, "nc1hwc2:16", filler=9e3) for seed, array in enumerate(tensors)}

    matched = found([known(f"n{seed}", array) for seed, array in enumerate(tensors)], others)

    assert [matched[f"t{seed}"].golden for seed in range(3)] == ["n0", "n1", "n2"]


def test_that_integers_are_found_without_their_scale() -> None:
    tensors = [values(seed) for seed in range(3)]
    stored = {f"t{seed}": np.round(array * 20 - 100).astype(np.int8) for seed, array in enumerate(tensors)}

    matched = found([known(f"n{seed}", array) for seed, array in enumerate(tensors)], stored)

    assert [matched[f"t{seed}"].golden for seed in range(3)] == ["n0", "n1", "n2"]
    assert all(item.confidence >= LIKELY for item in matched.values())


def test_that_the_encoding_tells_integers_apart_that_are_proportional() -> None:
    array = values(1)
    stored = np.round(array / 0.05).astype(np.int8)

    matched = found([known("half", array / 2, 0.05), known("own", array, 0.05)], {"t": stored})

    assert matched["t"].golden == "own"


def test_that_tensors_with_the_same_values_are_not_told_apart_without_an_order() -> None:
    array = values(1)

    matched = found([known("a", array), known("b", array.copy())], {"t": laid(array, "nhwc")})

    assert matched["t"].confidence < LIKELY
    assert {matched["t"].golden, *matched["t"].twins} == {"a", "b"}


def test_that_the_order_of_computation_tells_twins_apart_where_the_dump_is_in_it() -> None:
    tensors = {f"n{seed:02}": values(seed) for seed in range(14)}
    tensors |= {"n14": tensors["n05"].copy()}
    knowns = [known(name, array) for name, array in tensors.items()]
    others = {name.replace("n", "t"): array for name, array in tensors.items()}

    in_order = found(knowns, others)
    shuffled = found(knowns, {name: others[name] for name in sorted(others, key=lambda name: name[::-1])})

    assert (in_order["t05"].golden, in_order["t14"].golden) == ("n05", "n14")
    assert in_order["t14"].confidence >= LIKELY
    assert shuffled["t14"].confidence < LIKELY


def test_that_a_transposed_twin_is_one_too() -> None:
    array = values(1)
    turned = np.ascontiguousarray(array.transpose(0, 2, 3, 1))

    assert in_any_order(array.reshape(-1)) == in_any_order(turned.reshape(-1))
    assert in_any_order(array.reshape(-1)) != in_any_order(array.reshape(-1) * np.float32(1.001))


def test_that_tensors_of_one_golden_value_are_twins_though_they_are_stored_otherwise() -> None:
    array = values(1)
    knowns = [known("x", array, golden="x"), known("x_int8", noisy(array, 1), golden="x")]

    assert found(knowns, {"t": array})["t"].confidence < LIKELY


def test_that_noise_is_not_found_to_be_anything_sure() -> None:
    knowns = [known(f"n{seed}", values(seed)) for seed in range(8)]

    matched = found(knowns, {f"t{seed}": values(100 + seed) for seed in range(8)})

    assert all(item.confidence < LIKELY for item in matched.values())


def test_that_a_few_values_agree_by_chance() -> None:
    assert confidence(1.0, 0.0, values=3) < LIKELY <= confidence(1.0, 0.0, values=300)


def test_that_a_near_rival_makes_a_match_unsure() -> None:
    assert confidence(0.99, 0.985, values=4096) < LIKELY <= confidence(0.99, 0.9, values=4096)


def test_that_no_two_tensors_become_one() -> None:
    array = values(1)

    matched = found([known("only", array)], {"near": array, "far": noisy(array, 3)})

    assert list(matched) == ["near"]


def test_that_a_constant_is_like_its_own_value_only() -> None:
    ones, zeros = np.ones((1, 50)), np.zeros((1, 50))

    alike = similarities(np.concatenate([ones, zeros]), ones, np.array([False, False]), [(0.0, 0)])

    assert alike[:, 0].tolist() == [1.0, 0.0]


def test_that_a_damaged_file_hides_no_other() -> None:
    def damaged() -> np.ndarray:
        raise DumpError("t0.npy is cut short.", "Dump it again.")

    events: list[Event] = []
    array = values(1)
    matched = drain(suggest([known("n", array)], [Unknown("t0", damaged), Unknown("t1", lambda: array)]), events.append)

    assert [item.other for item in matched] == ["t1"]
    assert [event.text for event in events if isinstance(event, Warn)] == ["t0.npy is cut short."]


def test_that_values_that_are_no_numbers_do_not_hide_a_tensor() -> None:
    tensors = [values(seed) for seed in range(3)]
    broken = tensors[1].copy()
    broken[0, 0, 0, :2] = np.nan, np.inf

    matched = found([known(f"n{seed}", array) for seed, array in enumerate(tensors)], {"t": broken})

    assert matched["t"].golden == "n1"
