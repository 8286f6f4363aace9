"""What is asked of the graph: search, paths, legend, growth of the error, the two graphs, pictures."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_graph, search
from tests.gui.made_workspace import made_results, made_workspace
from tests.helpers.waiting import LONG
from tests.unit.networks import network, node
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, drain
from workbench.project.session import Session
from workbench.ui import theme
from workbench.ui.colours import DARK
from workbench.ui.jobs import JobPool
from workbench.ui.models.graph.colours import KIND_NAMES, Colouring
from workbench.ui.models.graph.path import Path as GraphPath
from workbench.ui.views.graph.picture import MOST_PIXELS, MOST_SIDE, Picture, write_picture
from workbench.ui.views.graph.picture_dialog import PictureDialog, Wanted
from workbench.ui.views.graph.view import GraphView
from workbench.ui.views.search_box import SearchBox
from workbench.ui.workspace import Workspace

PLAIN, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
)  # fmt: skip


def key(view: GraphView, qtbot: QtBot, which: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, which, modifier)


def lit(view: GraphView) -> set[str]:
    """The boxes that do not fade, by kind and tensor; all where nothing fades."""
    mask = view.canvas.marks.lit
    return {f"{box.kind} {box.tensor}" for at, box in enumerate(view.diagram.boxes) if mask is None or mask[at]}


def on_path(view: GraphView, qtbot: QtBot, direction: str, tensor: str) -> GraphPath:
    """Highlight a path and wait for it."""
    view.path.begin(tensor, direction)
    qtbot.waitUntil(lambda: view.path.path is not None and view.path.path.direction == direction, timeout=LONG)
    assert view.path.path is not None
    return view.path.path


# Search


def test_that_a_search_asks_for_numbers_and_shapes_as_the_table_does(view: GraphView, qtbot: QtBot) -> None:
    assert search(view, qtbot, "shape:1x4x6") == ["block/b"]
    assert search(view, qtbot, "op:sigmoid shape:1x4 -y") == ["head/c"]
    assert search(view, qtbot, "cos<2") == ["block/b", "head/c", "y"]


def test_that_inputs_of_the_network_are_found(view: GraphView, qtbot: QtBot) -> None:
    assert search(view, qtbot, "op:input") == ["x"]


def test_that_terms_that_mean_nothing_are_told(view: GraphView, qtbot: QtBot) -> None:
    search(view, qtbot, "conv foo<3")

    assert any("foo<3" in text for text in view.overlays.status.texts())


def test_that_hits_are_counted(view: GraphView, qtbot: QtBot) -> None:
    search(view, qtbot, "op:sigmoid")
    assert any("1 of 2" in text for text in view.overlays.status.texts())

    search(view, qtbot, "nothing-like-this")
    assert any("nothing found" in text for text in view.overlays.status.texts())


def test_that_marking_goes_nowhere(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    view.searching.mark("op:sigmoid")

    qtbot.waitUntil(lambda: len(view.canvas.marks.found) == 2, timeout=LONG)
    assert workspace.selected == ""


def test_that_other_results_are_searched_anew(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path, run=False)
    view = open_graph(workspace, jobs, qtbot)
    assert search(view, qtbot, "cos<2") == []

    workspace.set_results(made_results(tmp_path, 1, False))

    qtbot.waitUntil(lambda: view.searching.hits == ("block/b", "head/c", "y"), timeout=LONG)


def test_that_a_layer_that_is_pinned_is_found_at_once(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    assert search(view, qtbot, "pinned") == []

    workspace.change(pinned=("y",))

    qtbot.waitUntil(lambda: view.searching.hits == ("y",), timeout=LONG)


def test_that_a_hit_in_a_folded_scope_counts_and_is_unfolded(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    names = ["/one/a", "/one/b", "/two/c", "/two/d"]
    nodes = [
        node("Relu", [taken], [given], name=given)
        for taken, given in zip(["x", *names[:-1]], [*names[:-1], "y"], strict=True)
    ]
    model = network(tmp_path, nodes)
    workspace = Workspace()
    workspace.set_session(Session(model.path), tmp_path, model)
    view = open_graph(workspace, jobs, qtbot)
    view.pane.fold_all()
    qtbot.waitUntil(lambda: [box.kind for box in view.diagram.boxes].count("scope") > 0, timeout=LONG)

    assert search(view, qtbot, "name:one/b") == ["/one/b"]

    qtbot.waitUntil(lambda: view.diagram.boxes[view.diagram.index_of["/one/b"]].kind == "layer", timeout=LONG)
    assert view.canvas.marks.current == view.diagram.index_of["/one/b"]


@pytest.fixture
def box(view: GraphView, workspace: Workspace, qtbot: QtBot) -> SearchBox:
    result = SearchBox(workspace)
    qtbot.addWidget(result)
    result.show()
    result.typed.connect(view.searching.mark)
    result.searched.connect(view.searching.go)
    result.stepped.connect(view.searching.step)
    view.search_changed.connect(result.show_search)
    return result


def test_that_enter_goes_from_hit_to_hit_and_shift_enter_back(
    box: SearchBox, view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    qtbot.keyClicks(box, "op:sigmoid")
    chosen = []
    for modifier in (PLAIN, PLAIN, SHIFT):
        qtbot.keyClick(box, Qt.Key.Key_Return, modifier)
        qtbot.waitUntil(lambda: not view.searching.is_looking, timeout=LONG)
        chosen.append(workspace.selected)

    assert chosen == ["head/c", "y", "head/c"]
    assert box.accessibleDescription() == "1/2"


def test_that_typing_marks_what_is_found_so_far(box: SearchBox, view: GraphView, qtbot: QtBot) -> None:
    qtbot.keyClicks(box, "op:sig")

    qtbot.waitUntil(lambda: len(view.canvas.marks.found) == 2, timeout=LONG)


def test_that_escape_in_the_search_box_ends_the_search(box: SearchBox, view: GraphView, qtbot: QtBot) -> None:
    qtbot.keyClicks(box, "op:sigmoid")
    qtbot.keyClick(box, Qt.Key.Key_Return)

    qtbot.keyClick(box, Qt.Key.Key_Escape)

    assert (box.text(), view.searching.text) == ("", "")


# Paths


def test_that_u_lights_what_a_layer_depends_on(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("head/c")

    key(view, qtbot, Qt.Key.Key_U)

    qtbot.waitUntil(lambda: view.canvas.marks.lit is not None, timeout=LONG)
    assert lit(view) == {"input x", "layer block/b", "layer head/c"}
    assert any("3 layers" in text for text in view.overlays.status.texts())


def test_that_shift_u_lights_what_depends_on_a_layer(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("head/c")

    key(view, qtbot, Qt.Key.Key_U, SHIFT)

    qtbot.waitUntil(lambda: view.canvas.marks.lit is not None, timeout=LONG)
    assert lit(view) == {"layer head/c", "layer y", "output y"}


def test_that_p_goes_through_the_directions(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("head/c")
    seen = []
    for direction in ("up", "down", "both"):
        key(view, qtbot, Qt.Key.Key_P)
        qtbot.waitUntil(lambda now=direction: view.path.path is not None and view.path.path.direction == now)
        seen.append(direction)
    key(view, qtbot, Qt.Key.Key_P)

    assert seen == ["up", "down", "both"]
    assert view.path.path is None


def test_that_escape_ends_the_path(view: GraphView, qtbot: QtBot) -> None:
    on_path(view, qtbot, "up", "head/c")

    key(view, qtbot, Qt.Key.Key_Escape)

    assert view.canvas.marks.lit is None


def test_that_walking_along_the_path_keeps_it(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("head/c")
    path = on_path(view, qtbot, "up", "head/c")

    key(view, qtbot, Qt.Key.Key_Up)

    assert workspace.selected == "block/b"
    assert view.path.path is path


def test_that_another_network_has_no_path(view: GraphView, workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    on_path(view, qtbot, "up", "head/c")
    other = made_workspace(tmp_path / "other", run=False)

    workspace.set_session(other.session, other.folder, other.model)

    assert view.path.path is None


# Legend


def drag(view: GraphView, qtbot: QtBot, distance: QPoint) -> None:
    legend = view.legend
    start = QPoint(3, legend.height() // 2)
    qtbot.mousePress(legend, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(legend, start + distance / 2)
    qtbot.mouseMove(legend, start + distance)
    qtbot.mouseRelease(legend, Qt.MouseButton.LeftButton)


def test_that_the_legend_stays_where_it_is_dragged(view: GraphView, qtbot: QtBot) -> None:
    before = view.legend.pos()

    drag(view, qtbot, QPoint(60, -120))
    there = view.legend.pos()
    view.canvas.zoom(1.1)

    assert there != before
    assert view.legend.pos() == there


def test_that_the_legend_never_leaves_the_graph(view: GraphView, qtbot: QtBot) -> None:
    drag(view, qtbot, QPoint(4000, 4000))

    assert view.canvas.rect().contains(view.legend.geometry())


def test_that_alt_and_an_arrow_move_the_legend(view: GraphView, qtbot: QtBot) -> None:
    before = view.legend.y()

    qtbot.keyClick(view.legend.key, Qt.Key.Key_Up, ALT)

    assert view.legend.y() < before


def test_that_alt_and_an_arrow_move_the_legend_from_its_button_too(view: GraphView, qtbot: QtBot) -> None:
    before = view.legend.y()

    qtbot.keyClick(view.legend.button, Qt.Key.Key_Up, ALT)

    assert view.legend.y() < before


def test_that_the_legend_is_reached_by_tab(view: GraphView) -> None:
    found, widget = set(), view.canvas.nextInFocusChain()
    while widget is not view.canvas:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(view):
            found.add(widget)
        widget = widget.nextInFocusChain()

    assert {view.legend.button, view.legend.key} <= found


def test_that_the_legend_steps_aside_for_the_selected_box(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    view.canvas.scale = 1.0
    x, y = view.canvas.scenery.geometry.centre(view.diagram.index_of["y"])  # type: ignore[union-attr]
    view.canvas.look_at(x + 150, y - view.canvas.height() / 2 + 30)
    workspace.select("y")

    view.canvas.look_at(x + 150, y - view.canvas.height() / 2 + 30)

    chosen = view.canvas.widget_rect(view.diagram.index_of["y"]).toRect()
    assert chosen.intersects(view.canvas.rect())
    assert not view.legend.geometry().intersects(chosen)


def test_that_a_new_window_has_the_legend_where_it_was(
    view: GraphView, workspace: Workspace, jobs: JobPool, qtbot: QtBot
) -> None:
    drag(view, qtbot, QPoint(60, -120))
    other = open_graph(workspace, jobs, qtbot)

    other.take_over(view)

    assert other.legend.place == view.legend.place


def test_that_a_click_on_an_entry_lets_its_boxes_fade(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    assert view.canvas.scenery is not None
    shown_class = int(view.canvas.scenery.classes[view.diagram.index_of["y"]])

    view.legend.key.toggle(shown_class)
    assert "layer y" not in lit(view)

    view.legend.key.toggle(shown_class)
    assert "layer y" in lit(view)


def test_that_the_entries_are_reached_by_keys(view: GraphView, qtbot: QtBot) -> None:
    for which in (Qt.Key.Key_Right, Qt.Key.Key_Space):
        qtbot.keyClick(view.legend.key, which)

    assert view.legend.key.faded == {1}
    assert "faded" in view.legend.key.accessibleDescription()


def test_that_c_offers_what_the_graph_is_coloured_by(view: GraphView, qtbot: QtBot) -> None:
    menu = view.legend.button.menu()
    assert menu is not None
    menu.aboutToShow.connect(menu.close, Qt.ConnectionType.QueuedConnection)

    with qtbot.waitSignal(menu.aboutToShow, timeout=LONG):
        key(view, qtbot, Qt.Key.Key_C)

    assert "Cosine" in [action.text() for action in menu.actions()]


# Growth of the error


@pytest.fixture
def growing(view: GraphView, workspace: Workspace, qtbot: QtBot) -> GraphView:
    """The panel, on the path up from y."""
    workspace.select("y")
    view.commands.growth.trigger()
    qtbot.waitUntil(lambda: view.growth.growth.tensors == ("block/b", "head/c", "y"), timeout=LONG)
    return view


def test_that_the_growth_follows_the_path_up_from_the_selected_layer(growing: GraphView) -> None:
    assert growing.path.path is not None
    assert growing.path.path.direction == "up"
    assert "3/3" in growing.growth.here.full_text


def test_that_arrows_walk_along_the_growth(growing: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    qtbot.keyClick(growing.growth, Qt.Key.Key_Left)
    assert workspace.selected == "head/c"
    qtbot.keyClick(growing.growth, Qt.Key.Key_Home)
    assert workspace.selected == "block/b"
    assert growing.growth.growth.tensors == ("block/b", "head/c", "y")


def test_that_a_point_of_the_growth_selects_its_layer(growing: GraphView, workspace: Workspace) -> None:
    assert growing.growth.plot is not None

    growing.growth.plot.chosen.emit(1)

    assert workspace.selected == "head/c"


def test_that_the_layer_under_the_pointer_is_told(growing: GraphView, workspace: Workspace) -> None:
    assert growing.growth.plot is not None

    growing.growth.plot.pointed.emit(0)
    assert "1/3" in growing.growth.here.full_text
    growing.growth.plot.pointed.emit(-1)
    assert "3/3" in growing.growth.here.full_text
    assert workspace.selected == "y"


def test_that_j_goes_to_the_jump(growing: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.set_inputs_of({"block/b": (), "head/c": ("block/b",), "y": ("head/c",)})
    qtbot.waitUntil(lambda: growing.growth.growth.jumps == (0,), timeout=LONG)

    qtbot.keyClick(growing.growth, Qt.Key.Key_J)

    assert workspace.selected == "block/b"


def test_that_leaving_the_path_asks_for_another_one(growing: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    on_path(growing, qtbot, "up", "block/b")

    workspace.select("y")

    qtbot.waitUntil(lambda: growing.path.path is not None and growing.path.path.anchor == "y", timeout=LONG)


def test_that_escape_closes_the_growth_at_last(growing: GraphView, qtbot: QtBot) -> None:
    for _ in range(2):  # the path first
        qtbot.keyClick(growing.growth, Qt.Key.Key_Escape)

    assert not growing.growth.isVisible()
    assert not growing.commands.growth.isChecked()


# The two graphs


def twins(view: GraphView, qtbot: QtBot) -> GraphView:
    view.commands.twins.trigger()
    qtbot.waitUntil(lambda: all(half.side is not None for half in view.twins.halves), timeout=LONG)
    return view


def boxes(half: object, numbers: object) -> list[str]:
    return [half.boxes[at].op for at in sorted(numbers)]  # type: ignore[attr-defined,call-overload]


def test_that_both_graphs_are_shown_before_any_run(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    view = twins(open_graph(made_workspace(tmp_path, run=False), jobs, qtbot), qtbot)

    left, right = view.twins.halves
    assert [box.op for box in left.boxes if box.kind == "layer"] == ["Conv", "Relu", "ReduceMean", "Sigmoid"]
    assert "exDataConvert" in [box.op for box in right.boxes]
    assert "4 layers" in left.title.full_text


def test_that_a_box_of_one_graph_marks_its_counterparts_in_the_other(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    left, right = twins(view, qtbot).twins.halves
    relu = next(at for at, box in enumerate(left.boxes) if box.op == "Relu")

    left.picked.emit(relu)

    assert workspace.selected == "block/b"
    assert left.canvas.marks.selected == relu
    counterparts = right.canvas.marks.linked | {right.canvas.marks.selected}
    assert all("relu" in right.boxes[at].layers for at in counterparts)


def test_that_a_selection_elsewhere_is_marked_in_both_graphs(
    view: GraphView, workspace: Workspace, qtbot: QtBot
) -> None:
    left, right = twins(view, qtbot).twins.halves

    workspace.select("head/c")

    assert left.boxes[left.canvas.marks.selected].layers == ("mean",)
    assert "mean" in right.boxes[right.canvas.marks.selected].layers


def test_that_a_path_fades_the_rest_of_both_graphs(view: GraphView, qtbot: QtBot) -> None:
    halves = twins(view, qtbot).twins.halves

    on_path(view, qtbot, "up", "block/b")

    for half in halves:
        mask = half.canvas.marks.lit
        assert mask is not None
        assert {"conv", "relu"} >= {name for at, box in enumerate(half.boxes) if mask[at] for name in box.layers}


def test_that_other_settings_derive_the_graph_anew(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    twins(view, qtbot)
    assert workspace.session is not None

    workspace.change(quant=workspace.session.quant.__class__(dtype="fp16"))

    right = view.twins.right
    qtbot.waitUntil(lambda: bool(right.boxes) and "exDataConvert" not in [box.op for box in right.boxes], timeout=LONG)


def test_that_the_keys_of_the_graph_walk_in_both(view: GraphView, workspace: Workspace, qtbot: QtBot) -> None:
    left, right = twins(view, qtbot).twins.halves
    workspace.select("head/c")

    qtbot.keyClick(right.canvas, Qt.Key.Key_Down)

    assert "mean" not in right.boxes[right.canvas.marks.selected].layers
    assert left.boxes[left.canvas.marks.selected].op == "Sigmoid"


def test_that_b_leads_back_to_the_network_alone(view: GraphView, qtbot: QtBot) -> None:
    twins(view, qtbot)

    view.commands.twins.trigger()

    assert view.canvas.isVisible()
    assert not view.twins.isVisible()


# Pictures


def picture(view: GraphView, **changes: object) -> Picture:
    wanted = Wanted(whole=True, for_print=True, marked=True, legend=True, factor=2.0)
    return view.export.picture(replace(wanted, **changes))  # type: ignore[arg-type]


def written(view: GraphView, path: Path, **changes: object) -> Path:
    """A picture that is drawn here; the window lets another process do it."""
    return drain(write_picture(picture(view, **changes), path))


def test_that_a_vector_file_tells_how_much_of_it_is_drawn(view: GraphView, tmp_path: Path) -> None:
    steps = list(write_picture(picture(view), tmp_path / "graph.pdf"))

    done = [step.done for step in steps if isinstance(step, Progress)]
    assert done == sorted(done)
    assert done[0] < 100 == done[-1]


def test_that_an_svg_has_the_names_of_the_layers(view: GraphView, tmp_path: Path) -> None:
    path = written(view, tmp_path / "graph.svg")

    texts = "".join(ElementTree.parse(path).getroot().itertext())
    assert "head/c" in texts
    assert "Cosine" in texts  # the legend


def test_that_a_pdf_has_one_page(view: GraphView, tmp_path: Path) -> None:
    content = written(view, tmp_path / "graph.pdf").read_bytes()

    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 1


def test_that_a_png_has_the_size_that_was_told(view: GraphView, tmp_path: Path) -> None:
    image = QImage(str(written(view, tmp_path / "graph.png")))

    assert image.size() == picture(view).png_size
    assert image.pixelColor(1, 1) == QColor("#ffffff")


def test_that_a_picture_may_have_the_colours_of_the_window(view: GraphView, qapp: QApplication, tmp_path: Path) -> None:
    theme.apply(qapp, "dark")
    try:
        image = QImage(str(written(view, tmp_path / "graph.png", for_print=False)))
        light = QImage(str(written(view, tmp_path / "light.png")))
    finally:
        theme.apply(qapp, "light")

    assert image.pixelColor(1, 1) == DARK.background
    assert light.pixelColor(1, 1) == QColor("#ffffff")


def test_that_the_visible_part_is_what_is_seen(view: GraphView) -> None:
    view.canvas.look_at(0, 0, 1.0)

    part = picture(view, whole=False, legend=False).plates[0].part

    assert part == view.canvas.visible()


def test_that_a_png_never_grows_beyond_what_memory_holds(view: GraphView) -> None:
    huge = picture(view)
    plates = (replace(huge.plates[0], part=(0.0, 0.0, 4_000.0, 900_000.0)),)

    size = replace(huge, plates=plates).png_size

    assert size.width() * size.height() <= 1.01 * MOST_PIXELS
    assert max(size.width(), size.height()) <= MOST_SIDE


def test_that_the_dialog_tells_of_a_png_that_gets_smaller_than_wanted(view: GraphView, qtbot: QtBot) -> None:
    def huge(wanted: Wanted) -> Picture:
        made = view.export.picture(wanted)
        return replace(made, plates=(replace(made.plates[0], part=(0.0, 0.0, 4_000.0, 900_000.0)),))

    dialog = PictureDialog(view, huge, Path("graph.svg"))
    qtbot.addWidget(dialog)
    assert "memory" not in dialog.told.text()

    dialog.kind.setCurrentIndex(2)

    assert "memory" in dialog.told.text()
    assert dialog.path.text() == "graph.png"


def test_that_what_cannot_be_written_leaves_nothing(view: GraphView, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WorkbenchError, match="Cannot write"):
        written(view, tmp_path / "file" / "graph.svg")

    assert [path.name for path in tmp_path.glob("*graph*")] == []


def test_that_the_two_graphs_are_one_picture(view: GraphView, qtbot: QtBot) -> None:
    alone = picture(view, legend=False).size.width()

    twins(view, qtbot)

    assert len(picture(view).plates) == 2
    assert picture(view, legend=False).size.width() > alone


def test_that_the_dialog_exports_what_was_chosen(view: GraphView, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = view.export.ask()
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "mine"))

    with qtbot.waitSignal(view.export.written, timeout=LONG) as told:
        dialog.accept()

    assert told.args[0] == tmp_path / "mine.svg"
    assert (tmp_path / "mine.svg").is_file()


def test_that_the_legend_is_seen_again_when_the_two_graphs_are_left(view: GraphView, qtbot: QtBot) -> None:
    key(view, qtbot, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: view.twins.right.side is not None, timeout=LONG)
    view.commands.twins.trigger()

    assert view.pages.currentWidget() is view.pane
    middle = view.legend.geometry().center()
    assert view.pages.childAt(middle) in (view.legend, view.legend.button, view.legend.key)


def test_that_a_search_brings_its_hit_near_where_the_graph_is_too_small_to_be_read(
    view: GraphView, qtbot: QtBot
) -> None:
    view.canvas.look_at(0, 0, 0.01)
    search(view, qtbot, "head/c")
    assert view.canvas.scale > 0.5

    view.canvas.look_at(0, 0, 0.4)
    search(view, qtbot, "block/b")
    assert view.canvas.scale == 0.4


def test_that_a_legend_without_anything_to_say_is_not_there(view: GraphView) -> None:
    nothing = Colouring("kinds", np.full(3, len(KIND_NAMES)), [""] * 3)
    view.legend.show_colouring(nothing, "simulator.entire", "cos", ())
    assert not view.legend.has_something
