from pathlib import Path

from tests.unit.project.made_sessions import ONES, made_folder, made_session
from workbench.foundation.steps import drain
from workbench.project.comparison.runs import of_same_network, read_runs

BOTH = {"golden": [{"y": ONES}], "simulator": [{"y": ONES + 1}]}


def test_that_a_run_that_is_gone_does_not_hide_the_others(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", BOTH, {"y": "y"})
    first, gone = drain(read_runs(home, [home, tmp_path / "gone"]))
    assert [row.tensor for row in first.rows] == ["y"]
    assert "There is no" in gone.problem


def test_that_dumps_are_measured_against_the_golden_values_of_the_open_session(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", BOTH, {"y": "y"})
    _, dumps = drain(read_runs(home, [home, made_folder(tmp_path / "dumps", y=ONES + 3)]))
    assert dumps.rows[0].errors["simulator.entire"].mean["max_abs"] == 3.0


def test_that_all_runs_can_be_measured_against_one_golden(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", BOTH, {"y": "y"})
    other = made_session(tmp_path / "other", {"golden": [{"y": 9 * ONES}], "simulator": [{"y": 5 * ONES}]}, {"y": "y"})
    _, run = drain(read_runs(home, [home, other], golden=home))
    assert run.rows[0].errors["simulator.entire"].mean["max_abs"] == 4.0


def test_that_sessions_of_another_network_are_left_out(tmp_path: Path) -> None:
    home = made_session(tmp_path / "home", BOTH, {"y": "y"})
    alike = made_session(tmp_path / "alike", BOTH, {"y": "y"})
    (tmp_path / "elsewhere").mkdir()
    strange = made_session(tmp_path / "elsewhere" / "strange", BOTH, {"y": "y"})
    (tmp_path / "elsewhere" / "net.onnx").write_bytes(b"another network")
    assert of_same_network(home, [home, alike, strange, tmp_path]) == (alike,)


def test_that_a_run_of_another_network_says_so_instead_of_an_empty_column(tmp_path: Path) -> None:
    names = {"input": "input", "a": "a", "b": "b"}
    home = made_session(tmp_path / "home", {"golden": [dict.fromkeys(names, ONES)]}, names)
    (tmp_path / "elsewhere").mkdir()
    others = {"input": "input", "c": "c", "d": "d"}
    both = {source: [dict.fromkeys(others, ONES)] for source in ("golden", "simulator")}
    strange = made_session(tmp_path / "elsewhere" / "strange", both, others)
    (tmp_path / "elsewhere" / "net.onnx").write_bytes(b"another network")
    for golden in (None, home):
        _, run = drain(read_runs(home, [home, strange], golden))
        assert run.rows == ()
        assert run.problem.startswith("strange is of another network: only 1 of its 3 layers have the name")
