"""The environment of a process that goes on from test to test."""

import os
from collections.abc import Mapping


def exchange(variables: Mapping[str, str]) -> dict[str, str]:
    """Take these in place of all that are there, and give those."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    return before
