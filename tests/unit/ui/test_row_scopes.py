"""Rows under the headings of their scopes."""

import numpy as np
import pytest

from workbench.ui.models.table.row_scopes import Arrangement, Scopes, find_scopes, flat, grouped, scope_of

NAMES = ["in", "a/b/one", "c/x", "a/b/two", "a/three", "c/y", "d/deep/er/1", "d/deep/er/2", "out"]


@pytest.fixture
def scopes() -> Scopes:
    return find_scopes([scope_of(name, ()) for name in NAMES])


def shown(arrangement: Arrangement) -> list[str]:
    lines = []
    for position, entry in enumerate(arrangement.entries.tolist()):
        heading = arrangement.heading(position)
        if heading is None:
            lines.append("  " * arrangement.level(entry) + NAMES[entry])
        else:
            lines.append("  " * heading.level + f"{heading.title} ({len(heading.rows)})")
    return lines


def test_that_rows_stand_under_their_scopes_where_the_first_of_them_is(scopes: Scopes) -> None:
    assert shown(grouped(np.arange(9), scopes, ())) == [
        "in", "a (3)", "  b (2)", "    a/b/one", "    a/b/two", "  a/three", "c (2)", "  c/x", "  c/y",
        "d/deep/er (2)", "  d/deep/er/1", "  d/deep/er/2", "out",
    ]  # fmt: skip


def test_that_scopes_follow_the_order_of_their_rows(scopes: Scopes) -> None:
    order = np.array([5, 8, 4, 3, 2, 0])
    assert shown(grouped(order, scopes, ())) == [
        "c (2)", "  c/y", "  c/x", "out", "a (2)", "  a/three", "  b (1)", "    a/b/two", "in",
    ]  # fmt: skip


def test_that_a_folded_scope_hides_rows_and_headings_below(scopes: Scopes) -> None:
    arrangement = grouped(np.arange(9), scopes, {"a", "a/b", "d/deep/er"})
    assert shown(arrangement) == ["in", "a (3)", "c (2)", "  c/x", "  c/y", "d/deep/er (2)", "out"]
    heading = arrangement.heading(1)
    assert heading is not None
    assert not heading.is_open
    assert heading.rows.tolist() == [1, 3, 4]


def test_that_a_heading_is_found_again(scopes: Scopes) -> None:
    before, after = grouped(np.arange(9), scopes, ()), grouped(np.arange(9)[::-1], scopes, {"a"})
    scope = before.scope_at(1)
    assert shown(after)[after.place_of(scope)] == "a (3)"
    assert after.place_of(before.scope_at(2)) == -1


def test_that_rows_without_scopes_have_no_headings() -> None:
    arrangement = grouped(np.arange(2), find_scopes(["", ""]), ())
    assert arrangement.entries.tolist() == [0, 1]


def test_that_no_rows_have_no_headings(scopes: Scopes) -> None:
    assert grouped(np.arange(0), scopes, ()).entries.size == 0
    assert grouped(np.arange(0), find_scopes([]), ()).entries.size == 0
    assert flat(np.arange(0)).heading is not None


@pytest.mark.parametrize(
    ("tensor", "layers", "scope"),
    [
        ("/a/b/Conv_output_0", (), "a/b"),
        ("/a/act/Mul_output_0", ("/a/conv/Conv", "/a/act/Mul"), "a"),
        ("y", ("node_1",), ""),
        ("/a/x", ("/b/c/Relu",), "b/c"),
    ],
)
def test_that_a_scope_is_what_the_layers_names_share(tensor: str, layers: tuple[str, ...], scope: str) -> None:
    assert scope_of(tensor, layers) == scope
