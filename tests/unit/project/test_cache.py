"""Rules of what a stage's file is named by."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.foundation.errors import DatasetError
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project import cache
from workbench.project.digests import file_digest
from workbench.project.session import ImportedDumps, Session
from workbench.quantize.schemes import QuantSettings

Change = Callable[[Session], Session]
NO_CHANGE_OF_GOLDEN: dict[str, Change] = {
    "quantization": lambda it: replace(it, quant=QuantSettings(method="layer")),
    "dataset": lambda it: replace(it, dataset=()),
    "simulator": lambda it: replace(it, simulator="none"),
}


def key(session: Session) -> str:
    return cache.golden_key(session, read_model(session.model), session.samples[0])


@pytest.mark.parametrize("change", NO_CHANGE_OF_GOLDEN)
def test_that_golden_values_do_not_depend_on_the_simulator(session: Session, change: str) -> None:
    assert key(NO_CHANGE_OF_GOLDEN[change](session)) == key(session)


def test_that_golden_values_depend_on_preprocessing_and_patterns(session: Session) -> None:
    changed = [replace(session, preprocess={"x": Preprocess(mean=(1.0,))}), replace(session, tensors=("y",))]

    assert len({key(session), *map(key, changed)}) == 3


def test_that_calibrated_ranges_depend_on_whether_the_chip_has_attentions(session: Session) -> None:
    model = read_model(session.model)
    targets = ("rk3588", "rk3576", "rk3566", "rk3568")
    keys = [cache.calibration_key(replace(session, quant=QuantSettings(target=target)), model) for target in targets]

    assert keys[0] == keys[1] != keys[2] == keys[3]


def test_that_a_file_counts_by_its_content_and_not_by_its_name(session: Session, tmp_path: Path) -> None:
    copy = tmp_path / "copy.npy"
    shutil.copy(session.samples[0].files[0], copy)
    before = key(session)

    assert key(replace(session, samples=(Sample((copy,), "elsewhere"),))) == before
    np.save(session.samples[0].files[0], random(1, 3, 6, 6, seed=77))
    assert key(session) != before


def test_that_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"gone\.npy"):
        file_digest(tmp_path / "gone.npy")


def test_that_imports_count_by_their_files_names_and_layout(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    np.save(tmp_path / "board" / "a.npy", random(2))
    imported = ImportedDumps(tmp_path / "board")
    digests = [cache.import_digest(it) for it in (imported, replace(imported, layout="nhwc"))]
    digests.append(cache.import_digest(replace(imported, names={"a": "b"})))
    np.save(tmp_path / "board" / "b.npy", random(2))
    digests.append(cache.import_digest(imported))

    assert len(set(digests)) == 4


def test_that_an_import_that_moved_with_its_session_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "before" / "board").mkdir(parents=True)
    np.save(tmp_path / "before" / "board" / "a.npy", random(2))
    digest = cache.import_digest(ImportedDumps(tmp_path / "before" / "board"))

    (tmp_path / "before").rename(tmp_path / "after")

    assert cache.import_digest(ImportedDumps(tmp_path / "after" / "board")) == digest


def test_that_an_import_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="board"):
        cache.import_digest(ImportedDumps(tmp_path / "board"))


def test_that_only_our_own_unused_files_are_removed(tmp_path: Path) -> None:
    for name in ("used.h5", "old.h5", "old.json", ".half.h5.part", "notes.txt"):
        (tmp_path / name).write_text("content")
    (tmp_path / "folder.h5").mkdir()

    cache.remove_unused(tmp_path, [tmp_path / "used.h5"])

    assert {path.name for path in tmp_path.iterdir()} >= {"used.h5", "notes.txt", "folder.h5"}
    assert not {"old.h5", "old.json", ".half.h5.part"} & {path.name for path in tmp_path.iterdir()}


def test_that_the_toolkits_dumps_depend_on_options_that_touch_numbers_only(session: Session) -> None:
    model = read_model(session.model)

    def toolkit_key(**options: object) -> str:
        return cache.toolkit_key(replace(session, toolkit_options=options), model, session.samples[0], "")

    assert toolkit_key(compress_weight=True, single_core_mode=True) == toolkit_key()
    assert len({toolkit_key(), toolkit_key(remove_reshape=True), toolkit_key(op_target={"r2": "cpu"})}) == 3
