import dataclasses
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.report.runs import HOSTILE, Run, with_before, with_errors
from workbench.foundation.errors import WorkbenchError
from workbench.report.html import write_html


class Elements(HTMLParser):
    """Start tags with their attributes, and the text of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def report(run: Run, folder: Path) -> str:
    write_html(run.session, run.results, run.graph, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def test_that_the_report_needs_nothing_from_elsewhere(run: Run, tmp_path: Path) -> None:
    for tag, attributes in Elements(report(run, tmp_path)).tags:
        link = attributes.get("src") or attributes.get("href") or ""
        assert not link or link.startswith(("data:image/png;base64,", "#")), (tag, link)
        assert tag not in ("link", "iframe", "object")


def test_that_names_cannot_inject_markup(run: Run, tmp_path: Path) -> None:
    text = report(run, tmp_path)
    elements = Elements(text)
    assert HOSTILE not in text
    assert [attributes for _, attributes in elements.tags if "onerror" in attributes] == []
    assert text.count("</script>") == 1
    assert any(HOSTILE in part for part in elements.text)


def test_that_every_layer_is_a_row_and_every_operator_a_box(run: Run, tmp_path: Path) -> None:
    elements = Elements(report(run, tmp_path))
    rows = [attributes["id"] for tag, attributes in elements.tags if tag == "tr" and "id" in attributes]
    boxes = [attributes for tag, attributes in elements.tags if "box" in (attributes.get("class") or "").split()]
    assert rows == ["row-0", "row-1", "row-2", "row-3"]
    assert len(boxes) == len(run.graph.layers) + len(run.graph.inputs)


def test_that_an_operator_without_a_row_is_drawn_without_value(run: Run, tmp_path: Path) -> None:
    boxes = re.findall(r'class="box band-(\w+)"', report(run, tmp_path))
    assert boxes.count("none") == 1


def test_that_the_worst_layers_come_with_golden_other_and_difference(run: Run, tmp_path: Path) -> None:
    pictures = [item for tag, item in Elements(report(run, tmp_path)).tags if tag == "img"]
    assert {item["alt"] for item in pictures} == {"golden", "simulator", "simulator_single", "difference"}


def test_that_unmatched_tensors_and_warnings_are_shown(run: Run, tmp_path: Path) -> None:
    text = report(run, tmp_path)
    assert "lonely" in text
    assert "Two lines are &lt;b&gt;bold&lt;/b&gt;." in text


def test_that_the_settings_are_spelled_as_rockchip_spells_them(run: Run, tmp_path: Path) -> None:
    text = report(run, tmp_path)
    assert "mean_values=[[127.5, 127.5, 127.5]]" in text
    assert "127.5 127.5 127.5 128" in text


def test_that_a_layer_with_nan_is_the_worst(run: Run, tmp_path: Path) -> None:
    bad = with_errors(run.results.rows[0], "simulator.entire", cos=math.nan, one_minus_cos=math.nan, euc=math.nan)
    results = dataclasses.replace(run.results, rows=(bad, *run.results.rows[1:]))
    text = report(dataclasses.replace(run, results=results), tmp_path)
    assert text.index('href="#row-0"') < text.index('href="#row-1"')


def test_that_a_report_without_a_network_says_so(run: Run, tmp_path: Path) -> None:
    write_html(None, run.results, None, tmp_path / "report.html")
    assert "The network was not drawn" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_that_missing_dumps_are_said_and_not_drawn(run: Run, tmp_path: Path) -> None:
    results = dataclasses.replace(run.results, rows=tuple(
        dataclasses.replace(row, golden="elsewhere") for row in run.results.rows))  # fmt: skip
    assert "are not stored" in report(dataclasses.replace(run, results=results), tmp_path)


def test_that_a_damaged_dump_costs_its_pictures_only(run: Run, tmp_path: Path) -> None:
    run.results.dumps["simulator"][0].write_bytes(b"no dump")
    text = report(run, tmp_path)
    assert "simulator0.h5" in text
    assert "data:image/png" in text


def test_that_an_empty_result_is_a_report_too(run: Run, tmp_path: Path) -> None:
    results = dataclasses.replace(run.results, rows=(), outputs=(), dumps={}, layers_of={})
    text = report(dataclasses.replace(run, results=results), tmp_path)
    assert "No output was compared." in text


def test_that_a_report_that_cannot_be_written_leaves_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkbenchError, match="Cannot write"):
        write_html(run.session, run.results, run.graph, tmp_path / "file" / "report.html")


def test_that_a_number_that_a_what_if_changed_stands_behind_the_old_one(run: Run, tmp_path: Path) -> None:
    run.results = with_before(run)
    assert '<small class="muted">0.50000 →</small>' in report(run, tmp_path)


def test_that_head_room_is_a_column_where_a_row_is_in_float16(run: Run, tmp_path: Path) -> None:
    assert "head-room" not in report(run, tmp_path)
    row = dataclasses.replace(run.results.rows[1], golden_range=(-2.0, 131008.0))
    run.results = dataclasses.replace(run.results, rows=(run.results.rows[0], row, *run.results.rows[2:]))
    elements = Elements(report(run, tmp_path))
    assert {"head-room", "-2 … 1.31e+05", "overflows (×0.5)"} <= set(elements.text)
    cells = [line.count("<td") for line in report(run, tmp_path).splitlines() if line.startswith('<tr id="row-')]
    assert len(set(cells)) == 1


def test_that_an_infinite_tensor_has_the_toolkits_word(run: Run, tmp_path: Path) -> None:
    row = with_errors(run.results.rows[1], "simulator.entire", cos=math.nan, euc=math.inf, inf=3.0)
    run.results = dataclasses.replace(run.results, rows=(run.results.rows[0], row, *run.results.rows[2:]))
    assert "q_inf" in Elements(report(run, tmp_path)).text


def timed(run: Run) -> Run:
    rows = (dataclasses.replace(run.results.rows[0], time_us=1190.0, on="CPU"), *run.results.rows[1:])
    return dataclasses.replace(run, results=dataclasses.replace(run.results, rows=rows, times={"layers": 1190.0}))


def test_that_the_boards_times_stand_beside_the_errors(run: Run, tmp_path: Path) -> None:
    elements = Elements(report(timed(run), tmp_path))
    assert "1190 µs CPU" in elements.text
    assert ("td", {"class": "r", "data-key": "1190.0"}) in elements.tags
    assert any("all layers 1.19 ms" in text for text in elements.text)


def test_that_every_row_has_as_many_cells_as_there_are_heads(run: Run, tmp_path: Path) -> None:
    for table in (report(run, tmp_path), report(timed(run), tmp_path)):
        layers = table[table.index('<table id="layers">') :]
        head, *rows = re.findall(
            r"<tr(?: id=| *><th>).*?</tr>|<tr id=.*?</tr>", layers[: layers.index("</table>")], re.S
        )
        assert {row.count("<td") for row in rows} == {head.count("<th")}


def test_that_a_report_without_times_has_no_place_for_them(run: Run, tmp_path: Path) -> None:
    assert "µs" not in report(run, tmp_path)
