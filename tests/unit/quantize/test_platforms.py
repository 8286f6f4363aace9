"""Which chip takes what."""

import pytest

from workbench.foundation.errors import SettingsError
from workbench.quantize.platforms import CHIPS, algorithms_of, check, chips_with, finest_method, methods_of, refusal
from workbench.quantize.schemes import DTYPES, QuantSettings


def test_that_every_data_type_has_a_chip_and_every_chip_a_known_type() -> None:
    assert all(chips_with(dtype) for dtype in DTYPES)
    assert {dtype for dtypes in CHIPS.values() for dtype in dtypes} == set(DTYPES)


@pytest.mark.parametrize(("dtype", "chips"), [("w4a16", ("rk3576", "rv1126b")), ("w8a16", ("rk3562",))])
def test_that_some_types_are_for_few_chips(dtype: str, chips: tuple[str, ...]) -> None:
    assert chips_with(dtype) == chips


def test_that_only_w4a16_has_groups() -> None:
    assert [dtype for dtype in DTYPES if "group32" in methods_of(dtype)] == ["w4a16"]
    assert methods_of("w4a16")[-1] == "group256"
    assert methods_of("fp16") == ()


def test_that_only_activations_in_integers_are_calibrated() -> None:
    assert algorithms_of("w8a8")
    assert not algorithms_of("w4a16")
    assert "mmse" not in algorithms_of("w16a16i_dfp")


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        (QuantSettings(target="rk9"), "target"),
        (QuantSettings("w3a3"), "dtype"),
        (QuantSettings("fp16", target="rv1106"), "dtype"),
        (QuantSettings(method="group32"), "method"),
        (QuantSettings(algorithm="magic"), "algorithm"),
        (QuantSettings("w16a16i_dfp", int16_tensors=("a",)), "int16_tensors"),
    ],
)
def test_that_settings_that_do_not_go_together_are_refused(settings: QuantSettings, setting: str) -> None:
    found = refusal(settings)
    assert found is not None
    assert found.setting == setting
    with pytest.raises(SettingsError, match=f"--{setting.replace('_', '-')}.*Choose one of"):
        check(settings, "--")


def test_that_every_pair_of_the_table_is_accepted() -> None:
    for chip, dtypes in CHIPS.items():
        for dtype in dtypes:
            assert refusal(QuantSettings(dtype, finest_method(dtype), target=chip)) is None
