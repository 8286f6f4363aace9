"""The vendor's API as far as tests need it; a simulator that rounds to sixteenths, golden values of ONNX Runtime.

Variables of the environment say what else happens: HEAD is run first, CONFIG, LOAD and BUILD in these calls (bodies of
functions in one line, whose value the call gives). CALLS and RUNS name files that get a line for every call, and for
every build with its number of rows.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

IMPORTS = "import ctypes, os, subprocess, sys, time\n"  # for the lines of tests
HEAD = """# simulator_error: calculate the output error of each layer of the simulator (compared to the 'golden' value).

layer_name                        simulator_error
                             entire              single
                          cos      euc        cos      euc
------------------------------------------------------------------
"""
CFG = """custom_quantize_layers:
    b: float16
quantize_parameters:
    a:
        dtype: int8
        min:
        -   -1.0
        max:
        -   1.0
        scale:
        -   0.00784313725490196
        zero_point:
        -   0
    b:
        dtype: int8
        min:
        -   -1.0
        max:
        -   1.0
        scale:
        -   0.00784313725490196
        zero_point:
        -   0
"""


PERFORMANCE = """---------------------------------------------------
ID   OpType    DataType Target InputShape  OutputShape  DDR/NPU/Total Cycles  Time(us)  FullName
1    ConvRelu  INT8     NPU    (1,3,6,6)   (1,8,6,6)    100/200/200           42        Conv:c1
---------------------------------------------------
"""


class RKNN:
    """One network."""

    def __init__(self, verbose: bool = False) -> None:
        self._model = Path()
        print("I rknn-toolkit2 version: 0.0")

    def config(self, target_platform: str, **options: object) -> Any:
        return _acted("CONFIG")

    def load_onnx(self, model: str, **options: object) -> Any:
        self._model = Path(model)
        return _acted("LOAD")

    def build(self, do_quantization: bool, dataset: str | None = None) -> Any:
        rows = Path(dataset).read_text().splitlines() if dataset else []
        _note("RUNS", f"build of {len(rows)} rows")
        return _acted("BUILD")

    def export_rknn(self, export_path: str) -> int:
        Path(export_path).touch()
        return 0

    def hybrid_quantization_step1(self, dataset: str, proposal: bool) -> int:
        for suffix, text in (("model", str(self._model)), ("data", ""), ("quantization.cfg", CFG)):
            with open(f"m.{suffix}", "w") as file:  # noqa: PTH123 - a test takes this `open` away
                file.write(text)
        return 0

    def hybrid_quantization_step2(self, model_input: str, data_input: str, model_quantization_cfg: str) -> int:
        self._model = Path(Path(model_input).read_text())
        print(Path(model_quantization_cfg).read_text())
        return 0

    def load_rknn(self, path: str) -> int:
        return 0

    def init_runtime(self, target: str, device_id: str = "", perf_debug: bool = False, eval_mem: bool = False) -> Any:
        return _acted("MEASURE")

    def eval_perf(self) -> str:
        print(PERFORMANCE)
        return PERFORMANCE

    def eval_memory(self) -> dict[str, Any]:
        return {"total": {"total_model_allocation": 1234}, "kind": Path("memory")}

    def get_sdk_version(self) -> str:
        return "API: 2.3.2, DRV: rknn_server: 2.3.2, DRV: rknnrt: 2.3.2"

    def list_devices(self) -> tuple[list[str], list[str]]:
        return ["0123456789", "127.0.0.1:5555"], ["0123456789"]

    def accuracy_analysis(self, inputs: list[str], output_dir: str, target: str = "", device_id: str = "") -> int:
        import numpy as np
        import onnx

        proto = onnx.load(self._model)
        feeds = {item.name: np.load(path) for item, path in zip(proto.graph.input, inputs, strict=True)}
        golden = {**feeds, **_values(proto, feeds)}
        simulated = {**golden, **{name: np.round(golden[name] * 16) / 16 for name in golden if name not in feeds}}
        ops = {name: node.op_type for node in proto.graph.node for name in node.output}
        files = {name: f"file{number}" for number, name in enumerate(golden)}
        folder = Path(output_dir)
        on_board = {name: golden[name] + (name not in feeds) for name in golden}
        for kind, values in (("golden", golden), ("simulator", simulated), ("runtime", on_board))[: 3 if target else 2]:
            (folder / kind / "npy").mkdir(parents=True)
            for name, array in values.items():
                np.save(folder / kind / "npy" / f"{files[name]}.npy", array.astype(np.float32))
                (folder / kind / f"{files[name]}.txt").touch()
        lines = [f"{name:30} {file}.txt" for name, file in files.items()]
        (folder / "map_name_to_file.txt").write_text("\n".join(["layer_name  file_name", "-" * 40, *lines]) + "\n")
        rows = [_row(ops.get(name, "Input"), name, golden[name], simulated[name]) for name in golden]
        (folder / "error_analysis.txt").write_text(HEAD + "\n".join(rows) + "\n")
        return 0

    def __getattribute__(self, name: str) -> Any:
        method = object.__getattribute__(self, name)
        return method if name.startswith("_") else _recorded(name, method)


def _recorded(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(**arguments: Any) -> Any:
        _note("CALLS", json.dumps([name, arguments]))
        return method(**arguments)

    return call


def _note(variable: str, line: str) -> None:
    if variable in os.environ:
        with Path(os.environ[variable]).open("a") as file:
            file.write(line + "\n")


def _acted(variable: str) -> Any:
    scope: dict[str, Any] = {}
    exec(f"{IMPORTS}def act():\n    {os.environ.get(variable, 'return 0')}", scope)
    return scope["act"]()


def _values(proto: Any, feeds: dict[str, Any]) -> dict[str, Any]:
    import onnx
    import onnxruntime

    names = [name for node in proto.graph.node for name in node.output]
    del proto.graph.output[:]
    proto.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    return dict(zip(names, session.run(None, feeds), strict=True))


def _row(op: str, name: str, golden: Any, simulated: Any) -> str:
    """A line of the report; the single errors are those of the whole run."""
    import numpy as np

    a, b = golden.ravel().astype(np.float64), simulated.ravel().astype(np.float64)
    cos, euc = a @ b / np.sqrt((a @ a) * (b @ b)), np.sqrt(((a - b) ** 2).sum())
    cell = f"{cos:.5f} | {euc:.5f}   "
    return f"[{op}] {name:20}".ljust(30) + cell + cell


exec(IMPORTS + os.environ.get("HEAD", ""))
