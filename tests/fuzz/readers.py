"""Every reader of files and texts that come from elsewhere, and good examples of what it reads."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.fuzz import kept_files, other_processes, seeds, texts
from tests.unit.sources.toolkit import report_texts
from workbench.capi.buffers import read_buffer
from workbench.compare.compare import LayerError
from workbench.compare.match import read_layouts, read_map
from workbench.dump.formats import open_dumps
from workbench.dump.store import Dump
from workbench.evaluate.answers import read_answers
from workbench.evaluate.items import picture_of, read_items
from workbench.evaluate.labels import read_classes, read_names
from workbench.evaluate.truths import read_boxes
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.graph.fusion import deploy
from workbench.graph.graph import Tensor
from workbench.graph.layout import place
from workbench.graph.onnx_file import data_files
from workbench.graph.read import check_runs, read_inputs, read_model
from workbench.preprocess import arrays, images
from workbench.preprocess.dataset import Sample, feeds, read_dataset
from workbench.preprocess.notation import from_toolkit1, from_toolkit2, parse_input_option, parse_numbers
from workbench.project.board.c_program import explain_attrs
from workbench.project.board.timing import load_times
from workbench.project.findings.diagnosis_file import load_diagnosis, load_facts
from workbench.project.mixed.searched import load_kept
from workbench.project.pipeline import analyze, stale
from workbench.project.reported.reported import reported
from workbench.project.results import load_results
from workbench.project.session import Session, load_session
from workbench.project.sweeps.axes import read_axes
from workbench.project.sweeps.file import load_sweep
from workbench.quantize.configs.custom_layers import custom_layers
from workbench.quantize.configs.read import read_plan
from workbench.sources import knowledge
from workbench.sources.board.descriptions import board_of, read_board
from workbench.sources.board.paths import entries_in, local_path, shown
from workbench.sources.board.ssh_config import host_of
from workbench.sources.board.state import amounts_of, driver_lines, variables_of
from workbench.sources.board.times import read_times
from workbench.sources.board.told_versions import converted_by, told_in
from workbench.sources.board.versions import version_in
from workbench.sources.toolkit.descriptions import read_description
from workbench.sources.toolkit.logs import names_in, read_log
from workbench.sources.toolkit.prints import bar_of, mark_of
from workbench.sources.toolkit.report import read_report, read_report_file
from workbench.sources.toolkit.runtime_tables import layers_in, memory_in
from workbench.ui.models.table.filter import matching, parse

Seed = Callable[[Path], None]
INPUT = Tensor("x", (1, 3, 2, 2), "float32")
ROWS = (LayerError(0, "Conv", "a", "a", (), (1, 4), None, {}, "name", ""),)


@dataclass(frozen=True)
class Reader:
    """`read` does with the files of a folder what the program does; `kept` are endings of files that stay good.

    `share` of the examples of a run: what takes long gets fewer.
    """

    name: str
    read: Callable[[Path], object]
    seeds: Sequence[Seed]
    kept: tuple[str, ...] = ()
    share: float = 1.0


def _onnx(folder: Path) -> None:
    path = folder / "net.onnx"
    _each(lambda: read_inputs(path), lambda: data_files(path))
    model = read_model(path)
    check_runs(model)
    graph = drain(deploy(model))
    numbers = {layer.name: at for at, layer in enumerate(model.graph.layers)}
    givers = {name: numbers[layer.name] for layer in model.graph.layers for name in layer.outputs}
    edges = [
        (givers[name], numbers[layer.name]) for layer in model.graph.layers for name in layer.inputs if name in givers
    ]
    place([80.0] * len(numbers), edges)
    _ = list(graph.layers)


def _analysis(folder: Path) -> None:
    """A whole run: shapes that a file says are those of arrays then."""
    sample = Sample((next(folder.glob("in.*")),))
    session = Session(folder / "net.onnx", samples=(sample,), dataset=(sample,))
    drain(analyze(session, folder / "session"))


def _foreign(name: str) -> Callable[[Path], None]:
    def read(folder: Path) -> None:
        _each(lambda: read_inputs(folder / name), lambda: read_model(folder / name))

    return read


def _dumps(name: str) -> Callable[[Path], None]:
    return lambda folder: _each(lambda: _tensors(folder / name, ""), lambda: _tensors(folder / name, "golden"))


def _tensors(path: Path, which: str) -> None:
    with open_dumps(path, which) as dumps:
        for tensor in dumps.names:
            _each(
                lambda tensor=tensor: dumps[tensor],
                lambda tensor=tensor: dumps.raw(tensor, (1, 3, 2, 2)),
                lambda tensor=tensor: dumps.told_shape(tensor),
            )


def _panes(folder: Path) -> None:
    """As the window reads them: piece by piece."""
    with Dump(folder / "a.h5") as dump:
        for tensor in dump.names:
            _each(lambda tensor=tensor: dump.on_file(tensor)[0][()], lambda tensor=tensor: dump.channel(tensor, 0))


def _pictures(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        _each(
            lambda path=path: images.resize(images.read(path), 4, 4, "letterbox", path),
            lambda path=path: images.resize(images.read(path, 4), 4, 6, "crop", path),
        )


def _arrays(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        _each(
            lambda path=path: arrays.cast(arrays.read_npy(path, (1, 3, 2, 2)), np.dtype(np.uint8), path),
            lambda path=path: arrays.read_raw(path, (2, 2, 3), "float32", (1, 3, 2, 2)),
            lambda path=path: read_buffer(path),
        )


def _dataset(folder: Path) -> None:
    for sample in read_dataset(folder / "dataset.txt", 1):
        feeds(sample, (INPUT,), {})


def _labels(folder: Path) -> None:
    made = {"a.png": b"\1", "b.png": b"\1"}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    items = read_items(folder, 1) if not list(folder.glob("*idx*")) else ()
    for path in sorted(folder.iterdir()):
        _each(
            lambda path=path: read_classes(path, items, ("dog", "cat")),
            lambda path=path: read_boxes(path, items),
            lambda path=path: read_names(path),
            lambda path=path: read_answers(path, items),
        )


def _idx(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        _each(lambda path=path: [picture_of(item) for item in read_items(path, 1)[:2]])


def _session(folder: Path) -> None:
    session = load_session(folder)
    results = load_results(folder)
    _each(
        lambda: stale(session, folder),
        lambda: load_diagnosis(folder, results),
        lambda: load_facts(folder, results),
        lambda: load_times(folder),
        lambda: load_sweep(folder),
        lambda: load_kept(session, folder),
    )


def _plan(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        _each(
            lambda path=path: read_plan(path),
            lambda path=path: custom_layers(path.read_bytes()),
            lambda path=path: read_map(path),
            lambda path=path: read_layouts(path),
        )


def _descriptions(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        _each(lambda path=path: read_board(path), lambda path=path: read_description(path))


def _texts_of_toolkit(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        text = path.read_bytes().decode("utf-8", "replace")
        _each(
            lambda path=path, text=text: drain(reported(read_report_file(path), None, text)),
            lambda text=text: read_report(text),
            lambda text=text: (read_log(text), names_in(text), layers_in(text), memory_in(text)),
            lambda text=text: knowledge.recognise(text.splitlines()),
            lambda text=text: [(bar_of(line), mark_of(line)) for line in text.splitlines()],
            lambda text=text: read_times(text),
        )


def _answers_of_board(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        lines = content.decode("utf-8", "replace").splitlines()
        _each(
            lambda content=content: [local_path(folder, entry.name) for entry in entries_in(content, "MARK")],
            lambda content=content: version_in(content),
            lambda path=path: (told_in(path), converted_by(path)),
            lambda lines=lines: (variables_of(lines), list(driver_lines(lines)), amounts_of(lines)),
            lambda lines=lines: [shown(line) for line in lines],
            lambda content=content: explain_attrs(content.decode("utf-8", "replace")),
        )


def _ssh(folder: Path) -> None:
    os.environ["HOME"] = str(folder)
    host_of("me@board:22")
    host_of("board")


def _typed(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        text = path.read_bytes().decode("utf-8", "replace")
        _each(
            lambda text=text: matching(parse(text), ROWS),
            lambda text=text: parse_numbers(text),
            lambda text=text: parse_input_option(text),
            lambda text=text: from_toolkit2(text),
            lambda text=text: from_toolkit1(text, text, (3,)),
            lambda text=text: board_of(text),
            lambda text=text: read_axes(text),
        )


def _each(*readings: Callable[[], object]) -> None:
    """Let each do its work, whatever the others say of the file."""
    for reading in readings:
        try:
            reading()
        except WorkbenchError as error:
            told = f"{error.message}{error.hint}"
            assert "\0" not in told, told
            assert len(told) < 5000, told


READERS = (
    Reader("onnx", _onnx, (seeds.convolutions, seeds.branches)),
    Reader("analysis", _analysis, (seeds.network_with_input,), (".npy",), 0.3),
    Reader("caffe", _foreign("tiny.prototxt"), (seeds.caffe,)),
    Reader("darknet", _foreign("tiny.cfg"), (seeds.darknet,)),
    Reader("tensorflow", _foreign("tiny.pb"), (seeds.tensorflow,)),
    Reader("tflite", _foreign("tiny.tflite"), (seeds.tflite, seeds.tflite_int8)),
    Reader("hdf5", _dumps("a.h5"), (seeds.our_dump, seeds.users_hdf5)),
    Reader("panes", _panes, (seeds.our_dump,)),
    Reader(
        "folders", _dumps("."),
        (seeds.npy_folder, seeds.npy_export, seeds.toolkit2_snapshot, seeds.toolkit1_folder, seeds.board_folder),
    ),
    Reader("npz", _dumps("a.npz"), (seeds.npz,)),
    Reader("pictures", _pictures, (seeds.pictures,)),
    Reader("arrays", _arrays, (seeds.arrays,)),
    Reader("dataset", _dataset, (seeds.dataset,)),
    Reader("labels", _labels, (seeds.labels,)),
    Reader("idx", _idx, (seeds.idx,)),
    Reader("session", _session, (seeds.session,), (".h5", ".npy", ".onnx"), 0.5),
    Reader("plans", _plan, (
        seeds.writing("{}.cfg", texts.TOOLKIT_CFG, texts.TOOLKIT1_CFG, texts.PARAMS, texts.BOMB, texts.OWN, texts.MAP),
        seeds.writing("{}.yml", texts.YAML_MAP, texts.BOMB), seeds.writing("{}.json", texts.JSON_MAP),
    )),
    Reader("descriptions", _descriptions, (seeds.writing("{}.toml", texts.BOARD, texts.TOOLKIT),)),
    Reader(
        "toolkit", _texts_of_toolkit,
        (seeds.writing("{}.txt", *(value for value in vars(report_texts).values() if isinstance(value, str) and "\n" in
                                   value and "layer_name" in value)),
         seeds.writing("{}.log", texts.LOG, texts.TIMES)),
    ),
    Reader("board", _answers_of_board, (seeds.writing("{}.log", texts.LISTING, texts.BOARD_LOG, texts.ATTRS),)),
    Reader("ssh", _ssh, (seeds.ssh_config,)),
    Reader("torch", other_processes.read_torch, (other_processes.network_of_torch,)),
    Reader("said", other_processes.read_said, (other_processes.said,)),
    Reader("packed", other_processes.read_packed, (other_processes.packed,)),
    Reader("settings", kept_files.read_settings, (kept_files.settings,)),
    Reader("beside", kept_files.read_beside, (kept_files.beside_a_session,)),
    Reader("typed", _typed, (seeds.writing("{}.txt", *texts.TYPED),)),
)  # fmt: skip
BY_NAME = {reader.name: reader for reader in READERS}
