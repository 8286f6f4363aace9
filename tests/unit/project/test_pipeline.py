"""Rules of a whole analysis: what is computed, what is kept, and what is left when it does not come to its end."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import conv_net, declared, node, random, write_network
from tests.unit.project.conftest import MakeSamples
from workbench.compare.compare import LayerError
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError, SettingsError, WorkbenchError
from workbench.foundation.steps import Event, Progress, Warn, drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze, demo_session, import_dumps, stale
from workbench.project.results import Results, load_results
from workbench.project.session import ImportedDumps, Session, load_session, save_session
from workbench.quantize.schemes import QuantSettings

Change = Callable[[Session], Session]


def stamps(folder: Path, pattern: str = "*") -> dict[str, int]:
    """Every file of the dumps with its time."""
    return {path.name: path.stat().st_mtime_ns for path in sorted((folder / "dumps").glob(pattern))}


def row_of(results: Results, tensor: str) -> LayerError:
    return next(row for row in results.rows if row.tensor == tensor)


def cos_of(results: Results, tensor: str, column: str = "simulator.entire") -> float:
    return row_of(results, tensor).errors[column].mean["cos"]


def test_that_an_analysis_has_a_row_for_every_fused_group(session: Session, folder: Path) -> None:
    results = drain(analyze(session, folder))

    assert [(row.op, row.tensor, row.golden) for row in results.rows] == [
        ("exDataConvert", "x_int8", "x"),
        ("Relu", "r1", "r1"),
        ("Relu", "r2", "r2"),
        ("Conv", "c3", "c3"),
        ("Add", "sum", "sum"),
        ("exSwish", "silu", "silu"),
        ("Conv", "pooled", "pooled"),
        ("Conv", "y_mm", "y"),
        ("Reshape", "y_int8", "y"),
        ("exDataConvert", "y", "y"),
    ]
    assert all(row.errors.keys() == {"simulator.entire", "simulator.single"} for row in results.rows)


def test_that_a_fused_group_names_the_tensors_that_vanish_in_it(session: Session, folder: Path) -> None:
    results = drain(analyze(session, folder))

    assert {row.tensor: row.group for row in results.rows if row.group} == {
        "r1": ("c1", "n1"), "r2": ("c2",), "silu": ("gate",), "pooled": ("flat",)
    }  # fmt: skip
    assert "golden" not in results.unmatched


def test_that_a_row_leads_to_all_layers_that_it_stands_for(session: Session, folder: Path) -> None:
    results = drain(analyze(session, folder))

    assert len(results.layers_of["r1"]) == 3


def test_that_the_table_holds_the_cosine_of_the_dumps(session: Session, folder: Path) -> None:
    results = drain(analyze(session, folder))

    with Dump(results.dumps["golden"][0]) as golden, Dump(results.dumps["simulator"][0]) as simulator:
        a, b = golden["silu"].ravel().astype(np.float64), simulator["silu"].ravel().astype(np.float64)
    assert cos_of(results, "silu") == pytest.approx(a @ b / np.sqrt((a @ a) * (b @ b)), abs=1e-12)


def test_that_several_samples_give_their_mean_and_their_worst(
    session: Session, folder: Path, tmp_path: Path, samples_of: MakeSamples
) -> None:
    each = [
        cos_of(drain(analyze(replace(session, samples=samples_of(seed)), tmp_path / f"one{seed}")), "silu")
        for seed in (1, 2, 3)
    ]

    results = drain(analyze(replace(session, samples=samples_of(1, 2, 3)), folder))

    errors = row_of(results, "silu").errors["simulator.entire"]
    assert errors.samples == 3
    assert errors.mean["cos"] == pytest.approx(np.mean(each))
    assert (errors.worst["cos"], errors.worst_sample["cos"]) == (min(each), int(np.argmin(each)))


def test_that_fp16_needs_no_dataset(session: Session, folder: Path) -> None:
    results = drain(analyze(replace(session, dataset=(), quant=QuantSettings("fp16")), folder))

    assert cos_of(results, "y") > 0.99999
    assert stamps(folder, "ranges-*") == {}


def test_that_without_a_simulator_only_golden_values_are_computed(session: Session, folder: Path) -> None:
    results = drain(analyze(replace(session, dataset=(), simulator="none"), folder))

    assert results.dumps.keys() == {"golden"}
    assert {bool(row.errors) for row in results.rows} == {False}


def test_that_patterns_limit_the_dumps_and_the_rows(session: Session, folder: Path) -> None:
    results = drain(analyze(replace(session, tensors=("silu",)), folder))

    assert [row.tensor for row in results.rows] == ["silu"]
    with Dump(results.dumps["simulator"][0]) as simulator, Dump(results.dumps["golden"][0]) as golden:
        assert (set(simulator), set(golden)) == ({"silu"}, {"x", "sum", "gate", "silu"})


@pytest.mark.parametrize("tensor", ["r1", "c3", "sum", "silu", "y_mm"])
def test_that_patterns_change_no_error(session: Session, folder: Path, tmp_path: Path, tensor: str) -> None:
    everything = drain(analyze(session, tmp_path / "everything"))

    limited = drain(analyze(replace(session, tensors=(tensor,)), folder))

    assert row_of(limited, tensor).errors == row_of(everything, tensor).errors


def test_that_a_pattern_that_fits_nothing_is_refused(session: Session, folder: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        drain(analyze(replace(session, tensors=("nowhere*",)), folder))


def test_that_nan_in_the_calibration_set_is_a_warning_and_the_network_stays_in_float(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    x = random(1, 3, 6, 6)
    x[0, 1, 2, 3] = np.nan
    np.save(tmp_path / "nan.npy", x)

    results = drain(analyze(replace(session, dataset=(Sample((tmp_path / "nan.npy",)),)), folder))

    assert any("r1 holds NaN or infinities" in warning for warning in results.warnings)
    assert row_of(results, "r1").encoding is None


def test_that_a_network_with_its_own_quantization_is_kept_and_said_so(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    nodes = [
        node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
        node("Relu", ["d"], ["y"]),
    ]
    model = write_network(tmp_path / "qdq.onnx", nodes, {"scale": np.float32(0.02), "zero": np.asarray(3, np.int8)})
    events: list[Event] = []

    results = drain(analyze(replace(session, model=model), folder), events.append)

    assert [row.note for row in results.rows] == ["own quantization", "own quantization; float16"]
    assert [event.text for event in events if isinstance(event, Warn)] == list(results.warnings)
    assert "brings its own quantization" in results.warnings[0]


def test_that_outputs_that_depend_on_values_and_integers_are_compared(
    session: Session, folder: Path, tmp_path: Path, samples_of: MakeSamples
) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("NonZero", ["r"], ["where"]),
        node("Cast", ["where"], ["f"], to=1),
        node("Neg", ["f"], ["y"]),
    ]
    outputs = [declared("where", None, 7), declared("y", None)]
    model = write_network(tmp_path / "open.onnx", nodes, outputs=outputs)

    results = drain(analyze(replace(session, model=model, samples=samples_of(1, 2)), folder))

    assert row_of(results, "where").errors["simulator.entire"].samples == 2


def test_that_opening_again_gives_what_the_run_gave(session: Session, folder: Path) -> None:
    results = drain(analyze(session, folder))

    assert load_results(folder) == replace(
        results, dumps={name: tuple(path.resolve() for path in paths) for name, paths in results.dumps.items()}
    )
    assert load_session(folder) == session


def test_that_a_second_run_computes_nothing(session: Session, folder: Path) -> None:
    first = drain(analyze(session, folder))
    before = stamps(folder)

    events: list[Event] = []
    second = drain(analyze(session, folder), events.append)

    assert (second.rows, second.dumps) == (first.rows, first.dumps)
    assert stamps(folder) == before
    assert {event.stage for event in events if isinstance(event, Progress)} <= {"compare", "prepare"}


CHANGES: dict[str, tuple[Change, set[str]]] = {
    "method": (lambda it: replace(it, quant=QuantSettings(method="layer")), {"simulator"}),
    "float tensors": (lambda it: replace(it, quant=QuantSettings(float_tensors=("sum",))), {"simulator"}),
    "dtype": (lambda it: replace(it, quant=QuantSettings("fp16")), {"simulator"}),
    "dataset": (lambda it: replace(it, dataset=it.dataset[:1]), {"ranges", "simulator"}),
    "preprocessing": (
        lambda it: replace(it, preprocess={"x": Preprocess(std=(2.0,))}), {"golden", "ranges", "simulator"}
    ),
    "samples": (lambda it: replace(it, samples=it.dataset[1:]), {"golden", "simulator"}),
    "tensors": (lambda it: replace(it, tensors=("silu",)), {"golden", "simulator"}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_that_a_change_computes_only_what_depends_on_it(session: Session, folder: Path, change: str) -> None:
    changed, expected = CHANGES[change]
    drain(analyze(session, folder))
    before = stamps(folder)

    drain(analyze(changed(session), folder))

    assert {name.partition("-")[0] for name in stamps(folder) if name not in before} == expected


@pytest.mark.parametrize("change", CHANGES)
def test_that_stale_says_what_the_next_run_computes(session: Session, folder: Path, change: str) -> None:
    changed, expected = CHANGES[change]
    drain(analyze(session, folder))

    stages = {"golden": "reference", "simulator": "simulator"}
    assert stale(changed(session), folder) == (*(stages[name] for name in stages if name in expected), "compare")


@pytest.mark.parametrize("change", CHANGES)
def test_that_settings_that_come_back_are_not_stale(session: Session, folder: Path, change: str) -> None:
    drain(analyze(session, folder))

    save_session(CHANGES[change][0](session), folder)  # as the window keeps what it shows

    assert stale(session, folder) == ()


def test_that_results_with_a_simulator_are_stale_without_one(session: Session, folder: Path) -> None:
    drain(analyze(session, folder))
    assert stale(replace(session, simulator="none"), folder) == ("compare",)


def test_that_nothing_is_stale_after_a_run(session: Session, folder: Path) -> None:
    drain(analyze(session, folder))

    assert stale(session, folder) == ()


def test_that_everything_is_stale_before_the_first_run(session: Session, folder: Path) -> None:
    assert stale(session, folder) == ("reference", "simulator", "compare")


def test_that_a_deleted_dump_is_stale_and_computed_again(session: Session, folder: Path) -> None:
    first = drain(analyze(session, folder))
    first.dumps["golden"][0].unlink()

    assert stale(session, folder) == ("reference", "compare")
    assert drain(analyze(session, folder)).rows == first.rows


def test_that_a_changed_network_is_computed_again(session: Session, folder: Path) -> None:
    drain(analyze(session, folder))
    proto = onnx.load(session.model)
    proto.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(random(4, 3, 3, 3, seed=99), "w1"))
    onnx.save(proto, session.model)

    assert stale(session, folder) == ("reference", "simulator", "compare")


def test_that_broken_ranges_are_observed_again(session: Session, folder: Path) -> None:
    first = drain(analyze(session, folder))
    for path in (folder / "dumps").glob("ranges-*.json"):
        path.write_text("{broken")
    first.dumps["simulator"][0].unlink()

    assert drain(analyze(session, folder)).rows == first.rows


def test_that_dumps_nobody_needs_are_removed(session: Session, folder: Path) -> None:
    drain(analyze(session, folder))
    (folder / "dumps" / ".golden.h5.abc.part").write_bytes(b"half")
    (folder / "dumps" / "notes.txt").write_text("mine")

    results = drain(analyze(replace(session, quant=QuantSettings("fp16")), folder))

    kept = {path.name for paths in results.dumps.values() for path in paths}
    assert set(stamps(folder, "*.h5")) == kept
    assert not list((folder / "dumps").glob(".*.part"))
    assert (folder / "dumps" / "notes.txt").exists()


def test_that_a_moved_session_computes_nothing(session: Session, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(session.model, home / "net.onnx")
    shutil.copy(session.samples[0].files[0], home / "1.npy")
    sample = (Sample((home / "1.npy",)),)
    drain(analyze(Session(home / "net.onnx", samples=sample, dataset=sample), home / "session"))

    home.rename(tmp_path / "elsewhere")

    moved = tmp_path / "elsewhere" / "session"
    assert stale(load_session(moved), moved) == ()


@pytest.mark.parametrize("stop_at", ["calibrate", "reference", "simulator", "compare"])
def test_that_a_cancelled_run_leaves_a_session_that_opens_and_no_half_file(
    session: Session, folder: Path, stop_at: str
) -> None:
    steps = analyze(session, folder)
    next(event for event in steps if isinstance(event, Progress) and event.stage == stop_at)

    steps.close()

    assert load_session(folder) == session
    assert load_results(folder) is None
    assert not list((folder / "dumps").glob(".*"))
    for path in (folder / "dumps").glob("*.h5"):
        with Dump(path) as dump:
            assert all(dump[name].size for name in dump)


def test_that_a_cancelled_run_leaves_the_results_of_the_one_before(session: Session, folder: Path) -> None:
    drain(analyze(session, folder))
    before = load_results(folder)
    steps = analyze(replace(session, preprocess={"x": Preprocess(std=(2.0,))}), folder)
    next(event for event in steps if isinstance(event, Progress) and event.stage == "simulator")

    steps.close()

    assert load_results(folder) == before
    assert before is not None
    assert all(path.is_file() for paths in before.dumps.values() for path in paths)


@pytest.mark.parametrize("stop_at", ["calibrate", "simulator"])
def test_that_what_a_cancelled_run_completed_is_not_computed_again(
    session: Session, folder: Path, stop_at: str
) -> None:
    steps = analyze(session, folder)
    next(event for event in steps if isinstance(event, Progress) and event.stage == stop_at)
    steps.close()
    before = stamps(folder, "golden-*")

    drain(analyze(session, folder))

    assert stamps(folder, "golden-*") == before != {}


LONG_RUN = """
import sys
from pathlib import Path
from workbench.foundation.steps import Progress
from workbench.project.pipeline import analyze
from workbench.project.session import load_session
folder = Path(sys.argv[1])
for event in analyze(load_session(folder), folder):
    if isinstance(event, Progress) and event.stage == sys.argv[2]:
        print("here", flush=True)
        import time
        time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with a POSIX signal")
def test_that_a_killed_run_leaves_a_session_that_opens_and_runs(session: Session, folder: Path) -> None:
    drain(analyze(replace(session, quant=QuantSettings("fp16")), folder))
    before = load_results(folder)
    steps = analyze(session, folder)
    next(steps)
    steps.close()  # the new settings are saved
    run = subprocess.Popen([sys.executable, "-c", LONG_RUN, folder, "simulator"], stdout=subprocess.PIPE)
    with run:
        assert run.stdout is not None
        run.stdout.readline()
        run.kill()

    assert load_session(folder) == session
    assert load_results(folder) == before
    assert list((folder / "dumps").glob(".*.part"))  # it was killed in the middle of a file
    drain(analyze(session, folder))
    assert not list((folder / "dumps").glob(".*.part"))


def test_that_a_run_is_cancelled_within_two_seconds(session: Session, folder: Path, tmp_path: Path) -> None:
    nodes = [node("MatMul", ["x" if not i else f"t{i}", "w"], [f"t{i + 1}"]) for i in range(125)]
    nodes.append(node("Relu", ["t125"], ["y"]))
    model = write_network(tmp_path / "long.onnx", nodes, {"w": np.eye(384, dtype=np.float32)}, shape=(1, 3072, 384))
    np.save(tmp_path / "long.npy", random(1, 3072, 384))
    sample = (Sample((tmp_path / "long.npy",)),)
    steps = analyze(Session(model, samples=sample, quant=QuantSettings("fp16"), tensors=("y",)), folder)
    next(event for event in steps if isinstance(event, Progress) and event.stage == "reference" and not event.total)

    start = time.process_time()
    steps.close()

    assert time.process_time() - start < 2
    assert list((folder / "dumps").iterdir()) == []


@pytest.mark.parametrize("place", [".", "dumps"])
def test_that_a_folder_that_is_a_file_is_one_sentence(session: Session, folder: Path, place: str) -> None:
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_text("not a folder")

    with pytest.raises(WorkbenchError, match="Cannot write"):
        drain(analyze(session, folder))

    assert (folder / place).read_text() == "not a folder"


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.session import Session
from workbench.preprocess.dataset import Sample
folder = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
sample = (Sample((folder / "1.npy",)),)
try:
    drain(analyze(Session(folder / "net.onnx", samples=sample, dataset=sample), folder / "session"))
except WorkbenchError as error:
    print(error.message)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of file size are POSIX")
@pytest.mark.parametrize("limit", [100, 1500, 5000])
def test_that_a_full_disk_is_one_sentence_and_loses_nothing(
    session: Session, folder: Path, tmp_path: Path, limit: int
) -> None:
    drain(analyze(replace(session, quant=QuantSettings("fp16")), folder))
    before = load_session(folder), load_results(folder), set(stamps(folder))

    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path, str(limit)], capture_output=True, text=True, timeout=60
    )

    assert (run.returncode, run.stderr, len(run.stdout.splitlines())) == (0, "", 1)
    assert run.stdout.startswith("Cannot write ")
    assert load_session(folder).samples == session.samples
    assert load_results(folder) == before[1]
    assert set(stamps(folder)) >= before[2]


def test_that_nothing_to_analyse_is_refused_before_anything_is_written(session: Session, folder: Path) -> None:
    for broken in (replace(session, samples=()), replace(session, dataset=())):
        with pytest.raises(SettingsError):
            drain(analyze(broken, folder))

    assert not folder.exists()


def test_that_a_missing_input_is_named(session: Session, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"gone\.png is not there"):
        drain(analyze(replace(session, samples=(Sample((tmp_path / "gone.png",)),)), folder))


def exported(folder: Path, values: dict[str, np.ndarray]) -> Path:
    folder.mkdir()
    for name, value in values.items():
        np.save(folder / f"{name}.npy", value)
    return folder


def test_that_imported_runtime_dumps_are_compared_with_golden_values(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    first = drain(analyze(session, folder))
    with Dump(first.dumps["golden"][0]) as golden:
        board = exported(tmp_path / "board", {"silu": golden["silu"], "strange": golden["sum"]})

    results = drain(import_dumps(folder, ImportedDumps(board), "runtime"))

    assert cos_of(results, "silu", "runtime.entire") == pytest.approx(1)
    assert "strange" in results.unmatched["runtime"]
    assert results.dumps["golden"] == first.dumps["golden"]
    assert load_session(folder).imports == {"runtime": ImportedDumps(board)}


def test_that_a_map_of_names_finds_tensors_of_other_names(session: Session, folder: Path, tmp_path: Path) -> None:
    first = drain(analyze(session, folder))
    with Dump(first.dumps["golden"][0]) as golden:
        board = exported(tmp_path / "board", {"theirs": golden["silu"]})

    results = drain(import_dumps(folder, ImportedDumps(board, {"theirs": "silu"}), "runtime"))

    assert row_of(results, "silu").matched_by == "map"


def test_that_imported_simulator_dumps_take_the_place_of_ours(session: Session, folder: Path, tmp_path: Path) -> None:
    first = drain(analyze(session, folder))
    with Dump(first.dumps["golden"][0]) as golden:
        theirs = exported(tmp_path / "theirs", {"silu": golden["silu"], "sum": -golden["sum"]})

    results = drain(import_dumps(folder, ImportedDumps(theirs), "simulator"))

    assert [cos_of(results, "silu"), cos_of(results, "sum")] == pytest.approx([1, -1])


def test_that_imported_golden_values_take_the_place_of_the_reference(
    session: Session, folder: Path, tmp_path: Path, samples_of: MakeSamples
) -> None:
    session = replace(session, samples=samples_of(1, 2))
    first = drain(analyze(session, folder))
    with Dump(first.dumps["golden"][0]) as golden:
        theirs = exported(tmp_path / "theirs", {name: golden[name] for name in ("sum", "silu", "y")})

    results = drain(import_dumps(folder, ImportedDumps(theirs), "golden"))

    assert len(results.dumps["golden"]) == len(results.dumps["simulator"]) == 1
    with_golden = {row.tensor for row in results.rows if row.errors}
    assert with_golden == {"sum", "silu", "y_mm", "y_int8", "y"} | ({"x_int8"} & with_golden)
    assert stale(load_session(folder), folder) == ()


def test_that_a_dump_that_fits_nothing_is_refused_and_the_session_stays(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    drain(analyze(session, folder))
    before = load_session(folder), load_results(folder), stamps(folder)
    strangers = exported(tmp_path / "strangers", {"a": random(2, 2), "b": random(3)})

    for kind in ("golden", "simulator", "runtime"):
        with pytest.raises(DumpError, match="none of its 2 tensors"):
            drain(import_dumps(folder, ImportedDumps(strangers), kind))

    assert (load_session(folder), load_results(folder), stamps(folder)) == before


def test_that_dumps_are_imported_as_nothing_else(session: Session, folder: Path, tmp_path: Path) -> None:
    drain(analyze(session, folder))

    with pytest.raises(SettingsError, match="silver"):
        drain(import_dumps(folder, ImportedDumps(tmp_path), "silver"))


def test_that_an_import_that_is_not_compared_yet_is_stale(session: Session, folder: Path, tmp_path: Path) -> None:
    first = drain(analyze(session, folder))
    with Dump(first.dumps["golden"][0]) as golden:
        board = exported(tmp_path / "board", {"silu": golden["silu"]})

    changed = replace(session, imports={"runtime": ImportedDumps(board)})

    assert stale(changed, folder) == ("compare",)


def test_that_the_demo_names_files_that_exist() -> None:
    session = demo_session()

    assert session.model.is_file()
    assert all(path.is_file() for sample in (*session.samples, *session.dataset) for path in sample.files)


@pytest.mark.parametrize("opset", [7, 9, 11])
def test_that_old_networks_are_quantised_too(session: Session, folder: Path, tmp_path: Path, opset: int) -> None:
    model = conv_net(tmp_path, f"opset{opset}.onnx", opset=opset)

    assert cos_of(drain(analyze(replace(session, model=model), folder)), "silu") > 0.99
