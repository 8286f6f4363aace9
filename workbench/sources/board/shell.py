"""A command as the line of a board's shell that runs it, can be stopped and says how it ended; and what it wrote.

The line needs no more than a POSIX shell with kill, grep and /proc: BusyBox, Toybox, dash, bash and mksh have them.
"""

import re
import shlex
from collections.abc import Mapping, Sequence

from workbench.sources.board.paths import quoted, shown
from workbench.sources.board.wire import LinkError

RUN = "RKNN_WORKBENCH_RUN"
"""The variable that everything inherits which a run starts; by it the run is found and killed, whatever it became."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
LONGEST = 60_000  # bytes of a line; adb's server takes 65535
LONGEST_LINE = 1 << 16
KILLED = 128 + 9  # as a shell tells it
MOST_DIGITS = 3  # of an exit code


def run_line(command: Sequence[str], folder: str, environment: Mapping[str, str], mark: str) -> str:
    """The line that runs `command`; its output ends with `mark` and the exit code.

    The command has an empty standard input. The line's own is watched: when it ends, because the connection did,
    the command is killed, with all that it started. Who watches is ended with the command, unless that was killed: who
    watches may just have done so, and go on with the others. Quoted word by word, so nothing is taken for the shell's.
    """
    words = " ".join(map(_word, command))
    exports = " ".join(f"{_name(key)}={_word(text)}" for key, text in {**environment, RUN: mark}.items())
    there = f"cd {quoted(folder)} || exit 1; " if folder else ""
    return _fitting(
        f"{{ {there}export {exports}; exec {words}; }} </dev/null 2>&1 & p=$!; exec 3<&0; "
        f"{{ while read -r x <&3; do :; done; kill -9 $p; {kill_line(mark)}; }} >/dev/null 2>&1 & w=$!; exec 3<&-; "
        f"wait $p; c=$?; [ $c = {KILLED} ] || {{ kill -9 $w; wait $w; }} 2>/dev/null; {_end_line(mark, '$c')}"
    )


def plain_line(text: str, mark: str) -> str:
    """A line of ours; its output ends in the same way, and it is found and killed in the same way."""
    return _fitting(f"{{ export {RUN}={mark}; {text}; }} </dev/null 2>&1; {_end_line(mark, '$?')}")


def kill_line(mark: str) -> str:
    """The line that kills everything which a run started; again and again: what just starts has no mark for a while."""
    marked = f"$(grep -l {RUN}={mark} /proc/[0-9]*/environ 2>/dev/null)"
    return (
        f"for i in 0 0.2 0.5; do sleep $i 2>/dev/null || sleep 1; for f in {marked}; do "
        "f=${f#/proc/}; kill -9 ${f%/environ} 2>/dev/null; done; done"
    )


def _end_line(mark: str, code: str) -> str:
    return f'printf "%s:%s\\n" {mark} {code}'


class Output:
    """What a run writes until its mark; `code` is None before."""

    def __init__(self, mark: str) -> None:
        self.code: int | None = None
        self._mark = mark.encode() + b":"
        self._end = re.compile(re.escape(self._mark) + rb"(\d{1,%d})\r?\n" % MOST_DIGITS)
        self._part = b""

    def cut(self, chunk: bytes) -> bytes:
        """The bytes that are the run's own for certain."""
        self._part += chunk
        if (end := self._end.search(self._part)) is not None:
            self.code = int(end[1])
            own, self._part = self._part[: end.start()], b""
            return own
        place = self._beginning()
        own, self._part = self._part[:place], self._part[place:]
        return own

    def rest(self) -> bytes:
        """What came last where no end came."""
        own, self._part = self._part, b""
        return own

    def _beginning(self) -> int:
        """Where the end may begin in what came so far."""
        last = max(0, len(self._part) - len(self._mark) - MOST_DIGITS - 1)
        if (whole := self._part.find(self._mark, last)) >= 0:
            return whole
        parts = (place for place in range(last, len(self._part)) if self._mark.startswith(self._part[place:]))
        return next(parts, len(self._part))


class Lines:
    """Bytes cut into lines that may be shown; a carriage return ends one as well, as progress bars do."""

    def __init__(self) -> None:
        self._part = b""

    def cut(self, chunk: bytes) -> list[str]:
        """The lines that have ended; one that never does is cut off."""
        *whole, self._part = re.split(rb"\r*\n|\r(?!\n|\Z)", self._part + chunk)
        if len(self._part) > LONGEST_LINE:
            whole.append(self._part)
            self._part = b""
        return [shown(line.decode("utf-8", "replace")) for line in whole]

    def rest(self) -> list[str]:
        """The last line, when it has no end."""
        return [line for line in self.cut(b"\n") if line]


def _word(text: str) -> str:
    if "\0" in text:
        raise LinkError(f"{shown(text)!r} cannot be a word of a command.", "Remove the character of the code 0.")
    return shlex.quote(text)


def _name(text: str) -> str:
    if not NAME.match(text):
        raise LinkError(f"{shown(text)!r} is no name of a variable.", "Use letters, digits and underscores.")
    return text


def _fitting(line: str) -> str:
    if len(line.encode("utf-8", "surrogateescape")) > LONGEST:
        raise LinkError("The command for the board is too long.", "Write it into a script, and run that.")
    return line
