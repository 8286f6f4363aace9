"""Lines of a shell over a wire: what they write while they run, and their end, which they have here in any case."""

import secrets
import time
from collections.abc import Generator
from contextlib import closing, suppress

from workbench.sources.board.paths import shown
from workbench.sources.board.shell import Lines, Output, kill_line, plain_line
from workbench.sources.board.wire import BEAT, LOST, LinkError, Wire, lost

PATIENCE = 60.0  # seconds that a question to the board may take
SILENCE = 30.0  # seconds without a word, after which a board is asked whether it is still there
ANSWERING = 20.0  # seconds that it has for that
KILLING = 5.0  # seconds that are waited for a kill
MOST_ANSWER = 1 << 26  # bytes; a list of 10,000 files is one million
REASON = 3  # last lines of an answer that say why something failed


def mark() -> str:
    """A word that nothing on the board can know before it hears it."""
    return f"rknn-{secrets.token_hex(8)}"


def written(wire: Wire, line: str, word: str, limit: float | None, what: str) -> Generator[bytes | None, None, int]:
    """What a line of the mark `word` writes (None: nothing at the moment), then its exit code; closing kills it.

    Raises LinkError when the connection breaks, after `limit` seconds, and when the board is silent and does not answer
    either: a line may be silent for long. `what` names the line for that.
    """
    output, begun = Output(word), time.monotonic()
    channel, heard, is_there = wire.shell(line), begun, True
    try:
        while output.code is None:
            if time.monotonic() - heard > SILENCE:
                is_there = False
                yield from _looked_for(wire, what)
                heard, is_there = time.monotonic(), True
            if limit is not None and time.monotonic() - begun > limit:
                words = f"{what} took longer than {limit:.0f} seconds on {wire.name}."
                raise LinkError(words, "Give it more time, or look at the board itself.")
            chunk = channel.read(BEAT)
            if chunk == b"":
                yield output.rest()
                raise lost(wire.name, f"{what} ran there")
            heard = heard if chunk is None else time.monotonic()
            yield None if chunk is None else output.cut(chunk)
    finally:
        channel.close()
        if output.code is None and is_there:
            _kill(wire, word)
    return output.code


def answer(wire: Wire, text: str) -> bytes:
    """What a line of ours writes; raises LinkError with its words when it fails."""
    word, said = mark(), b""
    with closing(written(wire, plain_line(text, word), word, PATIENCE, text.split()[0])) as chunks:
        while len(said) <= MOST_ANSWER:
            try:
                said += next(chunks) or b""
            except StopIteration as stop:
                if stop.value != 0:
                    raise refused(wire.name, said, stop.value) from None
                return said
    raise LinkError(f"{wire.name} answers without an end.", "Look at the board before you trust it.")


def refused(name: str, said: bytes, code: int) -> LinkError:
    """The error of a line that failed, in its own last words."""
    words = "; ".join(Lines().cut(said + b"\n")[-REASON:]).strip(" ;.") or f"exit code {code}"
    return LinkError(f"{name} refused: {words}.", what_helps(words))


def what_helps(words: str) -> str:
    """What to do about an answer of the board: what its words say themselves, else what the known messages say."""
    from workbench.sources import knowledge  # its table is read once, and only when something failed

    small = words.lower()
    if "no space left" in small:
        return "Free some room on the board, or name another folder in its description."
    if any(part in small for part in ("permission denied", "read-only", "not permitted")):
        return "Log in as root (with adb: `adb root`), or name another folder in the board's description."
    return knowledge.hint((shown(words),)) or "Check it on the board itself."


def what_reaches(words: str, daemon: str) -> str:
    """What to do about a board that is not reached; a connection that is cut off says nothing of its programs."""
    if any(part in words.lower() for part in ("reset by peer", "broken pipe", "protocol banner", "hung up")):
        return f"Check that {daemon} runs there, listens at this port and takes connections from this machine."
    return what_helps(words)


def _looked_for(wire: Wire, what: str) -> Generator[None, None, None]:
    """Ask the board for a sign of life; raises LinkError when it gives none."""
    end = mark()
    gone = LinkError(f"{wire.name} stopped answering while {what} ran there.", LOST)
    try:
        channel = wire.shell(plain_line("true", end))
    except LinkError as error:
        raise gone from error
    with closing(channel):
        output, until = Output(end), time.monotonic() + ANSWERING
        while output.code is None:
            chunk = channel.read(BEAT)
            if chunk == b"" or time.monotonic() > until:
                raise gone
            output.cut(chunk or b"")
            yield None


def _kill(wire: Wire, word: str) -> None:
    end = mark()
    # a board that is gone does it itself, when its end of the connection ends
    with suppress(LinkError), closing(wire.shell(plain_line(kill_line(word), end))) as channel:
        output, until = Output(end), time.monotonic() + KILLING
        while output.code is None and time.monotonic() < until and (chunk := channel.read(BEAT)) != b"":
            output.cut(chunk or b"")
