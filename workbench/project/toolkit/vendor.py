"""What the vendor's simulator is asked for, as a session says it."""

from workbench.graph.graph import Model
from workbench.project.session import Session
from workbench.sources.toolkit.configured import config_of, custom_layers, network_of, toolkit_called
from workbench.sources.toolkit.options import BUILD, CONFIG, arguments
from workbench.sources.toolkit.simulator import VendorRun
from workbench.sources.toolkit.snapshot import Keeping


def vendor_run(session: Session, model: Model, keeping: Keeping) -> VendorRun:
    """A session's network, settings and options of the toolkit; `keeping` is what its dumps are to hold."""
    return VendorRun(
        toolkit_called(session.toolkit),
        network_of(model),
        {**config_of(session.quant), **arguments(session.toolkit_options, CONFIG, simulated=True)},
        session.quant.type.is_quantized,
        custom_layers(session.quant),
        keeping,
        model.is_channels_last,
        arguments(session.toolkit_options, BUILD, simulated=True),
    )
