"""Whether a host is who it was: its key against the files of known hosts, as ssh does it."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.foundation.files import cannot_write
from workbench.sources.board.ssh_config import Host
from workbench.sources.board.wire import LinkError

YES = ("yes", "y", "ja", "是")


def known_types(host: Host) -> tuple[str, ...]:
    """The types of keys that are known of a host: with one of these it shall prove who it is."""
    return tuple(dict.fromkeys(key for entry in _known(host) for key in entry))


def check_key(host: Host, key: Any, ask: Callable[[str], str] | None) -> None:
    """Raise LinkError unless a host's key is known, or agreed to: then it is remembered."""
    kind, body = key.get_name(), key.asbytes()
    revoked = any(entry.get_base64() == key.get_base64() for entry in _revoked(host))
    known = [entry[kind] for entry in _known(host) if kind in entry]
    if revoked or (known and all(entry.asbytes() != body for entry in known)):
        raise LinkError(
            f"The key of {host.key_name} is not the one that is known: {fingerprint(key)}.",
            "Somebody may be in between. If the board was set up anew, remove its old key with "
            f"`ssh-keygen -R '{host.key_name}'` and connect again.",
        )
    if not known:
        _agree(host, key, ask)


def fingerprint(key: Any) -> str:
    """A key's fingerprint as ssh writes it."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip('=')}"


def _agree(host: Host, key: Any, ask: Callable[[str], str] | None) -> None:
    text = f"The key of {host.key_name} is not known: {key.get_name()} {fingerprint(key)}."
    if host.strictness not in ("no", "off", "accept-new"):
        if ask is None or host.strictness == "yes":
            raise LinkError(text, f"Connect once with `ssh {host.name}` and compare its key, then try again.")
        if ask(f"{text} Is this your board (yes/no)?").strip().lower() not in YES:
            raise LinkError(
                text, "Nothing was sent. Look at the board itself: `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`."
            )
    _remember(host, key)


def _remember(host: Host, key: Any) -> None:
    """One more line at the end of the user's file; what else is in it stays byte by byte."""
    path = host.known_hosts[0] if host.known_hosts else Path("~/.ssh/known_hosts").expanduser()
    if path == Path("/dev/null"):
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        ends = not path.exists() or path.read_bytes().endswith(b"\n") or not path.stat().st_size
        with path.open("a", encoding="utf-8") as file:
            file.write(("" if ends else "\n") + f"{host.key_name} {key.get_name()} {key.get_base64()}\n")
    except OSError as error:
        raise cannot_write(path, error) from error


def _known(host: Host) -> list[Any]:
    return [entry for keys in _files(_plain_lines(host)) if (entry := keys.lookup(host.key_name)) is not None]


def _revoked(host: Host) -> list[Any]:
    lines = (line.removeprefix("@revoked").strip() for line in _lines(host) if line.startswith("@revoked"))
    entries = (keys.lookup(host.key_name) for keys in _files(lines))
    return [key for entry in entries if entry is not None for key in entry.values()]


def _plain_lines(host: Host) -> Iterable[str]:
    return (line for line in _lines(host) if line and line[0] not in "@#")


def _files(lines: Iterable[str]) -> Iterable[Any]:
    """Each line as its own store: one host may have several keys of a type."""
    from paramiko import HostKeys
    from paramiko.hostkeys import HostKeyEntry, InvalidHostKey

    for number, line in enumerate(lines, start=1):
        with suppress(InvalidHostKey):
            entry = HostKeyEntry.from_line(line, number) if _is_readable(line) else None
            if entry is not None and entry.key is not None:
                keys = HostKeys()
                keys._entries.append(entry)
                yield keys


def _is_readable(line: str) -> bool:
    """Whether a line is of a type that paramiko reads; of others it would complain in the log."""
    fields = line.split()
    return len(fields) >= 3 and fields[1].startswith(("ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp"))


def _lines(host: Host) -> Iterable[str]:
    for path in host.known_hosts:
        with suppress(OSError):
            yield from (line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
