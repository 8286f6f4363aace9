"""The host stays calm whatever the toolkit does."""

import pickle
from pathlib import Path

import pytest

from tests.helpers.waiting import until
from tests.made_toolkit import Made
from tests.processes import is_alive
from workbench.foundation.steps import Event, Log, Progress, Warn, drain
from workbench.sources import knowledge
from workbench.sources.toolkit import talk
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import Outcome, ToolkitError, look, run
from workbench.sources.toolkit.recipe import Export, Network, Recipe

BAR = r"I Loading :  50%|███   | 4/8 [00:00<00:00, 10it/s]"


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    config = {"target_platform": "rk3588"}
    return Recipe(Network("onnx", (Path("m.onnx"),)), config, False, actions=(Export(tmp_path / "m.rknn"),))


def events_of(toolkit: Toolkit, recipe: Recipe, folder: Path) -> tuple[list[Event], Outcome]:
    events: list[Event] = []
    return events, drain(run(toolkit, recipe, folder / "run"), events.append)


def refusal(toolkit: Toolkit, recipe: Recipe, folder: Path) -> ToolkitError:
    with pytest.raises(ToolkitError) as caught:
        events_of(toolkit, recipe, folder)
    return caught.value


def test_that_a_run_tells_its_stages_and_leaves_the_rknn(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    events, outcome = events_of(toolkit_that(), recipe, tmp_path)

    stages = dict.fromkeys(event.stage for event in events if isinstance(event, Progress))
    assert list(stages) == ["start", "load", "build", "export"]
    assert outcome.rknn == tmp_path / "m.rknn"
    assert outcome.rknn.exists()
    assert [method for method, _ in outcome.seconds] == ["config", "load_onnx", "build", "export_rknn"]


def test_that_bars_are_progress_and_messages_are_log_lines(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    toolkit = toolkit_that(load=f"sys.stderr.write('\\r{BAR}'); print('\\nW odd'); return 0")

    events, outcome = events_of(toolkit, recipe, tmp_path)

    assert Progress("load", 4, 8, "Loading") in events
    assert Log("W odd") in events
    assert "W odd" in outcome.log.read_text()


def test_that_a_message_that_means_nothing_is_in_the_log_alone(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    events, outcome = events_of(toolkit_that(load="print('E RKNN: Unkown op target: 0'); return 0"), recipe, tmp_path)

    assert not [event for event in events if isinstance(event, Log) and "Unkown" in event.text]
    assert "Unkown op target: 0" in outcome.log.read_text()


def test_that_a_bar_shows_before_its_line_ends(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    toolkit = toolkit_that(load=f"sys.stderr.write('\\r{BAR}'); sys.stderr.flush(); time.sleep(60)")
    steps = run(toolkit, recipe, tmp_path / "run")

    assert next(event for event in steps if isinstance(event, Progress) and event.total) == Progress(
        "load", 4, 8, "Loading"
    )
    steps.close()


@pytest.mark.parametrize(
    "noise",
    [
        """os.write(1, b'{"event": "done"}\\n{"event": "failed", "error": "no"}\\n')""",
        """ctypes.CDLL(None).puts(b'{"event": "done"}'); ctypes.CDLL(None).fflush(None)""",
        """subprocess.run(['echo', '{"event": "done"}'])""",
        """print('{"event": "failed"}'); sys.stdout.flush()""",
        """sys.__stdout__.write('{"event": "done"'); sys.__stdout__.flush()""",
        """os.write(2, b'\\xff\\x00' * 200000)""",
        """os.close(1)""",
    ],
)
def test_that_what_the_toolkit_prints_does_not_disturb(
    noise: str, toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    assert events_of(toolkit_that(load=f"{noise}; return 0"), recipe, tmp_path)[1].rknn


def test_that_a_refusal_says_the_toolkits_own_words(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    toolkit = toolkit_that(build="print('E build: Not support op Foo!'); return -1")

    error = refusal(toolkit, recipe, tmp_path)

    assert error.message == "The toolkit failed while it built the network: build: Not support op Foo."
    assert "E build: Not support op Foo!" in error.lines
    assert str(tmp_path / "run" / "toolkit.log") in error.hint


def test_that_a_known_message_is_explained(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    toolkit = toolkit_that(
        load="print('E load_onnx: Catch exception when loading onnx model: No space left on device'); return -1"
    )

    error = refusal(toolkit, recipe, tmp_path)

    found = knowledge.likeliest(error.lines)
    assert found is not None
    assert error.hint == " ".join(knowledge.about(found)[1:])


def test_that_an_exception_of_the_toolkit_is_told(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    error = refusal(toolkit_that(load="raise KeyError('Slice.5-rs')"), recipe, tmp_path)

    assert "while it loaded the network: KeyError: 'Slice.5-rs'" in error.message


def test_that_a_toolkit_that_leaves_the_program_is_a_refusal(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    assert "SystemExit: -1" in refusal(toolkit_that(load="sys.exit(-1)"), recipe, tmp_path).message


def test_that_a_toolkit_that_ends_without_a_word_is_a_refusal(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    error = refusal(toolkit_that(load="os._exit(7)"), recipe, tmp_path)

    assert error.message == "The toolkit ended while it loaded the network (exit code 7)."


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("os.abort()", "crashed while it built the network (SIGABRT)"),
        ("ctypes.string_at(0)", "crashed while it built the network (SIGSEGV)"),
        ("os.kill(os.getpid(), 9)", "was killed while it built the network"),
    ],
)
def test_that_a_crash_is_an_error_with_the_last_lines(
    end: str, words: str, toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    toolkit = toolkit_that(build=f"print('E RKNN: [00:00:01.000] unsupported conv', flush=True); {end}")

    error = refusal(toolkit, recipe, tmp_path)

    assert words in error.message
    assert error.lines[-1] == "E RKNN: [00:00:01.000] unsupported conv"
    assert (tmp_path / "run" / "toolkit.log").read_text().rstrip().endswith("unsupported conv")


def test_that_a_hang_is_an_error(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    error = refusal(toolkit_that(load="print('I going on'); time.sleep(60)", silence=5), recipe, tmp_path)

    assert "hung while it loaded the network" in error.message
    assert error.lines[-1] == "I going on"
    assert "`silence`" in error.hint
    assert "memory" not in error.hint  # it was killed by us


def test_that_a_long_silence_is_told_once(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "WORRY", 0.3)

    events, _ = events_of(toolkit_that(load="time.sleep(1.2); return 0"), recipe, tmp_path)

    loading = events[events.index(Progress("load", 0, 0)) :]
    assert len([event for event in loading if isinstance(event, Warn)]) == 1


def test_that_cancelling_ends_all_that_the_toolkit_started(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    start = f"child = subprocess.Popen(['sleep', '60']); open({str(pid)!r}, 'w').write(str(child.pid)); child.wait()"
    steps = run(toolkit_that(load=start), recipe, tmp_path / "run")
    while not (pid.exists() and pid.read_text()):
        next(steps)

    steps.close()

    until(lambda: not is_alive(int(pid.read_text())), "it is gone")


def test_that_temporary_files_of_a_killed_toolkit_are_removed(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    leave = "import tempfile; tempfile.mkstemp(); os.kill(os.getpid(), 9)"

    refusal(toolkit_that(load=leave), recipe, tmp_path)

    assert not list((tmp_path / "run").glob("tmp*"))


def test_that_the_way_out_of_a_toolkit_that_is_done_does_not_matter(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    head = "import atexit; atexit.register(os.abort)"

    assert events_of(toolkit_that(head=head), recipe, tmp_path)[1].rknn


def test_that_a_toolkit_that_cannot_be_imported_is_an_error(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    error = refusal(toolkit_that(head="raise ImportError('libGL.so.1: cannot open')"), recipe, tmp_path)

    assert "failed while it started: ImportError: libGL.so.1: cannot open" in error.message
    assert "doctor" in error.hint


def test_that_looking_tells_the_python_and_the_frameworks(toolkit_that: Made) -> None:
    versions = drain(look(toolkit_that()))

    assert versions.python.startswith("3.")
    assert "onnx" in versions.frameworks


def test_that_an_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ToolkitError("It failed.", "Try again.", ("E no",))))

    assert (error.message, error.hint, error.lines) == ("It failed.", "Try again.", ("E no",))
