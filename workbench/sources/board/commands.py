"""What runs on a board, as commands: their words, folder and variables; for the eye first, then for the link.

Source: rknn_facts §3.1 (RKNPU1), §3.2 (log levels, dump folder); rknn_benchmark's README for its arguments.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workbench.foundation.errors import WorkbenchError

LITE2, BENCHMARK, COMMAND, RKNPU1 = "lite2", "benchmark", "command", "rknpu1"
KINDS = (LITE2, BENCHMARK, COMMAND, RKNPU1)
"""Our Python runner on rknn-toolkit-lite2, the vendor's rknn_benchmark, the user's own line, boards like RK1808."""
PYTHON, PROGRAM = "python3", "rknn_benchmark"
DUMPING, TIMING = "5", "4"  # RKNN_LOG_LEVEL: a file for each layer, a line for each layer
PLACEHOLDER = re.compile(r"\{[A-Za-z_]+\d*\}")
MOST_INPUTS = 256  # where it is not known how many the network has
HINT = "Placeholders are {model}, {inputs}, {input0}, {input1} …, {dumps} and {folder}."


class CommandError(WorkbenchError):
    """A command for a board that cannot be used."""


@dataclass(frozen=True)
class Places:
    """Where the parts of one run are on the board, all from the root; `runner` is our Python program there."""

    folder: str
    model: str
    inputs: tuple[str, ...]
    dumps: str
    runner: str = ""


@dataclass(frozen=True)
class Command:
    """A command on a board: its words, the folder that it runs in, variables on top of the board's own."""

    words: tuple[str, ...]
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """As a line that does the same when it is typed into the board's shell."""
        variables = [f"{name}={shlex.quote(text)}" for name, text in self.environment.items()]
        return f"cd {shlex.quote(self.folder)} && {' '.join([*variables, *map(shlex.quote, self.words)])}"


def dumping(kind: str, command: str, places: Places, is_native: bool = False) -> Command:
    """The command that leaves a file for each layer in the folder of dumps."""
    if kind == RKNPU1:  # its driver writes into the folder that the program was started in
        return Command(words_of(kind, command, places), places.dumps, {"NN_LAYER_DUMP": "1"})
    variables = {"RKNN_LOG_LEVEL": DUMPING, "RKNN_DUMP_DIR": places.dumps, "RKNN_DUMP_QUANT": str(int(is_native))}
    return Command(words_of(kind, command, places), places.folder, variables)


def timing(kind: str, command: str, places: Places) -> Command:
    """The command that prints the time of each layer, and writes nothing: writing takes the time of many runs."""
    return Command(words_of(kind, command, places), places.folder, {"RKNN_LOG_LEVEL": TIMING})


def words_of(kind: str, command: str, places: Places) -> tuple[str, ...]:
    """The words of a run. `command` is the user's line; for lite2 the interpreter, for benchmark the program, if given.

    RKNPU1 boards run the user's line, or our runner on their rknn-toolkit-lite where there is none.
    """
    if kind == COMMAND or (kind == RKNPU1 and command):
        return ("sh", "-c", filled(command, places))
    if kind == BENCHMARK:
        return (command or PROGRAM, places.model, "#".join(places.inputs), "1")
    if kind in (LITE2, RKNPU1):
        return (command or PYTHON, places.runner, places.model, *places.inputs)
    raise CommandError(f"{kind!r} is nothing that runs on a board.", f"Choose one of {', '.join(KINDS)}.")


def check(kind: str, command: str, inputs: int = MOST_INPUTS) -> None:
    """Refuse a kind or a line that cannot be used, before a board is reached; `inputs` are those of the network."""
    if kind == COMMAND and not command.strip():
        raise CommandError("There is no command to run on the board.", HINT)
    if "\0" in command or "\n" in command:
        raise CommandError("The command for the board has more than one line.", "Put `&&` between its parts.")
    words_of(kind, command, Places("/f", "/f/m", ("/f/i",) * inputs, "/f/d", "/f/r"))


def filled(command: str, places: Places) -> str:
    """The user's line with its placeholders, each one word of the shell or, `{inputs}`, one each.

    A placeholder that the user has put into quotation marks must lead to a plain path.
    """
    values: dict[str, tuple[str, ...]] = {
        "model": (places.model,), "inputs": places.inputs, "dumps": (places.dumps,), "folder": (places.folder,),
        **{f"input{number}": (path,) for number, path in enumerate(places.inputs)},
    }  # fmt: skip
    return "".join(_pieces(command, values))


def _pieces(command: str, values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    quote, at = "", 0
    while at < len(command):
        sign = command[at]
        found = PLACEHOLDER.match(command, at) if sign == "{" and command[at - 1 : at] != "$" else None
        if found is not None and (found[0][1:-1] in values or not quote):
            yield _value(found[0], values, is_inside=bool(quote))
            at = found.end()
            continue
        if sign == "\\" and quote != "'":
            yield command[at : at + 2]
            at += 2
            continue
        if sign in "'\"" and quote in ("", sign):
            quote = "" if quote else sign
        yield sign
        at += 1


def _value(name: str, values: Mapping[str, tuple[str, ...]], *, is_inside: bool) -> str:
    if name[1:-1] not in values:
        raise CommandError(f"The command for the board has {name}, which stands for nothing.", HINT)
    words = values[name[1:-1]]
    quoted = [shlex.quote(word) for word in words]
    if is_inside and list(words) != quoted:
        raise CommandError(f"The command for the board has {name} in quotation marks.", f"Write {name} without them.")
    return " ".join(quoted)
