"""Gaps of the event loop: during a full analysis, while a large network is opened, and during a user's session.

    python -m tests.benchmarks.gui.gaps [--session] [--where MS] [--networks NETWORK.onnx … --images FOLDER]

`--session` prints every phase of a user's session on the demo and the networks; `--where MS` finds out where the gaps
over so many ms came from (the looking disturbs: take figures without it).
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.gui import Figure
from tests.benchmarks.gui.clock import Phase
from tests.benchmarks.gui.material import large_network
from tests.benchmarks.gui.program import SHARED, Program, program
from tests.benchmarks.gui.where import HEAD, line, story
from workbench.preprocess.dataset import samples_from_files
from workbench.ui import theme
from workbench.ui.models.table.columns import Column

P99_MS, MAX_MS = 20.0, 50.0
IMAGES, STEPS, PAUSE = 8, 20, 0.06
LARGE = "open a network of 200 MB"


def measure() -> list[Figure]:
    """The figures that have a limit; the last ones leave out what the machine was busy with elsewhere."""
    with program() as it:
        analyse(it, *_material())
        open_large(it)
        run, large = it.clock.phases["run"], it.clock.phases[LARGE]
    analysis, opening = "gap of the event loop during a full analysis", "gap while a network of 200 MB is opened"
    return [
        (f"{analysis}, p99", run.at(99), P99_MS, "ms"),
        (f"{analysis}, longest", run.longest.length, MAX_MS, "ms"),
        (f"{analysis}, longest without waiting for a core", _busy(run), MAX_MS, "ms"),
        (f"{opening}, longest", large.longest.length, MAX_MS, "ms"),
        (f"{opening}, longest without waiting for a core", _busy(large), MAX_MS, "ms"),
    ]


def _busy(phase: Phase) -> float:
    return max(gap.length - gap.core for gap in phase.gaps)


def analyse(it: Program, network: Path | None, images: list[Path]) -> None:
    """A full analysis: from the opened network to the worst layer's panes."""
    workspace = it.window.workspace
    with it.clock.phase("open"):
        it.open(network)
    if network is not None:
        with it.clock.phase("choose inputs"):
            samples = samples_from_files(images, 1)
            workspace.change(samples=samples, dataset=samples)
    with it.clock.phase("run"):
        it.run()


def open_large(it: Program) -> None:
    """Parse and lay out a network whose weights take 200 MB."""
    path = large_network(it.folder / "large.onnx")
    it.window.opener.close()
    it.clock.wait(0.3)
    with it.clock.phase(LARGE):
        it.open(path)
        it.clock.wait(0.5)


class UserSession:
    """What a user does on one network, phase by phase."""

    def __init__(self, it: Program) -> None:
        self.it, self.window, self.clock, self.workspace = it, it.window, it.clock, it.window.workspace

    def go(self, network: Path | None, images: list[Path]) -> None:
        """Everything."""
        analyse(self.it, network, images)
        self._browse()
        self._change_settings()
        folder = self.workspace.folder
        assert folder is not None
        with self.clock.phase("close and reopen"):
            self.window.opener.close()
            self.clock.wait(0.2)
            self.it.open(folder)
            self.clock.until(lambda: self.workspace.results is not None and self.window.panes.summary is not None)
        for chosen in ("dark", "light"):
            with self.clock.phase(f"theme {chosen}"):
                theme.apply(self.it.app, chosen)
        with self.clock.phase("close"):
            self.window.opener.close()

    def _browse(self) -> None:
        window, clock, workspace = self.window, self.clock, self.workspace
        for title, step in (("better layers", workspace.better), ("worse layers", workspace.worse)):
            with clock.phase(title):
                self._repeat([step] * STEPS)
        with clock.phase("channels"):
            chosen = window.panes.controls.channel_chosen
            self._repeat([lambda number=number: chosen.emit(number) for number in range(12)])
        with clock.phase("pane views"):
            buttons = window.panes.controls.views.buttons()
            self._repeat([button.click for button in (*buttons[1:], buttons[0])])
        with clock.phase("filter and sort"):
            by = [Column("value", "simulator.entire", metric) for metric in ("cos", "euc")]
            texts = ("op:Conv", "cos<0.999", "")
            self._repeat([lambda text=text: window.table.filter_edit.setText(text) for text in texts])
            self._repeat([lambda column=column: window.table.view.sort_by(column) for column in (*by, None)])
        with clock.phase("colour by another metric"):
            metrics = ("euc", "cos")
            self._repeat([lambda name=name: workspace.set_colouring("simulator.entire", name) for name in metrics])

    def _change_settings(self) -> None:
        window, workspace = self.window, self.workspace
        with self.clock.phase("settings tab"):
            window.tabs.setCurrentWidget(window.settings_panel)
            self.clock.wait(0.3)
        before = workspace.session
        assert before is not None
        with self.clock.phase("change settings"):
            for algorithm in ("mmse", "kl_divergence", before.quant.algorithm):
                workspace.change(quant=replace(before.quant, algorithm=algorithm))
                self.clock.wait(0.5)

    def _repeat(self, acts: list[Callable[[], object]]) -> None:
        for act in acts:
            act()
            self.clock.wait(PAUSE)


def _material() -> tuple[Path | None, list[Path]]:
    """The network that is analysed; the demo where there is no test material."""
    network, images = SHARED / "models" / "yolox_nano_416.onnx", SHARED / "images" / "coco_yolox"
    return (network, sorted(images.glob("*.jpg"))[:IMAGES]) if network.is_file() else (None, [])


def main() -> None:
    """Print phases and, where wanted, where gaps came from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--session", action="store_true", help="a whole session of a user, on the demo too")
    parser.add_argument("--where", type=float, default=0.0, metavar="MS", help="tell where longer gaps came from")
    parser.add_argument("--networks", nargs="*", type=Path)
    parser.add_argument("--images", type=Path, default=SHARED / "images" / "coco_yolox")
    options = parser.parse_args()
    images = sorted(options.images.glob("*.jpg"))[:IMAGES]
    material = [_material()] if options.networks is None else [(network, images) for network in options.networks]
    with program(looks=options.where > 0) as it:
        for network, chosen in [(None, []), *material] if options.session else material:
            it.clock.phases.clear()
            UserSession(it).go(network, chosen) if options.session else analyse(it, network, chosen)
            _print("demo" if network is None else network.stem, it, options.where)
        it.clock.phases.clear()
        open_large(it)
        _print("large network", it, options.where)


def _print(name: str, it: Program, limit: float) -> None:
    print(f"\n== {name}\n{HEAD}")
    for title, phase in it.clock.phases.items():
        print(line(title, phase, limit or MAX_MS))
    if limit:
        print(story(it.clock.phases, limit), flush=True)


if __name__ == "__main__":
    main()
