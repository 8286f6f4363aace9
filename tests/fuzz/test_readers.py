"""Rules of every reader: broken files are refused with a sentence, whatever is wrong with them.

`python -m tests.fuzz --minutes N` looks further.
"""

import sys
from pathlib import Path

import pytest

from tests.fuzz import runs
from tests.fuzz.readers import BY_NAME

EXAMPLES = 20
GROUPS = (
    ("onnx", "analysis", "session"),
    ("caffe", "darknet", "tensorflow", "tflite", "hdf5", "panes", "folders", "npz", "pictures", "arrays", "dataset"),
    (
        "labels",
        "idx",
        "plans",
        "descriptions",
        "toolkit",
        "board",
        "ssh",
        "typed",
        "torch",
        "said",
        "packed",
        "settings",
        "beside",
    ),
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory and time of a process as Linux does")


def test_that_every_reader_is_in_a_group() -> None:
    assert sorted(name for group in GROUPS for name in group) == sorted(BY_NAME)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_that_broken_files_are_read_or_refused_with_a_sentence(group: tuple[str, ...], tmp_path: Path) -> None:
    """Nothing else escapes, nothing is written elsewhere, run or asked, in bounded time and memory."""
    found = runs.fuzz(group, EXAMPLES, 1, tmp_path)

    assert [f"{one.reader} with the files in {one.files}:\n{one.trace}" for one in found] == []


def test_that_readers_that_break_a_rule_are_found(tmp_path: Path) -> None:
    rules = {
        "escapes": "ZeroDivisionError", "writes": "writes to", "runs": "subprocess.Popen", "asks": "socket.",
        "fills": "MemoryError", "hangs": "takes more than", "dies": "Segmentation fault",
    }  # fmt: skip

    found = runs.fuzz([f"broken-{name}" for name in rules], 1, 1, tmp_path)

    named = zip(found, rules.items(), strict=True)
    assert [(one.reader, rule in one.trace) for one, (_, rule) in named] == [(f"broken-{name}", True) for name in rules]
