"""Where the toolkit works: a folder that it can name in its datasets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.foundation.files import cannot_write
from workbench.foundation.scratch import scratch_folder
from workbench.sources.toolkit.host import ToolkitError


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """`folder`, made if missing, under a name without blanks: in datasets the toolkit takes one for a name's end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    if not any(map(str.isspace, str(folder.absolute()))):
        yield folder
        return
    with scratch_folder() as scratch:
        link = scratch / "toolkit"
        link.symlink_to(folder.absolute(), target_is_directory=True)
        try:
            yield link
        except ToolkitError as error:  # the link is gone when anybody reads this
            hint = error.hint.replace(str(link), str(folder))
            raise ToolkitError(error.message, hint, error.lines) from error
