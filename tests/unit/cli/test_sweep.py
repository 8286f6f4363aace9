"""What `sweep` starts before it has read the session."""

from tests.unit.project import made_tasks as made
from workbench.cli.options import Common
from workbench.cli.sweep import TASKS
from workbench.cli.where import Where
from workbench.foundation.steps import drain
from workbench.project.sweeps.cells import calibrate, compute
from workbench.project.workers.executors import Task, completed


def test_that_workers_import_what_they_will_compute_with() -> None:
    found: list[object] = []
    with Where().workers(Common(jobs=1), TASKS) as pool:
        drain(completed(pool, [Task(made.imported, (TASKS,))], lambda outcome: found.append(outcome.value)))

    assert found == [True]
    assert {compute.__module__, calibrate.__module__} == {TASKS}
