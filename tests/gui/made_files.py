"""Files that are dropped into the window or opened by it, made from a session that has run."""

from pathlib import Path

import numpy as np

from workbench.dump.store import Dump
from workbench.preprocess.preprocess import picture
from workbench.project.results import Results
from workbench.ui.workspace import Workspace


def write_nameless(results: Results, folder: Path) -> None:
    """The simulator's tensors without their names, every second one as N, H, W, C."""
    folder.mkdir()
    with Dump(results.dumps["simulator"][0]) as dump:
        for number, row in enumerate(item for item in results.rows if item.tensor in dump):
            array = dump[row.tensor]
            turned = array.transpose(0, 2, 3, 1) if array.ndim == 4 and number % 2 else array
            np.save(folder / f"t{number:03d}.npy", turned)


def write_buffer(workspace: Workspace, path: Path, *, is_exchanged: bool) -> None:
    """The pixels of the first input as a C program may have them; exchanged: blue first."""
    session, model = workspace.session, workspace.model
    assert session is not None
    assert model is not None
    tensor = model.graph.inputs[0]
    pixels = picture(session.samples[0].files[0], tensor, session.preprocess[tensor.name])
    path.write_bytes(np.ascontiguousarray(pixels[..., ::-1] if is_exchanged else pixels).tobytes())
