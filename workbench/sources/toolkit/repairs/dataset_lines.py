"""The lines of a dataset.txt that name samples, without blank lines, comments and what is no sample.

The toolkit parts the files of a line at blanks and knows neither quotes nor comments.
"""

from pathlib import Path

from workbench.sources.toolkit.repairs.patched import Patched, RepairError, patched_text, read_text

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".npy")
"""What the toolkit reads."""
KEPT = "Keep the copy in the folder of the dataset: its relative paths count from there."
SPLIT = "Paths that hold blanks cannot be read by the toolkit: rename these files."


def usable(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """The list with only its usable lines, ended by line feeds, without a byte order mark."""
    text = read_text(path)
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    good = [line for line in lines if line and all(_is_sample(path.parent / word) for word in line.split())]
    if not good:
        raise RepairError(f"{path.name} names no file that exists.", "Write the paths relative to its folder.")
    notes = (KEPT, SPLIT) if '"' in text or "'" in text else (KEPT,)
    return (patched_text(path, text, "".join(f"{line}\n" for line in good), notes),)


def _is_sample(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()
