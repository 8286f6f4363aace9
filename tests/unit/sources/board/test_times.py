"""How long the board takes, from what the vendor's tools print."""
# ruff: noqa: E501 - rows of tables stand as they are

import time
from pathlib import Path

import pytest

from workbench.foundation.errors import DumpError
from workbench.sources.board.advice import advice
from workbench.sources.board.times import LayerTime, Times, read_times, read_times_file

RULE = "-" * 200
TABLE = f"""\
CPU Current Frequency List:
    - 1800000
NPU Current Frequency List:
    - 1000000000

Warning: The performance result is just for debugging, may worse than actual performance!
{RULE}
                               Network Layer Information Table
{RULE}
ID   OpType             DataType Target InputShape                               OutputShape            Cycles(DDR/NPU/Total)    Time(us)     MacUsage(%)          WorkLoad(0/1/2)      RW(KB)       FullName
{RULE}
1    InputOperator      FLOAT16  CPU    \\                                        (1,3,64,64)            0/0/0                    4                                 0.0%/0.0%/0.0%       0            InputOperator:data
2    Conv-HardSwish     INT8     NPU    (1,3,64,64),(16,3,3,3),(16)              (1,16,32,32)           60956/131072/131072      390          0.30/0.00/0.00       100.0%/0.0%/0.0%     384          Conv:/stem/Conv
3    Split              INT8     NPU    (1,16,32,32),(2)                         (1,8,32,32),...        0/0/0                    307          \\                    100.0%/0.0%/0.0%     1024         Split:/split/Split
4    Resize             INT8     CPU    (1,8,32,32),(0),(4)                      (1,8,64,64)            0/0/0                    1190                              0.0%/0.0%/0.0%       128          Resize:/up/Resize
5    OutputOperator     INT8     CPU    (1,8,64,64)                              \\                      0/0/0                    23           \\                    0.0%/0.0%/0.0%       112          OutputOperator:out
{RULE}
Total Operator Elapsed Per Frame Time(us): 1914
Total Memory Read/Write Per Frame Size(KB): 1648
{RULE}
                                 Operator Time Consuming Ranking Table
{RULE}
OpType             CallNumber   CPUTime(us)  GPUTime(us)  NPUTime(us)  TotalTime(us)  TimeRatio(%)
{RULE}
Resize             1            1190         0            0            1190           62.17%
{RULE}
"""
OLDER = """\
ID   OpType           DataType Target InputShape   OutputShape   DDR Cycles   NPU Cycles   Total Cycles   Time(us)   MacUsage(%)  WorkLoad(0/1/2)-ImproveTherical  Task Number  Lut Number  RW(KB)   FullName
1    InputOperator    UINT8    CPU    \\             (1,3,224,224)   0        0        0       7     \\     0.0%/0.0%/0.0% - Up:0.0%   0   0   147.00   InputOperator:data
2    ConvRelu         UINT8    NPU    (1,3,224,224),(32,3,3,3),(32)   (1,32,112,112)   94150   10584   94150   428   2.47   100.0%/0.0%/0.0% - Up:0.0%   3   0   543.75   Conv:conv1
Total Operator Elapsed Time(us): 435
"""
TOOLKIT1 = """\
========================================================================
                               Performance
        #### The performance result is just for debugging, ####
========================================================================
Layer ID    Name                                         Operator            Uid       Time(us)
0           MobilenetV1/MobilenetV1/Conv2d_0/Relu6_1     TENSOR_TRANS        60        361
            _RKNN_mark_perm_60_0
2           MobilenetV1/MobilenetV1/Conv2d_0/Relu6_1     CONVOLUTION         1         920
            _2
Total Time(us): 1281
FPS(600MHz): 780.6
========================================================================
"""
TOOLKIT1_SHORT = """\
Layer ID    Name                                         Time(us)
0           tensor.transpose_3                           72
44          convolution.relu.pooling.layer2_2            363
Total Time(us): 435
"""
BENCHMARK = """\
Warmup ...
   0: Elapse Time = 20.10ms, FPS = 49.75
Begin perf ...
   0: Elapse Time = 12.50ms, FPS = 80.00
   1: Elapse Time = 12.70ms, FPS = 78.74

Avg Time 12.60ms, Avg FPS = 79.365
"""


def test_that_the_table_of_eval_perf_is_read() -> None:
    times = read_times(TABLE)

    assert [layer.microseconds for layer in times.layers] == [4, 390, 307, 1190, 23]
    assert times.layers[1] == LayerTime(2, "Conv-HardSwish", "/stem/Conv", 390, "NPU", "INT8")
    assert times.layers[3].target == "CPU"
    assert times.total == times.summed == 1914


def test_that_a_row_of_which_outputs_are_left_out_is_read() -> None:
    assert read_times(TABLE).layers[2].tensor == "/split/Split"


def test_that_the_table_of_a_log_is_read() -> None:
    logged = "\n".join(f"D RKNN: [05:07:06.566] {line}" for line in TABLE.splitlines())
    assert read_times(logged) == read_times(TABLE)


def test_that_a_log_of_several_runs_gives_the_median_of_each_layer() -> None:
    slow = TABLE.replace("  390  ", " 3900  ")
    assert read_times(slow + TABLE + TABLE).layers == read_times(TABLE).layers


def test_that_three_columns_of_cycles_are_told_from_the_time() -> None:
    times = read_times(OLDER)

    assert [(layer.tensor, layer.microseconds) for layer in times.layers] == [("data", 7), ("conv1", 428)]
    assert times.total == 435


def test_that_a_row_without_a_name_is_a_layer_all_the_same() -> None:
    row = "2    Conv   FLOAT16  NPU    (1,3,256,256),(3,3,1,1)    (1,3,256,256)    60956/131072/131072   390  0.30/0.00/0.00   100.0%/0.0%/0.0%     384   "
    assert read_times(row).layers == (LayerTime(2, "Conv", "", 390, "NPU", "FLOAT16"),)


def test_that_toolkit_1_writes_long_names_below_each_other() -> None:
    times = read_times(TOOLKIT1)

    assert [layer.tensor for layer in times.layers] == [
        "MobilenetV1/MobilenetV1/Conv2d_0/Relu6_1_RKNN_mark_perm_60_0",
        "MobilenetV1/MobilenetV1/Conv2d_0/Relu6_1_2",
    ]
    assert [(layer.index, layer.op, layer.microseconds) for layer in times.layers][1] == (2, "CONVOLUTION", 920)
    assert times.total == times.summed


def test_that_toolkit_1_without_operators_is_read() -> None:
    assert read_times(TOOLKIT1_SHORT).summed == 435


def test_that_a_csv_is_read(shared: Path) -> None:
    path = shared / "artifacts" / "seafusion_rk3588_hybrid" / "eval_perf.csv"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    times = read_times_file(path)

    assert len(times.layers) == 52
    assert times.summed == 163836
    assert {layer.op for layer in times.layers if layer.target == "CPU"} == {"InputOperator", "OutputOperator"}


def test_that_a_csv_with_joined_cycles_is_read() -> None:
    row = '3,Conv,INT8,NPU,"(1,1,16,64),(16,1,3,3)","(1,16,16,64)",58/28/58,143,2.01,100.0%/0.0%/0.0%,34,Conv:Conv_0'
    assert read_times(row).layers[0].microseconds == 143


def test_that_the_benchmark_gives_the_average_of_the_runs() -> None:
    assert read_times(BENCHMARK).io == {"run": pytest.approx(12600)}
    assert read_times(BENCHMARK.partition("\nAvg")[0]).io == {"run": pytest.approx(12700)}


@pytest.mark.parametrize(
    ("line", "io"),
    [
        ("rknn_inputs_set time: 0.52 ms", {"inputs_set": 520}),
        ("rknn_run time: 12.50 ms", {"run": 12500}),
        ("rknn_outputs_get 900 us", {"outputs_get": 900}),
        ("I rknn_output_get = 0.9ms", {"outputs_get": 900}),
        ("once run use 72.312000 ms", {"run": 72312}),
    ],
)
def test_that_calls_of_the_c_api_with_a_time_are_found(line: str, io: dict[str, float]) -> None:
    assert read_times(line).io == pytest.approx(io)


@pytest.mark.parametrize(
    "line",
    [
        "E RKNN: rknn_inputs_set, param input size(1228800) < model input size(4915200)",
        "E RKNN: failed to submit!, op id: 20, task number: 4095, run task counter: 7",
        "rknn_run ret = 0",
        "trunk 5 ms",
    ],
)
def test_that_other_numbers_are_no_times(line: str) -> None:
    assert not read_times(line)


def test_that_a_total_alone_is_a_time() -> None:
    assert read_times("Total Time(us): 17219").total == 17219


def test_that_any_text_can_be_read() -> None:
    assert not read_times("")
    assert not read_times("\0\x1b[31m\nLayer ID    Name    Time(us)\n" + "9" * 5000)


@pytest.mark.parametrize("line", ["1 " + "A" * 1_000_000, "(1," * 200_000, "run " * 200_000, "1,a," + "b" * 500_000])
def test_that_an_endless_line_takes_no_time(line: str) -> None:
    begun = time.process_time()
    assert not read_times(line)
    assert time.process_time() - begun < 2


def test_that_a_file_without_times_is_refused_with_what_would_do(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("nothing", "utf-8")
    with pytest.raises(DumpError) as caught:
        read_times_file(path)
    assert "eval_perf" in caught.value.hint


def test_that_layers_on_the_cpu_are_named_with_what_they_cost() -> None:
    assert advice(read_times(TABLE)) == (
        "Layers on the CPU take 1.19 of 1.91 ms: /up/Resize. Replace their operators, or cut the network before them.",
    )


def test_that_feeding_which_dominates_is_worth_a_word() -> None:
    (said,) = advice(Times(io={"inputs_set": 4000, "run": 5000, "outputs_get": 1000}))
    assert said.startswith("Feeding the input takes 4 of 10 ms")
    assert "pass_through=1" in said


def test_that_reading_which_dominates_is_worth_a_word() -> None:
    (said,) = advice(Times(io={"inputs_set": 1000, "run": 5000, "outputs_get": 4000}))
    assert said.startswith("Reading the outputs takes 4 of 10 ms")
    assert "want_float=0" in said


def test_that_conversions_count_where_the_calls_were_not_measured() -> None:
    layers = (LayerTime(1, "InputOperator", "x", 500, "CPU"), LayerTime(2, "Conv", "c", 500, "NPU"))
    (said,) = advice(Times(layers))
    assert said.startswith("Feeding the input takes 0.5 of 1 ms")


def test_that_a_run_in_which_the_npu_works_needs_no_advice() -> None:
    layers = (LayerTime(1, "InputOperator", "x", 5, "CPU"), LayerTime(2, "Conv", "c", 500, "NPU"))
    assert advice(Times(layers, {"inputs_set": 100, "run": 900, "outputs_get": 50})) == ()
