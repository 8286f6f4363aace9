"""Networks of every framework become an .rknn by the real toolkit."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests import foreign
from workbench.cli.app import main
from workbench.foundation.steps import drain
from workbench.graph.read import guess_shapes, read_inputs
from workbench.sources.toolkit.descriptions import Toolkit, describe
from workbench.sources.toolkit.host import Versions, look

pytestmark = pytest.mark.toolkit
Make = Callable[[Path, Path], Path]
NETWORKS: dict[str, Make] = {
    "caffe": lambda folder, python: foreign.caffe(folder)[0],
    "darknet": lambda folder, python: padded(foreign.darknet(folder)),
    "pytorch": foreign.torchscript,
    "tensorflow": lambda folder, python: foreign.tensorflow(folder)[0],
    "tflite": lambda folder, python: foreign.tflite(folder)[0],
}
LAYER = "size=1\nstride=1\n"
NEEDED = {"tensorflow": "tensorflow", "tflite": "tensorflow", "pytorch": "torch"}


def padded(path: Path) -> Path:
    """The toolkit takes no convolutional section that leaves `pad` to its default."""
    path.write_text(path.read_text().replace(LAYER, f"{LAYER}pad=0\n"))
    return path


@pytest.fixture(scope="module")
def toolkit(toolkit_python: Path) -> tuple[Toolkit, Versions]:
    found = Toolkit("real", toolkit_python)
    return found, drain(look(found))


@pytest.mark.parametrize("framework", NETWORKS)
def test_that_a_network_of_any_framework_is_converted(
    framework: str, toolkit: tuple[Toolkit, Versions], tmp_path: Path
) -> None:
    described, versions = toolkit
    describe(described)
    if NEEDED.get(framework, "onnx") not in versions.frameworks:
        pytest.skip(f"the toolkit's interpreter has no {NEEDED[framework]} (packaging/setup_toolkit.sh --tensorflow)")
    model = NETWORKS[framework](tmp_path, described.python)
    given = [] if framework != "pytorch" else ["--shape", "x.1:1,3,32,32"]
    shapes = {**guess_shapes(inputs := read_inputs(model)), "x.1": (1, 3, 32, 32)}
    files = []
    for item in inputs:
        files.append(str(tmp_path / f"input-{len(files)}.npy"))
        shape = item.static_shape or shapes[item.name]
        np.save(files[-1], np.random.default_rng(1).uniform(-1, 1, shape).astype(np.float32))

    assert main(["convert", str(model), "-i", *files, *given, "-q", "-o", str(tmp_path / "m.rknn")]) == 0

    assert (tmp_path / "m.rknn").read_bytes()[:4] == b"RKNN"


def test_that_a_repaired_copy_of_a_darknet_cfg_is_taken(
    toolkit_python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(Toolkit("real", toolkit_python))
    path, mended = foreign.darknet(tmp_path), tmp_path / "mended" / "tiny.cfg"
    mended.parent.mkdir()
    np.save(tmp_path / "x.npy", np.random.default_rng(1).uniform(0, 1, (1, 3, 32, 32)).astype(np.float32))
    words = ["-i", str(tmp_path / "x.npy"), "-q", "-o", str(tmp_path / "m.rknn")]

    assert main(["convert", str(path), *words]) == 2
    assert "Write pad=" in capsys.readouterr().err
    assert main(["repair", str(path), "--how", "darknet-defaults", "-o", str(mended)]) == 0
    assert main(["convert", str(mended), *words, "--weights", str(path.with_suffix(".weights"))]) == 0

    assert (tmp_path / "m.rknn").read_bytes()[:4] == b"RKNN"
