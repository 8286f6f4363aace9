"""Good files of every kind, small, from which the broken ones are made."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests import foreign
from workbench.diagnose.findings import Finding
from workbench.dump.store import DumpWriter
from workbench.foundation.steps import drain
from workbench.mixed.sensitivity import Effect, Sensitivity
from workbench.preprocess.dataset import Sample
from workbench.project.findings.diagnosis import Diagnosis
from workbench.project.findings.diagnosis_file import save_diagnosis
from workbench.project.mixed.searched import EFFECTS, Effects
from workbench.project.pipeline import analyze
from workbench.project.session import Session, save_session
from workbench.project.value_file import save_value
from workbench.quantize.encoding import Encoding

SMALL = np.linspace(-1, 1, 12, dtype=np.float32).reshape(1, 3, 2, 2)


def files_in(folder: Path) -> dict[str, bytes]:
    """What a seed has written, by path below the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def convolutions(folder: Path) -> None:
    """Conv, BatchNormalization, Clip, a residual, shape arithmetic with constants, Gemm."""
    rng = np.random.default_rng(0)
    constants = {
        "w": rng.normal(size=(4, 3, 3, 3)).astype(np.float32), "scale": np.ones(4, np.float32),
        "shift": np.zeros(4, np.float32), "mean": np.zeros(4, np.float32), "var": np.ones(4, np.float32),
        "low": np.float32(0), "high": np.float32(6), "rest": np.array([-1]), "one": np.array([1]),
        "fc": rng.normal(size=(256, 5)).astype(np.float32), "bias": np.zeros(5, np.float32), "zero": np.array(0),
    }  # fmt: skip
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], "conv", kernel_shape=[3, 3], pads=[1] * 4, strides=[1, 1]),
        helper.make_node("BatchNormalization", ["c", "scale", "shift", "mean", "var"], ["n"], "norm"),
        helper.make_node("Clip", ["n", "low", "high"], ["r"], "relu6"),
        helper.make_node("Add", ["r", "c"], ["a"], "add"),
        helper.make_node("Shape", ["a"], ["s"], "shape"),
        helper.make_node("Gather", ["s", "zero"], ["b"], "batch", axis=0),
        helper.make_node("Unsqueeze", ["b", "one0"], ["b1"], "batch1"),
        helper.make_node("Concat", ["b1", "rest"], ["to"], "target", axis=0),
        helper.make_node("Reshape", ["a", "to"], ["f"], "flat"),
        helper.make_node("Gemm", ["f", "fc", "bias"], ["y"], "fc"),
        helper.make_node("ConstantOfShape", ["one"], ["filled"], "fill"),
        helper.make_node("Add", ["y", "filled"], ["z"], "last"),
    ]
    constants["one0"] = np.array([0])
    _save(folder / "net.onnx", nodes, constants, {"x": (1, 3, 8, 8)}, {"z": (1, 5)})


def network_with_input(folder: Path) -> None:
    convolutions(folder)
    np.save(folder / "in.npy", np.ones((1, 3, 8, 8), np.float32))


def branches(folder: Path) -> None:
    """Subgraphs, own quantization, external data, a function, symbolic dimensions."""
    then = helper.make_graph(
        [helper.make_node("Relu", ["q2"], ["t"], "inner")], "then", [], [_info("t", ("n", 4))],
    )  # fmt: skip
    other = helper.make_graph([helper.make_node("Neg", ["q2"], ["e"], "other")], "else", [], [_info("e", ("n", 4))])
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"], "mm"),
        helper.make_node("QuantizeLinear", ["m", "s", "p"], ["q"], "quantize"),
        helper.make_node("DequantizeLinear", ["q", "s", "p"], ["q2"], "dequantize"),
        helper.make_node("ReduceMax", ["q2"], ["most"], "most", keepdims=0),
        helper.make_node("Cast", ["most"], ["flag"], "flag", to=TensorProto.BOOL),
        helper.make_node("If", ["flag"], ["i"], "if", then_branch=then, else_branch=other),
        helper.make_node("Twice", ["i"], ["y"], "twice", domain="own"),
    ]
    constants = {"w": np.eye(4, dtype=np.float32), "s": np.float32(0.1), "p": np.int8(3)}
    path = folder / "net.onnx"
    _save(path, nodes, constants, {"x": ("n", 4)}, {"y": ("n", 4)})
    model = onnx.load(path)
    inner = [helper.make_node("Add", ["v", "v"], ["r"])]
    model.functions.append(helper.make_function("own", "Twice", ["v"], ["r"], inner, [helper.make_opsetid("", 13)]))
    model.opset_import.append(helper.make_opsetid("own", 1))
    onnx.save(model, path, save_as_external_data=True, location="data.bin", size_threshold=8)


def caffe(folder: Path) -> None:
    foreign.caffe(folder)


def darknet(folder: Path) -> None:
    foreign.darknet(folder)


def tensorflow(folder: Path) -> None:
    foreign.tensorflow(folder)


def tflite(folder: Path) -> None:
    foreign.tflite(folder)


def tflite_int8(folder: Path) -> None:
    foreign.tflite(folder, "int8")


def our_dump(folder: Path) -> None:
    with DumpWriter(folder / "a.h5", {"input": "a.jpg"}) as writer:
        writer.add("x", SMALL, "Input")
        writer.add("c", (SMALL * 100).astype(np.int8), "Conv", Encoding("int8", (0.1,), (3,), None, ""))
        writer.add("w", (SMALL * 100).astype(np.int8), "", Encoding("int8", (0.1, 0.2, 0.3), (0, 0, 0), 1, ""))


def users_hdf5(folder: Path) -> None:
    import h5py

    with h5py.File(folder / "a.h5", "w") as file:
        file["x"] = SMALL
        file.create_dataset("group/y", data=SMALL, chunks=True, compression="gzip")
        file["text"] = "words"
        file["again"] = h5py.SoftLink("/x")


def npy_folder(folder: Path) -> None:
    for name, kind in (("x", np.float32), ("y", np.int8), ("z", ">f8"), ("w", np.bool_)):
        np.save(folder / f"{name}.npy", SMALL.astype(kind))
    np.save(folder / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (folder / "t.txt").write_text("0.5\n-1e-3\nnan\n")


def npy_export(folder: Path) -> None:
    (folder / "golden").mkdir()
    np.save(folder / "golden" / "0.npy", SMALL)
    (folder / "tensors.json").write_text(
        json.dumps([{"tensor": "c", "file": "golden/0.npy", "op": "Conv", "dump": "golden"}])
    )


def npz(folder: Path) -> None:
    np.savez_compressed(folder / "a.npz", x=SMALL, y=SMALL.astype(np.int8))


def toolkit2_snapshot(folder: Path) -> None:
    (folder / "map_name_to_file.txt").write_text(
        "layer_name    file_name\n-----\n/f/Conv_output_0    f_Conv_output_0.txt\nx    x.npy\n"
    )
    for kind in ("golden", "simulator"):
        (folder / kind / "npy").mkdir(parents=True)
        (folder / kind / "f_Conv_output_0.txt").write_text("\n".join(map(str, SMALL.ravel())))
        np.save(folder / kind / "npy" / "x.npy", SMALL)


def toolkit1_folder(folder: Path) -> None:
    for name in ("convolution_at_c_1_2_out0_nhwc_1_2_2_3.tensor", "Relu_r_3_out0_nchw_1_3_2_2.tensor"):
        (folder / name).write_text("\n".join(map(str, SMALL.ravel())))
    (folder / "order.txt").write_text("convolution_at_c_1_2\nRelu_r_3\n")


def board_folder(folder: Path) -> None:
    for stem in ("001_InputOperator_x_shape_1_3_2_2_float", "025_ConvClip_385_shape_1_3_2_2_float"):
        np.save(folder / f"{stem}.npy", SMALL)
    np.save(folder / "026_Conv_c_shape_1_3_2_2_int8.npy", SMALL.astype(np.int8))
    (folder / "027_Add_a_shape_1_3_2_2_float.txt").write_text("\n".join(map(str, range(32))))


def pictures(folder: Path) -> None:
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    for suffix in ("png", "jpg", "bmp", "webp"):
        (folder / f"a.{suffix}").write_bytes(cv2.imencode(f".{suffix}", image)[1].tobytes())
    (folder / "b.png").write_bytes(cv2.imencode(".png", np.zeros((4, 4, 4), np.uint16))[1].tobytes())
    (folder / "bomb.bmp").write_bytes(_bomb())


def _bomb() -> bytes:
    """A picture of 58 bytes that says it is 30,000 x 30,000."""
    head = struct.pack("<IiiHHIIiiII", 40, 30000, 30000, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 58, 0, 0, 54) + head + b"\0" * 4


def arrays(folder: Path) -> None:
    np.save(folder / "x.npy", SMALL)
    np.save(folder / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (folder / "raw.bin").write_bytes(SMALL.tobytes())


def dataset(folder: Path) -> None:
    pictures(folder)
    (folder / "dataset.txt").write_text('a.png\n"a.jpg" # two\n\n./b.png\n')


def labels(folder: Path) -> None:
    (folder / "a.txt").write_text("a.png 3\nb.png,4\n")
    (folder / "b.txt").write_text('{"a.png": 3, "b.png": "cat"}')
    (folder / "names.txt").write_text("dog\ncat\n")
    coco = {
        "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}],
    }
    (folder / "coco.json").write_text(json.dumps(coco))
    (folder / "wider.txt").write_text("a.png\n1\n1 2 3 4 0 0 0 0 0 0\nb.png\n0\n0 0 0 0\n")


def idx(folder: Path) -> None:
    import gzip

    data = struct.pack(">BBBBIII", 0, 0, 8, 3, 2, 2, 2) + bytes(range(8))
    (folder / "images-idx3").write_bytes(data)
    (folder / "images-idx3.gz").write_bytes(gzip.compress(data))


def session(folder: Path) -> None:
    """A session after a run, with what else may lie beside it."""
    network_with_input(folder)
    opened = Session(
        folder / "net.onnx", samples=(Sample((folder / "in.npy",)),), dataset=(Sample((folder / "in.npy",)),)
    )
    save_session(opened, folder)
    drain(analyze(opened, folder))
    finding = Finding("fp16-overflow", 0.5, ("z",))
    save_diagnosis(Diagnosis((finding,)), folder)
    save_value(
        folder / EFFECTS, Effects, Effects(Sensitivity((Effect("z", ("z",), {"z": 0.1}, 0.5),), {"z": 0.2})), "key"
    )
    (folder / "sweep").mkdir()
    place = {"version": 1, "at": {"method": "layer"}, "outputs": {}, "seconds": 1.0, "warnings": []}
    (folder / "sweep" / "p1.json").write_text(json.dumps(place))
    sweep = {
        "version": 1, "simulator": "embedded", "axes": {"method": ["layer"]},
        "places": [{"name": "p1", "at": {"method": "layer"}}], "left_out": [{"at": {}, "reason": "none"}],
    }  # fmt: skip
    (folder / "sweep" / "sweep.json").write_text(json.dumps(sweep))


def ssh_config(folder: Path) -> None:
    (folder / ".ssh" / "config.d").mkdir(parents=True)
    (folder / ".ssh" / "config.d" / "one").write_text("Host other\n  Port 2222\n")
    (folder / ".ssh" / "config").write_text(
        "Include config.d/* ~/x\nHost board\n  HostName 10.0.0.2\n  User me\n  ProxyJump a,b\nMatch host a\n  Port 22\n"
    )


def writing(name: str, *texts: str) -> Callable[[Path], None]:
    """A seed of texts, each in a file of its own."""

    def write(folder: Path) -> None:
        for number, text in enumerate(texts):
            (folder / name.format(number)).write_text(text, encoding="utf-8")

    return write


def _info(name: str, shape: tuple[int | str, ...]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _save(
    path: Path,
    nodes: list[onnx.NodeProto],
    constants: dict[str, np.ndarray],
    inputs: dict[str, tuple[int | str, ...]],
    outputs: dict[str, tuple[int | str, ...]],
) -> None:
    graph = helper.make_graph(
        nodes, "net", [_info(*item) for item in inputs.items()], [_info(*item) for item in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )  # fmt: skip
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
