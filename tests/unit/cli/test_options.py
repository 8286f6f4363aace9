from dataclasses import dataclass
from typing import Annotated

import pytest
import typer

from workbench.cli.options import grouped, spread


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("analyze m -i a b -o s", "analyze m -i a -i b -o s"),
        ("analyze m -i a -i b c -o s", "analyze m -i a -i b -i c -o s"),
        ("analyze m --tensors x y --json -i a", "analyze m --tensors x --tensors y --json -i a"),
        ("analyze -i a m -o s", "analyze -i a m -o s"),
        ("analyze -o s m -i a b", "analyze -o s m -i a -i b"),
        ("analyze m --mean -1,-2 -i a b", "analyze m --mean -1,-2 -i a -i b"),
        ("analyze m -i a -- b c", "analyze m -i a -- b c"),
        ("compare a b --map m", "compare a b --map m"),
        ("compare --json a b", "compare --json a b"),
    ],
)
def test_that_a_list_option_after_the_first_argument_takes_all_that_follows(given: str, read: str) -> None:
    assert spread(given.split()) == read.split()


@dataclass(frozen=True)
class Group:
    first: Annotated[int, typer.Option()] = 1
    second: Annotated[str, typer.Option()] = "two"


def test_that_a_command_gets_its_groups_back() -> None:
    seen: list[tuple[str, Group]] = []

    def command(name: Annotated[str, typer.Argument()], group: Group) -> int:
        seen.append((name, group))
        return 0

    app = typer.Typer()
    app.command()(grouped(command))
    app(["x", "--first", "3"], standalone_mode=False)
    assert seen == [("x", Group(3, "two"))]
