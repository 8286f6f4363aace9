import threading
from collections.abc import Iterator

import pytest

from workbench.foundation.ahead import ahead


def test_that_the_items_and_their_order_stay() -> None:
    assert list(ahead(range(5))) == [0, 1, 2, 3, 4]


def test_that_the_next_item_is_made_while_one_is_used() -> None:
    made = [threading.Event() for _ in range(3)]

    def items() -> Iterator[int]:
        for number, event in enumerate(made):
            event.set()
            yield number

    for number in ahead(items()):
        assert number == 2 or made[number + 1].wait(5)


def test_that_no_more_than_one_item_waits() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    taken = ahead(items())
    next(taken)
    taken.close()  # type: ignore[attr-defined]
    assert len(made) <= 3


def test_that_an_error_comes_where_its_item_would() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("second")

    taken = ahead(items())
    assert next(taken) == 1
    with pytest.raises(ValueError, match="second"):
        next(taken)
