"""Rules of the errors a user reads."""

import errno
import os
import pickle

import pytest

from workbench.foundation.errors import (
    LONGEST,
    DatasetError,
    DumpError,
    ModelError,
    SessionError,
    SettingsError,
    WorkbenchError,
    refusal_of,
)


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


def test_that_what_a_hostile_file_is_quoted_with_stays_short_and_does_not_steer_the_terminal() -> None:
    error = DumpError(f"The name \x1b[2J{'x' * 100_000}\0 is too long.", "Give it another.")

    assert len(error.message) < LONGEST + 10
    assert error.message.startswith("The name \ufffd[2Jxxx")
    assert error.message.endswith("xxx\ufffd is too long.")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_that_what_the_system_refuses_at_any_file_is_a_sentence(number: int) -> None:
    refused = refusal_of(OSError(number, os.strerror(number), "/drive/golden.h5"))

    assert refused is not None
    assert refused.message == f"/drive/golden.h5 cannot be used: {os.strerror(number)}."


def test_that_too_little_memory_is_a_sentence() -> None:
    assert "memory" in str(refusal_of(MemoryError()))


@pytest.mark.parametrize(
    "error", [FileNotFoundError(errno.ENOENT, "none", "x"), OSError("said by a library"), KeyError()]
)
def test_that_a_defect_stays_one(error: Exception) -> None:
    assert refusal_of(error) is None


def test_that_a_refusal_is_its_own_sentence() -> None:
    error = ModelError("net.onnx has no outputs.", "Export it again.")

    assert refusal_of(error) is error
