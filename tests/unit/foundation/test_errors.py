"""Rules of the errors a user reads."""

import pickle

import pytest

from workbench.foundation.errors import DatasetError, DumpError, ModelError, SessionError, SettingsError, WorkbenchError


def test_that_an_error_reads_as_what_happened_followed_by_what_to_do() -> None:
    error = ModelError("net.onnx has no outputs.", "Export it again.")

    assert str(error) == "net.onnx has no outputs. Export it again."


def test_that_an_error_without_a_hint_ends_after_its_sentence() -> None:
    assert str(WorkbenchError("The disk is full.")) == "The disk is full."


@pytest.mark.parametrize("kind", [ModelError, DatasetError, DumpError, SessionError, SettingsError])
def test_that_every_kind_of_error_is_caught_as_a_workbench_error(kind: type[WorkbenchError]) -> None:
    assert issubclass(kind, WorkbenchError)


def test_that_an_error_comes_back_whole_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(DatasetError("Line 3 names no file.", "Correct line 3.")))

    assert (type(error), error.message, error.hint) == (DatasetError, "Line 3 names no file.", "Correct line 3.")
