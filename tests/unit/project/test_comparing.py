from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.project.made_sessions import ONES, made_folder, made_session
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError, SessionError
from workbench.foundation.steps import Progress, Warn, drain
from workbench.project.comparison.comparing import FOLDER, compare_sides, look_at
from workbench.project.comparison.sides import Side, short_names, side_of, titles
from workbench.project.results import load_results, save_results


def _warnings(events: list[object]) -> list[str]:
    return [event.text for event in events if isinstance(event, Warn)]


def test_that_tensors_of_one_name_are_compared_and_the_others_listed(tmp_path: Path) -> None:
    golden = made_folder(tmp_path / "golden", a=ONES, b=2 * ONES)
    other = made_folder(tmp_path / "other", a=ONES + 1, c=ONES)
    results = drain(compare_sides([Side(golden), Side(other)]))
    (row,) = results.rows
    assert (row.tensor, row.golden, row.matched_by) == ("a", "a", "name")
    assert row.errors["simulator.entire"].mean["euc"] == 2.0
    assert results.unmatched == {"golden": ("b",), "simulator": ("c",)}


def test_that_a_third_side_is_a_column_of_its_own(tmp_path: Path) -> None:
    golden = made_folder(tmp_path / "golden", a=ONES, b=ONES)
    other = made_folder(tmp_path / "other", a=ONES)
    board = made_folder(tmp_path / "board", b=3 * ONES)
    results = drain(compare_sides([Side(golden), Side(other), Side(board)]))
    assert [list(row.errors) for row in results.rows] == [["simulator.entire"], ["runtime.entire"]]
    assert results.rows[1].errors["runtime.entire"].mean["max_abs"] == 2.0


def test_that_a_map_joins_names_and_tells_of_names_that_are_not_there(tmp_path: Path) -> None:
    golden = made_folder(tmp_path / "golden", a=ONES)
    other = made_folder(tmp_path / "other", x=ONES)
    events: list[object] = []
    (row,) = drain(compare_sides([Side(golden), Side(other)], {"x": "a", "y": "a"}), events.append).rows
    assert (row.tensor, row.golden, row.matched_by) == ("x", "a", "map")
    assert _warnings(events) == ["The map of names has y -> a, which names a tensor that is not there."]


def test_that_a_third_side_with_other_names_keeps_its_own(tmp_path: Path) -> None:
    golden, board = made_folder(tmp_path / "golden", a=ONES), made_folder(tmp_path / "board", z=ONES)
    sides = [Side(golden), Side(golden), Side(board)]
    for _ in ("measured", "kept"):
        (row,) = drain(compare_sides(sides, {"z": "a"}, tmp_path / "home")).rows
        assert (row.tensor, row.golden, row.runtime) == ("a", "a", "z")


def test_that_dumps_without_a_common_name_are_refused(tmp_path: Path) -> None:
    golden, other = made_folder(tmp_path / "golden", a=ONES), made_folder(tmp_path / "other", b=ONES)
    with pytest.raises(DumpError, match="none of its 1 has the name of one of golden"):
        drain(compare_sides([Side(golden), Side(other)]))


def test_that_golden_values_stand_for_every_tensor_that_the_table_joins_with_them(tmp_path: Path) -> None:
    one = made_session(tmp_path / "one", {"golden": [{"y": ONES}]}, {"y": "y"})
    simulated = {"y_rs": ONES + 1, "y_int8": ONES + 2}
    two = made_session(tmp_path / "two", {"simulator": [simulated]}, {"y_rs": "y", "y_int8": "y"})
    results = drain(compare_sides([Side(one, "golden"), Side(two, "simulator")]))
    assert [(row.tensor, row.golden, row.matched_by) for row in results.rows] == [
        ("y_rs", "y", "fusion"), ("y_int8", "y", "fusion"),
    ]  # fmt: skip
    assert [row.errors["simulator.entire"].mean["max_abs"] for row in results.rows] == [1.0, 2.0]


def test_that_two_simulators_are_joined_through_the_names_of_the_network(tmp_path: Path) -> None:
    one = made_session(tmp_path / "one", {"simulator": [{"a": ONES, "y_int8": ONES}]}, {"a": "a", "y_int8": "y"})
    two = made_session(tmp_path / "two", {"simulator": [{"a": ONES, "y_float16": ONES}]}, {"a": "a", "y_float16": "y"})
    results = drain(compare_sides([Side(one, "simulator"), Side(two, "simulator")]))
    assert [(row.golden, row.tensor) for row in results.rows] == [("a", "a"), ("y_int8", "y_float16")]
    assert results.layers_of["y_float16"] == ("layer of y",)


def test_that_inputs_are_joined_by_their_files_not_by_their_order(tmp_path: Path) -> None:
    first = {"golden": [{"y": ONES}, {"y": 5 * ONES}]}
    one = made_session(tmp_path / "one", first, {"y": "y"}, inputs=("cat.png", "dog.png"))
    second = {"simulator": [{"y": 5 * ONES}, {"y": 7 * ONES}, {"y": ONES}]}
    two = made_session(tmp_path / "two", second, {"y": "y"}, inputs=("dog.png", "bird.png", "cat.png"))
    results = drain(compare_sides([Side(one, "golden"), Side(two, "simulator")]))
    errors = results.rows[0].errors["simulator.entire"]
    assert (errors.samples, errors.worst["max_abs"]) == (2, 0.0)
    assert [path.name for path in results.dumps["simulator"]] == ["simulator-2.h5", "simulator-0.h5"]
    assert [Path(file).name for file in results.inputs] == ["cat.png", "dog.png"]


def test_that_dumps_count_as_those_of_the_input_that_is_named(tmp_path: Path) -> None:
    two = {"golden": [{"y": ONES}, {"y": 5 * ONES}], "simulator": [{"y": ONES}, {"y": 5 * ONES}]}
    home = made_session(tmp_path / "home", two, {"y": "y"}, inputs=("cat.png", "dog.png"))
    dumps = Side(made_folder(tmp_path / "dumps", y=5 * ONES), sample=1)
    results = drain(compare_sides([Side(home, "golden"), Side(home, "simulator"), dumps], home=home))
    errors = results.rows[0].errors
    assert (errors["runtime.entire"].samples, errors["runtime.entire"].mean["max_abs"]) == (1, 0.0)
    assert errors["simulator.entire"].samples == 2
    assert [path.name for path in results.dumps["golden"]] == ["golden-1.h5", "golden-0.h5"]


def test_that_sides_of_other_inputs_are_compared_in_order_and_that_this_is_told(tmp_path: Path) -> None:
    one = made_session(tmp_path / "one", {"golden": [{"y": ONES}]}, {"y": "y"}, inputs=("cat.png",))
    two = made_session(tmp_path / "two", {"simulator": [{"y": ONES}]}, {"y": "y"}, inputs=("dog.png",))
    events: list[object] = []
    assert drain(compare_sides([Side(one, "golden"), Side(two, "simulator")]), events.append).rows
    assert "of other inputs" in _warnings(events)[0]


def test_that_a_comparison_that_was_made_is_not_measured_again(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", {"golden": [{"y": ONES}]}, {"y": "y"})
    sides = [Side(home, "golden"), Side(made_folder(tmp_path / "other", y=2 * ONES))]
    first = drain(compare_sides(sides, home=home))
    events: list[object] = []
    assert drain(compare_sides(sides, home=home), events.append) == first
    assert not any(isinstance(event, Progress) for event in events)


def test_that_dumps_of_another_run_are_another_comparison(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", {"golden": [{"y": ONES}]}, {"y": "y"})
    other = made_folder(tmp_path / "other", y=2 * ONES)
    sides = [Side(home, "golden"), Side(other)]
    drain(compare_sides(sides, home=home))
    np.save(other / "y.npy", np.full((1, 4), 4.0))
    results = drain(compare_sides(sides, home=home))
    assert results.rows[0].errors["simulator.entire"].mean["max_abs"] == 3.0


def test_that_views_find_dumps_of_other_formats_as_dumps_of_the_session(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", {"golden": [{"y": ONES}]}, {"y": "y"})
    other = made_folder(tmp_path / "other", y=2 * ONES.reshape(4), unrelated=ONES)
    results = drain(compare_sides([Side(home, "golden"), Side(other)], home=home))
    (path,) = results.dumps["simulator"]
    assert path.is_relative_to(home / FOLDER)
    with Dump(path) as dump:
        assert dump.names == ("y",)
        assert dump["y"].shape == (1, 4)


def test_that_the_sessions_own_results_stay_as_they_are(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", {"golden": [{"y": ONES}], "simulator": [{"y": ONES}]}, {"y": "y"})
    before = (home / "results.json").read_bytes()
    drain(compare_sides([Side(home, "simulator"), Side(home, "golden")], home=home))
    assert (home / "results.json").read_bytes() == before


def test_that_a_session_without_the_wanted_values_says_what_it_has(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", {"golden": [{"y": ONES}]}, {"y": "y"})
    with pytest.raises(SessionError) as caught:
        drain(compare_sides([Side(home, "golden"), Side(home, "runtime")]))
    assert caught.value.hint == "It has golden."


def test_that_a_look_counts_what_fits_without_measuring(tmp_path: Path) -> None:
    golden = made_folder(tmp_path / "golden", a=ONES, b=ONES)
    other = made_folder(tmp_path / "other", a=ONES, c=ONES, d=ONES)
    look = look_at([Side(golden), Side(other)])
    assert (look.titles, look.matched, look.alone) == (("golden", "other"), (1, 1), (1, 2))


def test_that_a_command_line_names_a_session_and_its_source(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", {"golden": [{"y": ONES}]}, {"y": "y"})
    assert side_of(str(home), "golden") == Side(home, "golden")
    assert side_of(f"{home}:simulator_single", "golden") == Side(home, "simulator_single")
    with pytest.raises(DumpError, match="There is no"):
        side_of(f"{home}x:golden", "golden")


def test_that_titles_tell_sessions_of_one_name_apart(tmp_path: Path) -> None:
    assert short_names([Path("/a/b/ours"), Path("/a/c/ours"), Path("/a/d")]) == ["b/ours", "c/ours", "d"]
    one = made_session(tmp_path / "one" / "net", {"golden": [{"y": ONES}]}, {"y": "y"})
    two = made_session(tmp_path / "two" / "net", {"golden": [{"y": ONES}]}, {"y": "y"})
    assert titles([Side(one, "golden"), Side(two, "golden")], home=one) == ("golden", "two/net: golden")


def test_that_names_alone_make_no_network_the_same(tmp_path: Path) -> None:
    golden, other = made_folder(tmp_path / "golden", a=ONES), made_folder(tmp_path / "other", a=np.zeros(9), c=ONES)
    message = "other is of another network, or of another input size: 1 of its 2 tensors have the name of one of golden"
    with pytest.raises(DumpError, match=message):
        drain(compare_sides([Side(golden), Side(other)]))
    assert look_at([Side(golden), Side(other)]).strangers.problems[0].startswith(message)


def test_that_few_names_in_common_are_warned_of(tmp_path: Path) -> None:
    golden = made_folder(tmp_path / "golden", a=ONES, b=ONES, c=ONES)
    other = made_folder(tmp_path / "other", a=ONES, d=ONES, e=ONES)
    said = _warnings(list(compare_sides([Side(golden), Side(other)])))
    assert said[0] == "other seems to be of another network: only 1 of its 3 tensors have the name of one of golden."


def test_that_a_third_side_of_another_network_is_refused_too(tmp_path: Path) -> None:
    golden, other = made_folder(tmp_path / "golden", a=ONES), made_folder(tmp_path / "other", a=ONES)
    strange = made_folder(tmp_path / "strange", z=ONES)
    with pytest.raises(DumpError, match=r"^strange is of another network"):
        drain(compare_sides([Side(golden), Side(other), Side(strange)]))


def test_that_rows_of_a_third_side_alone_stand_in_the_order_of_the_network(tmp_path: Path) -> None:
    three, two = dict.fromkeys("abc", ONES), dict.fromkeys("ac", ONES)
    first = made_session(tmp_path / "first", {"simulator": [three]}, dict(zip("abc", "abc", strict=True)))
    second = made_session(tmp_path / "second", {"simulator": [two]}, dict(zip("ac", "ac", strict=True)))
    sides = [Side(first, "simulator"), Side(second, "simulator"), Side(first, "simulator")]
    assert [row.tensor for row in drain(compare_sides(sides)).rows] == ["a", "b", "c"]


def test_that_one_damaged_file_is_a_note_and_hides_no_other(tmp_path: Path) -> None:
    golden, other = made_folder(tmp_path / "golden", a=ONES, b=ONES), made_folder(tmp_path / "other", a=ONES, b=ONES)
    (other / "a.npy").write_bytes(b"\x93NUMPY cut")
    damaged, whole = drain(compare_sides([Side(golden), Side(other)])).rows
    assert (damaged.errors, damaged.note.startswith(f"{other / 'a.npy'} cannot be read")) == ({}, True)
    assert whole.errors["simulator.entire"].mean["euc"] == 0.0


def test_that_damaged_files_alone_are_an_error(tmp_path: Path) -> None:
    golden, other = made_folder(tmp_path / "golden", a=ONES), made_folder(tmp_path / "other", a=ONES)
    (other / "a.npy").write_bytes(b"")
    with pytest.raises(DumpError, match="it is empty"):
        drain(compare_sides([Side(golden), Side(other)]))


def test_that_what_a_simulator_writes_inside_a_fused_group_is_not_compared(tmp_path: Path) -> None:
    both = {source: [{"inner": ONES, "y": ONES}] for source in ("golden", "simulator")}
    home = made_session(tmp_path / "home", both, {"y": "y"})
    results = load_results(home)
    assert results is not None
    save_results(replace(results, rows=tuple(replace(row, group=("inner",)) for row in results.rows)), home)
    own = drain(compare_sides([Side(home, "golden"), Side(home, "simulator")]))
    assert ([row.tensor for row in own.rows], own.unmatched) == (["y"], {})
    mine = made_folder(tmp_path / "mine", inner=ONES, y=ONES)
    assert [row.tensor for row in drain(compare_sides([Side(home, "golden"), Side(mine)])).rows] == ["inner", "y"]


def test_that_a_comparison_with_a_board_shows_the_boards_times(tmp_path: Path) -> None:
    one = made_session(tmp_path / "one", {"golden": [{"y": ONES}], "runtime": [{"y": ONES + 1}]}, {"y": "y"})
    results = load_results(one)
    assert results is not None
    timed = tuple(replace(row, time_us=12.5, on="CPU") for row in results.rows)
    save_results(replace(results, rows=timed, times={"run": 99.0}), one)

    (row,) = drain(compare_sides([Side(one, "golden"), Side(one, "runtime")], home=one)).rows
    assert (row.time_us, row.on) == (12.5, "CPU")
    again = drain(compare_sides([Side(one, "golden"), Side(one, "runtime")], home=one))
    assert (again.rows[0].time_us, dict(again.times)) == (12.5, {"run": 99.0})
    (own,) = drain(compare_sides([Side(one, "golden"), Side(one, "golden")], home=one)).rows
    assert own.time_us is None
