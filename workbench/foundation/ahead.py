"""Items made one ahead of their use."""

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from workbench.foundation.threads import threads

T = TypeVar("T")
END = object()


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items, each made in a thread while the one before it is used; at most one waits."""
    iterator = iter(items)
    with threads(1, "ahead") as pool:
        following = pool.submit(next, iterator, END)
        while (item := following.result()) is not END:
            following = pool.submit(next, iterator, END)
            yield cast(T, item)
