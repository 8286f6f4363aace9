"""Mixed precision by the toolkit's hybrid quantization, from the layers that were chosen in the workbench."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.foundation.steps import Steps
from workbench.project.session import Session
from workbench.project.toolkit.converting import FOLDER, Wish, make
from workbench.sources.toolkit.descriptions import Toolkit

PLACE, SNAPSHOTS = "mixed", "mixed-snapshots"


@dataclass(frozen=True)
class HybridWish:
    """Outputs of layers and their precision; what is done besides: proposed, analysed, written."""

    layers: Mapping[str, str] = field(default_factory=dict)
    proposal: bool = False
    is_analysed: bool = True
    out: Path | None = None


@dataclass(frozen=True)
class HybridOutcome:
    """The patched cfg, the .rknn, an analysis of each sample, and what stands in the cfg's block at last."""

    cfg: Path | None
    rknn: Path | None
    snapshots: tuple[Path, ...]
    layers: Mapping[str, str]


def hybrid(session: Session, folder: Path, toolkit: Toolkit, wish: HybridWish) -> Steps[HybridOutcome]:
    """Both steps of hybrid quantization with a session's network and settings; all files stay in its `folder`."""
    place = folder / FOLDER
    snapshots = place / SNAPSHOTS if wish.is_analysed else None
    wanted = Wish(wish.layers, wish.proposal, snapshots, wish.out)
    made = yield from make(session, place / PLACE, toolkit, wanted)
    return HybridOutcome(made.cfg, wish.out, made.snapshots, made.layers)
