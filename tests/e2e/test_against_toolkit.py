"""The embedded simulator against the vendor's, on a network like MobileNetV2: values and table digits."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.networks import MEAN, STD, mobilenet
from workbench.compare.compare import LayerError
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.quantize.schemes import QuantSettings

pytestmark = pytest.mark.toolkit
VENDOR = Path(__file__).parent.parent / "vendor_run.py"


@dataclass
class Pair:
    """One network, run by both."""

    case: str
    results: Results
    snapshot: Path
    files: dict[str, str]
    table: dict[str, list[float]]

    def vendor(self, tensor: str) -> np.ndarray:
        return np.load(self.snapshot / "simulator" / "npy" / f"{self.files[tensor]}.npy", allow_pickle=False)


CASES = {
    "w8a8": QuantSettings(),
    "w8a8 norms": QuantSettings(),
    "w8a8 layer": QuantSettings(method="layer"),
    "w16a16i_dfp": QuantSettings("w16a16i_dfp"),
    "w4a16": QuantSettings("w4a16", target="rk3576"),
    "w4a16 group32": QuantSettings("w4a16", "group32", target="rk3576"),
    "fp16": QuantSettings("fp16"),
}


@pytest.fixture(scope="module", params=list(CASES))
def pair(request: pytest.FixtureRequest, toolkit_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    quant = CASES[request.param]
    folder = tmp_path_factory.mktemp("pair")
    model = mobilenet(folder / "network.onnx", norms="norms" in request.param)
    pictures = [_picture(folder / f"{number}.png", number) for number in range(4)]
    _run_vendor(toolkit_python, folder, model, pictures, quant)
    samples = tuple(Sample((path,)) for path in pictures)
    preprocess = {"input": Preprocess(mean=MEAN, std=STD)}
    session = Session(model, preprocess=preprocess, samples=samples[:1], dataset=samples, quant=quant)
    results = drain(analyze(session, folder / "session"))
    snapshot = folder / "snapshot"
    return Pair(request.param, results, snapshot, _files(snapshot), _table(snapshot))


def test_that_nearly_every_element_is_identical_tensor_by_tensor(pair: Pair) -> None:
    with Dump(pair.results.dumps["simulator"][0]) as dump:
        names = [name for name in dump.names if name in pair.files]
        same = {name: float(np.mean(dump[name].ravel() == pair.vendor(name).ravel())) for name in names}
        quantized = {name for name in names if dump.encoding(name) is not None}
    assert len(names) >= 40
    # a tensor inside a fused operator is no stored value: float noise of another runtime version shows in it
    assert {name: share for name, share in same.items() if name in quantized and share < 0.999} == {}
    assert np.mean([same[name] for name in quantized]) >= 0.9999


def test_that_the_layer_table_has_the_vendors_digits(pair: Pair) -> None:
    rows = {row.tensor: row for row in pair.results.rows if pair.table.get(row.tensor)}
    assert len(rows) >= 25
    ours = {name: _digits(row) for name, row in rows.items()}
    # The vendor sums cosines in float32; and its golden values are those of its folded network, so that with
    # BatchNormalization values next to a tie may fall to the other side.
    tolerance = {"rtol": 1e-3, "atol": 2e-5} if "norms" in pair.case else {"rtol": 0, "atol": 1.1e-5}
    assert [name for name in rows if not np.allclose(ours[name], pair.table[name], **tolerance)] == []
    if "norms" not in pair.case:
        assert sum(ours[name] != pair.table[name] for name in rows) <= len(rows) // 4


def test_that_every_row_of_the_vendor_is_a_row_or_inside_one(pair: Pair) -> None:
    covered = {name for row in pair.results.rows for name in (row.tensor, *row.group)}
    assert set(pair.table) - covered <= {"input"}


def _picture(path: Path, seed: int) -> Path:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (9, 9, 3), np.uint8)
    cv2.imwrite(str(path), cv2.resize(coarse, (150, 120), interpolation=cv2.INTER_CUBIC))
    return path


def _run_vendor(python: Path, folder: Path, model: Path, pictures: list[Path], quant: QuantSettings) -> None:
    (folder / "dataset.txt").write_text("".join(f"{path}\n" for path in pictures))
    request = {
        "model": str(model),
        "dataset": str(folder / "dataset.txt"),
        "inputs": [str(pictures[0])],
        "folder": str(folder),
        "config": {
            "mean_values": [list(MEAN)],
            "std_values": [list(STD)],
            "target_platform": quant.target,
            **({"quantized_dtype": quant.dtype, "quantized_method": quant.method} if quant.type.is_quantized else {}),
        },
        "quantize": quant.type.is_quantized,
    }
    subprocess.run([python, VENDOR, json.dumps(request)], check=True, capture_output=True, timeout=300)


def _files(snapshot: Path) -> dict[str, str]:
    lines = (snapshot / "map_name_to_file.txt").read_text().splitlines()[2:]
    return {name: file.removesuffix(".txt") for name, file in (line.split() for line in lines if line.strip())}


def _table(snapshot: Path) -> dict[str, list[float]]:
    rows = re.findall(r"^\[\w+\] +(\S+)(.*)$", (snapshot / "error_analysis.txt").read_text(), re.MULTILINE)
    return {name: [float(text) for text in re.findall(r"-?\d+\.\d{5}", cells)] for name, cells in rows}


def _digits(row: LayerError) -> list[float]:
    """cos and euc, entire and single, with the digits that the vendor prints from float32."""
    columns = [row.errors[f"simulator.{kind}"].mean for kind in ("entire", "single")]
    return [float(f"{np.float32(values[key]):.5f}") for values in columns for key in ("cos_toolkit", "euc")]
