"""A plan from a file, in any of the formats."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from workbench.foundation.errors import PlanError
from workbench.quantize.configs import own_json, toolkit1, toolkit1_params, toolkit2
from workbench.quantize.configs.plan_file import BadPlanError, PlanFile

LARGEST = 64 * 2**20  # bytes; the toolkit's own are below 1 MB
HINT = "Choose a quantization.cfg that the toolkit wrote, or a plan that RKNN Workbench exported."


def read_plan(path: Path) -> PlanFile:
    """Read a plan in any format that we know; a `PlanError` says what is wrong with the file."""
    document = _document(path)
    with _explained(path):
        for reader in (own_json, toolkit2, toolkit1, toolkit1_params):
            if reader.recognises(document):
                found: PlanFile = reader.read(document)
                return found
    raise PlanError(f"{path} is no quantization plan: it has no quantize_parameters.", HINT)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, RecursionError, OverflowError) as error:
        said = str(error) if isinstance(error, BadPlanError) else "it holds values that no plan has"
        raise PlanError(f"{path} cannot be used: {said}.", HINT) from error


def _document(path: Path) -> Any:
    """The YAML or JSON document in a file; only plain values, whatever its tags say."""
    from ruamel.yaml import YAML  # only needed to read
    from ruamel.yaml.error import YAMLError

    try:
        if path.stat().st_size > LARGEST:
            raise PlanError(f"{path} is too large for a quantization plan.", HINT)
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise PlanError(f"{path} cannot be read: {reason}.", HINT) from error
    try:
        if content.lstrip().startswith("{"):  # the YAML reader takes long for large JSON
            with suppress(ValueError):
                return json.loads(content)
        return YAML(typ="safe", pure=True).load(content)
    except (YAMLError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" in line {mark.line + 1}"
        problem = " ".join(str(getattr(error, "problem", None) or type(error).__name__).split())[:100]
        raise PlanError(f"{path} is no YAML{where}: {problem}.", HINT) from error
