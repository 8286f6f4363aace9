"""The vendor's API as far as an analysis needs it; a simulator that rounds to sixteenths.

Golden values are ONNX Runtime's. Every run adds a line to the file that the variable RUNS names. What the toolkit
prints is what it prints; single errors are those of the whole run.
"""

import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

HEAD = """# simulator_error: calculate the output error of each layer of the simulator (compared to the 'golden' value).

layer_name                        simulator_error
                             entire              single
                          cos      euc        cos      euc
------------------------------------------------------------------
"""


class RKNN:
    """One network."""

    def __init__(self, verbose: bool = False) -> None:
        self._proto = onnx.ModelProto()

    def config(self, target_platform: str, **options: object) -> int:
        if options.get("quantized_algorithm") == "kl_divergence":
            print("E config: this double knows no kl_divergence")
            return -1
        return 0

    def load_onnx(self, model: str, **options: object) -> int:
        self._proto = onnx.load(model)
        return 0

    def build(self, do_quantization: bool, dataset: str | None = None) -> int:
        rows = Path(dataset).read_text().splitlines() if dataset else []
        with Path(os.environ["RUNS"]).open("a") as runs:
            runs.write(f"build of {len(rows)} rows\n")
        return 0

    def accuracy_analysis(self, inputs: list[str], output_dir: str) -> int:
        feeds = {item.name: np.load(path) for item, path in zip(self._proto.graph.input, inputs, strict=True)}
        golden = {**feeds, **self._values(feeds)}
        simulated = {**golden, **{name: np.round(golden[name] * 16) / 16 for name in golden if name not in feeds}}
        ops = {name: node.op_type for node in self._proto.graph.node for name in node.output}
        files = {name: f"file{number}" for number, name in enumerate(golden)}
        folder = Path(output_dir)
        for kind, values in (("golden", golden), ("simulator", simulated)):
            (folder / kind / "npy").mkdir(parents=True)
            for name, array in values.items():
                np.save(folder / kind / "npy" / f"{files[name]}.npy", array.astype(np.float32))
        lines = [f"{name:30} {file}.txt" for name, file in files.items()]
        (folder / "map_name_to_file.txt").write_text("\n".join(["layer_name  file_name", "-" * 40, *lines]) + "\n")
        rows = [row(ops.get(name, "Input"), name, golden[name], simulated[name]) for name in golden]
        (folder / "error_analysis.txt").write_text(HEAD + "\n".join(rows) + "\n")
        return 0

    def _values(self, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        names = [name for node in self._proto.graph.node for name in node.output]
        del self._proto.graph.output[:]
        self._proto.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
        session = onnxruntime.InferenceSession(self._proto.SerializeToString(), providers=["CPUExecutionProvider"])
        return dict(zip(names, session.run(None, feeds), strict=True))


def row(op: str, name: str, golden: np.ndarray, simulated: np.ndarray) -> str:
    a, b = golden.ravel().astype(np.float64), simulated.ravel().astype(np.float64)
    cos, euc = a @ b / np.sqrt((a @ a) * (b @ b)), np.sqrt(((a - b) ** 2).sum())
    cell = f"{cos:.5f} | {euc:.5f}   "
    return f"[{op}] {name:20}".ljust(30) + cell + cell
