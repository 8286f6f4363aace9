"""Files through the input and output of commands on the board: all that it needs are cat and tar.

So no file service has to run there; many boards have an ssh daemon (dropbear) without one.
"""

import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, BinaryIO, Protocol

from workbench.sources.board.paths import quoted
from workbench.sources.board.talking import refused
from workbench.sources.board.wire import BEAT, CHUNK, Arrival, Bytes, Channel, LinkError, Patience, lost

AROUND = 1 << 14  # bytes that an archive may have around each file: its name, padding
SPARE = 1 << 26  # bytes that it may have besides: files that are not wanted


class PipedChannel(Channel, Protocol):
    """A channel that takes input and knows how its line ended."""

    def write(self, data: memoryview, patience: float) -> int:
        """Send the beginning of `data` to its standard input; gives how much went in `patience` seconds."""

    def end_input(self) -> None:
        """Its standard input ends here."""

    def code(self) -> int | None:
        """The exit code after its end; None when the connection went before."""


def receiving_line(remote: str, size: int) -> str:
    """The line that writes its input into a file and removes it again when not all came: the connection broke."""
    place = quoted(remote)
    return f'trap "" HUP; cat > {place} && [ "$(wc -c < {place})" -eq {size} ] || {{ rm -f {place}; exit 1; }}'


def send_through(channel: PipedChannel, source: BinaryIO, name: str) -> Bytes:
    """Write a file into the input of a `receiving_line`, which says on its output why it failed."""
    with closing(channel):
        done, patience = 0, Patience(name)
        while chunk := memoryview(source.read(CHUNK)):
            while chunk:
                sent = channel.write(chunk, BEAT)
                chunk, done = chunk[sent:], done + sent
                patience.moved(sent)
                yield done
        channel.end_input()
        said = b""
        while (part := channel.read(BEAT)) != b"":
            patience.moved(len(part or b""))
            said = (said + (part or b""))[-CHUNK:]
            yield done
        _check(channel, said, name)


def reading_line(remote: str) -> str:
    """The line that writes a file on its output."""
    return f"cat {quoted(remote)} 2>/dev/null"


def packing_line(folder: str) -> str:
    """The line that writes a whole folder as one tar archive: names as arguments, GNU tar would take apart."""
    return f"cd {quoted(folder)} && tar -cf - . 2>/dev/null"


def fetch_one(channel: PipedChannel, arrival: Arrival, name: str) -> Bytes:
    """Bring the file of a `reading_line`."""
    with closing(channel), arrival.path.open("wb") as out:
        yield from _copied_out(channel, out, arrival.size, name)


def fetch_many(channel: PipedChannel, wanted: Mapping[str, Arrival], name: str) -> Bytes:
    """Unpack the files of a `packing_line` into their places; what else is in the archive is not touched."""
    most = sum(arrival.size + AROUND for arrival in wanted.values()) + SPARE
    beside = next(iter(wanted.values())).path.parent
    with closing(channel), tempfile.TemporaryFile(dir=beside) as spool:
        yield from _copied_out(channel, spool, most, name)
        done = spool.tell()
        spool.seek(0)
        for _file in _unpacked(spool, wanted):
            yield done


def _copied_out(channel: PipedChannel, out: IO[bytes], most: int, name: str) -> Bytes:
    """All that a line writes, at most so many bytes."""
    done, patience = 0, Patience(name)
    while (part := channel.read(BEAT)) != b"":
        done += out.write(part or b"")
        patience.moved(len(part or b""))
        if done > most:
            raise LinkError(
                f"{name} sends more than it said it has.", "Pull it again when nothing there writes it any more."
            )
        yield done
    _check(channel, b"", name)


def _unpacked(spool: IO[bytes], wanted: Mapping[str, Arrival]) -> Iterator[str]:
    """Only regular files, only to the places that were made for them; sizes are checked by who wants them."""
    try:
        with tarfile.open(fileobj=spool, mode="r:") as archive:
            for member in archive:
                arrival = wanted.get(member.name.removeprefix("./"))
                if arrival is None or not member.isreg() or member.size > arrival.size:  # with holes it is of any size
                    continue
                content = archive.extractfile(member)
                if content is not None:
                    yield from _copied(content, arrival)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise LinkError("What the board packed cannot be unpacked.", "Check its `tar`.") from error


def _copied(content: IO[bytes], arrival: Arrival) -> Iterator[str]:
    with arrival.path.open("wb") as out:
        while chunk := content.read(1 << 20):
            out.write(chunk)
            yield arrival.path.name


def _check(channel: PipedChannel, said: bytes, name: str) -> None:
    code = channel.code()
    if code is None:
        raise lost(name)
    if code != 0:
        raise refused(name, said, code)
