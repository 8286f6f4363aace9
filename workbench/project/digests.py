"""Hashes that say what something depends on, or what a file holds."""

import hashlib
import json
from pathlib import Path
from typing import Any

from workbench.foundation.errors import DatasetError


def key_of_values(values: Any, length: int = 16) -> str:
    """The first hexadecimal digits of the SHA-256 of values that JSON can hold, whatever the order of their names."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:length]


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's content."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.", "Choose the inputs again.") from error
