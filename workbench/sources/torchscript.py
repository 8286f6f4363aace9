"""The reference of TorchScript networks: torch, in an interpreter that has it, operator by operator."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from workbench.dump.store import DumpWriter
from workbench.foundation.interpreters import with_module
from workbench.foundation.process import lines_of, told
from workbench.foundation.scratch import scratch_folder
from workbench.foundation.steps import Progress, Steps
from workbench.graph.foreign.torchscript import GET_TORCH, NO_TORCH, TIMEOUT, command, failed
from workbench.sources.foreign_source import ForeignSource
from workbench.sources.source import DumpRequest


class Torch(ForeignSource):
    """Golden values; arrays travel as files, and closing a dump ends the other interpreter."""

    def problems(self) -> list[str]:
        """Why it cannot run: no interpreter has torch."""
        return [] if with_module("torch") is not None else [f"{NO_TORCH} {GET_TORCH}"]

    def dump(self, request: DumpRequest, out: Path, later: ExitStack | None = None) -> Steps[Path]:
        """Write the golden dump as the values come; it is complete at the end, or when `later` closes."""
        with ExitStack() as stack:
            writer = stack.enter_context(self._writer(out, request))
            for name, array in request.feeds.items():
                writer.add(name, array, op="Input")
            with scratch_folder() as folder:
                yield from self._run(request.feeds, folder, writer)
            if later is not None:
                later.push(stack.pop_all())
        return out

    def _run(self, feeds: Mapping[str, np.ndarray], folder: Path, writer: DumpWriter) -> Steps[None]:
        """Start the worker and take its tensors as it tells of them."""
        lines = lines_of(command(self._request(feeds, folder)), silence=TIMEOUT)
        said, done = "", 0
        try:
            while True:
                line = next(lines)
                yield Progress("reference", done, len(self._wanted))
                message = told(line)
                said = str(message.get("error", said))
                if {"tensor", "file"} <= message.keys():
                    self._take(str(message["tensor"]), folder / Path(str(message["file"])).name, writer)
                    done += 1
        except StopIteration as stop:
            if stop.value.code != 0 or said:
                raise failed(self._model.path, stop.value, said) from None
        finally:
            lines.close()

    def _request(self, feeds: Mapping[str, np.ndarray], folder: Path) -> dict[str, object]:
        files = []
        for index, item in enumerate(self._model.graph.inputs):
            files.append(str(folder / f"feed{index}.npy"))
            np.save(files[-1], feeds[item.name])
        model = str(self._model.files[0].absolute())
        return {"model": model, "feeds": files, "folder": str(folder), "wanted": self._given()}

    def _take(self, name: str, file: Path, writer: DumpWriter) -> None:
        array = np.load(file, allow_pickle=False)
        file.unlink()
        self._keep(writer, name, array)
