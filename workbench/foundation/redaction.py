"""Texts that go to strangers, without what is only the user's: the home folder, the name, secrets."""

import getpass
import os
import re

NOBODY = frozenset({"root", "user"})
"""Names of users that say nothing about anybody."""
LEAST_NAME, LEAST_SECRET = 2, 6  # characters; what is shorter stands everywhere by chance
GONE = "…"

_NAMES = r"(?:password|passwd|passphrase|secret|token|api[_-]?key|credentials?|authorization)"
_VALUE = r"""(?:(?:bearer|basic)\s+)?(?:"[^"\n]*"|'[^'\n]*'|[^\s"']+)"""
_NAMED = re.compile(rf"(?i)({_NAMES}[\"']?\s*[=:]\s*){_VALUE}")
_OPTION = re.compile(rf"(?i)(--?[\w-]{{0,40}}{_NAMES}\s+){_VALUE}")
_LOGIN = re.compile(r"(?:(?<=://)|(?<=\bssh:))[^/\s@:]{1,200}:[^/\s@]{1,200}(?=@)")
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_SECRET_NAME = re.compile(rf"(?i){_NAMES}|passw")


def redacted(text: str) -> str:
    """The text with `~` for the home folder and the user's name, and `…` for what is given as a secret."""
    for value in _secrets():
        text = text.replace(value, GONE)
    text = _KEY.sub(GONE, text)
    text = _LOGIN.sub(GONE, text)
    for pattern in (_OPTION, _NAMED):
        text = pattern.sub(lambda found: f"{found[1]}{GONE}", text)
    for home in _homes():
        text = re.sub(rf"(?<![\w.~-]){re.escape(home)}(?![\w-])", "~", text, flags=re.IGNORECASE)
    for name in _names():
        text = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", "~", text, flags=re.IGNORECASE)
    return text


def _secrets() -> list[str]:
    """What environment variables with the name of a secret hold, the longest first."""
    found = {value for name, value in os.environ.items() if _SECRET_NAME.search(name) and len(value) >= LEAST_SECRET}
    return sorted(found, key=len, reverse=True)


def _homes() -> list[str]:
    """The home folder as it is written: followed through links, and with the doubled strokes of a Windows literal."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    written = {home, os.path.realpath(home)}
    written |= {path.replace("\\", "\\\\") for path in written}
    return sorted((path for path in written if len(path) > LEAST_NAME and path != "~"), key=len, reverse=True)


def _names() -> set[str]:
    """The user's name, and that of the home folder."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a number without a name, as in a container
        user = ""
    names = {user, os.path.basename(os.path.expanduser("~"))}  # noqa: PTH111, PTH119 - as above
    return {name for name in names if len(name) >= LEAST_NAME and name.lower() not in NOBODY}
