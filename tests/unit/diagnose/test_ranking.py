from workbench.compare.compare import LayerError
from workbench.diagnose.divergence import Divergence, LayerShare
from workbench.diagnose.findings import NOTE, Finding
from workbench.diagnose.flow import born, inverse, leading
from workbench.diagnose.ranking import ranked


def causes(*findings: Finding, divergence: Divergence | None = None) -> list[str]:
    return [finding.cause for finding in ranked(findings, divergence)]


def test_that_the_likeliest_stands_first_and_notes_stand_last() -> None:
    found = Finding("nan", 0.2), Finding("add-ranges", 0.9, level=NOTE), Finding("input-std", 0.8)

    assert causes(*found) == ["input-std", "nan", "add-ranges"]


def test_that_what_another_finding_explains_stands_behind_it() -> None:
    above = Finding("input-std", 0.7, explains=frozenset({"calibration-range"}))

    assert causes(Finding("calibration-range", 0.95), above) == ["input-std", "calibration-range"]


def test_that_a_note_explains_nothing_away() -> None:
    note = Finding("input-std", 0.7, level=NOTE, explains=frozenset({"calibration-range"}))

    assert causes(Finding("calibration-range", 0.3), note) == ["calibration-range", "input-std"]


def test_that_among_equals_the_layer_that_does_more_damage_stands_first() -> None:
    shares = LayerShare("a", only={"y": 0.01}), LayerShare("b", only={"y": 0.09})
    divergence = Divergence(shares, total={"y": 0.1})
    found = Finding("weights-range", 0.8, ("a",)), Finding("activation-outlier", 0.78, ("b",))

    assert causes(*found) == ["weights-range", "activation-outlier"]
    assert causes(*found, divergence=divergence) == ["activation-outlier", "weights-range"]


def test_which_rows_lead_to_an_output() -> None:
    after = {"a": ("b", "c"), "b": ("y",), "c": ("z",), "y": (), "z": ()}

    assert leading(inverse(after), {"y"}) == {"a", "b", "y"}


def test_that_it_began_where_nothing_wrong_is_taken() -> None:
    rows = [LayerError(index, "Conv", name, name, (), (1,), None, {}, "name", "") for index, name in enumerate("abc")]
    after = {"input": ("a",), "a": ("b",), "b": ("c",), "c": ()}

    assert [row.tensor for row in born(inverse(after), rows[1:])] == ["b"]
    assert [row.tensor for row in born({}, rows[1:])] == ["b"]  # nothing is known of what is computed
