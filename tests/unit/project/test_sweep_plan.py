"""What a sweep would be, before it runs."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.project.conftest import MakeSamples
from workbench.compare.compare import Errors
from workbench.foundation.errors import SettingsError
from workbench.project.session import Session
from workbench.project.sweeps.file import save_place
from workbench.project.sweeps.plan import cell_at, looked_up, offers, planned

AXES = {"method": ("channel", "layer"), "algorithm": ("normal",)}
ERRORS = Errors({"cos": 0.99, "euc": 1.0}, {"cos": 0.98, "euc": 2.0}, {}, 1)


def test_that_what_a_chip_cannot_do_is_not_offered(session: Session) -> None:
    found = offers(session, "embedded")
    assert found["type"].values == ("w8a8", "w16a16i_dfp", "fp16")
    assert found["method"].values == ("channel", "layer")
    assert not found["level"].values
    assert "optimization levels" in found["level"].why_not


def test_that_groups_are_offered_but_not_usual(session: Session) -> None:
    quant = replace(session.quant, target="rk3576", dtype="w4a16")
    found = offers(replace(session, quant=quant), "embedded")["method"]
    assert "group64" in found.values
    assert found.usual == ("channel", "layer")


def test_that_the_toolkit_has_levels(session: Session) -> None:
    assert offers(session, "toolkit")["level"].values == ("0", "1", "2", "3")


def test_that_methods_are_those_of_the_types_that_are_swept(session: Session) -> None:
    assert offers(session, "embedded", ("fp16",))["method"].values == ()
    assert offers(session, "embedded", ("fp16", "w8a8"))["method"].values == ("channel", "layer")


def test_that_a_plan_knows_what_is_computed(session: Session, folder: Path) -> None:
    before = planned(session, folder, AXES, "embedded")
    assert [place.outputs for place in before.places] == [{}, {}]
    save_place(replace(before.places[0], outputs={"y": ERRORS}), folder)
    after = planned(session, folder, AXES, "embedded")
    assert [bool(place.outputs) for place in after.places] == [True, False]
    assert looked_up(before.places, folder) == after.places


def test_that_a_place_is_found_by_its_values(session: Session) -> None:
    found = cell_at(session, AXES, {"method": "layer", "algorithm": "normal"}, "embedded")
    assert found.session.quant == replace(session.quant, method="layer", algorithm="normal")


def test_that_a_place_which_there_is_not_is_refused(session: Session) -> None:
    with pytest.raises(SettingsError, match="none of its sweep"):
        cell_at(session, AXES, {"method": "layer", "algorithm": "mmse"}, "embedded")


def test_that_calibration_inputs_beyond_the_set_are_left_out(
    session: Session, folder: Path, samples_of: MakeSamples
) -> None:
    found = planned(replace(session, dataset=samples_of(1, 2)), folder, {"calibration": ("1", "9")}, "embedded")
    assert [place.at for place in found.places] == [{"calibration": "1"}]
    assert "only 2" in found.left_out[0].reason
