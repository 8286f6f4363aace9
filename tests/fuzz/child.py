"""Lets readers read broken files in this process: `python -m tests.fuzz.child FOLDER EXAMPLES SEED READER…`.

Each input is written into FOLDER before it is read, so that it is there when the process does not survive it. A line
of JSON tells of a rule that was broken, {"reader", "trace"}, of each reader that is done, and that there is life.
"""

import faulthandler
import io
import json
import logging
import os
import shutil
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import guard
from tests.fuzz.broken_readers import BROKEN
from tests.fuzz.mutations import Edit, changed, edits
from tests.fuzz.readers import BY_NAME, Reader
from tests.fuzz.runs import CORPUS, CURRENT
from tests.fuzz.seeds import files_in

KNOWN = {**BY_NAME, **BROKEN}
LONGEST = 300  # characters of a line that is shown


def main(folder: Path, examples: int, number: int, names: list[str]) -> None:
    """Read so many broken files with each reader."""
    faulthandler.enable()
    logging.disable(logging.CRITICAL)
    sys.stdout = io.StringIO()  # libraries say what they like
    made = {name: _made(KNOWN[name], folder / "seeds" / name) for name in names}
    guard.put_up()
    for name in names:
        if replay(KNOWN[name], folder):
            fuzz(KNOWN[name], made[name], folder, (max(1, int(examples * KNOWN[name].share)), number))
        tell(done=name)


def replay(reader: Reader, folder: Path) -> bool:
    """Read what broke a rule once; whether all goes well today."""
    for case in sorted(CORPUS.glob(f"{reader.name}-*")):
        try:
            read_case(reader, files_in(case), folder)
        except guard.BrokenRuleError as broken:
            tell(reader=reader.name, trace=f"{case}\n{_shortened(str(broken))}")
            return False
    return True


def fuzz(reader: Reader, cases: list[dict[str, bytes]], folder: Path, how: tuple[int, int]) -> None:
    """Read (how many, seeded with) changed cases; tell the smallest one that breaks a rule."""
    found: list[str] = []
    examples, number = how

    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip
    @given(st.integers(0, len(cases) - 1), edits())
    def reading(which: int, made: list[Edit]) -> None:
        case = dict(cases[which])
        open_ = {name: data for name, data in case.items() if not name.endswith(reader.kept or ("\0",))}
        for edit in made:
            open_ = changed(open_, edit)
        tell(alive=reader.name)
        try:
            read_case(reader, case | open_, folder)
        except guard.BrokenRuleError as broken:
            found[:] = [str(broken)]
            if str(broken).startswith(guard.LATE):  # looking for a smaller file would take for ever
                tell(reader=reader.name, trace=_shortened(str(broken)))
                os._exit(1)
            raise AssertionError(str(broken).splitlines()[-1:]) from None

    try:
        reading()
    except (AssertionError, BaseExceptionGroup) as error:
        tell(reader=reader.name, trace=_shortened(found[0] if found else repr(error)))


def read_case(reader: Reader, case: Mapping[str, bytes], folder: Path) -> None:
    """Write a case and read it; a `BrokenRuleError` when a rule is broken."""
    place = folder / CURRENT
    shutil.rmtree(place, ignore_errors=True)
    for name, data in case.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with warnings.catch_warnings(), guard.watched(place):
        warnings.simplefilter("ignore")
        reader.read(place)


def tell(**facts: str) -> None:
    """A line for the process above."""
    print(json.dumps(facts), file=sys.__stdout__, flush=True)


def _shortened(trace: str) -> str:
    return "\n".join(f"{line[:LONGEST]} …" if len(line) > LONGEST else line for line in trace.splitlines())


def _made(reader: Reader, folder: Path) -> list[dict[str, bytes]]:
    cases = []
    for number, write in enumerate(reader.seeds):
        place = folder / str(number)
        place.mkdir(parents=True)
        write(place)
        cases.append(files_in(place))
    return cases


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
