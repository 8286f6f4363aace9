"""`convert`: a network or a session in, the vendor's .rknn out."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, run, tell
from workbench.cli.making import made_session
from workbench.cli.options import Common, Inputs, Preprocessing, Quantization, VendorOptions
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.project.session import Session
    from workbench.project.toolkit.converting import Made, Wish
    from workbench.sources.toolkit.descriptions import Toolkit

SHOWN = 8
CFG = ".quantization.cfg"


@dataclass(frozen=True)
class Conversion:
    """What is converted with, and where it goes."""

    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE.rknn", help="The file; of a session inside it if absent."),
    ] = None
    proposal: Annotated[
        bool, typer.Option("--proposal", help="The toolkit proposes layers for float16; it may take very long.")
    ] = False
    snapshots: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Analyse the result, too: the toolkit's snapshots of the inputs.")
    ] = None


def convert(
    model: Annotated[Path, typer.Argument(metavar="MODEL|SESSION", help="The network, or a session's folder.")],
    what: Conversion,
    inputs: Inputs,
    preprocess: Preprocessing,
    quantization: Quantization,
    vendor: VendorOptions,
    common: Common,
) -> int:
    """Convert a network with the vendor's toolkit; layers in --float-tensors and --int16-tensors stay precise."""
    from workbench.cli import choices
    from workbench.project.session import is_session, load_session
    from workbench.project.toolkit.converting import Wish
    from workbench.sources.toolkit.configured import custom_layers, toolkit_called
    from workbench.sources.toolkit.option_values import checked

    options = choices.toolkit_options(vendor.config or ())
    if is_session(model):
        _refuse_settings(inputs, preprocess, quantization)
        session, out = load_session(model), what.output or model / f"{load_session(model).model.stem}.rknn"
    else:
        session = made_session(model, "toolkit", inputs, preprocess, quantization, needs_inputs=False)
        out = what.output or Path(f"{model.stem}.rknn")
    session = replace(session, toolkit_options=checked({**session.toolkit_options, **options}))
    toolkit = toolkit_called(vendor.toolkit or session.toolkit)
    wish = Wish(custom_layers(session.quant), what.proposal, what.snapshots, out)
    if is_session(model):
        made = _made(session, model / "toolkit" / "convert", toolkit, wish, common)
    else:
        made = _made_elsewhere(session, toolkit, wish, common)
    _tell(made, out, common)
    return 0


def _refuse_settings(*given: Inputs | Preprocessing | Quantization) -> None:
    if any(options != type(options)() for options in given):
        raise SettingsError(
            "A session has its inputs and settings; other ones cannot be given with it.",
            "Change them in the session, or convert the network itself.",
        )


def _made(session: "Session", folder: Path, toolkit: "Toolkit", wish: "Wish", common: Common) -> "Made":
    from workbench.project.toolkit.converting import make

    return run(make(session, folder, toolkit, wish), common.quiet)


def _made_elsewhere(session: "Session", toolkit: "Toolkit", wish: "Wish", common: Common) -> "Made":
    """In a temporary folder, which stays with the toolkit's log when it fails: the error names it."""
    from workbench.foundation.scratch import Scratch
    from workbench.sources.toolkit.host import ToolkitError

    assert wish.out is not None
    scratch = Scratch()
    try:
        made = _made(session, scratch.path, toolkit, wish, common)
        if made.cfg is not None:
            shutil.copyfile(made.cfg, wish.out.with_suffix(CFG))
        return made
    except ToolkitError:
        scratch.keep()
        raise
    finally:
        scratch.close()


def _tell(made: "Made", out: Path, common: Common) -> None:
    outcome = made.outcome
    if made.layers:
        names = ", ".join(list(made.layers)[:SHOWN]) + (", …" if len(made.layers) > SHOWN else "")
        tell(common, f"{len(made.layers)} layers in another precision: {names}")
    for path in (out, *made.snapshots):
        tell(common, f"Written: {path}")
    if common.json:
        print_json(
            {
                "schema": 1,
                "rknn": str(out),
                "bytes": out.stat().st_size,
                "layers": dict(made.layers),
                "snapshots": [str(path) for path in made.snapshots],
                "toolkit": f"{outcome.versions.name} {outcome.versions.version}",
                "seconds": {name: round(seconds, 3) for name, seconds in outcome.seconds},
            }
        )
