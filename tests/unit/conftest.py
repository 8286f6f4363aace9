"""Fixtures of several packages' tests."""

from tests.made_toolkit import calls, toolkit_that

__all__ = ["calls", "toolkit_that"]
