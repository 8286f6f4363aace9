"""The toolkit's report and dumps as rows of the layer table."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import network, node, random
from workbench.compare.compare import LayerError
from workbench.dump.store import Dump, DumpWriter
from workbench.graph.graph import Model
from workbench.project.rows import Row
from workbench.project.table import Comparison
from workbench.project.toolkit.groups import fused_groups, with_folded
from workbench.project.toolkit.rows import rows_of_report, table_row
from workbench.sources.toolkit.report import Report, read_report

CONV = random(1, 2, 4, 4, seed=3)
RELU = np.maximum(CONV, 0)
GOLDEN = {"x": random(1, 2, 4, 4), "c": CONV, "r": RELU, "y": RELU * 2}
HEAD = """layer_name         simulator_error
                 entire              single
              cos      euc        cos      euc
-----------------------------------------------
"""


def report(*rows: str) -> Report:
    return read_report(HEAD + "\n".join(rows) + "\n")


def dump(path: Path, tensors: Mapping[str, np.ndarray]) -> Dump:
    with DumpWriter(path, {}) as writer:
        for name, array in tensors.items():
            writer.add(name, array)
    return Dump(path)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    nodes = [node("Identity", ["x"], ["c"]), node("Relu", ["c"], ["r"]), node("Add", ["r", "r"], ["y"])]
    return network(tmp_path, nodes, shape=(1, 2, 4, 4))


def measured(text: Report, tmp_path: Path, simulated: Mapping[str, np.ndarray], tensor: str = "r") -> LayerError:
    golden, other = dump(tmp_path / "g.h5", GOLDEN), dump(tmp_path / "s.h5", simulated)
    row = Row("Relu", tensor, tensor, (), (), None, "")
    return table_row(Comparison([golden], {"simulator.entire": [other]}), 0, row, [text], [golden])


BLANK = "[Conv] c"
FULL = "[Relu] r      0.99999 | 0.01000   0.99993 | 2.07089"
INPUT = "[Input] x     1.00000 | 0.00000   1.00000 | 0.00000"


def test_that_a_blank_row_is_in_the_group_of_the_activation_that_follows(model: Model, tmp_path: Path) -> None:
    golden = dump(tmp_path / "g.h5", GOLDEN)
    (row,) = rows_of_report(report(INPUT, BLANK, FULL), {}, model, golden, golden)
    assert (row.tensor, row.group) == ("r", ("c",))
    assert row.origins == tuple(layer.name for layer in model.graph.layers[:2])


def test_that_a_blank_row_of_other_values_is_a_row_that_says_so(model: Model, tmp_path: Path) -> None:
    golden = dump(tmp_path / "g.h5", {**GOLDEN, "c": CONV + 1})
    rows = rows_of_report(report(BLANK, FULL), {}, model, golden, golden)
    assert [row.tensor for row in rows] == ["c", "r"]
    assert "prints no numbers" in rows[0].note


def test_that_the_deployed_graph_tells_groups_and_layers(model: Model, tmp_path: Path) -> None:
    golden = dump(tmp_path / "g.h5", {**GOLDEN, "c": CONV + 1})
    ours = {"r": Row("Relu", "r", "r", ("n", "c"), ("conv", "norm", "relu"), None, "float16; not known to be")}
    (row,) = rows_of_report(report(BLANK, FULL), ours, model, golden, golden)
    assert (row.group, row.origins) == (("n", "c"), ("conv", "norm", "relu"))


def shown(op: str, tensor: str, *origins: str) -> Row:
    return Row(op, tensor, tensor, (), origins, None, "")


def layer_names(model: Model) -> tuple[str, ...]:
    return tuple(layer.name for layer in model.graph.layers)


def test_that_a_layer_that_no_row_tells_of_is_in_the_row_of_its_only_taker(model: Model) -> None:
    first, relu, total = layer_names(model)
    rows = list(with_folded([shown("exDataConvert", "x_int8"), shown("Relu", "r", relu)], model.graph))
    assert [row.origins for row in rows] == [(), (first, relu)]
    (row,) = with_folded([shown("Add", "y", total)], model.graph)
    assert row.origins == (first, relu, total)


def test_that_nothing_is_folded_where_a_row_belongs_to_no_layer(model: Model) -> None:
    _, relu, _ = layer_names(model)
    rows = [shown("Conv", "elsewhere"), shown("Relu", "r", relu)]
    assert list(with_folded(rows, model.graph)) == rows


@pytest.mark.parametrize(
    ("op", "after"),
    [
        ("Relu", RELU),
        ("Clip", np.clip(CONV, 0, 0.5)),
        ("Sigmoid", 1 / (1 + np.exp(-CONV))),
        ("HardSwish", CONV * np.clip(CONV / 6 + 0.5, 0, 1)),
    ],
)
def test_that_every_activation_that_hides_a_layer_is_recognised(op: str, after: np.ndarray, tmp_path: Path) -> None:
    golden = dump(tmp_path / "g.h5", {"c": CONV, "r": after.astype(np.float32)})
    assert fused_groups(report(BLANK, FULL.replace("[Relu]", f"[{op}]")).rows, golden) == {"r": ("c",)}


def test_that_channels_may_stand_elsewhere(tmp_path: Path) -> None:
    golden = dump(tmp_path / "g.h5", {"c": CONV.transpose(0, 2, 3, 1), "r": RELU})
    assert fused_groups(report(BLANK, FULL).rows, golden) == {"r": ("c",)}


def test_that_printed_single_errors_give_what_follows_from_them(tmp_path: Path) -> None:
    found = measured(report(FULL), tmp_path, GOLDEN).errors["simulator.single"].mean
    norm = float(np.linalg.norm(RELU))
    assert (found["cos"], found["euc"]) == (0.99993, 2.07089)
    assert found["one_minus_cos"] == pytest.approx(7e-5)
    assert found["relative"] == pytest.approx(2.07089 / norm)
    assert found["sqnr_db"] == pytest.approx(20 * np.log10(norm / 2.07089))


def test_that_a_printed_distance_of_zero_gives_no_sqnr(tmp_path: Path) -> None:
    text = report("[Relu] r      1.00000 | 0.00000   1.00000 | 0.00000")
    found = measured(text, tmp_path, GOLDEN).errors["simulator.single"].mean
    assert found["relative"] == 0
    assert "sqnr_db" not in found


def test_that_words_for_zeros_are_no_numbers(tmp_path: Path) -> None:
    text = report("[Relu] r       f_zero  | f_zero     f_zero  | f_zero", FULL.replace(" r ", " z "))
    row = measured(text, tmp_path, GOLDEN)
    assert "simulator.single" not in row.errors
    assert row.note == ""


def test_that_a_printed_nan_is_one(tmp_path: Path) -> None:
    text = report("[Relu] r      q_nan  | q_nan   q_nan  | q_nan", FULL.replace(" r ", " z "))
    found = measured(text, tmp_path, {**GOLDEN, "r": RELU * np.float32("nan")}).errors
    assert np.isnan(found["simulator.single"].mean["cos"])


@pytest.mark.parametrize(("added", "is_told"), [(0.0, False), (0.01, True)])
def test_that_printed_numbers_that_the_dumps_do_not_give_are_told(added: float, is_told: bool, tmp_path: Path) -> None:
    simulated = RELU + np.float32(0.25)
    euc = float(np.linalg.norm(simulated - RELU)) + added
    cos = float((simulated * RELU).sum() / np.linalg.norm(simulated) / np.linalg.norm(RELU))
    text = report(f"[Relu] r      {cos:.5f} | {euc:.5f}   0.99993 | 2.07089")
    row = measured(text, tmp_path, {**GOLDEN, "r": simulated})
    assert (f"The toolkit printed cos {cos:.5f} and euc {euc:.5f}" in row.note) is is_told


def test_that_a_name_with_additions_of_the_converter_leads_to_its_layer(model: Model, tmp_path: Path) -> None:
    golden = dump(tmp_path / "g.h5", {"y_Gemm__24:0_mm": CONV})
    printed = "1.00000 | 0.00000   1.00000 | 0.00000"
    (row,) = rows_of_report(report(f"[Conv] y_Gemm__24:0_mm   {printed}"), {}, model, golden, golden)
    assert row.origins == (model.graph.layers[2].name,)


def test_that_a_name_that_the_toolkit_cut_leads_to_its_layer(tmp_path: Path) -> None:
    long = (
        "model/activation/Relu;model/batch_normalization/FusedBatchNormV3;model/conv2d/BiasAdd/ReadVariableOp/resource"
    )
    model = network(tmp_path, [node("Relu", ["x"], [long]), node("Neg", [long], ["y"])], shape=(1, 2, 4, 4))
    name = f"{long[:90]}__1"
    golden = dump(tmp_path / "g.h5", {name: CONV})
    (row,) = rows_of_report(report(f"[Relu] {name}  1.00000 | 0.00000   1.00000 | 0.00000"), {}, model, golden, golden)
    assert row.origins == (model.graph.layers[0].name,)
