"""Runs the readers in processes of their own, outlives their crashes, and keeps the files that broke a rule."""

import hashlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).resolve().parent / "corpus"
PATIENCE = 300  # seconds without a word: one reader's inputs, on a busy machine
CURRENT = "current"


@dataclass(frozen=True)
class Broken:
    """A reader that broke a rule, how, and the files it did it with."""

    reader: str
    trace: str
    files: Path


def fuzz(readers: Sequence[str], examples: int, seed: int, folder: Path) -> list[Broken]:
    """What so many broken files do to each reader; the files are kept in `folder`."""
    found: list[Broken] = []
    left = list(readers)
    while left:
        place = folder / f"run{len(list(folder.iterdir()))}"
        place.mkdir(parents=True)
        for told in _told(place, (examples, seed), left):
            if "trace" in told:
                found.append(_kept(told["reader"], told["trace"], place, folder))
            if "done" in told:
                left.remove(told["done"])
        if left and (not found or found[-1].reader != left[0]):  # it died, or had to be killed
            trace = (place / "stderr").read_text(errors="replace")[-4000:] or "ended without a word"
            found.append(_kept(left[0], trace, place, folder))
        left = left[1:]
        shutil.rmtree(place)
    return found


def _told(place: Path, how: tuple[int, int], readers: Sequence[str]) -> Iterator[dict[str, str]]:
    """What a process tells; one that tells nothing for long is killed."""
    command = [sys.executable, "-m", "tests.fuzz.child", str(place), *map(str, how), *readers]
    folders = {"RKNN_WORKBENCH_SETTINGS": "settings", "HYPOTHESIS_STORAGE_DIRECTORY": "hypothesis"}
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"} | {key: str(place / of) for key, of in folders.items()}
    with (
        (place / "stderr").open("wb") as errors,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, env=environment
        ) as child,
    ):
        lines: queue.Queue[bytes] = queue.Queue()
        thread = threading.Thread(target=_hear, args=(child.stdout, lines))
        thread.start()
        try:
            while line := lines.get(timeout=PATIENCE):
                yield json.loads(line)
        except queue.Empty:
            errors.write(f"said nothing for {PATIENCE} s".encode())
        finally:
            child.kill()
            thread.join()


def _hear(stream: Iterable[bytes], lines: "queue.Queue[bytes]") -> None:
    """Take the lines of a process; an empty one comes after its end."""
    for line in stream:
        lines.put(line)
    lines.put(b"")


def _kept(reader: str, trace: str, place: Path, folder: Path) -> Broken:
    """Move the files that were being read to where they stay."""
    current = place / CURRENT
    current.mkdir(exist_ok=True)
    content = b"".join(path.read_bytes() for path in sorted(current.rglob("*")) if path.is_file())
    target = folder / "found" / f"{reader}-{hashlib.sha256(content).hexdigest()[:12]}"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(current, target, dirs_exist_ok=True)
    return Broken(reader, trace, target)
