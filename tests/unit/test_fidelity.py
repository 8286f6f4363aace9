import json
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.fidelity import digits
from tests.benchmarks.fidelity.figures import Verdict, firsts
from tests.benchmarks.fidelity.judge import judge
from tests.benchmarks.fidelity.networks import Settings, Trial, operator
from tests.benchmarks.fidelity.vendor_files import VendorRun, grid_step, vendor_run
from workbench.compare.compare import LayerError, compare_tensors, summarise
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.results import Results
from workbench.project.stages import Stages

SETTINGS = Settings()


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return operator("conv_relu", tmp_path)


@pytest.fixture
def results(trial: Trial, tmp_path: Path) -> Results:
    return drain(analyze(trial.quantized(SETTINGS), tmp_path / "ours"))


@pytest.fixture
def vendor(trial: Trial, results: Results, tmp_path: Path) -> VendorRun:
    """What the toolkit would leave if it computed what we compute."""
    folder = tmp_path / "theirs"
    values = folder / "snapshot" / "simulator" / "npy"
    values.mkdir(parents=True)
    _, plan = drain(Stages(trial.quantized(SETTINGS), tmp_path / "ours").planned())
    rows = {row.tensor: row for row in results.rows}
    table, files = ["layer_name entire single"], ["layer_name file_name", "---"]
    with Dump(results.dumps["simulator"][0]) as dump:
        for name in dump.names:
            np.save(values / f"{name}.npy", dump[name])
            files.append(f"{name}  {name}.txt")
            cells = [digits.in_table(rows[name], f"simulator.{kind}") for kind in ("entire", "single") if name in rows]
            table.append(f"[Any] {name}   " + "   ".join(f"{cell} | 0.00000" for cell in cells))
    (folder / "snapshot" / "error_analysis.txt").write_text("\n".join(table))
    (folder / "snapshot" / "map_name_to_file.txt").write_text("\n".join(files))
    (folder / "net.quantization.cfg").write_text(
        json.dumps(
            {
                "quantize_parameters": {
                    name: {"scale": list(known.scale), "zero_point": list(known.zero_point)}
                    for name, known in plan.encodings.items()
                }
            }
        )
    )
    (folder / "times.json").write_text(json.dumps({"seconds": 2.0, "memory_mb": 300.0}))
    (folder / "done.json").write_text(json.dumps({"code": 0}))
    found = vendor_run(folder)
    assert found is not None
    return found


def judged(vendor: VendorRun, trial: Trial, results: Results) -> Verdict:
    return judge(vendor, trial.quantized(SETTINGS), results, vendor.folder.parent / "ours")


def test_that_nothing_falls_short_where_both_sides_are_the_same(
    vendor: VendorRun, trial: Trial, results: Results
) -> None:
    verdict = judged(vendor, trial, results)
    assert verdict.shortfalls == []
    counts = (verdict.scales, verdict.single, verdict.entire, verdict.cos, verdict.rows, verdict.own_rows)
    assert [tally.share for tally in counts] == [1.0] * 6
    assert verdict.errors["euc"][0] == verdict.errors["euc"][1]


def test_that_one_element_off_by_one_step_is_found(vendor: VendorRun, trial: Trial, results: Results) -> None:
    name = next(name for name in vendor.files if name.startswith("relu") and name.endswith("_int8"))
    path = vendor.folder / "snapshot" / "simulator" / "npy" / f"{name}.npy"
    values = np.load(path)
    values.reshape(-1)[5] += vendor.encodings[name][0]
    np.save(path, values)
    verdict = judged(vendor, trial, results)
    assert (verdict.entire.of - verdict.entire.same, verdict.single.of - verdict.single.same) == (1, 2)
    assert verdict.steps == pytest.approx(1.0)
    assert firsts(verdict.shortfalls)["entire"].tensor == name


def test_that_a_row_of_theirs_that_we_lack_is_named(vendor: VendorRun, trial: Trial, results: Results) -> None:
    with (vendor.folder / "snapshot" / "map_name_to_file.txt").open("a") as file:
        file.write("\nother  other.txt")
    with (vendor.folder / "snapshot" / "error_analysis.txt").open("a") as file:
        file.write("\n[Conv] other   1.00000 | 0.00000   1.00000 | 0.00000")
    verdict = judged(vendor, trial, results)
    assert [(item.kind, item.op, item.tensor) for item in verdict.shortfalls] == [("missing", "Conv", "other")]


@pytest.mark.parametrize(
    ("said", "printed", "is_equal"),
    [
        ("0.99998", "0.99999", True),
        ("0.99997", "0.99999", False),
        ("f_zero", "f_zero", True),
        ("1.00000", "q_inf", False),
    ],
)
def test_that_one_in_the_last_digit_is_the_same_and_a_word_is_not(said: str, printed: str, is_equal: bool) -> None:
    assert digits.is_printed(said, printed) is is_equal


def test_that_words_stand_for_tensors_that_have_no_cosine() -> None:
    zero, one = np.zeros(3), np.ones(3)
    pairs = ((zero, one), (one, zero), (one, one * np.inf), (one, one * np.nan), (one, one))
    found = []
    for golden, other in pairs:
        values, note = compare_tensors(golden, other)
        errors = {"simulator.entire": summarise([values])}
        row = LayerError(0, "Any", "t", "t", (), (3,), None, errors, "name", note)
        found.append(digits.in_table(row, "simulator.entire"))
    assert found == ["f_zero", "q_zero", "q_inf", "q_nan", "1.00000"]


def test_that_the_step_of_a_grid_is_found_where_levels_are_missing() -> None:
    assert grid_step(np.float32(0.013) * np.asarray([-128, -3, -2, 40, 127])) == pytest.approx(0.013, rel=1e-6)


def test_that_a_run_without_a_table_says_why(tmp_path: Path) -> None:
    (tmp_path / "done.json").write_text(json.dumps({"code": -6}))
    found = vendor_run(tmp_path)
    assert found is not None
    assert found.problem == "SIGABRT"
    assert vendor_run(tmp_path / "elsewhere") is None


def test_that_a_search_that_died_is_told(tmp_path: Path) -> None:
    trace = "Traceback (most recent call last):\n  File ...\nKeyError: '358-rs'\nW build: ..."
    told = []
    for log in (f"Exception in thread Thread-1 (_run):\n{trace}", "I build done", trace):
        (tmp_path / "log").write_text(log)
        told.append(VendorRun(tmp_path).search_died)

    assert told == ["KeyError: '358-rs'", "", ""]
