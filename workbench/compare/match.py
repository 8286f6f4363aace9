"""Which tensor of one dump is which tensor of another: by name, and by order where names have shown the way."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.dump.formats.toolkit1 import parse_name
from workbench.dump.layouts import is_layout
from workbench.foundation.errors import DumpError

LARGEST_MAP = 1 << 25  # bytes; a map of names is text that somebody wrote
MAP_HINT = 'Write one "OTHER GOLDEN" pair of names a line, or a JSON or YAML mapping from other to golden.'
ENOUGH = 0.5  # of a dump's tensors that names must match before order says anything

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names of one tensor; `by` is "name", "sanitised", "operator", "map", "order" or "fusion"."""

    golden: str
    other: str
    by: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs in golden order, and what is left over on either side."""

    pairs: tuple[Pair, ...]
    only_golden: tuple[str, ...]
    only_other: tuple[str, ...]


def match(golden: Sequence[str], other: Sequence[str], names: Mapping[str, str] | None = None) -> Matching:
    """Exact names, then sanitised names that are unique on both sides, then `names` (other -> golden).

    A name that begins with `/` may have lost it. Names of toolkit 1 that tell operator and node belong to what the ONNX
    exporter calls after that node. An earlier rule wins; every name is in at most one pair.
    """
    found: dict[str, Pair] = {}
    taken: set[str] = set()
    rules = (
        _exact(golden, other),
        _rooted(golden, other),
        _sanitised(golden, other),
        _mapped(golden, other, names or {}),
        _by_node(golden, other),
    )
    for candidates in rules:
        for pair in candidates:
            if pair.golden not in found and pair.other not in taken:
                found[pair.golden] = pair
                taken.add(pair.other)
    return Matching(
        tuple(found[name] for name in dict.fromkeys(golden) if name in found),
        tuple(name for name in dict.fromkeys(golden) if name not in found),
        tuple(name for name in dict.fromkeys(other) if name not in taken),
    )


def match_by_order(
    matching: Matching, golden: Mapping[str, Shape | None], other: Mapping[str, Shape | None]
) -> Matching:
    """What names left over, in order within equal shapes: where both sides have as many, and names matched most.

    `golden` and `other` are all tensors in the order of computation; None is an unknown shape.
    """
    total = len(matching.pairs) + len(matching.only_other)
    if len(matching.pairs) < ENOUGH * total:
        return matching
    left, there = _by_shape(golden, matching.only_golden), _by_shape(other, matching.only_other)
    pairs = [
        Pair(mine, theirs, "order")
        for shape, names in there.items()
        if len(names) == len(left.get(shape, ()))
        for mine, theirs in zip(left[shape], names, strict=True)
        if not _crosses(mine, theirs, matching, list(golden), list(other))
    ]
    rank = {name: place for place, name in enumerate(golden)}
    mine, theirs = {pair.golden for pair in pairs}, {pair.other for pair in pairs}
    return Matching(
        tuple(sorted((*matching.pairs, *pairs), key=lambda pair: rank[pair.golden])),
        tuple(name for name in matching.only_golden if name not in mine),
        tuple(name for name in matching.only_other if name not in theirs),
    )


def sanitised(name: str) -> str:
    """The toolkit's file name of a tensor: every character outside [0-9A-Za-z_] becomes "_" (RKNN facts §2.1)."""
    return re.sub(r"[^0-9A-Za-z_]", "_", name)


def unknown_names(names: Mapping[str, str], golden: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Entries of a map that name a tensor which is not there, as "other -> golden"."""
    goldens, others = set(golden), set(other)
    return tuple(f"{key} -> {value}" for key, value in names.items() if key not in others or value not in goldens)


def read_map(path: Path) -> dict[str, str]:
    """Names of the other dump -> golden names, from JSON, YAML or text of two columns; errors name the line.

    The toolkit's `map_name_to_file.txt` gives file stem -> tensor name. A third column may tell a tensor's layout.
    """
    text = _read(path)
    if path.suffix.lower() == ".json":
        return _checked(path, _json(path, text))
    if path.suffix.lower() in (".yaml", ".yml"):
        return _checked(path, _yaml(path, text))
    return _columns(path, text)


def read_layouts(path: Path) -> dict[str, str]:
    """Names of the other dump -> memory layout, for the lines of a map that tell one."""
    if path.suffix.lower() in (".json", ".yaml", ".yml"):
        return {}
    lines = map(_split, _read(path).splitlines())
    return {columns[0]: columns[2] for columns in lines if len(columns) == 3 and is_layout(columns[2])}


def _by_shape(shapes: Mapping[str, Shape | None], names: Iterable[str]) -> dict[Shape, list[str]]:
    wanted = set(names)
    found: dict[Shape, list[str]] = {}
    for name, shape in shapes.items():
        if name in wanted and shape is not None:
            found.setdefault(shape, []).append(name)
    return found


def _crosses(golden: str, other: str, matching: Matching, goldens: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a pair stands between other tensors here than there: then the order is another one."""
    mine, theirs = goldens.index(golden), others.index(other)
    place = {pair.golden: pair.other for pair in matching.pairs}
    before = next((place[name] for name in reversed(goldens[:mine]) if name in place), None)
    behind = next((place[name] for name in goldens[mine + 1 :] if name in place), None)
    is_late = before is not None and others.index(before) > theirs
    return is_late or (behind is not None and others.index(behind) < theirs)


def _exact(golden: Sequence[str], other: Sequence[str]) -> Iterator[Pair]:
    others = set(other)
    return (Pair(name, name, "name") for name in golden if name in others)


def _rooted(golden: Sequence[str], other: Sequence[str]) -> Iterator[Pair]:
    """`/stem/Conv_output_0` is written as `stem/Conv_output_0` where names are paths: in HDF5."""
    others = {f"/{name}": name for name in other if "/" in name and not name.startswith("/")}
    return (Pair(name, others[name], "name") for name in golden if name in others)


def _sanitised(golden: Sequence[str], other: Sequence[str]) -> Iterator[Pair]:
    goldens, others = _unique(golden), _unique(other)
    return (Pair(name, others[short], "sanitised") for short, name in goldens.items() if short in others)


def _by_node(golden: Sequence[str], other: Sequence[str]) -> Iterator[Pair]:
    """`Conv__stem_conv_Conv_57` of toolkit 1 is `/stem/conv/Conv_output_0` (RKNN facts §3.1)."""
    goldens = _unique(golden)
    for name in other:
        layer, _, port = name.partition(":out")
        node = parse_name(layer).tensor
        short = f"{sanitised(node)}_output_{port or 0}"
        if node and short in goldens:
            yield Pair(goldens[short], name, "operator")


def _unique(names: Sequence[str]) -> dict[str, str]:
    """Sanitised name -> name, for those that only one name has."""
    distinct = dict.fromkeys(names)
    count = Counter(map(sanitised, distinct))
    return {sanitised(name): name for name in distinct if count[sanitised(name)] == 1}


def _mapped(golden: Sequence[str], other: Sequence[str], names: Mapping[str, str]) -> Iterator[Pair]:
    goldens = set(golden)
    return (Pair(names[name], name, "map") for name in other if names.get(name) in goldens)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_MAP:
            raise DumpError(f"The map {path} is larger than {LARGEST_MAP >> 20} MiB.", MAP_HINT)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DumpError(f"The map {path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DumpError(f"The map {path} cannot be read: line {line} is not UTF-8 text.", MAP_HINT) from error


def _json(path: Path, text: str) -> object:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = [key for key, count in Counter(key for key, _ in items).items() if count > 1]
        if twice:
            raise DumpError(f"The map {path} names {twice[0]} twice.", "Keep one of the entries.")
        return dict(items)

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise DumpError(f"The map {path} cannot be read: line {error.lineno}: {error.msg}.", MAP_HINT) from error
    except (RecursionError, ValueError) as error:
        raise DumpError(f"The map {path} cannot be read: it is nested too deeply.", MAP_HINT) from error


def _yaml(path: Path, text: str) -> object:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="base", pure=True).load(text)  # base: names like 74 stay text
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        reason = f"{line}{error.problem or error.context}"
        raise DumpError(f"The map {path} cannot be read: {reason}.", MAP_HINT) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise DumpError(f"The map {path} cannot be read: it is not YAML.", MAP_HINT) from error


def _checked(path: Path, document: object) -> dict[str, str]:
    if not isinstance(document, dict):
        raise DumpError(f"The map {path} is not a mapping of names.", MAP_HINT)
    for key, value in document.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise DumpError(f"The map {path} gives {key!s:.80} something that is not a name.", MAP_HINT)
    return document


def _columns(path: Path, text: str) -> dict[str, str]:
    names: dict[str, str] = {}
    by_toolkit = False
    for number, line in enumerate(text.splitlines(), 1):
        columns = _split(line)
        if columns == ["layer_name", "file_name"]:
            by_toolkit = True
        elif columns:
            if len(columns) == 3 and is_layout(columns[2]):
                columns = columns[:2]
            if len(columns) != 2:
                raise DumpError(f"The map {path} cannot be read: line {number} has not two names.", MAP_HINT)
            key, value = (_stem(columns[1]), columns[0]) if by_toolkit else columns
            if names.setdefault(key, value) != value:
                raise DumpError(f"The map {path} names {key} twice: line {number}.", "Keep one of the lines.")
    return names


def _split(line: str) -> list[str]:
    """The names in a line without its comment; a rule of dashes has none."""
    line = re.sub(r"(^|\s)#.*", "", line).strip()
    if set(line) <= {"-"}:
        return []
    wide = re.split(r"\t+|\s{2,}", line)
    return wide if len(wide) in (2, 3) else line.split()


def _stem(file: str) -> str:
    return re.sub(r"\.(txt|npy)$", "", file)
