"""Rules of what a run leaves for the next opening."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from workbench.compare.compare import Errors, LayerError
from workbench.foundation.errors import SessionError
from workbench.project.results import Results, load_results, save_results
from workbench.quantize.encoding import Encoding


def results_in(folder: Path) -> Results:
    values = {"cos": 0.5, "sqnr_db": math.inf, "euc": -math.inf}
    errors = Errors(values, values, dict.fromkeys(values, 1), 2)
    row = LayerError(
        0, "Conv", "a/б", "a", ("c",), (1, 2), Encoding("int8", (0.1,), (-3,)), {"simulator.entire": errors},
        "name", "", (-1.5, math.inf),
    )  # fmt: skip
    folder = folder.resolve()
    return Results(
        rows=(row,),
        outputs=("y",),
        unmatched={"golden": ("z",)},
        dumps={"golden": (folder / "dumps" / "golden-1.h5", folder / "dumps" / "golden-2.h5")},
        layers_of={"a/б": ("conv", "relu")},
        seconds={"reference": 0.1},
        warnings=("Mind this.",),
    )


def written(folder: Path, **changed: Any) -> Path:
    save_results(results_in(folder), folder)
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    (folder / "results.json").write_text(json.dumps({**document, **changed}), encoding="utf-8")
    return folder


def test_that_results_are_read_as_they_were_saved(tmp_path: Path) -> None:
    save_results(results_in(tmp_path), tmp_path)

    assert load_results(tmp_path) == results_in(tmp_path)


def test_that_numbers_json_does_not_know_are_kept(tmp_path: Path) -> None:
    values = {"cos": math.nan, "sqnr_db": math.inf}
    row = LayerError(0, "Conv", "a", "a", (), (), None, {"c": Errors(values, values, {}, 1)}, "", "")

    save_results(Results((row,)), tmp_path)

    json.loads((tmp_path / "results.json").read_text(), parse_constant=pytest.fail)
    found = load_results(tmp_path)
    assert found is not None
    assert math.isnan(found.rows[0].errors["c"].mean["cos"])


def test_that_dumps_move_with_their_folder(tmp_path: Path) -> None:
    save_results(results_in(tmp_path / "before"), tmp_path / "before")

    (tmp_path / "before").rename(tmp_path / "after")

    assert load_results(tmp_path / "after") == results_in(tmp_path / "after")


def test_that_a_session_that_never_ran_has_no_results(tmp_path: Path) -> None:
    assert load_results(tmp_path) is None


def test_that_results_of_another_version_count_as_none(tmp_path: Path) -> None:
    assert load_results(written(tmp_path, version=99)) is None


@pytest.mark.parametrize("name", ["../secret.h5", "/etc/passwd", "dumps/../../secret.h5", "\0"])
def test_that_a_dump_outside_the_session_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SessionError, match=r"results\.json"):
        load_results(written(tmp_path, dumps={"golden": [name]}))


def test_that_a_dump_behind_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "session").mkdir()
    (tmp_path / "session" / "link").symlink_to(tmp_path)

    with pytest.raises(SessionError, match="outside the session"):
        load_results(written(tmp_path / "session", dumps={"golden": ["link/secret.h5"]}))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"version": 1}', "\xff"])
def test_that_a_broken_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(SessionError, match=r"results\.json"):
        load_results(tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"rows": 1},
        {"rows": [1]},
        {"rows": [{"op": "Conv"}]},
        {"outputs": 1},
        {"unmatched": []},
        {"dumps": {"golden": [1]}},
        {"seconds": {"reference": []}},
    ],
)
def test_that_values_of_the_wrong_type_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(SessionError, match=r"results\.json"):
        load_results(written(tmp_path, **changed))
