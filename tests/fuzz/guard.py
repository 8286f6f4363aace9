"""What a reader of untrusted files must not do, watched in a process of its own: write, run, ask, hang, take memory."""

import ctypes  # noqa: F401 - loaded before the guard is up
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from workbench.foundation.errors import WorkbenchError

SECONDS = 10  # of one input, of the processor: other programs may be busy
LATE = "takes more than"
MEMORY = 3 << 29  # bytes beyond what the process has at its start
FORBIDDEN = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn",
             "pickle.find_class", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
             "webbrowser.open", "ctypes.dlopen")  # fmt: skip
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
           "shutil.rmtree", "shutil.move", "shutil.copyfile")  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class BrokenRuleError(BaseException):
    """No `Exception`, so that nothing in the program can take it for an error of its input."""


_allowed: list[Path] = []


def put_up() -> None:
    """From now on this process cannot take much more memory, and is watched while it is `watched`."""
    sys.addaudithook(_look)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _late)


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """What happens inside may write into `folder` only, run nothing, ask nobody, and must end soon.

    A `WorkbenchError` with a sentence is a good end; everything else that escapes breaks a rule.
    """
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    _allowed.append(folder.resolve())
    try:
        yield
    except WorkbenchError as error:
        _check_sentence(error)
    except Exception as error:  # a MemoryError, too: on another day the system would have given it
        raise BrokenRuleError("".join(traceback.format_exception(error))) from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _allowed.clear()


def _check_sentence(error: WorkbenchError) -> None:
    told = str(error)
    if len(error.message) < 10 or "\0" in told or len(told) > 5000:
        raise BrokenRuleError(f"{type(error).__name__} is no sentence: {told[:300]!r} ({len(told)} characters)")


def _late(number: int, frame: FrameType | None) -> None:
    raise BrokenRuleError(f"{LATE} {SECONDS} s:\n" + "".join(traceback.format_stack(frame)[-12:]))


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if not _allowed:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & WRITING and isinstance(path, str | bytes):
            _check_inside(event, path)
    elif event in CHANGES and isinstance(arguments[0], str | bytes):
        _check_inside(event, arguments[0])
    elif event in FORBIDDEN and not _is_import():
        raise BrokenRuleError(f"{event} {arguments!r:.300}\n" + "".join(traceback.format_stack()[-8:]))


def _check_inside(event: str, path: str | bytes) -> None:
    place = Path(os.fsdecode(path)).resolve()
    if place == Path("/dev/null") or _is_import() or any(place.is_relative_to(folder) for folder in _allowed):
        return
    raise BrokenRuleError(f"{event} writes to {place}\n" + "".join(traceback.format_stack()[-8:]))


def _is_import() -> bool:
    """Modules that are imported late load libraries and write their compiled files."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return threading.current_thread() is not threading.main_thread()
