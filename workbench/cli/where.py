"""Where many runs are computed: on the processes of this machine, or on a cluster."""

from contextlib import AbstractContextManager
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

    def workers(self, common: Common) -> "AbstractContextManager[Workers]":
        """The processes, for a `with`."""
        from workbench.project.workers.executors import workers

        return workers(common.jobs, self.cluster)
