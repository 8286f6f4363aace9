"""Rules of the versions that logs tell; the lines are as the vendor's programs print them."""

from pathlib import Path

import pytest

from workbench.sources.board.told_versions import converted_by, told


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        (
            "I RKNN: [01:19:04.510] RKNN Runtime Information: librknnrt version: 1.4.0 (a10f100eb@2022)",
            "runtime",
            "1.4.0",
        ),
        ("RKNN Runtime Information, librknnmrt version: 2.3.2 (429f97ae6b@2025)", "runtime", "2.3.2"),
        ("rknn_api/rknnrt version: 2.0.0b0 (35a6907d79@2024-03-24), driver version: 0.9.6", "runtime", "2.0.0b0"),
        ("driver version: 0.8.2, API version: 1.6.0 (9a7b5d24c@2023)", "runtime", "1.6.0"),
        ("API: 2.3.2, DRV: rknn_server: 2.3.0, DRV: rknnrt: 2.3.2", "runtime", "2.3.2"),
        ("API: 2.3.2, DRV: rknn_server: 2.3.0, DRV: rknnrt: 2.3.2", "server", "2.3.0"),
        ("I RKNN: [01:19:04.510] RKNN Driver Information: version: 0.8.2", "driver", "0.8.2"),
        ("driver version: 0.8.2, API version: 1.6.0 (9a7b5d24c@2023)", "driver", "0.8.2"),
        (
            "RKNN Model Information, version: 6, toolkit version: 2.3.0(compiler version: 2.3.0)",
            "converted by",
            "2.3.0",
        ),
    ],
)
def test_that_each_line_tells_its_version(line: str, name: str, version: str) -> None:
    assert told(line)[name] == version


def test_that_the_last_of_several_runs_counts() -> None:
    assert told("driver version: 0.8.2\ndriver version: 0.9.8\n") == {"driver": "0.9.8"}


@pytest.mark.parametrize("text", ["", "python version: 3.11.2", "toolkit version: x.y.z", "RKNN failed 1.2"])
def test_that_other_text_tells_none(text: str) -> None:
    assert told(text) == {}


def test_that_what_is_no_rknn_was_made_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.rknn").write_bytes(bytes(100))

    assert converted_by(tmp_path / "a.rknn") == converted_by(tmp_path / "none.rknn") == ""
