"""The files that README and the help pages name, made of the demo."""

import shutil
from contextlib import chdir
from pathlib import Path

import cv2

from tests.foreign import OLD_PROTOTXT
from workbench.cli.app import DONE, main
from workbench.foundation.resources import resource

COLOURS = ("--mean", "123.675,116.28,103.53", "--std", "58.395,57.12,57.375")
PICTURES, LABELLED = 1, 2
ANALYSE = ("analyze", "net.onnx", "-i", "cat.jpg", "--dataset", "dataset.txt", *COLOURS, "-q", "-o")
LOG = "E RKNN: failed to submit!, op id: 20, task number: 4095, run task counter: 7\n"
REPORT = """\
layer_name                             simulator_error
                                     entire              single
                                  cos      euc        cos      euc
--------------------------------------------------------------------
[Input] image                  1.00000 | 0.0       1.00000 | 0.0
[exDataConvert] image_int8     0.99999 | 0.5946    0.99999 | 0.5946
[Conv] /stem/conv/Conv_output_0
[Clip] /stem/act/Clip_output_0 0.99997 | 0.6886    0.99997 | 0.6886
"""
TIMES = """\
ID   OpType           DataType Target InputShape   OutputShape   DDR Cycles   NPU Cycles   Total Cycles   Time(us)   \
MacUsage(%)  WorkLoad(0/1/2)-ImproveTherical  Task Number  Lut Number  RW(KB)   FullName
1    InputOperator    INT8     CPU    \\             (1,3,64,64)   0        0        0       7     \\     \
0.0%/0.0%/0.0% - Up:0.0%   0   0   147.00   InputOperator:image
2    ConvClip         INT8     NPU    (1,3,64,64),(16,3,3,3),(16)   (1,16,32,32)   94150   10584   94150   428   \
2.47   100.0%/0.0%/0.0% - Up:0.0%   3   0   543.75   Conv:/stem/conv/Conv
Total Operator Elapsed Time(us): 435
"""


def make_files(folder: Path) -> None:
    """Network, pictures, sessions, dumps, and what the vendor's tools and a C program write."""
    shutil.copyfile(resource("demo", "demo.onnx"), folder / "net.onnx")
    shutil.copyfile(resource("demo", "calibration", "000.png"), folder / "cat.jpg")
    listed = [resource("demo", "calibration", f"00{number}.png") for number in range(PICTURES)]
    (folder / "dataset.txt").write_text("".join(f"{path}\n" for path in listed))
    cv2.imread(str(folder / "cat.jpg")).tofile(folder / "fed.bin")
    files = {"old.prototxt": OLD_PROTOTXT, "toolkit.log": LOG, "error_analysis.txt": REPORT, "eval_perf.txt": TIMES}
    for name, text in files.items():
        (folder / name).write_text(text)
    _make_data_set(folder)
    _make_sessions(folder)


def _make_data_set(folder: Path) -> None:
    """Labelled pictures of the demo, in a folder as the pages have it."""
    classes = resource("demo", "classes.txt").read_text().split()
    lines = resource("demo", "labelled", "labels.txt").read_text().splitlines()[:LABELLED]
    (folder / "val" / "cat").mkdir(parents=True)
    labels = []
    for number, (name, label) in enumerate(line.split() for line in lines):
        shutil.copyfile(resource("demo", "labelled", name), folder / "val" / "cat" / f"{42 + number:04}.jpg")
        labels.append(f"cat/{42 + number:04}.jpg {classes.index(label)}\n")
    (folder / "val.txt").write_text("".join(labels))


def _make_sessions(folder: Path) -> None:
    with chdir(folder):
        for name, more in (("session", ()), ("session_a", ("--method", "layer")), ("session_b", ())):
            assert main([*ANALYSE, name, *more]) == DONE
        assert main(["export", "session", "--format", "npy", "-o", "dumps", "-q"]) == DONE
        assert main(["export", "session", "--format", "plan", "-o", "mixed.json", "-q"]) == DONE
    for name, source in (("golden_dumps", "golden"), ("other_dumps", "simulator"), ("board_dumps", "simulator")):
        shutil.copytree(folder / "dumps" / source, folder / name)
