"""What ~/.ssh/config and the system's say about a host, and the ways to it: its address, keys and jumps."""

import getpass
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.sources.board.wire import LinkError

USER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\$?\Z")
HOST = re.compile(r"[A-Za-z0-9_:.][A-Za-z0-9_:.%-]*\Z")
PORT = 22
KEY_FILES = ("~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa")
MOST_INCLUDED = 16  # depth of Include, as in ssh itself


@dataclass(frozen=True)
class Host:
    """Where a host is and how to log in there. `alias`: its name among the known keys when it is another.

    `jumps`: the hosts on the way, the first one first; `proxy`: a command that connects instead.
    """

    name: str
    address: str
    port: int
    user: str
    key_files: tuple[Path, ...] = ()
    only_these_keys: bool = False
    has_agent: bool = True
    alias: str = ""
    known_hosts: tuple[Path, ...] = ()
    strictness: str = "ask"
    jumps: tuple[str, ...] = ()
    proxy: str = ""

    @property
    def key_name(self) -> str:
        """The name of its key in a file of known hosts, see sshd(8)."""
        if self.alias:
            return self.alias
        return self.address if self.port == PORT else f"[{self.address}]:{self.port}"


def host_of(target: str) -> Host:
    """The host of `USER@NAME:PORT`, where user and port may be missing and a configuration may say more."""
    user, name, port = split(target)
    found = _looked_up(user, name, port)
    return Host(
        name,
        _checked(found.get("hostname", name), HOST, "host"),
        _number(found.get("port", PORT)),
        _checked(found.get("user") or getpass.getuser(), USER, "user"),
        tuple(Path(file).expanduser() for file in found.get("identityfile") or KEY_FILES),
        found.get("identitiesonly", "no").lower() == "yes",
        found.get("identityagent", "").lower() != "none",
        found.get("hostkeyalias", ""),
        tuple(Path(file).expanduser() for file in _known_files(found)),
        found.get("stricthostkeychecking", "ask").lower(),
        _jumps(found.get("proxyjump", "none")),
        "" if found.get("proxycommand", "none") == "none" else found["proxycommand"],
    )


def split(target: str) -> tuple[str, str, int]:
    """User, name and port of a target; "" and 0 where there is none."""
    user, _, place = target.rpartition("@")
    match = re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?|([^:]+)(?::(\d{1,5}))?", place)
    if match is None:
        raise LinkError(f"{target!r} names no host.", "Write USER@HOST, or USER@HOST:PORT.")
    name, port = match[1] or match[3], match[2] or match[4] or "0"
    if user:
        _checked(user, USER, "user")
    return user, _checked(name, HOST, "host"), int(port)


def _looked_up(user: str, name: str, port: int) -> Any:
    """What the files say of a name; of two values for one setting the first counts, so what the target says leads."""
    from paramiko import ConfigParseError, CouldNotCanonicalize, SSHConfig

    said = ["Host *", *([f"User {user}"] if user else []), *([f"Port {port}"] if port else [])]
    try:
        files = [*lines_of_config(Path("~/.ssh/config")), "Host *", *lines_of_config(Path("/etc/ssh/ssh_config"))]
        return SSHConfig.from_text("\n".join([*said, *files])).lookup(name)
    except (ConfigParseError, CouldNotCanonicalize, ValueError, OSError, RuntimeError) as error:
        words = f"~/.ssh/config cannot be read: {str(error).strip(' .')}."
        raise LinkError(words, f"Correct it; `ssh -G {name}` shows what it means.") from error


def lines_of_config(path: Path, depth: int = 0, scope: str = "Host *", root: Path | None = None) -> Iterator[str]:
    """The lines of a configuration with what it includes, which paramiko passes over; each in its own scope.

    What is included relatively lies in the folder of the first file, see ssh_config(5).
    """
    path = path.expanduser()
    root = root or path.parent
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        word, rest = (*re.split(r"[\s=]+", line.strip(), maxsplit=1), "")[:2]
        if word.lower() in ("host", "match"):
            scope = line.strip()
        if word.lower() != "include":
            yield line
        elif depth < MOST_INCLUDED:
            for included in _included(rest, root):
                yield from lines_of_config(included, depth + 1, scope, root)
                yield scope


def _included(text: str, root: Path) -> Iterator[Path]:
    for pattern in shlex.split(text, comments=True):
        path = Path(pattern).expanduser()
        base, rest = (Path("/"), path.relative_to("/")) if path.is_absolute() else (root, path)
        yield from sorted(base.glob(str(rest)))


def _known_files(found: Any) -> list[str]:
    users = shlex.split(found.get("userknownhostsfile", "~/.ssh/known_hosts"))
    return users + shlex.split(found.get("globalknownhostsfile", "/etc/ssh/ssh_known_hosts"))


def _jumps(text: str) -> tuple[str, ...]:
    return () if text.lower() == "none" else tuple(part.strip().removeprefix("ssh://") for part in text.split(","))


def _checked(text: str, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.match(text):
        raise LinkError(f"{text!r} is no {what} that may be used.", "Check the link and ~/.ssh/config.")
    return text


def _number(text: str | int) -> int:
    if not str(text).isdecimal() or not 0 < int(text) < 65536:
        raise LinkError(f"{text!r} is no port.", "Check the link and ~/.ssh/config.")
    return int(text)
