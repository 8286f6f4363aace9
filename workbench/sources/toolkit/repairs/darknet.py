"""Values that sections of a Darknet cfg leave to their default and that the toolkit's importer does not know.

Defaults: darknet/src/parser.c, parse_convolutional, parse_maxpool, parse_shortcut, parse_upsample.
"""

import re
from pathlib import Path

from workbench.sources.toolkit.repairs.patched import Patched, RepairError, patched_text, read_text

DEFAULTS = {
    "convolutional": {"filters": "1", "size": "1", "stride": "1", "pad": "0", "activation": "logistic"},
    "maxpool": {"stride": "1"},
    "shortcut": {"activation": "linear"},
    "upsample": {"stride": "2"},
}
"""What a section has to say for the toolkit 2.5.0 (`KeyError: 'pad'`), and what Darknet takes where it does not."""


def stated(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """The cfg with every default written out behind its section's heading; the network stays the same."""
    text = read_text(path)
    blocks = re.split(r"(?m)^(?=[ \t]*\[)", text)
    if not any(_kind(block) in ("net", "network") for block in blocks):
        raise RepairError(f"{path.name} is no network of Darknet.", "Give the cfg of the network.")
    return (patched_text(path, text, "".join(map(_complete, blocks))),)


def _complete(block: str) -> str:
    given = set(re.findall(r"(?m)^[ \t]*(\w+)[ \t]*=", block))
    missing = {key: value for key, value in DEFAULTS.get(_kind(block), {}).items() if key not in given}
    if not missing:
        return block
    heading, _, rest = block.partition("\n")
    end = "\r\n" if heading.endswith("\r") else "\n"
    lines = [heading.removesuffix("\r"), *(f"{key}={value}" for key, value in missing.items())]
    return "".join(f"{line}{end}" for line in lines) + rest


def _kind(block: str) -> str:
    found = re.match(r"[ \t]*\[[ \t]*(\w+)", block)
    return found[1] if found else ""
