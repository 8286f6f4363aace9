"""Where many runs are computed: on the processes of this machine, or on a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import Common

if TYPE_CHECKING:
    from workbench.project.workers.executors import Workers


@dataclass(frozen=True)
class Where:
    """Besides `--jobs`, which is how many processes there are at home."""

    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Compute on a cluster: the address of a dask scheduler, tcp://… or tls://…"
        ),
    ] = ""

    @contextmanager
    def workers(self, common: Common, *modules: str) -> "Iterator[Workers]":
        """The processes; with modules they are started at once and import these, while this one does, too."""
        from workbench.project.workers.executors import workers

        with workers(common.jobs, self.cluster) as pool:
            if modules:
                pool.begin(*modules)
            yield pool
