"""What of the user's own does not go to strangers."""

import getpass
from pathlib import Path

import pytest

from workbench.foundation.redaction import redacted


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with a name and a home."""
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("USERPROFILE", "/home/ann")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("File '/home/ann/nets/a.onnx'", "File '~/nets/a.onnx'"),
        ("/home/ann", "~"),
        ("/home/annabel/x is hers", "/home/annabel/x is hers"),
        ("/media/home/ann/x", "/media/home/~/x"),
        ("ssh:ann@board, written by Ann.", "ssh:~@board, written by ~."),
        ("the planner of Hannah_annex", "the planner of Hannah_annex"),
    ],
)
def test_that_home_and_name_are_a_tilde(text: str, told: str) -> None:
    assert redacted(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("run --password hunter2 --json", "run --password … --json"),
        ("run --api-token='a b' x", "run --api-token=… x"),
        ('{"password": "two words", "a": 1}', '{"password": …, "a": 1}'),
        ("Authorization: Bearer abc.def", "Authorization: …"),
        ("https://bob:hunter2@example.org/x", "https://…@example.org/x"),
        ("ssh:bob:hunter2@board:22", "ssh:…@board:22"),
        ("k -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- l", "k … l"),
        ("a -----BEGIN PRIVATE KEY-----\ncut off", "a …"),
        ("tokens by features: 12 × 768", "tokens by features: 12 × 768"),
    ],
)
def test_that_secrets_are_left_out(text: str, told: str) -> None:
    assert redacted(text) == told


def test_that_secrets_of_the_environment_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_API_KEY", "s3cr3t-and-long")
    assert redacted("connecting with s3cr3t-and-long failed") == "connecting with … failed"


def test_that_a_user_without_a_name_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nobody)
    monkeypatch.setenv("HOME", str(Path("/")))
    monkeypatch.setenv("USERPROFILE", str(Path("/")))
    assert redacted("/data/x") == "/data/x"
