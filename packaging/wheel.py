"""Build the source archive, and the wheel from what the archive holds: what it lacks is then missing at once.

python packaging/wheel.py [FOLDER]        FOLDER is dist unless given; needs the packages of the group `build`
"""

import sys
import tarfile
import tempfile
from contextlib import chdir
from pathlib import Path

from hatchling.build import build_sdist, build_wheel

ROOT = Path(__file__).resolve().parent.parent


def build(folder: Path) -> None:
    """Write both into `folder`, without the network, and print where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    with chdir(ROOT):
        archive = folder / build_sdist(str(folder))
    print(archive)
    with tempfile.TemporaryDirectory() as unpacked:
        with tarfile.open(archive) as tar:
            tar.extractall(unpacked, filter="data")
        (source,) = Path(unpacked).iterdir()
        with chdir(source):
            print(folder / build_wheel(str(folder)))


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist").absolute())
