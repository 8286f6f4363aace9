"""The layers with a precision of their own in a toolkit's cfg: read, and replaced without touching another byte.

The toolkit's second step refuses a file whose scales have lost a digit, so a cfg is never written anew.
Source: rknn_facts §0, §4.1, §4.2.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from workbench.foundation.errors import PlanError

HEADER = re.compile(rb"^(['\"]?)(custom(?:ized)?_quantize_layers)\1[ \t]*:", re.MULTILINE)
PARAMETERS = re.compile(rb"^(['\"]?)quantize_parameters\1[ \t]*:", re.MULTILINE)
COSINE = re.compile(rb"#\s*([0-9.eE+-]+)\s*$")
ENTRY = re.compile(
    rb"^[ \t]+(?P<name>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^'\"\s].*?)[ \t]*:[ \t]+(?P<precision>[\w-]+)"
)
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
SHOWN = 5


@dataclass(frozen=True)
class CustomLayer:
    """A layer by the name of its output; `cosine` is what the toolkit's proposal predicts with it, if anything."""

    name: str
    precision: str
    cosine: float | None = None


def custom_layers(content: bytes) -> tuple[CustomLayer, ...]:
    """The layers of the block, one a line as the toolkit writes them; () where it is empty or missing."""
    begin, end = _block(content)
    found = (ENTRY.match(line) for line in content[begin:end].splitlines())
    return tuple(_layer(match) for match in found if match is not None)


def patched(content: bytes, layers: Mapping[str, str]) -> bytes:
    """A cfg with these layers in its block, names to precisions; all other bytes stay.

    The ends of lines are the file's own; what a proposal wrote into the block goes with it.
    """
    begin, end = _block(content)
    newline = b"\r\n" if b"\r\n" in content[:4096] else b"\n"
    header = HEADER.match(content, begin)
    key = header[2] if header else b"custom_quantize_layers"
    lines = [f"    {quoted(name)}: {precision}".encode() for name, precision in layers.items()]
    block = newline.join([key + b":", *lines]) if lines else key + b": {}"
    tail = b"" if header and end == len(content) and not content.endswith(b"\n") else newline
    return content[:begin] + block + tail + content[end:]


def refuse_unknown(layers: Iterable[str], known: Collection[str], where: str) -> None:
    """Refuse names that the cfg does not have: the toolkit calls them invalid operands and writes nothing."""
    unknown = [name for name in layers if name not in known]
    if unknown:
        names = ", ".join(unknown[:SHOWN]) + (", …" if len(unknown) > SHOWN else "")
        raise PlanError(
            f"The toolkit's {where} has no {names}.",
            "Choose layers by the tensors of its graph: the names that the layer table of the toolkit shows.",
        )


def _block(content: bytes) -> tuple[int, int]:
    """Where the block begins and ends; both before the parameters where there is none."""
    header = HEADER.search(content)
    if header is None:
        parameters = PARAMETERS.search(content)
        if parameters is None:
            raise PlanError("The file has no quantize_parameters.", "Choose a quantization.cfg that the toolkit wrote.")
        return parameters.start(), parameters.start()
    end = position = _line_end(content, header.start())
    while position < len(content) and content[position : position + 1] in b" \t#}\r\n":
        after = _line_end(content, position)
        if content[position : position + 1] in b" \t}" and content[position:after].strip():
            end = after  # blank lines and comments behind the last layer are not the block's
        position = after
    return header.start(), end


def _line_end(content: bytes, start: int) -> int:
    found = content.find(b"\n", start)
    return len(content) if found < 0 else found + 1


def _layer(match: re.Match[bytes]) -> CustomLayer:
    name = match["name"].decode("utf-8", "replace")
    if name.startswith('"'):
        name = _unquoted(name)
    elif name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    cosine = COSINE.search(match.string)
    return CustomLayer(name, match["precision"].decode(), float(cosine[1]) if cosine else None)


def quoted(name: str) -> str:
    """A name that YAML reads as the text it is: as JSON has it, but for characters that YAML wants escaped."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(name, ensure_ascii=False))


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
