"""Drives: which of them stay."""

import os
from pathlib import Path

import pytest

from workbench.foundation import drives
from workbench.foundation.drives import is_fixed

LINES = """\
24 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
29 24 0:25 / /dev/shm rw - tmpfs tmpfs rw,size=25165824k
40 24 0:52 / /home/me/nas\\040one rw,relatime shared:9 - nfs4 nas:/data rw
41 24 0:53 / /home/me/board rw,nosuid shared:10 master:2 - fuse.sshfs root@board:/ rw
42 24 8:17 / /media/me/STICK rw - vfat /dev/sdb1 rw
43 24 0:60 / /odd rw
44 24 0:61
"""


@pytest.mark.skipif(not hasattr(os, "makedev"), reason="Windows has no such numbers")
@pytest.mark.parametrize(
    ("major", "minor", "expected"),
    [(254, 0, True), (0, 25, True), (0, 52, False), (0, 53, False), (8, 17, False), (0, 60, False), (0, 61, False),
     (7, 7, False)],
)  # fmt: skip
def test_that_only_the_systems_own_file_systems_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, major: int, minor: int, expected: bool
) -> None:
    monkeypatch.setattr(drives, "MOUNTS", tmp_path / "mountinfo")
    drives.MOUNTS.write_text(LINES)

    assert is_fixed(os.makedev(major, minor)) is expected


def test_that_a_system_that_does_not_tell_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "MOUNTS", tmp_path / "none")

    assert not is_fixed(tmp_path.stat().st_dev)
