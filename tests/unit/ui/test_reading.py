"""What the worker process keeps of the network that it read."""

import os
from pathlib import Path

import pytest

from tests import foreign
from workbench.graph.graph import Model
from workbench.ui import reading
from workbench.ui.reading import read_network, whole_network


@pytest.fixture
def caffe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network of two files; nothing is kept of other tests."""
    monkeypatch.setattr(reading, "_whole", {})
    return foreign.caffe(tmp_path)[0]


def test_that_a_network_is_read_once_while_its_files_are_the_same(caffe: Path) -> None:
    assert whole_network(caffe, {}) is whole_network(caffe, {})


@pytest.mark.parametrize("suffix", [".prototxt", ".caffemodel"])
def test_that_each_file_of_a_network_counts(suffix: str, caffe: Path) -> None:
    before = whole_network(caffe, {})
    os.utime(caffe.with_suffix(suffix), (1, 1))
    assert whole_network(caffe, {}) is not before


def test_that_weights_from_elsewhere_count_until_the_network_is_opened_without_them(
    caffe: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / "other.caffemodel"
    other.write_bytes(caffe.with_suffix(".caffemodel").read_bytes())

    def weights_of(weights: Path | None) -> Path:
        assert isinstance(read_network(caffe, {}, weights), Model)
        return whole_network(caffe, {}).files[1]

    assert weights_of(other) == other
    assert weights_of(None) == caffe.with_suffix(".caffemodel")
