"""What logs of the toolkits and of the board's runtime say."""

import math
from pathlib import Path

import pytest

from workbench.sources.toolkit.logs import FloatRange, LogLine, Outlier, Rewrite, read_log
from workbench.sources.toolkit.runtime_tables import RuntimeTensor, layers_in, memory_in

LOG = """\
I Save log info to: ./net.log
\x1b[1;33mW\x1b[0m \x1b[1;33m__init__: rknn-toolkit2 version: 1.5.0+1fa95b5c\x1b[0m
--> Building model
I fold_constant remove nodes = ['Identity_0', 'Shape_1']
I fuse_ops results:
I     replace_exswish: remove node = ['Sigmoid_2', 'Mul_3'], add node = ['Sigmoid_2_2swish']
D     fuse_two_reshape: remove node = ["it's", 'Reshape_1']
D     unsqueeze_to_4d_mul: remove node = [], add node = ['a_unsqueeze0']
W build: found outlier value, this may affect quantization accuracy
                        const nameabs_mean    abs_std     outlier value
                        507      0.94        1.23        12.237
                        /stem weight      1.72        1.61        -12.155
I target set by user is: RK3588
W inference: The range [1.94334077835083, inf] of '/n/ReduceMean_1_output_0' is out of the float16!
W build: The default input dtype of 'x' is changed from 'float32' to 'int8' in rknn model for performance!
E build: Something is wrong
"""


def test_that_the_lines_of_a_log_have_levels_and_functions() -> None:
    log = read_log(LOG)

    assert log.errors == (LogLine(16, "E", "build", "Something is wrong"),)
    assert [line.function for line in log.lines if line.level == "W"] == ["__init__", "build", "inference", "build"]
    assert log.lines[2] == LogLine(3, "", "", "--> Building model")


def test_that_version_and_target_are_known() -> None:
    log = read_log(LOG)

    assert (log.version, log.is_toolkit1, log.target) == ("1.5.0+1fa95b5c", False, "rk3588")


def test_that_rewrites_are_read_with_and_without_new_nodes() -> None:
    assert read_log(LOG).rewrites == (
        Rewrite("fold_constant", ("Identity_0", "Shape_1"), ()),
        Rewrite("replace_exswish", ("Sigmoid_2", "Mul_3"), ("Sigmoid_2_2swish",)),
        Rewrite("fuse_two_reshape", ("it's", "Reshape_1"), ()),
        Rewrite("unsqueeze_to_4d_mul", (), ("a_unsqueeze0",)),
    )


def test_that_outliers_and_ranges_are_read() -> None:
    log = read_log(LOG)

    assert log.outliers == (Outlier("507", 0.94, 1.23, 12.237), Outlier("/stem weight", 1.72, 1.61, -12.155))
    assert log.ranges == (FloatRange("/n/ReduceMean_1_output_0", 1.94334077835083, math.inf),)


def test_that_outliers_of_toolkit_1_are_read() -> None:
    text = """W found outlier value, this may affect quantization accuracy
  const name                             abs_mean     abs_std       outlier value
  convolution_at_input.9_130_130:weight        0.18         0.20         -11.216

  nothing                                      1.00         2.00         3.0
"""

    assert read_log(text).outliers == (Outlier("convolution_at_input.9_130_130:weight", 0.18, 0.20, -11.216),)


def test_that_any_text_is_a_log() -> None:
    assert read_log("").rewrites == ()
    assert read_log("\0\n\x1b[31m").errors == ()


LAYERS = """\
D RKNN: [11:45:40.637] ID   OpType       DataType Target InputShape   OutputShape   Cycles(DDR/NPU/Total)    Time(us)
D RKNN: [11:45:40.637] 0    InputOperator    INT8     CPU    \\                          (1,3,352,352)  0/0/0      12
D RKNN: [..] 50   ConvExSwish   INT8   NPU    (1,128,40,40),(128,128,3,3),(128)   (1,128,40,40) 94/30/400 345 Conv:/conv
"""
PERF = """\
ID,OpType,DataType,Target,InputShape,OutputShape,DDR Cycles,NPU Cycles,Total Cycles,Time(us),MacUsage(%),FullName
1,InputOperator,FLOAT16,CPU,\\,"(1,1,160,640)",0,0,0,18,\\,InputOperator:x
3,ConvLeakyRelu,FLOAT16,NPU,"(1,1,160,640),(16,1,3,3),(16)","(1,16,160,640)",589106,28800,589106,1435,2.01,Conv:Conv_0
"""


def test_that_the_runtimes_layer_table_is_read() -> None:
    first, second = layers_in(LAYERS)

    assert (first.op, first.inputs, first.outputs, first.micros) == ("InputOperator", (), ((1, 3, 352, 352),), 12)
    assert second.inputs == ((1, 128, 40, 40), (128, 128, 3, 3), (128,))
    assert (second.number, second.target, second.micros, second.node) == (50, "NPU", 345, "/conv")


def test_that_a_performance_file_is_read_with_and_without_its_head() -> None:
    for text in (PERF, PERF.partition("\n")[2]):
        first, second = layers_in(text)

        assert (first.inputs, first.micros, first.name) == ((), 18, "InputOperator:x")
        assert (second.outputs, second.micros, second.node) == (((1, 16, 160, 640),), 1435, "Conv_0")


def test_that_the_memory_table_is_read() -> None:
    text = """\
D RKNN: [..] ID  User           Tensor       DataType  DataFormat   OrigShape     NativeShape     |     [Start       End)       Size
D RKNN: [..] 2   ConvRelu       onnx::Conv_75   INT8      NC1HWC2   (1,8,44,164)  (1,1,44,164,16) | 0x00034340 0x00050640 0x0001c300
D RKNN: [..] 17  Reshape  output-rs_i1   INT64     (3)          | 0x00029940*0x00029980 0x00000040
"""  # noqa: E501

    assert memory_in(text) == (
        RuntimeTensor(2, "ConvRelu", "onnx::Conv_75", "INT8", "NC1HWC2", (1, 8, 44, 164), (1, 1, 44, 164, 16), 115456),
        RuntimeTensor(17, "Reshape", "output-rs_i1", "INT64", "", (3,), (), 64),
    )


def test_that_a_real_log_and_performance_file_are_read(shared: Path) -> None:
    folder = shared / "artifacts" / "seafusion_rk3588_hybrid"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}")
    log, layers = read_log((folder / "fusionmodel.log").read_text()), layers_in((folder / "eval_perf.csv").read_text())

    assert (log.version, log.target, len(log.rewrites), len(log.lines)) == ("1.5.0+1fa95b5c", "rk3588", 10, 43)
    assert log.rewrites[-1] == Rewrite("replace_mul_add_by_bn", ("Div_73_2mul", "Add_75"), ("output_bn",))
    assert (len(layers), layers[2].micros, layers[-1].name) == (52, 1435, "OutputOperator:output")
