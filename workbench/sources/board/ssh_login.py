"""Logging in at an ssh host: keys of the agent, keys in files, and a password that is asked for and never stored."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from workbench.sources.board.paths import shown
from workbench.sources.board.ssh_config import Host
from workbench.sources.board.wire import LinkError

Ask = Callable[[str], str]
PUBLIC_KEY, PASSWORD, INTERACTIVE = "publickey", "password", "keyboard-interactive"
TIMES = 3  # that a password is asked for


def log_in(transport: Any, host: Host, ask: Ask | None) -> None:
    """Try the keys, then ask; raises LinkError with what the host would take."""
    allowed = _allowed(transport, host)
    if not allowed:
        return
    tried: list[str] = []
    if PUBLIC_KEY in allowed:
        for name, key in _keys(host, ask):
            tried.append(name)
            if _is_in(partial(transport.auth_publickey, host.user, key)):
                return
    if ask is not None and _takes_password(allowed):
        before = ""
        for _ in range(TIMES):
            password = ask(f"Password of {host.user}@{host.name}:")
            if password in ("", before):  # nobody is there who could think of another; hosts count what is wrong
                break
            before = password
            if _is_in(partial(_give, transport, host, password, allowed)):
                return
    raise _refused(host, allowed, tried, ask)


def _allowed(transport: Any, host: Host) -> list[str]:
    """The ways that a host offers; none when it asks for nothing, as some boards do."""
    from paramiko import BadAuthenticationType

    try:
        transport.auth_none(host.user)
    except BadAuthenticationType as error:
        return list(error.allowed_types)
    return []


def _takes_password(allowed: list[str]) -> bool:
    return PASSWORD in allowed or INTERACTIVE in allowed


def _keys(host: Host, ask: Ask | None) -> Iterator[tuple[str, Any]]:
    """The agent's, where all may be used or its key is one of the files; then the files'."""
    from paramiko import Agent, SSHException

    blobs = {blob for path in host.key_files if (blob := _public(path))}
    if host.has_agent:
        agent = Agent()
        try:
            with suppress(SSHException):
                for key in agent.get_keys():
                    if not host.only_these_keys or key.get_base64() in blobs:
                        yield "the agent's", key
        finally:
            agent.close()
    for path in host.key_files:
        if path.is_file():
            key = _read_key(path, ask)
            if key is not None:
                yield str(path), key


def _read_key(path: Path, ask: Ask | None) -> Any:
    from paramiko import PasswordRequiredException, PKey, SSHException

    try:
        return PKey.from_path(path)
    except (PasswordRequiredException, TypeError):
        return _opened(path, ask)
    except (SSHException, ValueError, OSError):  # of a type that cannot be used; another may be
        return None


def _opened(path: Path, ask: Ask | None) -> Any:
    from paramiko import PKey, SSHException

    for _ in range(TIMES if ask is not None else 0):
        phrase = ask(f"Passphrase of the key {path}:") if ask is not None else ""
        if not phrase:
            return None
        with suppress(SSHException, ValueError):
            return PKey.from_path(path, phrase.encode())
    return None


def _public(path: Path) -> str:
    """The key in base64 as it stands beside the secret one."""
    with suppress(OSError):
        fields = path.with_name(path.name + ".pub").read_text(encoding="utf-8", errors="replace").split()
        return fields[1] if len(fields) > 1 else ""
    return ""


def _is_in(attempt: Callable[[], list[str]]) -> bool:
    """Whether that was enough: a host may want a second proof, which it then names."""
    from paramiko import AuthenticationException

    try:
        return not attempt()
    except AuthenticationException:
        return False


def _give(transport: Any, host: Host, password: str, allowed: list[str]) -> list[str]:
    if PASSWORD in allowed:
        return list(transport.auth_password(host.user, password))

    def answer(_title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        return [password for _prompt in prompts]

    return list(transport.auth_interactive(host.user, answer))


def _refused(host: Host, allowed: list[str], tried: list[str], ask: Ask | None) -> LinkError:
    keys = f"It took none of the keys {', '.join(dict.fromkeys(tried))}." if tried else "There was no key to try."
    message = f"{host.name} does not let {host.user} in. {keys}"
    if ask is None and _takes_password(allowed):
        return LinkError(
            message, f"Bring a key there with `ssh-copy-id {host.name}`, or connect where a password can be asked for."
        )
    return LinkError(message, f"Check user and keys with `ssh {host.name}`; it takes: {shown(', '.join(allowed))}.")
